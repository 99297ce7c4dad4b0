//! Backups and their way back.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use vigil_workstation::view::{BackupCreateRequest, RestoreReport};
use vigil_workstation::{AppError, ErrorCode, RestoreAuthority, RestoreRequest, Workstation};

use crate::hospital::{Hospital, PASSWORD};
use crate::recovery::{make_key, setup};

fn write(hospital: &Hospital, name: &str) -> PathBuf {
    let file = hospital.folder.path().join(name);
    hospital.station.backup_run(&BackupCreateRequest { path: file.to_string_lossy().into_owned() }).unwrap();
    file
}

fn administrator(password: &str) -> RestoreAuthority {
    RestoreAuthority::Administrator { username: "admin".to_owned(), password: password.to_owned(), proof: None }
}

/// Closes the program and restores.
fn restore(
    hospital: Hospital,
    file: &Path,
    authority: RestoreAuthority,
    accept_rollback: bool,
) -> (Hospital, Result<RestoreReport, AppError>) {
    hospital.station.close().unwrap();
    let Hospital { station, clock, events, folder, policy } = hospital;
    drop(station);
    let request = RestoreRequest { file: file.to_owned(), authority, accept_rollback };
    let report = Workstation::restore(setup(&folder, &clock), request, &mut |_| true);
    let station = Arc::new(Workstation::open(setup(&folder, &clock)).unwrap());
    (Hospital { station, clock, events, folder, policy }, report)
}

#[test]
fn the_last_backup_has_an_age_and_becomes_due() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    let status = || hospital.station.backup_status_read().unwrap();
    assert!(status().last.is_none() && status().overdue, "there is none");
    write(&hospital, "a.vigil");
    assert_eq!((status().age_days, status().overdue), (Some(0), false), "today");
    assert!(!status().suggested_name.contains("Elsewhere"), "the name says nothing of anybody");
    hospital.clock.pass(Duration::from_secs(7 * 24 * 3600));
    hospital.sign_in("admin");
    assert_eq!((status().age_days, status().overdue), (Some(7), true), "a week later it is due");
    hospital.clock.set_wall_back(Duration::from_secs(30 * 24 * 3600));
    hospital.sign_in("admin");
    assert!(status().overdue, "a clock that was set back makes no backup young");
    hospital.sign_in("okafor");
    assert_eq!(hospital.station.backup_status_read().err().unwrap().code, ErrorCode::Forbidden, "not a physician's");
    let request = BackupCreateRequest { path: "/tmp/never.vigil".to_owned() };
    assert_eq!(hospital.station.backup_run(&request).err().unwrap().code, ErrorCode::Forbidden, "nor to be written");
}

#[test]
fn an_older_backup_is_refused_until_it_is_meant_and_then_is_on_record() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    let file = write(&hospital, "a.vigil");
    hospital.station.user_create(crate::hospital::new_user("later", vigil_workstation::Role::Nurse)).unwrap();

    let (hospital, refused) = restore(hospital, &file, administrator(PASSWORD), false);
    let refused = refused.err().unwrap();
    assert!(refused.message.contains("older") && refused.message.contains("--accept-rollback"), "{refused}");
    hospital.sign_in("later");
    let (hospital, refused) = restore(hospital, &file, administrator("not the password"), true);
    assert_eq!(refused.err().unwrap().code, ErrorCode::WrongPassword, "an administrator has to say so");
    hospital.sign_in("later");
    let (hospital, refused) = restore(
        hospital,
        &file,
        RestoreAuthority::Administrator { username: "okafor".to_owned(), password: PASSWORD.to_owned(), proof: None },
        true,
    );
    assert_eq!(refused.err().unwrap().code, ErrorCode::Forbidden, "and nobody else");
    hospital.sign_in("later");

    let (hospital, done) = restore(hospital, &file, administrator(PASSWORD), true);
    let done = done.unwrap();
    assert!(done.remembered.is_some_and(|remembered| remembered > done.entries), "it says what is lost: {done:?}");
    let aside = done.aside.unwrap();
    for name in ["vigil.db", "device.json", "custodian.json"] {
        assert!(aside.join(name).exists(), "{name} of what was there is kept");
    }
    assert_eq!(hospital.try_sign_in("later", PASSWORD).err().unwrap().code, ErrorCode::WrongPassword, "she is gone");
    hospital.sign_in("admin");
    let mut log = Vec::new();
    hospital.station.audit_export(&mut log).unwrap();
    let log = String::from_utf8(log).unwrap();
    assert!(log.contains("by=administrator:") && log.contains("remembered="), "who restored what over what");
    let found = hospital.station.audit_verify().unwrap();
    assert!(found.intact, "{:?}", found.findings);
}

#[test]
fn on_another_device_the_paper_restores_and_a_password_alone_does_not() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    let shown = make_key(&hospital, None);
    let file = write(&hospital, "a.vigil");
    let elsewhere = tempfile::tempdir().unwrap();
    let there = |authority| {
        let request = RestoreRequest { file: file.clone(), authority, accept_rollback: false };
        Workstation::restore(setup(&elsewhere, &hospital.clock), request, &mut |_| true)
    };
    let refused = there(administrator(PASSWORD)).err().unwrap();
    assert!(refused.message.contains(&shown.fingerprint), "it names the paper: {refused}");
    assert!(!elsewhere.path().join("data").join("vigil.db").exists(), "nothing is there");
    let done = there(RestoreAuthority::RecoveryKey(shown.groups.join("-"))).unwrap();
    assert_eq!((done.remembered, done.aside), (None, None), "there was nothing");
    let station = Workstation::open(setup(&elsewhere, &hospital.clock)).unwrap();
    assert!(station.audit_verify_unattended().unwrap().intact, "it opens with the root of the new device");
}

#[test]
fn a_damaged_a_cut_off_and_a_foreign_file_are_told_apart() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    let file = write(&hospital, "a.vigil");
    let sound = std::fs::read(&file).unwrap();
    let mut changed = sound.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let cases = [
        (changed, "does not authenticate"),
        (sound[..sound.len() - 100].to_vec(), "was cut off"),
        (b"something else".to_vec(), "no backup of Vigil"),
    ];
    let mut hospital = hospital;
    for (bytes, said) in cases {
        std::fs::write(&file, bytes).unwrap();
        let (back, refused) = restore(hospital, &file, administrator(PASSWORD), true);
        let refused = refused.err().unwrap();
        assert!(refused.message.contains(said), "{said}: {refused}");
        hospital = back;
        hospital.sign_in("okafor");
        assert_eq!(hospital.search("smith").len(), 1, "what was there is there");
    }
}
