//! The lock: at 15:00, by hand, and by itself when a use case comes too late.

use std::time::Duration;

use vigil_workstation::ErrorCode;
use vigil_workstation::view::{
    PatientSearchRequest, PlaceUpdateRequest, SessionEndRequest, SessionUnlockRequest, Stage,
};

use crate::hospital::{Hospital, PASSWORD};

const MINUTE: Duration = Duration::from_secs(60);
const SECOND: Duration = Duration::from_secs(1);

#[test]
fn the_screen_locks_at_15_minutes_and_not_at_14_59() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    hospital.clock.pass(15 * MINUTE - SECOND);
    hospital.station.tick();
    assert_eq!(hospital.station.session_read().unwrap().stage, Stage::Unlocked, "14:59 is not 15:00");
    assert_eq!(hospital.events.lock().unwrap().last().unwrap(), "warning Some(1)", "one second left, and said so");
    hospital.clock.pass(SECOND);
    hospital.station.tick();
    assert_eq!(hospital.station.session_read().unwrap().stage, Stage::Locked, "15:00 locks");
    assert_eq!(hospital.events.lock().unwrap().last().unwrap(), "Locked", "and the screen is told");
}

#[test]
fn input_renews_the_time_and_takes_the_warning_back() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    hospital.clock.pass(14 * MINUTE + 30 * SECOND);
    hospital.station.tick();
    hospital.station.input();
    assert_eq!(hospital.events.lock().unwrap().last().unwrap(), "warning None", "the warning is over");
    hospital.clock.pass(14 * MINUTE);
    assert_eq!(hospital.station.session_read().unwrap().stage, Stage::Unlocked, "the 15 minutes began anew");
}

#[test]
fn input_after_the_time_is_over_comes_too_late() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    hospital.clock.pass(20 * MINUTE);
    hospital.station.input();
    assert_eq!(
        hospital.station.session_read().unwrap().stage,
        Stage::Locked,
        "a process that was stopped does not wake up open"
    );
}

#[test]
fn a_use_case_that_comes_too_late_locks_by_itself() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    hospital.clock.pass(15 * MINUTE);
    let search = hospital.station.patient_search(PatientSearchRequest { text: "smith".to_owned() });
    assert_eq!(search.err().unwrap().code, ErrorCode::Locked, "the timer may fail, the lock does not");
}

#[test]
fn unlocking_brings_the_same_place_back_and_only_to_the_same_user() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let here = || hospital.station.session_place_read();
    hospital.station.session_place_update(PlaceUpdateRequest { place: "chart/p1/allergies".to_owned() }).unwrap();
    let locked = hospital.station.session_lock().unwrap();
    assert_eq!(locked.stage, Stage::Locked, "locked by hand");
    assert_eq!(here().err().unwrap().code, ErrorCode::Locked, "a locked screen does not say where the user was");
    let wrong =
        hospital.station.session_unlock(SessionUnlockRequest { password: "not this one, no".to_owned(), proof: None });
    assert_eq!(wrong.err().unwrap().code, ErrorCode::WrongPassword, "a wrong password does not unlock");
    hospital.station.session_unlock(SessionUnlockRequest { password: PASSWORD.to_owned(), proof: None }).unwrap();
    assert_eq!(here().unwrap().as_deref(), Some("chart/p1/allergies"), "the same place");
    hospital.station.session_lock().unwrap();
    hospital.sign_in("lund");
    assert_eq!(here().unwrap(), None, "somebody else does not land there");
    hospital.sign_in("okafor");
    assert_eq!(here().unwrap(), None, "and whoever was pushed out by a sign-in begins anew");
    hospital.station.session_place_update(PlaceUpdateRequest { place: "chart/p2/problems".to_owned() }).unwrap();
    hospital.sign_in("okafor");
    assert_eq!(here().unwrap().as_deref(), Some("chart/p2/problems"), "who has to come in anew finds their own");
}

#[test]
fn a_place_waits_for_whoever_let_another_user_in_and_not_for_whoever_signed_out() {
    let hospital = Hospital::with_patients();
    for (keep_place, after) in [(true, Some("chart/p1/allergies")), (false, None)] {
        hospital.sign_in("okafor");
        hospital.station.session_place_update(PlaceUpdateRequest { place: "chart/p1/allergies".to_owned() }).unwrap();
        hospital.station.session_lock().unwrap();
        hospital.station.session_end(SessionEndRequest { keep_place }).unwrap();
        hospital.sign_in("lund");
        assert_eq!(hospital.station.session_place_read().unwrap(), None, "it waits for nobody else");
        hospital.sign_out();
        hospital.sign_in("okafor");
        let back = hospital.station.session_place_read().unwrap();
        assert_eq!(back.as_deref(), after, "kept: {keep_place}");
        hospital.sign_out();
    }
}

#[test]
fn a_locked_workstation_answers_nothing() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    hospital.station.session_lock().unwrap();
    let search = hospital.station.patient_search(PatientSearchRequest { text: "smith".to_owned() });
    assert_eq!(search.err().unwrap().code, ErrorCode::Locked, "no list");
    let place = hospital.station.session_place_update(PlaceUpdateRequest { place: "x".to_owned() });
    assert_eq!(place.err().unwrap().code, ErrorCode::Locked, "no place");
}
