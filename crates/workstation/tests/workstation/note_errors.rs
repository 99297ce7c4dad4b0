//! A signed note in the wrong chart: marked as entered in error by its author or a physician, never changed, and by nobody else.

use serde_json::{Value, json};
use vigil_model::Section;
use vigil_workstation::view::{
    NoteErrorView, NoteFollows, NoteKind, NoteMarkRequest, NoteMarking, NoteRelation, PatientExportRequest,
    SectionContent, SectionReadRequest, SignatureCheck,
};
use vigil_workstation::{AppError, DisclosureBasis, ErrorCode, ExportForm, Purpose};

use crate::hospital::Hospital;
use crate::notes::{at_the_chart, begin, cosign, documents, keep, leave_to, note, show, sign, signed};

const REASON: &str = "Written in the wrong chart";

fn mark(hospital: &Hospital, id: &str, whose: NoteMarking, reason: &str) -> Result<Vec<String>, AppError> {
    let request = NoteMarkRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        id: id.to_owned(),
        whose,
        reason: reason.to_owned(),
    };
    hospital.station.note_mark_in_error(request).map(|written| written.lines)
}

fn status(hospital: &Hospital, id: &str) -> String {
    documents(hospital).0.into_iter().find(|row| row.id == id).unwrap().status
}

/// The resources of an export.
pub(crate) fn exported(hospital: &Hospital, form: ExportForm) -> Vec<Value> {
    let request = PatientExportRequest {
        patient_id: "p1".to_owned(),
        form,
        basis: DisclosureBasis::Treatment,
        recipient: "Dr B elsewhere".to_owned(),
        address: String::new(),
        purpose: "To treat the patient there".to_owned(),
    };
    let bundle: Value = serde_json::from_slice(&hospital.station.patient_export(request).unwrap()).unwrap();
    bundle["entry"].as_array().unwrap().iter().map(|entry| entry["resource"].clone()).collect()
}

fn composition<'a>(resources: &'a [Value], id: &str) -> &'a Value {
    resources.iter().find(|one| one["resourceType"] == "Composition" && one["id"] == id).unwrap()
}

#[test]
fn its_author_marks_a_note_with_a_reason_and_nothing_follows_it() {
    let hospital = at_the_chart();
    let id = signed(&hospital, "Of somebody else");
    let unsigned = begin(&hospital, NoteKind::Progress, Some(follows(&id))).unwrap();
    let version = keep(&hospital, &unsigned, 1, "Begun before the mark").unwrap();
    assert_eq!(note(&hospital, &id).may_mark, Some(NoteMarking::Own), "it is theirs");

    let refused = mark(&hospital, &id, NoteMarking::Own, REASON).unwrap_err();
    assert_eq!(refused.code, ErrorCode::ReauthenticationNeeded, "it asks who it is, as a signature does");
    let refused = mark(&hospital, &id, NoteMarking::Own, "  ").unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid, "without a reason it is none");
    hospital.reauthenticate(Purpose::Signing);
    mark(&hospital, &id, NoteMarking::Own, REASON).unwrap();

    let read = note(&hospital, &id);
    assert_eq!(read.sections[0].text, "Of somebody else", "the note is what was signed");
    assert!(read.signatures.iter().all(|one| one.check == SignatureCheck::Intact), "and its signature holds");
    assert_eq!(read.signatures.len(), 1, "the mark is no signature under it");
    let NoteErrorView { who, reason, check, .. } = read.error.unwrap();
    assert_eq!((who.as_str(), reason.as_str(), check), ("Dr OKAFOR", REASON, SignatureCheck::Intact), "who and why");
    assert_eq!((read.may_follow, read.may_mark, read.wanted), (false, None, None), "nothing is left to do");
    assert_eq!(status(&hospital, &id), "entered-in-error", "the list says so");
    let last = documents(&hospital).0.pop().unwrap();
    assert_eq!(last.id, id, "behind what counts");

    let refused = begin(&hospital, NoteKind::Progress, Some(follows(&id))).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid, "nothing follows it");
    hospital.reauthenticate(Purpose::Signing);
    let refused = sign(&hospital, &unsigned.id, version, None).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid, "nor what was begun before");
    hospital.reauthenticate(Purpose::Signing);
    assert_eq!(mark(&hospital, &id, NoteMarking::Own, REASON).unwrap_err().code, ErrorCode::Invalid, "once");
}

fn follows(id: &str) -> NoteFollows {
    NoteFollows { id: id.to_owned(), relation: NoteRelation::Addendum }
}

#[test]
fn somebody_elses_note_is_marked_by_a_physician_and_by_nobody_else_and_each_refusal_is_on_record() {
    let hospital = at_the_chart();
    let id = signed(&hospital, "Of somebody else");
    leave_to(&hospital, "silva");
    assert_eq!(note(&hospital, &id).may_mark, None, "a nurse is not offered it");
    let before = refused_writes(&hospital);
    hospital.reauthenticate(Purpose::Signing);
    for whose in [NoteMarking::Another, NoteMarking::Own] {
        let refused = mark(&hospital, &id, whose, REASON).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Forbidden, "as {whose:?} it is not theirs");
    }
    assert!(note(&hospital, &id).error.is_none() && status(&hospital, &id) == "final", "it counts as before");
    leave_to(&hospital, "lindqvist");
    assert_eq!(refused_writes(&hospital), before + 2, "both are on the record of the patient");
    assert_eq!(note(&hospital, &id).may_mark, Some(NoteMarking::Another), "another physician is offered it");
    hospital.reauthenticate(Purpose::Signing);
    let refused = mark(&hospital, &id, NoteMarking::Own, REASON).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Forbidden, "but not as their own");
    hospital.reauthenticate(Purpose::Signing);
    mark(&hospital, &id, NoteMarking::Another, REASON).unwrap();
    assert_eq!(note(&hospital, &id).error.unwrap().who, "Dr LINDQVIST", "in their name");
}

/// How often a write in p1's chart was refused or failed, as its access report tells.
fn refused_writes(hospital: &Hospital) -> usize {
    let request = SectionReadRequest { patient_id: "p1".to_owned(), section: Section::Access };
    let SectionContent::Access { rows } = hospital.station.section_read(request).unwrap().content else {
        panic!("who looked")
    };
    let wrote = |what: &str| what.contains("wrote in documents") || what.contains("marked a note");
    rows.iter().filter(|row| row.outcome != "done" && wrote(&row.what)).count()
}

#[test]
fn a_mark_in_another_chart_than_the_one_on_the_screen_is_refused() {
    let hospital = at_the_chart();
    let id = signed(&hospital, "Of somebody else");
    show(&hospital, "p2");
    hospital.reauthenticate(Purpose::Signing);
    for whose in [NoteMarking::Own, NoteMarking::Another] {
        let refused = mark(&hospital, &id, whose, REASON).unwrap_err();
        assert_eq!(refused.code, ErrorCode::OtherPatient, "{whose:?}: p2 is on the screen");
    }
}

#[test]
fn who_was_asked_to_sign_what_is_in_error_is_asked_no_more() {
    let hospital = at_the_chart();
    let draft = begin(&hospital, NoteKind::Progress, None).unwrap();
    let version = keep(&hospital, &draft, 1, "Seen with the senior").unwrap();
    hospital.reauthenticate(Purpose::Signing);
    sign(&hospital, &draft.id, version, Some(draft.cosigners[0].id.clone())).unwrap();
    let id = documents(&hospital).0.into_iter().find(|row| row.resource_type == "Composition").unwrap().id;
    hospital.reauthenticate(Purpose::Signing);
    mark(&hospital, &id, NoteMarking::Own, REASON).unwrap();
    leave_to(&hospital, "lindqvist");
    assert!(hospital.station.unsigned_note_search().unwrap().cosign.is_empty(), "it is on no list");
    let read = note(&hospital, &id);
    assert!(!read.may_cosign && read.wanted.is_none(), "and waits for nobody");
    hospital.reauthenticate(Purpose::Signing);
    assert_eq!(cosign(&hospital, &id).unwrap_err().code, ErrorCode::Invalid, "nor is it signed");
}

#[test]
fn an_export_says_that_a_note_does_not_count_and_can_be_held_against_what_was_signed() {
    let hospital = at_the_chart();
    let (wrong, right) = (signed(&hospital, "Of somebody else"), signed(&hospital, "Of this patient"));
    let before = exported(&hospital, ExportForm::Bundle);
    hospital.reauthenticate(Purpose::Signing);
    mark(&hospital, &wrong, NoteMarking::Own, REASON).unwrap();
    let after = exported(&hospital, ExportForm::Bundle);
    assert_eq!(composition(&after, &right)["status"], "final", "what counts is as it was");
    let mut marked = composition(&after, &wrong).clone();
    assert_eq!(marked["status"], "entered-in-error", "whoever reads the status alone is told");
    marked["status"] = json!("final");
    assert_eq!(&marked, composition(&before, &wrong), "and that is all that differs from what was signed");
    let mark = after.iter().find(|one| one["activity"]["coding"][0]["code"] == "NULLIFY").unwrap();
    assert_eq!(
        (&mark["resourceType"], &mark["target"][0]["reference"], &mark["reason"][0]["text"]),
        (&json!("Provenance"), &json!(format!("Composition/{wrong}/_history/1")), &json!(REASON)),
        "who and why goes with it"
    );
    let summary = exported(&hospital, ExportForm::Summary);
    assert!(summary.iter().all(|one| one["id"] != wrong), "a summary has none of it");
}

#[test]
fn a_forged_mark_hides_nothing() {
    let hospital = at_the_chart();
    let (id, other) = (signed(&hospital, "Of this patient"), signed(&hospital, "Of somebody else"));
    hospital.reauthenticate(Purpose::Signing);
    mark(&hospital, &other, NoteMarking::Own, REASON).unwrap();
    // The best forgery: a mark that this workstation made itself, turned against another note.
    let mut forged = exported(&hospital, ExportForm::Bundle)
        .into_iter()
        .find(|one| one["activity"]["coding"][0]["code"] == "NULLIFY")
        .unwrap();
    forged["id"] = json!("forged");
    forged["target"][0]["reference"] = json!(format!("Composition/{id}/_history/1"));
    hospital.sign_out();
    hospital.sign_in("admin");
    hospital.import(
        &json!({ "resourceType": "Bundle", "type": "collection",
        "entry": [{ "resource": forged }] })
        .to_string(),
    );
    leave_to(&hospital, "okafor");
    let read = note(&hospital, &id);
    assert_eq!(
        read.error.map(|error| error.check),
        Some(SignatureCheck::Broken),
        "it is told, and that it does not hold"
    );
    assert!(read.may_follow && status(&hospital, &id) == "final", "the note counts");
    let resources = exported(&hospital, ExportForm::Bundle);
    assert_eq!(composition(&resources, &id)["status"], "final", "in an export too");
    hospital.reauthenticate(Purpose::Signing);
    mark(&hospital, &id, NoteMarking::Own, REASON).unwrap();
    let check = note(&hospital, &id).error.map(|error| error.check);
    assert_eq!(check, Some(SignatureCheck::Intact), "and a true mark beside it is the one that counts");
}
