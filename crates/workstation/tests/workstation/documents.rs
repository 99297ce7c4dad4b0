//! A document from elsewhere: compared, reviewed, taken; by whom, into whose chart, and once.

use vigil_model::Section;
use vigil_workstation::view::{
    AllergyBanner, AllergyIntoleranceUpdateRequest, ChartReadRequest, ChartShowRequest, DocumentReviewRequest,
    DocumentReviewView, DocumentTakeRequest, EntryChange, NoKnownAllergyCreateRequest, ResourceReadRequest,
    ReviewStanding, SectionContent, SectionReadRequest, WrittenView,
};
use vigil_workstation::{AppError, ErrorCode, Role};

use crate::hospital::{Hospital, new_user};

/// The document of `vigil-ccda`'s own tests, about Jane Smithson, born 14-Jul-1945.
fn summary() -> String {
    let text = include_str!("../../../ccda/tests/data/summary.xml");
    text.replace(
        "<given>Ana</given><given>Maria</given><family>Waldstein</family>",
        "<given>Jane</given><family>Smithson</family>",
    )
    .replace("19610203", "19450714")
}

fn at_the_chart(who: &str) -> Hospital {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    for (name, role) in [("silva", Role::Nurse), ("moreau", Role::Pharmacist)] {
        hospital.station.user_create(new_user(name, role)).unwrap();
    }
    hospital.sign_out();
    hospital.sign_in(who);
    show(&hospital, "p1");
    hospital
}

fn show(hospital: &Hospital, patient: &str) {
    hospital.station.chart_read(ChartReadRequest { patient_id: patient.to_owned() }).unwrap();
    hospital.station.chart_show(ChartShowRequest { patient_id: Some(patient.to_owned()) }).unwrap();
}

fn file(hospital: &Hospital, text: &str) -> String {
    let file = hospital.folder.path().join("document.xml");
    std::fs::write(&file, text).unwrap();
    file.to_string_lossy().into_owned()
}

fn review(hospital: &Hospital, text: &str) -> Result<DocumentReviewView, AppError> {
    let (patient_id, chart_on_screen, path) = ("p1".to_owned(), "p1".to_owned(), file(hospital, text));
    hospital.station.document_review(DocumentReviewRequest { patient_id, chart_on_screen, path })
}

fn take(hospital: &Hospital, review: &str, taken: Vec<u32>, reason: &str) -> Result<WrittenView, AppError> {
    hospital.station.document_take(DocumentTakeRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        review: review.to_owned(),
        taken,
        reason: reason.to_owned(),
    })
}

/// The numbers of what is new, or stands otherwise.
fn standing(review: &DocumentReviewView, standing: ReviewStanding) -> Vec<u32> {
    let entries = review.sections.iter().flat_map(|section| &section.entries);
    entries.filter(|entry| entry.standing == standing).map(|entry| entry.number).collect()
}

fn section(hospital: &Hospital, section: Section) -> SectionContent {
    hospital.station.section_read(SectionReadRequest { patient_id: "p1".to_owned(), section }).unwrap().content
}

#[test]
fn everything_of_a_document_is_taken_with_where_it_comes_from() {
    let hospital = at_the_chart("okafor");
    let reviewed = review(&hospital, &summary()).unwrap();
    assert!(reviewed.identity.agrees, "{}", reviewed.identity.words);
    let new = standing(&reviewed, ReviewStanding::New);
    assert_eq!(new.len(), 17, "a physician takes every kind, and the chart has none of it");
    let written = take(&hospital, &reviewed.review, new, "").unwrap();
    assert_eq!(written.lines, ["17 entries added, document stored"], "as it is said");

    let SectionContent::Problems { rows } = section(&hospital, Section::Problems) else { panic!("problems") };
    assert!(rows.iter().any(|row| row.name == "Pneumonia" && !row.active), "with its status");
    let SectionContent::Medications { rows } = section(&hospital, Section::Medications) else { panic!("medicines") };
    assert!(rows.iter().any(|row| row.text.contains("twice a day")), "with its dosage");
    let SectionContent::Results { reports, .. } = section(&hospital, Section::Results) else { panic!("results") };
    assert_eq!(reports.len(), 1, "the report with its results");
    let SectionContent::Vitals { groups, .. } = section(&hospital, Section::Vitals) else { panic!("vital signs") };
    assert!(groups.len() >= 2, "pressure and pulse");

    let SectionContent::Documents { rows, .. } = section(&hospital, Section::Documents) else { panic!("documents") };
    let row = rows.iter().find(|row| row.title.contains("Summary of care")).unwrap();
    assert!(row.readable && row.when.text.contains("15-Sep-2026"), "as of when it was written: {}", row.when.text);
    let asked = ResourceReadRequest {
        patient_id: "p1".to_owned(),
        resource_type: row.resource_type.clone(),
        id: row.id.clone(),
    };
    let opened = hospital.station.document_read(asked).unwrap();
    assert_eq!(opened.parts.len(), 14, "section by section, what was left too");

    let SectionContent::Other { rows } = section(&hospital, Section::Other) else { panic!("other") };
    let provenance = rows.iter().find(|row| row.resource_type == "Provenance").unwrap();
    let asked = ResourceReadRequest {
        patient_id: "p1".to_owned(),
        resource_type: "Provenance".to_owned(),
        id: provenance.id.clone(),
    };
    let json = hospital.station.resource_read(asked).unwrap().json;
    for said in ["DocumentReference/", "Condition/", "Dr Ruth Calder", "Lakeside Clinic", "\"enterer\"", "\"source\""] {
        assert!(json.contains(said), "{said} is said of where it comes from: {json}");
    }
}

#[test]
fn the_same_document_twice_is_told_and_its_entries_are_marked() {
    let hospital = at_the_chart("okafor");
    let first = review(&hospital, &summary()).unwrap();
    assert!(first.known.is_none() && !first.stored, "it is new");
    take(&hospital, &first.review, standing(&first, ReviewStanding::New), "").unwrap();
    let again = review(&hospital, &summary()).unwrap();
    assert!(
        again.stored && again.known.as_deref().is_some_and(|known| known.contains("This file is stored")),
        "{:?}",
        again.known
    );
    assert_eq!(standing(&again, ReviewStanding::New), Vec::<u32>::new(), "nothing of it is new");
    assert_eq!(
        take(&hospital, &again.review, Vec::new(), "").unwrap_err().code,
        ErrorCode::Invalid,
        "and nothing is to be stored"
    );
    let changed = review(&hospital, &summary().replace("twice a day", "three times a day")).unwrap();
    assert!(changed.known.is_some_and(|known| known.contains("same number")), "another file of the same number");
    let version = review(&hospital, &summary().replace("LAKESIDE-4711", "LAKESIDE-4712")).unwrap();
    assert!(version.known.is_some_and(|known| known.contains("Another version")), "another version of it");
}

#[test]
fn a_document_about_somebody_else_needs_a_reason_that_the_core_demands() {
    let hospital = at_the_chart("okafor");
    let other = review(&hospital, &summary().replace("19450714", "19310101")).unwrap();
    assert!(!other.identity.agrees && other.identity.words.contains("birth date"), "{}", other.identity.words);
    let refused = take(&hospital, &other.review, vec![0], "  ").unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid, "whatever the screen asks");
    assert!(!refused.message.contains("Smithson"), "and nothing of the document is repeated: {}", refused.message);
    let SectionContent::Allergies { rows, .. } = section(&hospital, Section::Allergies) else { panic!("allergies") };
    assert_eq!(rows.len(), 1, "nothing was stored beside what was there");
    take(&hospital, &other.review, vec![0], "Typed wrong at the other hospital").unwrap();
    let SectionContent::Allergies { rows, .. } = section(&hospital, Section::Allergies) else { panic!("allergies") };
    assert_eq!(rows.len(), 2, "with a reason it is taken");
}

#[test]
fn a_role_takes_what_it_may_write_and_nothing_else() {
    let hospital = at_the_chart("silva");
    let reviewed = review(&hospital, &summary()).unwrap();
    let closed = standing(&reviewed, ReviewStanding::Closed);
    let kind = |number: &u32| {
        reviewed
            .sections
            .iter()
            .flat_map(|section| &section.entries)
            .find(|entry| entry.number == *number)
            .unwrap()
            .section
    };
    assert!(
        closed.iter().all(|number| matches!(kind(number), Section::Problems | Section::Procedures | Section::Devices)),
        "a nurse diagnoses nothing"
    );
    assert!(!closed.is_empty(), "and that is said");
    let refused = take(&hospital, &reviewed.review, vec![closed[0]], "").unwrap_err();
    assert_eq!(refused.code, ErrorCode::Forbidden, "the core says so");
    let mixed = [standing(&reviewed, ReviewStanding::New), closed].concat();
    assert!(take(&hospital, &reviewed.review, mixed, "").is_err(), "all or nothing");
    let SectionContent::Allergies { rows, .. } = section(&hospital, Section::Allergies) else { panic!("allergies") };
    assert_eq!(rows.len(), 1, "nothing of it beside what was there");
    take(&hospital, &reviewed.review, standing(&reviewed, ReviewStanding::New), "").unwrap();
    let SectionContent::Allergies { banner, .. } = section(&hospital, Section::Allergies) else { panic!("allergies") };
    assert!(matches!(banner, AllergyBanner::Known { .. }), "what a nurse may is taken");

    hospital.sign_out();
    hospital.sign_in("lund");
    let refused = review(&hospital, &summary()).map(drop).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Forbidden, "the front desk opens no document");
}

#[test]
fn only_the_chart_on_the_screen_and_only_what_is_reviewed_is_written() {
    let hospital = at_the_chart("okafor");
    let reviewed = review(&hospital, &summary()).unwrap();
    show(&hospital, "p2");
    assert_eq!(
        take(&hospital, &reviewed.review, vec![0], "").unwrap_err().code,
        ErrorCode::OtherPatient,
        "another chart is on the screen"
    );
    assert_eq!(
        review(&hospital, &summary()).map(drop).unwrap_err().code,
        ErrorCode::OtherPatient,
        "and nothing is compared with a chart behind it"
    );
    show(&hospital, "p1");
    assert_eq!(take(&hospital, "0000", vec![0], "").unwrap_err().code, ErrorCode::NotFound, "another review");
    assert_eq!(take(&hospital, &reviewed.review, vec![999], "").unwrap_err().code, ErrorCode::Invalid, "no such entry");
    assert_eq!(
        take(&hospital, &reviewed.review, vec![0, 0], "").unwrap_err().code,
        ErrorCode::Invalid,
        "one entry twice"
    );
    take(&hospital, &reviewed.review, vec![0], "").unwrap();
    assert_eq!(
        take(&hospital, &reviewed.review, vec![1], "").unwrap_err().code,
        ErrorCode::NotFound,
        "once taken it is put away"
    );
}

#[test]
fn what_is_reviewed_is_gone_with_the_lock_and_when_it_is_stopped() {
    let hospital = at_the_chart("okafor");
    let reviewed = review(&hospital, &summary()).unwrap();
    hospital.station.document_cancel().unwrap();
    assert_eq!(take(&hospital, &reviewed.review, vec![0], "").unwrap_err().code, ErrorCode::NotFound, "put away");
    let reviewed = review(&hospital, &summary()).unwrap();
    hospital.sign_out();
    hospital.sign_in("okafor");
    show(&hospital, "p1");
    assert_eq!(
        take(&hospital, &reviewed.review, vec![0], "").unwrap_err().code,
        ErrorCode::NotFound,
        "gone with the session"
    );
}

#[test]
fn allergies_and_that_there_are_none_do_not_stand_together() {
    let hospital = at_the_chart("okafor");
    let SectionContent::Allergies { rows, .. } = section(&hospital, Section::Allergies) else { panic!("allergies") };
    let refuted = AllergyIntoleranceUpdateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        id: rows[0].id.clone(),
        version: rows[0].version,
        change: EntryChange::Refute,
        text: "tolerated".to_owned(),
        code: None,
        criticality: None,
    };
    hospital.station.allergy_intolerance_update(refuted).unwrap();
    let none = NoKnownAllergyCreateRequest { patient_id: "p1".to_owned(), chart_on_screen: "p1".to_owned() };
    hospital.station.no_known_allergy_create(none).unwrap();
    let reviewed = review(&hospital, &summary()).unwrap();
    let written = take(&hospital, &reviewed.review, vec![0], "").unwrap();
    assert!(written.lines.iter().any(|line| line.contains("no longer holds")), "{:?}", written.lines);

    // Its chart has an allergy to penicillin.
    let hospital = at_the_chart("okafor");
    let bytes = include_bytes!("../../../ccda/tests/data/discharge-r11.xml");
    let path = hospital.folder.path().join("old.xml");
    std::fs::write(&path, bytes).unwrap();
    let old = hospital.station.document_review(DocumentReviewRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        path: path.to_string_lossy().into_owned(),
    });
    let old = old.unwrap();
    assert_eq!(old.sections[0].entries[0].standing, ReviewStanding::Closed, "no known allergies beside a known one");
    let refused = take(&hospital, &old.review, vec![0], "the same man").unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid, "the core refuses it too");
}

#[test]
fn a_file_that_is_none_says_why_and_names_nothing() {
    let hospital = at_the_chart("okafor");
    for (text, said) in [
        ("", "empty"),
        ("<html/>", "no C-CDA document"),
        ("<!DOCTYPE a><a/>", "document type"),
        ("%PDF", "well-formed"),
    ] {
        let refused = review(&hospital, text).map(drop).unwrap_err();
        assert!(refused.code == ErrorCode::Invalid && refused.message.contains(said), "{said}: {}", refused.message);
    }
    let gone = DocumentReviewRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        path: "/not/there/smithson.xml".to_owned(),
    };
    let refused = hospital.station.document_review(gone).map(drop).unwrap_err();
    assert!(refused.code == ErrorCode::Invalid && !refused.message.contains("smithson"), "{}", refused.message);
    let folder = DocumentReviewRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        path: hospital.folder.path().to_string_lossy().into_owned(),
    };
    assert_eq!(
        hospital.station.document_review(folder).map(drop).unwrap_err().code,
        ErrorCode::Invalid,
        "a folder is no document"
    );
    assert!(hospital.station.document_progress_read().unwrap().is_none(), "and nothing is being read any more");
}
