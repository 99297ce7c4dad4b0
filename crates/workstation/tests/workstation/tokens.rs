//! Session tokens: what a changed clock, a closed account and another role do, within a minute and at the next unlock.

use std::time::Duration;

use vigil_workstation::view::{SessionUnlockRequest, SessionView, Stage, UserDisableRequest, UserUpdateRequest};
use vigil_workstation::{ErrorCode, Role};

use crate::hospital::{Beside, Hospital, PASSWORD};
use crate::users::{as_is, on_record};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

fn unlock(hospital: &Hospital) -> Result<SessionView, vigil_workstation::AppError> {
    hospital.station.session_unlock(SessionUnlockRequest { password: PASSWORD.to_owned(), proof: None })
}

fn session(hospital: &Hospital) -> SessionView {
    hospital.station.session_read().unwrap()
}

/// Second by second, as the program lives: nobody asks for anything.
fn nobody_moves(hospital: &Hospital, seconds: u32) {
    for _ in 0..seconds {
        hospital.clock.pass(SECOND);
        hospital.station.tick();
    }
}

/// Whether the log says that the workstation locked or ended a session for this.
fn revoked(hospital: &Hospital, why: &str) -> bool {
    hospital.sign_in("admin");
    on_record(&hospital.station, &format!("why={why}"))
}

fn elsewhere(hospital: &Hospital) -> Beside {
    let other = hospital.beside();
    other.sign_in("admin");
    other
}

#[test]
fn a_clock_that_is_set_locks_the_screen_and_the_session_goes_on_after_an_unlock() {
    for forward in [true, false] {
        let hospital = Hospital::with_patients();
        hospital.sign_in("okafor");
        let set =
            |time| if forward { hospital.clock.set_wall_forward(time) } else { hospital.clock.set_wall_back(time) };
        set(MINUTE);
        assert!(hospital.station.patient_recent().is_ok(), "a minute is what a time server may do");
        set(SECOND);
        let refused = hospital.station.patient_recent().err().unwrap();
        assert_eq!(refused.code, ErrorCode::Locked, "more is not: {refused}");
        let view = session(&hospital);
        assert_eq!(view.stage, Stage::Locked, "the screen is locked");
        assert!(view.notice.unwrap().contains("clock of this workstation was changed"), "and says why");
        let view = unlock(&hospital).unwrap();
        assert_eq!((view.stage, view.notice), (Stage::Unlocked, None), "the same session goes on");
        assert!(!hospital.search("smithson").is_empty(), "with a token of the new time");
        assert!(revoked(&hospital, "clock-changed"), "it is on record");
    }
}

#[test]
fn it_is_noticed_without_a_request() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    hospital.clock.set_wall_back(365 * 24 * 60 * MINUTE);
    hospital.station.tick();
    assert_eq!(session(&hospital).stage, Stage::Locked, "within a second");
}

#[test]
fn who_is_at_work_stays_and_the_token_is_renewed() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    for _ in 0..20 {
        hospital.clock.pass(14 * MINUTE);
        hospital.station.input();
    }
    assert!(!hospital.search("smithson").is_empty(), "hours later");
    hospital.clock.pass(15 * MINUTE);
    assert_eq!(hospital.station.patient_recent().err().unwrap().code, ErrorCode::Locked, "and not without input");
}

#[test]
fn a_closed_account_ends_its_session_within_a_minute() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let other = elsewhere(&hospital);
    let id = other.station.user_named("okafor").unwrap().id;
    other.station.user_disable(UserDisableRequest { id }).unwrap();
    nobody_moves(&hospital, 60);
    let view = session(&hospital);
    assert_eq!(view.stage, Stage::SignedOut, "nobody asked for anything");
    assert!(view.notice.unwrap().contains("this account was closed"), "the screen says why");
    assert!(revoked(&hospital, "account-closed"), "it is on record");
}

#[test]
fn another_role_ends_the_session_within_a_minute_and_counts_at_the_next_unlock() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let other = elsewhere(&hospital);
    let become_ = |role| {
        let user = other.station.user_named("okafor").unwrap();
        other.station.input();
        other.station.user_update(UserUpdateRequest { role, ..as_is(&user) }).unwrap();
    };
    become_(Role::Billing);
    nobody_moves(&hospital, 60);
    let view = session(&hospital);
    assert_eq!(view.stage, Stage::SignedOut, "nobody asked for anything");
    assert!(view.notice.unwrap().contains("your role was changed"), "the screen says why");
    assert!(revoked(&hospital, "role-changed"), "it is on record");

    hospital.sign_in("okafor");
    hospital.station.session_lock().unwrap();
    become_(Role::Physician);
    let view = unlock(&hospital).unwrap();
    assert_eq!(view.user.unwrap().role, Role::Physician, "whoever was locked comes back as what they are now");
    assert!(!hospital.search("smithson").is_empty(), "with its keys");
    hospital.station.session_lock().unwrap();
    let id = other.station.user_named("okafor").unwrap().id;
    other.station.user_disable(UserDisableRequest { id }).unwrap();
    assert_eq!(unlock(&hospital).err().unwrap().code, ErrorCode::WrongPassword, "and a closed account does not");
}

#[test]
fn a_password_that_was_given_is_asked_for_within_a_minute() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let other = elsewhere(&hospital);
    other.station.user_password_reset_by_name("okafor", "a sentence from the administrator".to_owned()).unwrap();
    nobody_moves(&hospital, 60);
    assert!(session(&hospital).password_due, "before anything else");
    assert_eq!(hospital.station.patient_recent().err().unwrap().code, ErrorCode::PasswordDue, "the core insists");
}
