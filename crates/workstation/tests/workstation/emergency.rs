//! Breaking the glass, as a user does it: the reasons, the hour, the lock, the review.

use std::time::Duration;

use vigil_model::{OverrideReason, Section, Verdict};
use vigil_workstation::view::{
    ChartReadRequest, ChartView, EmergencyAccessCreateRequest, EmergencyAccessEndRequest, EmergencyAccessListView,
    EmergencyAccessResumeRequest, EmergencyAccessReviewRequest, EmergencyOfferReadRequest, EmergencyView,
    ResourceReadRequest, SectionReadRequest, SectionView, SessionUnlockRequest,
};
use vigil_workstation::{AppError, ErrorCode};

use crate::hospital::{Hospital, PASSWORD};

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn a_reason_and_the_password_open_one_restricted_chart_for_an_hour() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    assert_eq!(code(chart(&hospital)), ErrorCode::Restricted, "closed");
    let opened = break_glass(&hospital, PASSWORD).unwrap();
    assert_eq!(opened.seconds_left, 3600, "an hour");
    let view = chart(&hospital).unwrap();
    assert!(view.banner.name.starts_with("HIDDEN"), "whose it is: {}", view.banner.name);
    assert!(view.emergency.is_some(), "and the banner knows that it is an emergency");
    section(&hospital, Section::Problems).unwrap();

    wait(&hospital, 59);
    assert!(chart(&hospital).is_ok(), "59 minutes later it is open");
    wait(&hospital, 1);
    assert_eq!(code(chart(&hospital)), ErrorCode::Restricted, "60 minutes later it is closed, without anybody's doing");
    assert_eq!(code(section(&hospital, Section::Problems)), ErrorCode::Restricted, "each page of it");
}

#[test]
fn setting_the_clock_back_does_not_extend_it() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    break_glass(&hospital, PASSWORD).unwrap();
    hospital.clock.set_wall_back(2 * 60 * MINUTE);
    assert_eq!(code(chart(&hospital)), ErrorCode::Locked, "the screen locks");
    hospital.station.session_unlock(SessionUnlockRequest { password: PASSWORD.to_owned(), proof: None }).unwrap();
    wait(&hospital, 60);
    assert_eq!(code(chart(&hospital)), ErrorCode::Restricted, "time since boot counts");
}

#[test]
fn it_ends_early_by_hand_and_a_second_time_needs_a_new_reason() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    break_glass(&hospital, PASSWORD).unwrap();
    let end = || hospital.station.emergency_access_end(EmergencyAccessEndRequest { patient_id: "p3".to_owned() });
    end().unwrap();
    assert_eq!(code(chart(&hospital)), ErrorCode::Restricted, "closed at once");
    assert_eq!(code(end()), ErrorCode::NotFound, "and it ends once");
    assert_eq!(code(resume(&hospital)), ErrorCode::NotFound, "the old reason is used up");
}

#[test]
fn after_a_lock_it_asks_again_and_its_hour_went_on() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    break_glass(&hospital, PASSWORD).unwrap();
    wait(&hospital, 10);
    hospital.station.session_lock().unwrap();
    hospital.station.session_unlock(SessionUnlockRequest { password: PASSWORD.to_owned(), proof: None }).unwrap();
    assert_eq!(code(chart(&hospital)), ErrorCode::Restricted, "the keys went with the lock");
    let offer = offer(&hospital).unwrap();
    assert_eq!(offer.interrupted.unwrap().seconds_left, 50 * 60, "what is left of the hour");
    assert_eq!(resume(&hospital).unwrap().seconds_left, 50 * 60, "the password alone opens it again");
    assert!(chart(&hospital).is_ok(), "with the reason that was given");
    wait(&hospital, 50);
    assert_eq!(code(chart(&hospital)), ErrorCode::Restricted, "until its hour is over");
}

#[test]
fn what_is_missing_or_wrong_opens_nothing() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    assert_eq!(code(break_glass(&hospital, "a wrong password")), ErrorCode::WrongPassword, "the password, again");
    let wordless = EmergencyAccessCreateRequest { justification: "  because ".to_owned(), ..request("p3", PASSWORD) };
    assert_eq!(code(hospital.station.emergency_access_create(wordless)), ErrorCode::Invalid, "a sentence is needed");
    let open = hospital.station.emergency_access_create(request("p1", PASSWORD));
    assert_eq!(code(open), ErrorCode::Forbidden, "a chart that is open has no glass");
    let nobody = hospital.station.emergency_access_create(request("p99", PASSWORD));
    assert_eq!(code(nobody), ErrorCode::NotFound, "no such patient");
    assert_eq!(code(chart(&hospital)), ErrorCode::Restricted, "nothing opened");
    hospital.sign_in("lund");
    assert_eq!(code(break_glass(&hospital, PASSWORD)), ErrorCode::Forbidden, "the front desk does not treat");
    assert!(!offer(&hospital).unwrap().allowed, "and is not offered it");
}

#[test]
fn one_glass_is_not_another_user_s() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    break_glass(&hospital, PASSWORD).unwrap();
    hospital.sign_in("lund");
    assert_eq!(code(chart(&hospital)), ErrorCode::Restricted, "it ended with the session");
    assert_eq!(code(resume(&hospital)), ErrorCode::Forbidden, "and cannot be taken over by who breaks no glass");
}

#[test]
fn a_user_has_so_many_emergencies_a_day() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    for _ in 0..20 {
        break_glass(&hospital, PASSWORD).unwrap();
    }
    assert_eq!(offer(&hospital).unwrap().left_today, 0, "none left");
    let refused = break_glass(&hospital, PASSWORD).err().unwrap();
    assert_eq!(refused.code, ErrorCode::Forbidden, "the limit");
    assert!(refused.message.contains("call the privacy officer"), "and what to do: {}", refused.message);
    hospital.sign_in("weiss");
    assert_eq!(refusals(&hospital, "daily-limit"), 1, "and the refusal is on record");
}

#[test]
fn a_psychotherapy_note_stays_closed_and_says_so() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    break_glass(&hospital, PASSWORD).unwrap();
    let documents = section(&hospital, Section::Documents).unwrap();
    assert_eq!(documents.undecodable.len(), 1, "a row, not a gap");
    assert!(documents.undecodable[0].reason.contains("specially protected"), "{}", documents.undecodable[0].reason);
    let whole = ResourceReadRequest {
        patient_id: "p3".to_owned(),
        resource_type: "DocumentReference".to_owned(),
        id: "n3".to_owned(),
    };
    let again = ResourceReadRequest {
        patient_id: whole.patient_id.clone(),
        resource_type: whole.resource_type.clone(),
        id: whole.id.clone(),
    };
    assert_eq!(code(hospital.station.resource_read(whole)), ErrorCode::Restricted, "nor by its id");
    assert_eq!(code(hospital.station.document_read(again)), ErrorCode::Restricted, "nor as a document");
}

#[test]
fn the_privacy_officer_reviews_what_was_done_and_nobody_else_does() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    break_glass(&hospital, PASSWORD).unwrap();
    chart(&hospital).unwrap();
    section(&hospital, Section::Problems).unwrap();
    assert_eq!(code(hospital.station.emergency_access_search()), ErrorCode::Forbidden, "not by those who treat");
    hospital.sign_out();

    hospital.clock.pass(73 * 60 * MINUTE);
    hospital.sign_in("weiss");
    let list = hospital.station.emergency_access_search().unwrap();
    assert_eq!((list.unreviewed, list.overdue), (1, 1), "more than 72 hours old");
    let row = &list.rows[0];
    assert_eq!(row.justification, "Found unconscious in the waiting room", "why");
    let done: Vec<&str> = row.done.iter().map(|access| access.what.as_str()).collect();
    assert_eq!(done, ["opened the chart", "read problems", "ended the emergency access"], "what was done inside");
    assert!(row.done.iter().all(|access| access.purpose == "emergency treatment"), "each marked as what it was");

    assert_eq!(code(review(&hospital, row.id, "")), ErrorCode::Invalid, "a verdict against somebody has its reason");
    let list = review(&hospital, row.id, "No emergency is on record; talk to Dr OKAFOR").unwrap();
    assert_eq!((list.unreviewed, list.overdue), (0, 0), "done");
    let verdict = list.rows[0].review.as_ref().unwrap();
    assert_eq!(verdict.verdict, Verdict::Inappropriate, "as it was said");
    assert_eq!(verdict.note, "No emergency is on record; talk to Dr OKAFOR", "with its note");
}

#[test]
fn what_nobody_reviews_within_72_hours_is_put_on_record_once_and_told_to_the_privacy_officer() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    break_glass(&hospital, PASSWORD).unwrap();
    assert_eq!(hospital.station.session_read().unwrap().reviews, None, "nobody else is told");
    hospital.sign_out();
    let waiting = |hospital: &Hospital| {
        let due = hospital.sign_in("weiss").reviews.unwrap();
        (due.unreviewed, due.overdue)
    };
    let ticks = |hospital: &Hospital| (0..3).for_each(|_| hospital.station.tick());
    hospital.clock.pass(72 * 60 * MINUTE);
    ticks(&hospital);
    assert_eq!((waiting(&hospital), escalations(&hospital)), ((1, 0), 0), "72 hours are allowed");
    hospital.sign_out();
    hospital.clock.pass(MINUTE);
    ticks(&hospital);
    assert_eq!((waiting(&hospital), escalations(&hospital)), ((1, 1), 1), "one minute later, with nobody signed in");
    hospital.clock.pass(2 * MINUTE);
    ticks(&hospital);
    assert_eq!(escalations(&hospital), 1, "once");

    let id = hospital.station.emergency_access_search().unwrap().rows[0].id;
    review(&hospital, id, "talked to Dr OKAFOR").unwrap();
    assert_eq!(hospital.station.session_read().unwrap().reviews.unwrap().unreviewed, 0, "seen to");
    assert!(hospital.station.audit_verify_unattended().unwrap().intact, "and the log is whole");
}

/// How many entries say that a review is overdue.
fn escalations(hospital: &Hospital) -> usize {
    let mut log = Vec::new();
    hospital.station.audit_export(&mut log).unwrap();
    String::from_utf8(log).unwrap().lines().filter(|line| line.contains("unreviewed")).count()
}

#[test]
fn nobody_breaks_the_glass_once_the_idle_time_is_over_and_the_attempt_is_on_record() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    break_glass(&hospital, PASSWORD).unwrap();
    hospital.clock.pass(15 * MINUTE);
    assert_eq!(code(break_glass(&hospital, PASSWORD)), ErrorCode::Locked, "the timer may fail, the lock does not");
    hospital.clock.pass(15 * MINUTE);
    assert_eq!(code(resume(&hospital)), ErrorCode::Locked, "nor is one opened again");
    hospital.sign_in("weiss");
    assert_eq!(refusals(&hospital, "not-signed-in"), 2, "both attempts are on record");
}

/// How many entries of the exported log were refused for this reason when the glass was to be broken.
fn refusals(hospital: &Hospital, reason: &str) -> usize {
    let mut log = Vec::new();
    hospital.station.audit_export(&mut log).unwrap();
    let log = String::from_utf8(log).unwrap();
    log.lines().filter(|line| line.contains("110127") && line.contains(reason)).count()
}

fn request(patient: &str, password: &str) -> EmergencyAccessCreateRequest {
    EmergencyAccessCreateRequest {
        patient_id: patient.to_owned(),
        reason: OverrideReason::UnableToConsent,
        justification: "Found unconscious in the waiting room".to_owned(),
        password: password.to_owned(),
        proof: None,
    }
}

fn break_glass(hospital: &Hospital, password: &str) -> Result<EmergencyView, AppError> {
    hospital.station.emergency_access_create(request("p3", password))
}

fn resume(hospital: &Hospital) -> Result<EmergencyView, AppError> {
    let request =
        EmergencyAccessResumeRequest { patient_id: "p3".to_owned(), password: PASSWORD.to_owned(), proof: None };
    hospital.station.emergency_access_resume(request)
}

fn offer(hospital: &Hospital) -> Result<vigil_workstation::view::EmergencyOfferView, AppError> {
    hospital.station.emergency_offer_read(EmergencyOfferReadRequest { patient_id: "p3".to_owned() })
}

fn review(hospital: &Hospital, id: u32, note: &str) -> Result<EmergencyAccessListView, AppError> {
    let request = EmergencyAccessReviewRequest { id, verdict: Verdict::Inappropriate, note: note.to_owned() };
    hospital.station.emergency_access_review(request)
}

fn chart(hospital: &Hospital) -> Result<ChartView, AppError> {
    hospital.station.chart_read(ChartReadRequest { patient_id: "p3".to_owned() })
}

fn section(hospital: &Hospital, section: Section) -> Result<SectionView, AppError> {
    hospital.station.section_read(SectionReadRequest { patient_id: "p3".to_owned(), section })
}

/// Lets minutes pass while somebody works, so that the screen does not lock.
fn wait(hospital: &Hospital, minutes: u32) {
    for _ in 0..minutes {
        hospital.clock.pass(MINUTE);
        hospital.station.input();
        hospital.station.tick();
    }
}

fn code<T>(answer: Result<T, AppError>) -> ErrorCode {
    answer.err().expect("a refusal").code
}
