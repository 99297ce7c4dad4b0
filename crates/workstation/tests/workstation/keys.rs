//! Keys: who may look and replace, closed accounts, and what happens by itself.

use std::time::Duration;

use vigil_workstation::view::{
    KeyResealPauseRequest, KeyRotateRequest, KeyRow, KeySearchRequest, KeyUseSearchRequest, Stage, UserDisableRequest,
};
use vigil_workstation::{ErrorCode, Workstation};

use crate::hospital::Hospital;

fn rows(station: &Workstation) -> Vec<KeyRow> {
    station.key_search(KeySearchRequest { each_patient: false }).unwrap().rows
}

fn version(station: &Workstation, id: &str) -> u32 {
    rows(station).iter().find(|row| row.id == id && row.state == "active").unwrap().version
}

fn rotate(station: &Workstation, key: &str) -> Result<(), vigil_workstation::AppError> {
    station.key_rotate(KeyRotateRequest { key: key.to_owned() }).map(drop)
}

#[test]
fn an_administrator_replaces_keys_a_privacy_officer_looks_and_nobody_else_does_either() {
    let hospital = Hospital::with_patients();
    let station = &hospital.station;
    hospital.sign_in("okafor");
    let before = hospital.search("smithson");
    assert!(!before.is_empty(), "somebody is found");
    let denied = station.key_search(KeySearchRequest { each_patient: false });
    assert_eq!(denied.err().unwrap().code, ErrorCode::Forbidden, "a physician does not see keys");
    hospital.sign_in("weiss");
    assert!(!rows(station).is_empty(), "a privacy officer does");
    assert_eq!(rotate(station, "directory").err().unwrap().code, ErrorCode::Forbidden, "and replaces none");
    hospital.sign_in("admin");
    for key in ["authority", "directory", "care-group/general", "break-glass", "patient"] {
        rotate(station, key).unwrap();
    }
    assert_eq!(rotate(station, "signing").err().unwrap().code, ErrorCode::Invalid, "not on demand");
    assert_eq!(version(station, "directory"), 2, "the next version seals");
    station.key_reseal_run(&mut |_| true).unwrap();
    assert!(station.key_search(KeySearchRequest { each_patient: false }).unwrap().under_way.is_none(), "all is done");
    hospital.sign_in("okafor");
    assert_eq!(hospital.search("smithson"), before, "everybody works on");
    assert!(station.audit_verify_unattended().unwrap().intact, "and the log is whole");
}

#[test]
fn what_was_begun_goes_on_while_an_administrator_is_signed_in_and_stops_when_told() {
    let hospital = Hospital::with_patients();
    let station = &hospital.station;
    hospital.sign_in("admin");
    rotate(station, "directory").unwrap();
    let paused = station.key_reseal_pause(KeyResealPauseRequest { paused: true }).unwrap();
    assert!(paused.under_way.unwrap().paused, "it waits");
    // The first look of a session is at the schedule, and lets what was begun go on.
    for _ in 0..20 {
        station.tick();
    }
    let under_way =
        |station: &Workstation| station.key_search(KeySearchRequest { each_patient: false }).unwrap().under_way;
    assert!(under_way(station).is_none(), "a new session of an administrator brings it to its end");
    rotate(station, "directory").unwrap();
    station.tick();
    station.key_reseal_pause(KeyResealPauseRequest { paused: true }).unwrap();
    let before = under_way(station).unwrap().done;
    for _ in 0..5 {
        station.tick();
    }
    assert_eq!(under_way(station).unwrap().done, before, "stopped is stopped");
    station.key_reseal_pause(KeyResealPauseRequest { paused: false }).unwrap();
    for _ in 0..20 {
        station.tick();
    }
    assert!(under_way(station).is_none(), "and goes on when told");
}

#[test]
fn keys_whose_time_is_over_are_replaced_at_the_next_occasion() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    hospital.station.tick();
    assert_eq!(version(&hospital.station, "care-group/general"), 1, "not before");
    hospital.clock.pass(Duration::from_secs(366 * 86_400));
    hospital.sign_in("admin");
    hospital.station.tick();
    for key in ["authority", "directory", "care-group/general", "break-glass"] {
        assert_eq!(version(&hospital.station, key), 2, "{key} after a year, by the administrator's session");
    }
    assert_eq!(version(&hospital.station, "database"), 1, "the database key has two");
    hospital.clock.pass(Duration::from_secs(366 * 86_400));
    let hospital = hospital.restart();
    hospital.sign_in("admin");
    assert_eq!(version(&hospital.station, "database"), 2, "and is replaced at a start");
    assert!(hospital.station.audit_verify_unattended().unwrap().intact, "the log is whole");
}

#[test]
fn a_slot_that_is_old_is_renewed_at_sign_in_and_the_password_stays() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    let age = |station: &Workstation| rows(station).iter().find(|row| row.id == "user-slot/admin").unwrap().age_days;
    hospital.clock.pass(Duration::from_secs(364 * 86_400));
    hospital.sign_in("admin");
    assert_eq!(age(&hospital.station), Some(364), "its time is not over");
    hospital.clock.pass(Duration::from_secs(2 * 86_400));
    hospital.sign_in("admin");
    assert_eq!(age(&hospital.station), Some(0), "now it is");
    hospital.sign_in("admin");
}

#[test]
fn a_closed_account_signs_in_no_more_and_comes_back_when_it_is_opened() {
    let hospital = Hospital::with_patients();
    let station = &hospital.station;
    hospital.sign_in("admin");
    let id = station.user_named("okafor").unwrap().id;
    let own = station.user_named("admin").unwrap().id;
    let refused = station.user_disable(UserDisableRequest { id: own });
    assert_eq!(refused.err().unwrap().code, ErrorCode::Invalid, "nobody closes their own");
    assert!(station.user_disable(UserDisableRequest { id: id.clone() }).unwrap().disabled, "it is closed");
    assert_eq!(version(station, "care-group/general"), 2, "the keys that it held are replaced");
    assert_eq!(version(station, "authority"), 1, "and no other");
    let shut = hospital.try_sign_in("okafor", crate::hospital::PASSWORD).err().unwrap();
    assert_eq!(shut.code, ErrorCode::WrongPassword, "without a hint that it exists");
    hospital.sign_in("admin");
    assert!(!station.user_enable(UserDisableRequest { id }).unwrap().disabled, "it is open again");
    hospital.clock.pass(Duration::from_secs(60));
    hospital.sign_in("okafor");
    assert!(!hospital.search("smithson").is_empty(), "with the keys of today");
}

#[test]
fn a_session_that_is_on_ends_when_its_account_is_closed_elsewhere() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let other = hospital.beside();
    other.sign_in("admin");
    let id = other.station.user_named("okafor").unwrap().id;
    other.station.user_disable(UserDisableRequest { id }).unwrap();
    let error = hospital.station.patient_recent().err().unwrap();
    assert_eq!(error.code, ErrorCode::NotSignedIn, "the next request says so: {error}");
    assert_eq!(hospital.station.session_read().unwrap().stage, Stage::SignedOut, "and the session is over");
}

#[test]
fn the_key_access_log_says_who_used_which_key_and_is_filtered() {
    let hospital = Hospital::with_patients();
    let station = &hospital.station;
    hospital.sign_in("okafor");
    station.chart_read(vigil_workstation::view::ChartReadRequest { patient_id: "p1".to_owned() }).unwrap();
    let section = vigil_workstation::view::SectionReadRequest {
        patient_id: "p1".to_owned(),
        section: vigil_model::Section::Problems,
    };
    station.section_read(section).unwrap();
    hospital.sign_in("weiss");
    let of = |patient: &str, from: &str| {
        let request = KeyUseSearchRequest {
            patient_id: patient.to_owned(),
            from: from.to_owned(),
            ..KeyUseSearchRequest::default()
        };
        station.key_use_search(request)
    };
    let found = of("p1", "").unwrap().rows;
    assert_eq!(found.len(), 1, "once for the session: {found:?}");
    assert_eq!((found[0].role.as_str(), found[0].purpose.as_str()), ("physician", "treatment"), "who and what for");
    assert!(found[0].keys.iter().any(|key| key.starts_with("patient/")), "which: {:?}", found[0].keys);
    assert!(of("p2", "").unwrap().rows.is_empty(), "nobody looked at the other one");
    assert!(of("p1", "2099-01-01").unwrap().rows.is_empty(), "nor later");
    assert_eq!(of("p1", "tomorrow").err().unwrap().code, ErrorCode::Invalid, "a day is a day");
}
