//! Signing in, and what stays shut.

use std::time::Duration;

use vigil_workstation::view::{ImportStartRequest, PatientSearchRequest, Stage};
use vigil_workstation::{Clock as _, ErrorCode, Role};

use crate::hospital::{Hospital, PASSWORD, new_user};
use crate::users::on_record;

#[test]
fn the_first_start_makes_the_first_administrator_and_only_once() {
    let hospital = Hospital::bare();
    assert_eq!(hospital.station.session_read().unwrap().stage, Stage::FirstStart, "no user exists and none is made up");
    let session = hospital.first_administrator();
    assert_eq!(session.stage, Stage::Unlocked, "the administrator is signed in");
    assert!(session.may.import && !session.may.search_patients, "an administrator imports and sees no patient list");
    let again = hospital.station.administrator_create(vigil_workstation::view::AdministratorCreateRequest {
        organization: "x".to_owned(),
        username: "second".to_owned(),
        display_name: "x".to_owned(),
        password: PASSWORD.to_owned(),
    });
    assert_eq!(again.err().unwrap().code, ErrorCode::Forbidden, "there is one first administrator");
}

#[test]
fn an_entry_says_which_machine_and_which_boot_wrote_it() {
    let hospital = Hospital::bare();
    hospital.first_administrator();
    assert!(on_record(&hospital.station, r#""address":"ward-3""#), "the machine");
    let boot = hospital.clock.boot().unwrap();
    assert!(on_record(&hospital.station, &format!(r#""boot":"{boot}""#)), "and its boot");
}

#[test]
fn a_wrong_name_and_a_wrong_password_get_the_same_answer() {
    let hospital = Hospital::with_patients();
    let wrong_password = hospital.try_sign_in("okafor", "not the password").err().unwrap();
    let wrong_name = hospital.try_sign_in("nobody", "not the password").err().unwrap();
    assert_eq!(wrong_password, wrong_name, "nothing tells whether a name exists");
    assert_eq!(wrong_name.code, ErrorCode::WrongPassword, "and it is said plainly");
}

#[test]
fn guessing_is_slowed_down_then_refused_for_names_that_exist_and_names_that_do_not() {
    for name in ["okafor", "nobody"] {
        let hospital = Hospital::with_patients();
        for _ in 0..3 {
            assert_eq!(
                hospital.try_sign_in(name, "wrong wrong wrong").err().unwrap().code,
                ErrorCode::WrongPassword,
                "free"
            );
        }
        let refused = hospital.try_sign_in(name, PASSWORD).err().unwrap();
        assert_eq!(refused.code, ErrorCode::RefusedForNow, "the fourth has to wait, even with the right password");
        hospital.clock.pass(Duration::from_secs(3));
        let after = hospital.try_sign_in(name, PASSWORD);
        assert_eq!(after.is_ok(), name == "okafor", "after the wait the right password opens");
    }
}

#[test]
fn failures_are_remembered_over_a_restart() {
    let hospital = Hospital::with_patients();
    for _ in 0..3 {
        let _ = hospital.try_sign_in("okafor", "wrong wrong wrong");
    }
    let hospital = hospital.restart();
    let refused = hospital.try_sign_in("okafor", PASSWORD).err().unwrap();
    assert_eq!(refused.code, ErrorCode::RefusedForNow, "starting the program again wins no guesses");
}

#[test]
fn setting_the_clock_or_starting_the_computer_anew_wins_no_guesses() {
    let hospital = Hospital::with_patients();
    let fail = || {
        let _ = hospital.try_sign_in("okafor", "wrong wrong wrong");
    };
    let code = || hospital.try_sign_in("okafor", PASSWORD).err().map(|error| error.code);
    for _ in 0..3 {
        fail();
    }
    hospital.clock.set_wall_forward(Duration::from_secs(365 * 24 * 3600));
    assert_eq!(code(), Some(ErrorCode::RefusedForNow), "the wall clock was set a year forward");
    hospital.clock.set_wall_back(Duration::from_secs(2 * 365 * 24 * 3600));
    hospital.clock.pass(Duration::from_secs(1));
    hospital.clock.reboot();
    assert_eq!(code(), Some(ErrorCode::RefusedForNow), "the wait begins anew with the start");
    hospital.clock.pass(Duration::from_secs(3));
    assert_eq!(code(), None, "and it ends, though the wall clock is a year behind");
}

#[test]
fn several_users_share_one_workstation_and_switching_ends_the_session_before() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let second = hospital.sign_in("lund");
    assert_eq!(second.user.unwrap().username, "lund", "the newcomer is signed in");
    assert!(hospital.station.audit_verify_unattended().unwrap().intact, "and the log is whole");
}

#[test]
fn a_role_gets_what_the_policy_allows_and_nothing_else() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let user = hospital.station.user_create(new_user("friend", Role::Administrator));
    assert_eq!(user.err().unwrap().code, ErrorCode::Forbidden, "a physician makes no administrators");
    let import = hospital.station.import_run(ImportStartRequest { paths: vec!["x".to_owned()] });
    assert_eq!(import.err().unwrap().code, ErrorCode::Forbidden, "nor imports");
    hospital.sign_in("admin");
    let search = hospital.station.patient_search(PatientSearchRequest { text: "smith".to_owned() });
    assert_eq!(search.err().unwrap().code, ErrorCode::Forbidden, "an administrator searches no patients");
}

#[test]
fn what_was_set_up_is_there_after_a_restart() {
    let hospital = Hospital::with_patients().restart();
    assert_eq!(hospital.station.session_read().unwrap().stage, Stage::SignedOut, "nobody is signed in after a start");
    assert_eq!(hospital.station.session_read().unwrap().organization, "St. Elsewhere", "the hospital is known");
    hospital.sign_in("okafor");
    assert_eq!(hospital.search("smithson")[0], "SMITHSON, Jane (Ms)", "and its patients are found");
}
