//! More charts than usual: the password, then the account; the emergency, the supervisor, and the clock.

use std::time::Duration;

use vigil_model::{DisclosureBasis, OverrideReason, Role};
use vigil_workstation::view::{
    ChartReadRequest, ChartView, EmergencyAccessCreateRequest, PatientExportRequest, SessionUnlockRequest, SessionView,
    Stage, SuspensionLiftRequest, SuspensionListView, SuspensionSupervisedLiftRequest,
};
use vigil_workstation::{AppError, ErrorCode, ExportForm, ManagedPolicy, Purpose, UnusualAccessPolicy};

use crate::hospital::{Hospital, PASSWORD, new_user};

const MINUTE: Duration = Duration::from_secs(60);
const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);
const REASON: &str = "Called by the ward, seen with my own eyes";

#[test]
fn three_times_the_usual_opens_and_one_chart_more_asks_for_the_password() {
    let hospital = ward();
    hospital.sign_in("okafor");
    open(&hospital, 0..15);
    for number in [3, 7] {
        open(&hospital, number..number + 1);
    }
    let refused = chart(&hospital, 15).err().unwrap();
    assert_eq!(refused.code, ErrorCode::ReauthenticationNeeded, "the sixteenth, although the sign-in was just now");
    assert!(refused.message.contains("15 charts") && refused.message.contains("where 5 are usual"), "{refused}");
    open(&hospital, 0..15);

    hospital.reauthenticate(Purpose::UnusualAccess);
    open(&hospital, 15..20);
    hospital.sign_in("weiss");
    assert_eq!(entries(&hospital, "110113", "\"count=16 usual=5"), 1, "and the refusal is on record");
}

#[test]
fn whoever_goes_on_is_suspended_at_once_and_it_is_on_record() {
    let hospital = ward();
    suspend(&hospital);
    let view = hospital.station.session_read().unwrap();
    assert_eq!(view.stage, Stage::Locked, "the screen");
    let note = view.suspension.unwrap();
    assert_eq!((note.opened, note.usual.as_str(), note.emergency), (21, "5", true), "and it says why");
    assert!(hospital.sign_in("lund").suspension.is_none(), "nobody else is concerned");
    hospital.sign_in("weiss");
    assert_eq!(entries(&hospital, "110137", "severity=critical"), 1, "one entry");
    assert_eq!(entries(&hospital, "severity=critical", "count=21 usual=5"), 1, "with the numbers");
    assert!(hospital.station.audit_verify_unattended().unwrap().intact, "in a log that is whole");
}

#[test]
fn a_script_that_goes_on_asking_is_suspended_without_opening_anything_more() {
    let hospital = ward();
    hospital.sign_in("okafor");
    open(&hospital, 0..15);
    for number in 15..30 {
        assert_eq!(code(chart(&hospital, number)), ErrorCode::ReauthenticationNeeded, "{number}");
    }
    assert_eq!(code(chart(&hospital, 30)), ErrorCode::Locked, "more than six times the usual");
    let note = hospital.station.session_read().unwrap().suspension.unwrap();
    assert_eq!(
        (note.opened, note.asked),
        (16, 31),
        "what was opened, with the one that was asked for, and what was tried"
    );
}

#[test]
fn a_suspended_user_searches_and_opens_a_chart_in_an_emergency_alone() {
    let hospital = ward();
    suspend(&hospital);
    let view = unlock(&hospital);
    assert!(view.suspension.is_some() && view.may.search_patients, "signed in, and told");
    assert!(!hospital.search("person").is_empty(), "the search goes on");
    assert_eq!(code(chart(&hospital, 0)), ErrorCode::Restricted, "a chart that was open a minute ago");
    assert_eq!(code(export(&hospital, 0)), ErrorCode::Restricted, "nor is it carried away");
    break_glass(&hospital, 0).unwrap();
    let opened = chart(&hospital, 0).unwrap();
    assert!(opened.emergency.is_some(), "an emergency, marked as such, of a record that is not restricted");
    assert_eq!(code(chart(&hospital, 1)), ErrorCode::Restricted, "this one alone");
    assert_eq!(code(export(&hospital, 0)), ErrorCode::Restricted, "to be read, not to be carried away");
    for number in 1..20 {
        break_glass(&hospital, number).unwrap();
    }
    assert_eq!(code(break_glass(&hospital, 20)), ErrorCode::Forbidden, "the day's limit holds: it is no way around");
}

#[test]
fn who_oversees_lifts_it_for_a_reason_and_after_their_password() {
    let hospital = ward();
    suspend(&hospital);
    hospital.sign_out();
    for username in ["admin", "weiss"] {
        let view = hospital.sign_in(username);
        assert_eq!(view.suspended_accounts, Some(1), "{username} reads it on every page");
        assert!(view.may.lift_suspensions, "{username} can see to it");
    }
    let list = hospital.station.suspension_search().unwrap();
    let row = &list.rows[0];
    assert_eq!((list.open, row.who.as_str(), row.opened, row.allowed), (1, "Dr OKAFOR", 21, 15), "whose, and how many");
    assert_eq!((row.hours_before.len(), row.hours_before.last()), (24, Some(&20)), "a day before it, to be drawn");
    assert_eq!(code(lift(&hospital, row.id, REASON)), ErrorCode::ReauthenticationNeeded, "the password, again");
    hospital.reauthenticate(Purpose::UnusualAccess);
    assert_eq!(code(lift(&hospital, row.id, " yes ")), ErrorCode::Invalid, "a sentence is needed");
    let list = lift(&hospital, row.id, REASON).unwrap();
    let lifted = list.rows[0].lift.as_ref().unwrap();
    assert_eq!((list.open, lifted.who.as_str(), lifted.reason.as_str()), (0, "Dr WEISS", REASON), "as it was said");
    hospital.reauthenticate(Purpose::UnusualAccess);
    assert_eq!(code(lift(&hospital, row.id, REASON)), ErrorCode::Invalid, "once");

    let hospital = hospital.restart();
    assert!(hospital.sign_in("okafor").suspension.is_none(), "it is over, also after a start");
    open(&hospital, 0..15);
    assert_eq!(code(chart(&hospital, 15)), ErrorCode::ReauthenticationNeeded, "and counted anew");
    assert_eq!(code(hospital.station.suspension_search()), ErrorCode::Forbidden, "those who treat see no list");
}

#[test]
fn a_supervisor_lifts_it_at_the_locked_screen_and_the_user_unlocks_it() {
    let hospital = ward();
    suspend(&hospital);
    assert_eq!(code(supervised(&hospital, "weiss", "a wrong password")), ErrorCode::WrongPassword, "guessed");
    assert_eq!(code(supervised(&hospital, "lund", PASSWORD)), ErrorCode::Forbidden, "a colleague is no supervisor");
    assert_eq!(code(supervised(&hospital, "okafor", PASSWORD)), ErrorCode::Forbidden, "nor is the user themselves");
    let view = supervised(&hospital, "weiss", PASSWORD).unwrap();
    assert_eq!((view.stage, view.suspension), (Stage::Locked, None), "lifted, and still locked");
    assert_eq!(code(chart(&hospital, 0)), ErrorCode::Locked, "the supervisor opened nothing");
    unlock(&hospital);
    open(&hospital, 0..15);
    assert_eq!(code(supervised(&hospital, "weiss", PASSWORD)), ErrorCode::Invalid, "there is nothing to lift any more");
}

#[test]
fn a_suspended_privacy_officer_still_oversees_and_somebody_else_lifts_theirs() {
    let hospital = ward();
    hospital.sign_in("weiss");
    let mut last = ErrorCode::Internal;
    for number in 0..31 {
        last = export(&hospital, number).err().map_or(ErrorCode::Internal, |error| error.code);
    }
    assert_eq!(last, ErrorCode::Locked, "charts that are carried away count");
    let view = unlock(&hospital);
    assert!(view.suspension.is_some(), "suspended");
    hospital.station.emergency_access_search().unwrap();
    let list = hospital.station.suspension_search().unwrap();
    assert!(list.rows[0].own, "their own");
    hospital.reauthenticate(Purpose::UnusualAccess);
    assert_eq!(code(lift(&hospital, list.rows[0].id, REASON)), ErrorCode::Forbidden, "nobody lifts their own");
    hospital.sign_in("admin");
    hospital.reauthenticate(Purpose::UnusualAccess);
    lift(&hospital, list.rows[0].id, REASON).unwrap();
}

#[test]
fn neither_a_sign_out_nor_a_start_nor_the_clock_makes_an_hour_shorter() {
    let hospital = ward();
    hospital.sign_in("okafor");
    open(&hospital, 0..15);
    let asked = |hospital: &Hospital, why: &str| {
        assert_eq!(code(chart(hospital, 15)), ErrorCode::ReauthenticationNeeded, "{why}");
    };
    hospital.sign_out();
    hospital.sign_in("okafor");
    asked(&hospital, "signed in anew");
    hospital.clock.set_wall_back(3 * 60 * MINUTE);
    assert_eq!(code(chart(&hospital, 15)), ErrorCode::Locked, "a clock that is set locks the screen");
    unlock(&hospital);
    asked(&hospital, "with the clock set back");
    let hospital = hospital.restart();
    hospital.sign_in("okafor");
    asked(&hospital, "and the program started anew");
    wait(&hospital, 59);
    asked(&hospital, "59 minutes later");
    wait(&hospital, 1);
    open(&hospital, 15..30);
}

#[test]
fn setting_the_clock_back_does_not_end_a_suspension() {
    let hospital = ward();
    suspend(&hospital);
    hospital.clock.set_wall_back(4 * WEEK);
    let hospital = hospital.restart();
    assert!(hospital.sign_in("okafor").suspension.is_some(), "nor does a start of the program");
    assert_eq!(code(chart(&hospital, 0)), ErrorCode::Restricted, "closed");
}

#[test]
fn a_habit_and_that_of_colleagues_is_what_is_usual() {
    let hospital = ward();
    hospital.sign_in("admin");
    hospital.station.user_create(new_user("novak", Role::Physician)).unwrap();
    // Eight Saturdays with fifteen charts in the same hour.
    for _ in 0..8 {
        hospital.clock.pass(WEEK);
        hospital.sign_in("okafor");
        open(&hospital, 0..15);
    }
    hospital.clock.pass(WEEK);
    for physician in ["okafor", "novak"] {
        hospital.sign_in(physician);
        open(&hospital, 0..45);
        assert_eq!(code(chart(&hospital, 45)), ErrorCode::ReauthenticationNeeded, "{physician}: three times fifteen");
    }
    hospital.sign_in("lund");
    open(&hospital, 0..15);
    assert_eq!(code(chart(&hospital, 15)), ErrorCode::ReauthenticationNeeded, "another role has no such habit");
    // Twelve hours later the week has no habit either.
    hospital.clock.pass(12 * 60 * MINUTE);
    hospital.sign_in("novak");
    open(&hospital, 0..15);
    assert_eq!(code(chart(&hospital, 15)), ErrorCode::ReauthenticationNeeded, "at night there is none");
}

#[test]
fn an_emergency_within_the_hour_is_counted_by_its_own_limit() {
    let hospital = ward();
    hospital.sign_in("okafor");
    break_glass_of(&hospital, "p3").unwrap();
    hospital.station.chart_read(ChartReadRequest { patient_id: "p3".to_owned() }).unwrap();
    open(&hospital, 0..15);
    assert_eq!(code(chart(&hospital, 15)), ErrorCode::ReauthenticationNeeded, "fifteen besides");
    hospital.station.chart_read(ChartReadRequest { patient_id: "p3".to_owned() }).unwrap();
}

#[test]
fn wrong_passwords_suspend_nobody() {
    let hospital = ward();
    for _ in 0..40 {
        assert!(hospital.try_sign_in("okafor", "a wrong password").is_err(), "guessed from outside");
        hospital.clock.pass(60 * MINUTE);
    }
    assert_eq!(hospital.sign_in("weiss").suspended_accounts, Some(0), "it takes the user's own session");
}

/// Sixty patients more, and five charts an hour that are usual for everybody.
fn ward() -> Hospital {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    let person = |number: u32| {
        format!(
            r#"{{"resource": {{"resourceType": "Patient", "id": "w{number}", "birthDate": "1960-01-01",
                "name": [{{"family": "Person{number}", "given": ["Ada"]}}]}}}}"#
        )
    };
    let entries: Vec<String> = (0..60).map(person).collect();
    hospital
        .import(&format!(r#"{{"resourceType": "Bundle", "type": "collection", "entry": [{}]}}"#, entries.join(",")));
    hospital.sign_out();
    let mut policy = ManagedPolicy::default();
    policy.unusual = UnusualAccessPolicy { usual_charts_per_hour: Some(5) };
    hospital.under(policy)
}

/// Leads the physician to where the account is suspended.
fn suspend(hospital: &Hospital) {
    hospital.sign_in("okafor");
    open(hospital, 0..15);
    assert_eq!(code(chart(hospital, 15)), ErrorCode::ReauthenticationNeeded, "asked first");
    hospital.reauthenticate(Purpose::UnusualAccess);
    open(hospital, 15..20);
    assert_eq!(code(chart(hospital, 20)), ErrorCode::Locked, "an authentication carries as far as another usual hour");
}

fn open(hospital: &Hospital, numbers: std::ops::Range<u32>) {
    for number in numbers {
        chart(hospital, number).unwrap_or_else(|error| panic!("chart {number}: {error}"));
    }
}

fn chart(hospital: &Hospital, number: u32) -> Result<ChartView, AppError> {
    hospital.station.chart_read(ChartReadRequest { patient_id: format!("w{number}") })
}

fn export(hospital: &Hospital, number: u32) -> Result<Vec<u8>, AppError> {
    hospital.station.patient_export(PatientExportRequest {
        patient_id: format!("w{number}"),
        form: ExportForm::Bundle,
        basis: DisclosureBasis::Individual,
        recipient: "The patient".to_owned(),
        address: String::new(),
        purpose: "Asked for it in writing".to_owned(),
    })
}

fn break_glass(hospital: &Hospital, number: u32) -> Result<(), AppError> {
    break_glass_of(hospital, &format!("w{number}"))
}

fn break_glass_of(hospital: &Hospital, patient: &str) -> Result<(), AppError> {
    let request = EmergencyAccessCreateRequest {
        patient_id: patient.to_owned(),
        reason: OverrideReason::EmergencyTreatment,
        justification: "Collapsed in the corridor".to_owned(),
        password: PASSWORD.to_owned(),
        proof: None,
    };
    hospital.station.emergency_access_create(request).map(drop)
}

fn unlock(hospital: &Hospital) -> SessionView {
    hospital.station.session_unlock(SessionUnlockRequest { password: PASSWORD.to_owned(), proof: None }).unwrap()
}

fn lift(hospital: &Hospital, id: u32, reason: &str) -> Result<SuspensionListView, AppError> {
    hospital.station.suspension_lift(SuspensionLiftRequest { id, reason: reason.to_owned() })
}

fn supervised(hospital: &Hospital, username: &str, password: &str) -> Result<SessionView, AppError> {
    hospital.station.suspension_supervised_lift(SuspensionSupervisedLiftRequest {
        username: username.to_owned(),
        password: password.to_owned(),
        proof: None,
        reason: REASON.to_owned(),
    })
}

/// How many entries of the exported log have both words.
fn entries(hospital: &Hospital, what: &str, words: &str) -> usize {
    let mut log = Vec::new();
    hospital.station.audit_export(&mut log).unwrap();
    let log = String::from_utf8(log).unwrap();
    log.lines().filter(|line| line.contains(what) && line.contains(words)).count()
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
