//! What is done to the audit log in the file is found and named, by somebody who has the database key.

use std::time::Duration;

use rusqlite::params;
use vigil_model::Moment;
use vigil_vault::{Custodian as _, Finding, SoftwareCustodian, VaultError};

use crate::hospital::{Hospital, at, data, start};

#[test]
fn an_untouched_log_is_intact() {
    let hospital = with_entries(200);
    let verification = hospital.vault.audit_verify().unwrap();
    assert_eq!(verification.findings, [], "nothing was done to it");
    assert!(verification.entries >= 200, "every entry was read");
}

#[test]
fn a_flipped_byte_is_named() {
    let hospital = with_entries(100);
    let raw = hospital.raw();
    let mut event: Vec<u8> =
        raw.query_row("SELECT event FROM audit_entry WHERE seq = 42", [], |row| row.get(0)).unwrap();
    event[20] ^= 1;
    raw.execute("UPDATE audit_entry SET event = ?1 WHERE seq = 42", params![event]).unwrap();
    assert_eq!(said(&hospital), ["entry 42 was edited"]);
}

#[test]
fn deleted_entries_are_named() {
    let hospital = with_entries(100);
    hospital.raw().execute("DELETE FROM audit_entry WHERE seq BETWEEN 30 AND 33", []).unwrap();
    assert_eq!(said(&hospital), ["entries 30 to 33 were deleted"]);
}

#[test]
fn reordered_entries_are_named() {
    let hospital = with_entries(100);
    hospital
        .raw()
        .execute_batch(
            "UPDATE audit_entry SET seq = 1000 WHERE seq = 10;
             UPDATE audit_entry SET seq = 10 WHERE seq = 12;
             UPDATE audit_entry SET seq = 12 WHERE seq = 1000;",
        )
        .unwrap();
    assert_eq!(said(&hospital), ["entries between 10 and 12 were reordered"]);
}

#[test]
fn a_log_cut_off_at_its_end_is_named() {
    let hospital = with_entries(100);
    let last: u64 = hospital.raw().query_row("SELECT max(seq) FROM audit_entry", [], |row| row.get(0)).unwrap();
    hospital.raw().execute("DELETE FROM audit_entry WHERE seq > 95", []).unwrap();
    assert_eq!(said(&hospital), [format!("the last entries, 96 to {last}, were cut off")]);
}

#[test]
fn an_inserted_entry_is_named() {
    let hospital = with_entries(100);
    let raw = hospital.raw();
    let last: u64 = raw.query_row("SELECT max(seq) FROM audit_entry", [], |row| row.get(0)).unwrap();
    raw.execute(
        "INSERT INTO audit_entry SELECT ?1, CAST(replace(event, '\"seq\":5,', '\"seq\":' || ?1 || ',') AS BLOB), hashes, detail
         FROM audit_entry WHERE seq = 5",
        [last + 1],
    )
    .unwrap();
    let findings = said(&hospital);
    assert!(findings.contains(&format!("an entry was inserted at {}", last + 1)), "{findings:?}");
}

#[test]
fn nothing_is_appended_to_a_forged_head() {
    let hospital = with_entries(100);
    hospital.raw().execute("UPDATE audit_head SET mac = zeroblob(32)", []).unwrap();
    assert!(said(&hospital).contains(&"the head of the log was not written by this device".to_owned()), "it is named");
    let done = hospital.vault.transaction(start(), None, at(9), |_| Ok::<_, VaultError>("secret"));
    assert!(matches!(done, Err(VaultError::AuditUnavailable(_))), "and nothing is done on top of it");
}

#[test]
fn a_deleted_head_is_named() {
    let hospital = with_entries(100);
    hospital.raw().execute("DELETE FROM audit_head", []).unwrap();
    assert!(said(&hospital).contains(&"the head of the log was not written by this device".to_owned()), "it is named");
}

#[test]
fn an_older_copy_of_the_database_is_named() {
    let mut hospital = with_entries(100);
    hospital.settle();
    let older = std::fs::read(data(&hospital.folder).join("vigil.db")).unwrap();
    append(&hospital, 100);
    hospital.vault.checkpoint(at(5)).unwrap();
    let mark = SoftwareCustodian::at(&hospital.folder.path().join("device-root")).mark().unwrap().unwrap();
    replace_database(&mut hospital, &older);
    let findings = hospital.vault.audit_verify().unwrap().findings;
    assert!(
        matches!(findings[..], [Finding::RolledBack { from, to }] if from == mark.size && to < from),
        "{findings:?}"
    );
}

#[test]
fn a_log_of_the_same_device_that_went_another_way_is_named() {
    let mut hospital = with_entries(10);
    hospital.settle();
    let fork = std::fs::read(data(&hospital.folder).join("vigil.db")).unwrap();
    append(&hospital, 100);
    hospital.vault.checkpoint(at(5)).unwrap();
    replace_database(&mut hospital, &fork);
    for _ in 0..150 {
        hospital.vault.transaction(start(), None, at(77), |_| Ok::<_, VaultError>(())).unwrap();
    }
    let findings = said(&hospital);
    assert!(findings.iter().any(|finding| finding.starts_with("the log was rebuilt")), "{findings:?}");
}

#[test]
fn a_checkpoint_is_due_after_64_entries_and_the_256th_waits_for_nobody() {
    let hospital = with_entries(40);
    let sizes = || -> Vec<u64> {
        let raw = hospital.raw();
        let mut statement = raw.prepare("SELECT size FROM audit_checkpoint ORDER BY size").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    hospital.vault.checkpoint_when_due(at(5)).unwrap();
    assert_eq!(sizes(), [0_u64; 0], "40 entries are too few");
    append(&hospital, 30);
    hospital.vault.checkpoint_when_due(at(5)).unwrap();
    assert_eq!(sizes().len(), 1, "70 are enough");
    append(&hospital, 255);
    assert_eq!(sizes().len(), 1, "nobody asked");
    append(&hospital, 1);
    assert_eq!(sizes().len(), 2, "but at the latest now it comes by itself");
    let mark = SoftwareCustodian::at(&hospital.folder.path().join("device-root")).mark().unwrap().unwrap();
    assert_eq!(Some(&mark.size), sizes().last(), "and the custodian knows the last one");
}

#[test]
fn one_entry_waits_a_minute_for_its_checkpoint() {
    let hospital = Hospital::new();
    hospital.vault.checkpoint(at(0)).unwrap();
    let sizes =
        || -> u64 { hospital.raw().query_row("SELECT count(*) FROM audit_checkpoint", [], |row| row.get(0)).unwrap() };
    let later = |seconds: u64| Moment { since_boot: at(0).since_boot + Duration::from_secs(seconds), ..at(0) };
    hospital.vault.checkpoint_when_due(later(3_600)).unwrap();
    assert_eq!(sizes(), 1, "nothing was written, so nothing is signed again");
    append(&hospital, 1);
    hospital.vault.checkpoint_when_due(later(59)).unwrap();
    assert_eq!(sizes(), 1, "not yet");
    hospital.vault.checkpoint_when_due(later(60)).unwrap();
    assert_eq!(sizes(), 2, "a minute after it was written");
}

fn with_entries(many: usize) -> Hospital {
    let hospital = Hospital::new();
    append(&hospital, many);
    hospital
}

fn append(hospital: &Hospital, many: usize) {
    for _ in 0..many {
        hospital.vault.transaction(start(), None, at(4), |_| Ok::<_, VaultError>(())).unwrap();
    }
}

fn said(hospital: &Hospital) -> Vec<String> {
    hospital.vault.audit_verify().unwrap().findings.iter().map(ToString::to_string).collect()
}

fn replace_database(hospital: &mut Hospital, bytes: &[u8]) {
    let idle = Hospital::new();
    // Close the connection before its file is exchanged.
    drop(std::mem::replace(&mut hospital.vault, idle.vault));
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(data(&hospital.folder).join(format!("vigil.db{suffix}")));
    }
    std::fs::write(data(&hospital.folder).join("vigil.db"), bytes).unwrap();
    hospital.reopened();
}
