//! The recovery key, passwords that are given and chosen, and a device key that is lost.

use std::sync::Arc;
use std::time::Duration;

use vigil_workstation::view::{
    Environment, KeySearchRequest, PatientSearchRequest, RecoveryKeyConfirmRequest, RecoveryKeyCreateRequest,
    RecoveryKeyView, RecoveryStage, Stage, UserPasswordChangeRequest, UserPasswordRecoverRequest,
    UserPasswordResetRequest,
};
use vigil_workstation::{
    Clock, CustodianChoice, CustodianName, ErrorCode, IdleLock, ManagedPolicy, Setup, Workstation,
};

use crate::hospital::{HandClock, Hospital, PASSWORD};

const OTHER: &str = "another sentence entirely";
const THIRD: &str = "and once more a sentence";

/// Makes a recovery key as the administrator who is signed in, and types it back.
pub(crate) fn make_key(hospital: &Hospital, password: Option<&str>) -> RecoveryKeyView {
    let request = RecoveryKeyCreateRequest { password: password.map(str::to_owned) };
    let shown = hospital.station.recovery_key_make(request).unwrap();
    let groups = shown.ask.iter().map(|number| shown.groups[*number as usize - 1].to_lowercase()).collect();
    let view = hospital.station.recovery_key_confirm(RecoveryKeyConfirmRequest { groups }).unwrap();
    assert_eq!(view.recovery, Some(RecoveryStage::Made), "the screen is told");
    shown
}

#[test]
fn the_first_administrator_makes_a_key_that_counts_only_when_it_was_typed_back() {
    let hospital = Hospital::bare();
    let view = hospital.first_administrator();
    assert_eq!(view.recovery, Some(RecoveryStage::Missing), "nobody has decided");
    let make = || hospital.station.recovery_key_make(RecoveryKeyCreateRequest { password: None });
    let shown = make().unwrap();
    assert_eq!((shown.groups.len(), shown.ask.len()), (14, 2), "14 groups, two of them asked for");
    assert!(shown.qr.len() > 20 && shown.qr.iter().all(|row| row.len() == shown.qr.len()), "a square");
    assert_eq!(hospital.station.recovery_state().unwrap().stage, RecoveryStage::Missing, "shown is not made");

    let groups = vec!["0000".to_owned(), "0000".to_owned()];
    let wrong = hospital.station.recovery_key_confirm(RecoveryKeyConfirmRequest { groups }).err().unwrap();
    assert_eq!(wrong.code, ErrorCode::Invalid, "{wrong}");
    assert!(wrong.message.contains(&format!("group {}", shown.ask[0])), "it names the group: {wrong}");

    let paper = hospital.folder.path().join("paper.pdf");
    hospital.station.recovery_key_save(&paper).unwrap();
    let pdf = std::fs::read(&paper).unwrap();
    assert!(pdf.starts_with(b"%PDF-"), "a PDF");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&paper).unwrap().permissions().mode() & 0o777, 0o600, "its owner's alone");
    }
    let again = hospital.station.recovery_key_save(&paper).err().unwrap();
    assert!(again.message.contains("already"), "a file that is there is never written over: {again}");
    assert_eq!(std::fs::read(&paper).unwrap(), pdf, "not a byte");

    let groups = shown.ask.iter().map(|number| shown.groups[*number as usize - 1].clone()).collect();
    hospital.station.recovery_key_confirm(RecoveryKeyConfirmRequest { groups }).unwrap();
    let state = hospital.station.recovery_state().unwrap();
    assert_eq!((state.stage, state.fingerprint), (RecoveryStage::Made, Some(shown.fingerprint)), "now it counts");
    let gone = hospital.station.recovery_key_save(&hospital.folder.path().join("b.pdf")).err().unwrap();
    assert_eq!(gone.code, ErrorCode::NotFound, "and is gone from the program");
    let replaced = make().err().unwrap();
    assert!(replaced.message.contains("password"), "replacing it asks for the password: {replaced}");
}

#[test]
fn a_key_that_was_shown_goes_with_a_lock_and_belongs_to_nobody_else() {
    let hospital = Hospital::bare();
    hospital.first_administrator();
    hospital.station.recovery_key_make(RecoveryKeyCreateRequest { password: None }).unwrap();
    hospital.clock.pass(Duration::from_secs(15 * 60));
    hospital.station.tick();
    hospital.sign_in("admin");
    let groups = vec!["0000".to_owned(), "0000".to_owned()];
    let gone = hospital.station.recovery_key_confirm(RecoveryKeyConfirmRequest { groups }).err().unwrap();
    assert_eq!(gone.code, ErrorCode::NotFound, "the lock took it: {gone}");

    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let refused = hospital.station.recovery_key_make(RecoveryKeyCreateRequest { password: None }).err().unwrap();
    assert_eq!(refused.code, ErrorCode::Forbidden, "a physician makes none");
    assert_eq!(hospital.station.recovery_key_decline().err().unwrap().code, ErrorCode::Forbidden, "nor declines");
}

#[test]
fn going_on_without_a_key_is_shown_from_then_on() {
    let hospital = Hospital::bare();
    hospital.first_administrator();
    let view = hospital.station.recovery_key_decline().unwrap();
    assert_eq!(view.recovery, Some(RecoveryStage::Declined), "the administrator reads it on every page");
    hospital.sign_out();
    assert_eq!(hospital.station.session_read().unwrap().recovery, None, "and nobody else");
}

#[test]
fn a_given_password_opens_one_page_and_nothing_else_until_another_one_is_chosen() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    let users = hospital.station.user_search().unwrap();
    let id = |name: &str| users.iter().find(|user| user.username == name).unwrap().id.clone();
    let reset = |user_id: String, password: &str| {
        hospital.station.user_password_reset(UserPasswordResetRequest { user_id, password: password.to_owned() })
    };
    assert_eq!(reset(id("admin"), OTHER).err().unwrap().code, ErrorCode::Invalid, "nobody resets their own");
    assert_eq!(reset(id("okafor"), "short").err().unwrap().code, ErrorCode::Invalid, "the rules hold for it too");
    reset(id("okafor"), OTHER).unwrap();
    hospital.sign_out();

    assert_eq!(hospital.try_sign_in("okafor", PASSWORD).err().unwrap().code, ErrorCode::WrongPassword, "the old one");
    let view = hospital.try_sign_in("okafor", OTHER).unwrap();
    assert!(view.password_due && view.may.sections.is_empty() && !view.may.search_patients, "nothing may be done");
    let search = || hospital.station.patient_search(PatientSearchRequest { text: "smith".to_owned() });
    assert_eq!(search().err().unwrap().code, ErrorCode::PasswordDue, "the core refuses");
    assert_eq!(hospital.station.patient_recent().err().unwrap().code, ErrorCode::PasswordDue, "all of it");
    assert_eq!(hospital.station.user_search().err().unwrap().code, ErrorCode::PasswordDue, "whatever it is");
    let export = hospital.station.audit_export(&mut Vec::new()).err().unwrap();
    assert_eq!(export.code, ErrorCode::PasswordDue, "by whatever way");

    let change = |current: &str, password: &str| {
        let request = UserPasswordChangeRequest { current: current.to_owned(), password: password.to_owned() };
        hospital.station.user_password_change(request)
    };
    assert_eq!(change(PASSWORD, THIRD).err().unwrap().code, ErrorCode::WrongPassword, "with the given one only");
    assert_eq!(change(OTHER, OTHER).err().unwrap().code, ErrorCode::Invalid, "and not the same again");
    let view = change(OTHER, THIRD).unwrap();
    assert!(!view.password_due && view.may.search_patients, "now the work begins");
    assert_eq!(hospital.search("smith").len(), 1, "with the patients: {:?}", hospital.search("smith"));
    hospital.station.session_lock().unwrap();
    hospital.sign_out();
    assert_eq!(hospital.try_sign_in("okafor", OTHER).err().unwrap().code, ErrorCode::WrongPassword, "one sign-in");
    assert!(!hospital.try_sign_in("okafor", THIRD).unwrap().password_due, "the chosen one stays");
    hospital.sign_out();

    hospital.sign_in("admin");
    let mut log = Vec::new();
    hospital.station.audit_export(&mut log).unwrap();
    let log = String::from_utf8(log).unwrap();
    assert!(log.contains("password-due"), "the refusals are on record");
    assert!(log.contains("by=administrator") && log.contains("by=user"), "and who gave and who chose");
}

#[test]
fn an_administrator_who_forgot_gets_a_new_password_with_the_paper_and_nobody_else_does() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    let shown = make_key(&hospital, None);
    hospital.sign_out();
    let recover = |username: &str, key: &str| {
        hospital.station.user_password_recover(UserPasswordRecoverRequest {
            username: username.to_owned(),
            recovery_key: key.to_owned(),
            password: OTHER.to_owned(),
        })
    };
    let typed = shown.groups.join(" ").to_lowercase();
    assert_eq!(recover("okafor", &typed).err().unwrap().code, ErrorCode::Invalid, "a physician asks an administrator");
    assert_eq!(recover("admin", "0W3G").err().unwrap().code, ErrorCode::Invalid, "no key");
    let strange = "0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3Z-KQE5";
    assert_eq!(recover("admin", strange).err().unwrap().code, ErrorCode::Invalid, "another paper");
    recover("admin", &typed).unwrap();
    assert!(hospital.try_sign_in("admin", OTHER).unwrap().password_due, "and chooses another one");
}

#[test]
fn when_the_device_key_is_gone_the_paper_opens_the_workstation_anew() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    let shown = make_key(&hospital, None);
    hospital.station.close().unwrap();
    let Hospital { station, clock, folder, .. } = hospital;
    drop(station);
    let data = folder.path().join("data");
    std::fs::remove_file(data.join("device.root")).unwrap();
    let lost = Workstation::open(setup(&folder, &clock)).err().unwrap();
    assert_eq!(lost.code, ErrorCode::DeviceKeyLost, "the page offers the paper: {lost}");

    let request = |key: String| UserPasswordRecoverRequest {
        username: "admin".to_owned(),
        recovery_key: key,
        password: OTHER.to_owned(),
    };
    let before: Vec<_> = ["device.json", "custodian.json"].map(|name| std::fs::read(data.join(name)).unwrap()).into();
    let strange = "0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3Z-KQE5".to_owned();
    let refused = Workstation::recover(setup(&folder, &clock), request(strange)).err().unwrap();
    assert_eq!(refused.code, ErrorCode::Invalid, "{refused}");
    assert!(refused.message.contains(&shown.fingerprint), "it names the right paper: {refused}");
    let after: Vec<_> = ["device.json", "custodian.json"].map(|name| std::fs::read(data.join(name)).unwrap()).into();
    assert_eq!(after, before, "and nothing was changed");

    clock.pass(Duration::from_secs(60));
    let (station, view) = Workstation::recover(setup(&folder, &clock), request(shown.groups.join("-"))).unwrap();
    assert_eq!((view.custodian.as_str(), view.findings.len()), ("software", 0), "the log is whole");
    station.close().unwrap();
    drop(station);
    let hospital = Hospital {
        station: Arc::new(Workstation::open(setup(&folder, &clock)).unwrap()),
        clock,
        events: Arc::default(),
        folder,
        policy: ManagedPolicy::default(),
    };
    assert_eq!(hospital.station.session_read().unwrap().stage, Stage::SignedOut, "it opens as ever");
    assert_eq!(
        hospital.try_sign_in("okafor", PASSWORD).err().unwrap().code,
        ErrorCode::WrongPassword,
        "old slots are void"
    );
    assert!(hospital.try_sign_in("admin", OTHER).unwrap().password_due, "the administrator begins");
    let change = UserPasswordChangeRequest { current: OTHER.to_owned(), password: THIRD.to_owned() };
    hospital.station.user_password_change(change).unwrap();
    // Whoever has the lost root may have more: every key that it guarded is replaced.
    hospital.station.tick();
    let keys = hospital.station.key_search(KeySearchRequest { each_patient: false }).unwrap().rows;
    for id in ["database", "authority", "directory", "care-group/general", "break-glass"] {
        let active = keys.iter().find(|key| key.id == id && key.state == "active").unwrap();
        assert_eq!((active.version, active.due), (2, false), "{id} is another one");
    }
    hospital.station.user_password_reset_by_name("okafor", OTHER.to_owned()).unwrap();
    hospital.sign_out();
    hospital.try_sign_in("okafor", OTHER).unwrap();
    let change = UserPasswordChangeRequest { current: OTHER.to_owned(), password: THIRD.to_owned() };
    hospital.station.user_password_change(change).unwrap();
    assert_eq!(hospital.search("smith").len(), 1, "the charts are there");
    hospital.sign_out();
    let found = hospital.station.audit_verify_unattended().unwrap();
    assert!(found.intact, "and the log verifies: {:?}", found.findings);
}

pub(crate) fn setup(folder: &tempfile::TempDir, clock: &Arc<HandClock>) -> Setup {
    Setup {
        data: folder.path().join("data"),
        custodian: CustodianChoice::Named(CustodianName::Software),
        state: None,
        environment: Environment::Training,
        policy: ManagedPolicy::default(),
        idle_lock: IdleLock::default(),
        platform: Arc::new(crate::hospital::Silent),
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        notify: Box::new(|_| {}),
    }
}
