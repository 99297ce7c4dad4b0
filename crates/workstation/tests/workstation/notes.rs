//! Notes: begun from a template, kept while they are written, signed, cosigned, followed, and never changed.

use std::time::Duration;

use vigil_model::Section;
use vigil_workstation::view::{
    ChartReadRequest, ChartShowRequest, DocumentRow, DocumentView, EncounterClass, EntryCreateRequest, EntryKind,
    EntryStep, EntryUpdateRequest, LineFate, NoteCosignRequest, NoteDraftCreateRequest, NoteDraftDeleteRequest,
    NoteDraftReadRequest, NoteDraftRow, NoteDraftUpdateRequest, NoteDraftView, NoteFollows, NoteKind, NoteRelation,
    NoteSection, NoteSignRequest, NoteView, ResourceReadRequest, SectionContent, SectionReadRequest,
    SessionUnlockRequest, SignatureCheck,
};
use vigil_workstation::{AppError, ErrorCode, Purpose, Role};

use crate::hospital::{Hospital, PASSWORD, new_user};

/// A hospital with a second physician, where `okafor` has the chart of p1 on the screen.
pub(crate) fn at_the_chart() -> Hospital {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    for (name, role) in [("lindqvist", Role::Physician), ("silva", Role::Nurse), ("moreau", Role::Pharmacist)] {
        hospital.station.user_create(new_user(name, role)).unwrap();
    }
    hospital.sign_out();
    come(&hospital, "okafor", "p1");
    hospital
}

pub(crate) fn come(hospital: &Hospital, who: &str, patient: &str) {
    hospital.sign_in(who);
    show(hospital, patient);
}

pub(crate) fn leave_to(hospital: &Hospital, who: &str) {
    hospital.sign_out();
    come(hospital, who, "p1");
}

pub(crate) fn show(hospital: &Hospital, patient: &str) {
    hospital.station.chart_read(ChartReadRequest { patient_id: patient.to_owned() }).unwrap();
    hospital.station.chart_show(ChartShowRequest { patient_id: Some(patient.to_owned()) }).unwrap();
}

pub(crate) fn begin(
    hospital: &Hospital,
    kind: NoteKind,
    follows: Option<NoteFollows>,
) -> Result<NoteDraftView, AppError> {
    hospital.station.note_draft_create(NoteDraftCreateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        kind,
        follows,
    })
}

fn typed(draft: &NoteDraftView, text: &str) -> Vec<NoteSection> {
    let mut sections = draft.sections.clone();
    text.clone_into(&mut sections[0].text);
    sections
}

pub(crate) fn keep(hospital: &Hospital, draft: &NoteDraftView, version: u32, text: &str) -> Result<u32, AppError> {
    let request = NoteDraftUpdateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        id: draft.id.clone(),
        version,
        sections: typed(draft, text),
    };
    hospital.station.note_draft_update(request).map(|saved| saved.version)
}

fn read(hospital: &Hospital, id: &str) -> Result<NoteDraftView, AppError> {
    hospital.station.note_draft_read(NoteDraftReadRequest { patient_id: "p1".to_owned(), id: id.to_owned() })
}

pub(crate) fn sign(
    hospital: &Hospital,
    id: &str,
    version: u32,
    cosigner: Option<String>,
) -> Result<Vec<String>, AppError> {
    let request = NoteSignRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        id: id.to_owned(),
        version,
        cosigner,
        encounter: None,
    };
    hospital.station.note_sign(request).map(|written| written.lines)
}

pub(crate) fn cosign(hospital: &Hospital, id: &str) -> Result<Vec<String>, AppError> {
    let request =
        NoteCosignRequest { patient_id: "p1".to_owned(), chart_on_screen: "p1".to_owned(), id: id.to_owned() };
    hospital.station.note_cosign(request).map(|written| written.lines)
}

/// A note of this text, signed; its id.
pub(crate) fn signed(hospital: &Hospital, text: &str) -> String {
    let before: Vec<String> = documents(hospital).0.into_iter().map(|row| row.id).collect();
    let draft = begin(hospital, NoteKind::Progress, None).unwrap();
    let version = keep(hospital, &draft, draft.version, text).unwrap();
    hospital.reauthenticate(Purpose::Signing);
    sign(hospital, &draft.id, version, None).unwrap();
    documents(hospital).0.into_iter().map(|row| row.id).find(|id| !before.contains(id)).unwrap()
}

pub(crate) fn documents(hospital: &Hospital) -> (Vec<DocumentRow>, Vec<NoteDraftRow>) {
    let request = SectionReadRequest { patient_id: "p1".to_owned(), section: Section::Documents };
    let SectionContent::Documents { rows, drafts, .. } = hospital.station.section_read(request).unwrap().content else {
        panic!("documents")
    };
    (rows, drafts)
}

pub(crate) fn document(hospital: &Hospital, id: &str) -> DocumentView {
    let request =
        ResourceReadRequest { patient_id: "p1".to_owned(), resource_type: "Composition".to_owned(), id: id.to_owned() };
    hospital.station.document_read(request).unwrap()
}

pub(crate) fn note(hospital: &Hospital, id: &str) -> NoteView {
    document(hospital, id).note.unwrap()
}

#[test]
fn a_note_is_begun_kept_and_signed_by_whoever_is_signed_in() {
    let hospital = at_the_chart();
    let draft = begin(&hospital, NoteKind::Soap, None).unwrap();
    let titles: Vec<&str> = draft.sections.iter().map(|section| section.title.as_str()).collect();
    assert_eq!(titles, ["Subjective", "Objective", "Assessment", "Plan"], "the template");
    assert!(
        draft.cosigners.iter().all(|one| one.name != "okafor") && draft.cosigners.len() == 1,
        "the other physician"
    );
    let version = keep(&hospital, &draft, 1, "Coughs at night.\n- since Monday").unwrap();
    assert_eq!(
        (version, read(&hospital, &draft.id).unwrap().sections[0].text.as_str()),
        (2, "Coughs at night.\n- since Monday")
    );
    assert_eq!(documents(&hospital).1.len(), 1, "the chart lists the draft");

    let refused = sign(&hospital, &draft.id, version, None).unwrap_err();
    assert_eq!(refused.code, ErrorCode::ReauthenticationNeeded, "a signature asks who it is");
    hospital.reauthenticate(Purpose::Signing);
    assert_eq!(
        sign(&hospital, &draft.id, 1, None).unwrap_err().code,
        ErrorCode::VersionConflict,
        "what was seen is signed"
    );
    hospital.reauthenticate(Purpose::Signing);
    sign(&hospital, &draft.id, version, None).unwrap();

    let (rows, drafts) = documents(&hospital);
    assert!(drafts.is_empty() && read(&hospital, &draft.id).is_err(), "it is no draft any more");
    let id = rows.iter().find(|row| row.title.contains("Progress note (SOAP)")).unwrap().id.clone();
    let note = note(&hospital, &id);
    assert_eq!(note.sections[0].text, "Coughs at night.\n- since Monday", "word for word");
    let signature = &note.signatures[0];
    assert_eq!((signature.cosigned, signature.check), (false, SignatureCheck::Intact), "and it holds");
    assert!(signature.who.to_lowercase().contains("okafor"), "by whoever is signed in: {}", signature.who);
    let again = begin(&hospital, NoteKind::Soap, None).unwrap();
    let refused = sign(&hospital, &again.id, 1, None).unwrap_err();
    assert_eq!(refused.code, ErrorCode::ReauthenticationNeeded, "each signature asks anew");
}

#[test]
fn what_the_chart_knows_is_put_under_its_heading() {
    let hospital = at_the_chart();
    let draft = begin(&hospital, NoteKind::HistoryAndPhysical, None).unwrap();
    let under = |title: &str| draft.sections.iter().find(|section| section.title == title).unwrap().text.clone();
    assert!(!under("Allergies and medicines").is_empty(), "it says what is known of allergies, or that nothing is");
    assert_eq!(under("Chief complaint"), "", "and nothing under what only a person can say");
}

#[test]
fn a_draft_outlives_the_lock_a_restart_and_another_user() {
    let hospital = at_the_chart();
    let draft = begin(&hospital, NoteKind::Progress, None).unwrap();
    keep(&hospital, &draft, 1, "Better today").unwrap();
    hospital.station.session_lock().unwrap();
    assert_eq!(read(&hospital, &draft.id).unwrap_err().code, ErrorCode::Locked, "sealed while locked");
    let unlock = SessionUnlockRequest { password: PASSWORD.to_owned(), proof: None };
    hospital.station.session_unlock(unlock).unwrap();
    show(&hospital, "p1");
    assert_eq!(read(&hospital, &draft.id).unwrap().sections[0].text, "Better today", "as it was");

    leave_to(&hospital, "lindqvist");
    assert_eq!(read(&hospital, &draft.id).unwrap_err().code, ErrorCode::NotFound, "a colleague has none of it");
    assert!(documents(&hospital).1.is_empty(), "nor is it listed");
    hospital.sign_out();
    let hospital = hospital.restart();
    come(&hospital, "okafor", "p1");
    assert_eq!(read(&hospital, &draft.id).unwrap().sections[0].text, "Better today", "after a restart too");
    let unsigned = hospital.station.unsigned_note_search().unwrap();
    assert_eq!((unsigned.drafts.len(), unsigned.drafts[0].patient.patient_id.as_str()), (1, "p1"), "and on the list");
}

#[test]
fn nothing_is_lost_to_an_older_window_and_nothing_is_written_in_another_chart() {
    let hospital = at_the_chart();
    let draft = begin(&hospital, NoteKind::Progress, None).unwrap();
    assert_eq!(keep(&hospital, &draft, 1, "one").unwrap(), 2);
    assert_eq!(keep(&hospital, &draft, 1, "other").unwrap_err().code, ErrorCode::VersionConflict, "read it again");
    show(&hospital, "p2");
    assert_eq!(keep(&hospital, &draft, 2, "two").unwrap_err().code, ErrorCode::OtherPatient, "p2 is on the screen");
    assert_eq!(begin(&hospital, NoteKind::Progress, None).unwrap_err().code, ErrorCode::OtherPatient, "nor begun");
    hospital.reauthenticate(Purpose::Signing);
    assert_eq!(sign(&hospital, &draft.id, 2, None).unwrap_err().code, ErrorCode::OtherPatient, "nor signed");
    show(&hospital, "p1");
    let delete = |version| {
        hospital.station.note_draft_delete(NoteDraftDeleteRequest {
            patient_id: "p1".to_owned(),
            chart_on_screen: "p1".to_owned(),
            id: draft.id.clone(),
            version,
        })
    };
    assert_eq!(delete(1).unwrap_err().code, ErrorCode::VersionConflict, "unseen it is not thrown away");
    delete(2).unwrap();
    assert_eq!(read(&hospital, &draft.id).unwrap_err().code, ErrorCode::NotFound, "thrown away");
}

#[test]
fn a_second_person_who_is_asked_signs_too_and_nobody_else() {
    let hospital = at_the_chart();
    let draft = begin(&hospital, NoteKind::Progress, None).unwrap();
    let version = keep(&hospital, &draft, 1, "Seen with the senior").unwrap();
    let asked = draft.cosigners[0].clone();
    hospital.reauthenticate(Purpose::Signing);
    sign(&hospital, &draft.id, version, Some(asked.id.clone())).unwrap();
    let id = documents(&hospital).0.into_iter().find(|row| row.resource_type == "Composition").unwrap().id;
    assert_eq!(note(&hospital, &id).wanted.map(|wanted| wanted.id), Some(asked.id), "it waits");
    hospital.reauthenticate(Purpose::Signing);
    assert_eq!(cosign(&hospital, &id).unwrap_err().code, ErrorCode::Invalid, "nobody cosigns their own");

    leave_to(&hospital, "lindqvist");
    let waiting = hospital.station.unsigned_note_search().unwrap().cosign;
    assert_eq!(waiting.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), [id.as_str()], "on the list");
    assert!(note(&hospital, &id).may_cosign, "and theirs to give");
    assert_eq!(cosign(&hospital, &id).unwrap_err().code, ErrorCode::ReauthenticationNeeded, "it asks who it is");
    hospital.reauthenticate(Purpose::Signing);
    cosign(&hospital, &id).unwrap();
    let note = note(&hospital, &id);
    let told: Vec<(bool, SignatureCheck)> = note.signatures.iter().map(|one| (one.cosigned, one.check)).collect();
    assert_eq!(
        told,
        [(false, SignatureCheck::Intact), (true, SignatureCheck::Intact)],
        "the author's first; both hold"
    );
    assert!(note.wanted.is_none() && hospital.station.unsigned_note_search().unwrap().cosign.is_empty(), "done");
    hospital.reauthenticate(Purpose::Signing);
    assert_eq!(cosign(&hospital, &id).unwrap_err().code, ErrorCode::Invalid, "once");
}

#[test]
fn an_addendum_and_an_amendment_are_shown_with_the_original_which_stays() {
    let hospital = at_the_chart();
    let original = signed(&hospital, "Amoxicillin 50 mg");
    let follow = |relation| begin(&hospital, NoteKind::Progress, Some(NoteFollows { id: original.clone(), relation }));
    let amendment = follow(NoteRelation::Amendment).unwrap();
    assert_eq!(amendment.sections[0].text, "Amoxicillin 50 mg", "it begins with what it amends");
    let version = keep(&hospital, &amendment, 1, "Amoxicillin 500 mg").unwrap();
    hospital.reauthenticate(Purpose::Signing);
    sign(&hospital, &amendment.id, version, None).unwrap();
    // Within the same second, which is all that their dates tell.
    hospital.clock.pass(Duration::from_millis(200));
    let addendum = follow(NoteRelation::Addendum).unwrap();
    assert_eq!(addendum.sections[0].text, "", "it begins empty");
    let version = keep(&hospital, &addendum, 1, "Family informed").unwrap();
    hospital.reauthenticate(Purpose::Signing);
    sign(&hospital, &addendum.id, version, None).unwrap();

    let read = note(&hospital, &original);
    assert_eq!(read.sections[0].text, "Amoxicillin 50 mg", "the original says what it said");
    let followers: Vec<_> = read.followers.iter().map(|one| (one.relation, one.sections[0].text.as_str())).collect();
    let expected = [(NoteRelation::Amendment, "Amoxicillin 500 mg"), (NoteRelation::Addendum, "Family informed")];
    assert_eq!(followers, expected, "with what was said later");
    let amended = note(&hospital, &read.followers[0].id);
    assert_eq!(amended.original.as_ref().map(|one| one.id.as_str()), Some(original.as_str()), "and back");
    let changed: Vec<_> = amended
        .changes
        .iter()
        .filter(|change| change.change != LineFate::Kept)
        .map(|change| (change.change, change.line.as_str()))
        .collect();
    let expected = [(LineFate::Removed, "Amoxicillin 50 mg"), (LineFate::Added, "Amoxicillin 500 mg")];
    assert_eq!(changed, expected, "what it changed");
    let nothing = begin(
        &hospital,
        NoteKind::Progress,
        Some(NoteFollows { id: "nothing".to_owned(), relation: NoteRelation::Addendum }),
    );
    assert_eq!(nothing.unwrap_err().code, ErrorCode::NotFound, "what is not there is not followed");
}

#[test]
fn each_role_writes_its_own_notes() {
    let hospital = at_the_chart();
    assert!(begin(&hospital, NoteKind::Nursing, None).is_err(), "a physician writes no nursing note");
    leave_to(&hospital, "silva");
    begin(&hospital, NoteKind::Nursing, None).unwrap();
    assert_eq!(
        begin(&hospital, NoteKind::Discharge, None).unwrap_err().code,
        ErrorCode::Invalid,
        "to discharge is not"
    );
    leave_to(&hospital, "moreau");
    begin(&hospital, NoteKind::Telephone, None).unwrap();
    hospital.sign_out();
    hospital.sign_in("lund");
    hospital.station.chart_read(ChartReadRequest { patient_id: "p1".to_owned() }).unwrap();
    hospital.station.chart_show(ChartShowRequest { patient_id: Some("p1".to_owned()) }).unwrap();
    assert_eq!(
        begin(&hospital, NoteKind::Telephone, None).unwrap_err().code,
        ErrorCode::Forbidden,
        "the front desk none"
    );
    let refused = hospital.station.unsigned_note_search().map(drop).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Forbidden, "and has nothing to sign");
}

#[test]
fn a_note_without_a_word_is_not_signed_and_a_signature_is_not_kept_for_later() {
    let hospital = at_the_chart();
    let draft = begin(&hospital, NoteKind::Telephone, None).unwrap();
    hospital.reauthenticate(Purpose::Signing);
    assert_eq!(sign(&hospital, &draft.id, 1, None).unwrap_err().code, ErrorCode::Invalid, "there is nothing to sign");
    let version = keep(&hospital, &draft, 1, "Called back").unwrap();
    hospital.reauthenticate(Purpose::Signing);
    hospital.clock.pass(Duration::from_secs(5 * 60));
    hospital.station.input();
    let refused = sign(&hospital, &draft.id, version, None).unwrap_err();
    assert_eq!(refused.code, ErrorCode::ReauthenticationNeeded, "five minutes ago is too long");
}

fn open_encounter(hospital: &Hospital, class: EncounterClass) {
    let request = EntryCreateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        kind: EntryKind::Encounter,
        text: String::new(),
        day: String::new(),
        detail: String::new(),
        relative: None,
        flag: None,
        class: Some(class),
        social: None,
        member: None,
        udi: None,
        note: String::new(),
        code: None,
    };
    hospital.station.entry_create(request).unwrap();
}

fn close_encounter(hospital: &Hospital, id: &str) {
    let request = EntryUpdateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        kind: EntryKind::Encounter,
        id: id.to_owned(),
        version: 1,
        step: EntryStep::End,
        edit: None,
        text: String::new(),
    };
    hospital.station.entry_update(request).unwrap();
}

#[test]
fn a_note_belongs_to_an_encounter_that_goes_on_or_ended_since_it_was_begun() {
    let hospital = at_the_chart();
    assert!(begin(&hospital, NoteKind::Progress, None).unwrap().encounters.is_empty(), "nobody is here");
    open_encounter(&hospital, EncounterClass::Ambulatory);
    let early = begin(&hospital, NoteKind::Progress, None).unwrap();
    let visit = early.encounters.first().unwrap().clone();
    assert!(early.encounters.len() == 1 && visit.words.starts_with("Ambulatory since"), "{:?}", early.encounters);
    open_encounter(&hospital, EncounterClass::Emergency);
    assert_eq!(read(&hospital, &early.id).unwrap().encounters.len(), 2, "of two the author says which");

    hospital.clock.pass(Duration::from_secs(60));
    close_encounter(&hospital, &visit.id);
    hospital.clock.pass(Duration::from_secs(60));
    let late = begin(&hospital, NoteKind::Progress, None).unwrap();
    let to = |draft: &NoteDraftView, encounter: &str| {
        let version = keep(&hospital, draft, read(&hospital, &draft.id).unwrap().version, "Better.").unwrap();
        hospital.reauthenticate(Purpose::Signing);
        hospital.station.note_sign(NoteSignRequest {
            patient_id: "p1".to_owned(),
            chart_on_screen: "p1".to_owned(),
            id: draft.id.clone(),
            version,
            cosigner: None,
            encounter: Some(encounter.to_owned()),
        })
    };
    assert_eq!(to(&late, &visit.id).unwrap_err().code, ErrorCode::Invalid, "it was over before the note was begun");
    assert_eq!(to(&late, "none").unwrap_err().code, ErrorCode::Invalid, "nor to one that is not there");
    to(&early, &visit.id).unwrap();
    let row = documents(&hospital).0.into_iter().find(|row| row.resource_type == "Composition").unwrap();
    assert!(row.encounter.starts_with("Ambulatory from"), "the list says so: {}", row.encounter);
    assert_eq!(document(&hospital, &row.id).encounter, row.encounter, "and the note");
}
