//! Somebody who has the database key changes the audit log in the file; the program's own `vigil audit verify` says what was done.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use rusqlite::Connection;
use std::fs;
use vigil_tests::hospital::{ADMINISTRATOR, Hospital, SignIn};
use vigil_tests::program::Answer;

#[path = "forged/database.rs"]
mod database;

#[test]
fn an_untouched_log_is_intact() {
    let hospital = at_work();
    // The attacker's way in alone changes nothing.
    let entries = entries(&attacker(&hospital));
    let answer = verify(&hospital);
    assert!(answer.success, "nothing was done to it: {}", answer.err);
    assert!(entries >= 10, "there has to be something to attack, and not {entries} entries");
    assert!(answer.out.contains("intact"), "{}", answer.out);
}

#[test]
fn a_flipped_byte_is_named() {
    let hospital = at_work();
    let raw = attacker(&hospital);
    let mut event: Vec<u8> =
        raw.query_row("SELECT event FROM audit_entry WHERE seq = 4", [], |row| row.get(0)).unwrap();
    let middle = event.len() / 2;
    event[middle] ^= 1;
    assert_eq!(raw.execute("UPDATE audit_entry SET event = ?1 WHERE seq = 4", [event]).unwrap(), 1);
    drop(raw);
    refused(&hospital, "entry 4 was edited");
}

#[test]
fn a_deleted_entry_is_named() {
    let hospital = at_work();
    let raw = attacker(&hospital);
    assert_eq!(raw.execute("DELETE FROM audit_entry WHERE seq BETWEEN 5 AND 6", []).unwrap(), 2);
    drop(raw);
    refused(&hospital, "entries 5 to 6 were deleted");
}

#[test]
fn reordered_entries_are_named() {
    let hospital = at_work();
    let raw = attacker(&hospital);
    raw.execute_batch(
        "UPDATE audit_entry SET seq = 1000000 WHERE seq = 3;
         UPDATE audit_entry SET seq = 3 WHERE seq = 5;
         UPDATE audit_entry SET seq = 5 WHERE seq = 1000000;",
    )
    .unwrap();
    drop(raw);
    refused(&hospital, "entries between 3 and 5 were reordered");
}

#[test]
fn a_log_cut_off_at_its_end_is_named() {
    let hospital = at_work();
    let raw = attacker(&hospital);
    let last = entries(&raw);
    assert_eq!(raw.execute("DELETE FROM audit_entry WHERE seq > ?1", [last - 2]).unwrap(), 2);
    drop(raw);
    refused(&hospital, &format!("the last entries, {} to {last}, were cut off", last - 1));
}

#[test]
fn an_inserted_entry_is_named() {
    let hospital = at_work();
    let raw = attacker(&hospital);
    let next = entries(&raw) + 1;
    raw.execute(
        "INSERT INTO audit_entry SELECT ?1, CAST(replace(event, '\"seq\":2,', '\"seq\":' || ?1 || ',') AS BLOB), hashes, detail
         FROM audit_entry WHERE seq = 2",
        [next],
    )
    .unwrap();
    drop(raw);
    refused(&hospital, &format!("an entry was inserted at {next}"));
}

#[test]
fn a_head_that_was_written_anew_is_named() {
    let hospital = at_work();
    let raw = attacker(&hospital);
    assert_eq!(raw.execute("UPDATE audit_head SET mac = zeroblob(32)", []).unwrap(), 1);
    drop(raw);
    refused(&hospital, "the head of the log was not written by this device");
}

/// A workstation with some work behind it: set up, users made, a sign-in refused, patients imported.
fn at_work() -> Hospital {
    let hospital = Hospital::new().unwrap();
    let file = hospital.home.path().join("tmp").join("patient.json");
    fs::write(&file, r#"{"resourceType":"Patient","id":"p","name":[{"family":"Worked"}]}"#).unwrap();
    hospital.import(&[&file]).unwrap();
    let stranger = SignIn { username: ADMINISTRATOR.username, password: "not-the-password-at-all" };
    let refused = hospital
        .program
        .run(&["import", "--as", stranger.username, "--password-stdin", file.to_str().unwrap()], &[stranger.password]);
    assert!(!refused.unwrap().success, "a wrong password is on record too");
    hospital
}

fn attacker(hospital: &Hospital) -> Connection {
    database::open(hospital).unwrap()
}

fn entries(raw: &Connection) -> u64 {
    raw.query_row("SELECT max(seq) FROM audit_entry", [], |row| row.get(0)).unwrap()
}

fn verify(hospital: &Hospital) -> Answer {
    hospital.program.run(&["audit", "verify"], &[]).unwrap()
}

fn refused(hospital: &Hospital, named: &str) {
    let answer = verify(hospital);
    assert!(!answer.success, "a changed log must not pass: {}", answer.out);
    assert!(answer.err.contains(named), "`{named}` has to be said, and not only:\n{}", answer.err);
}
