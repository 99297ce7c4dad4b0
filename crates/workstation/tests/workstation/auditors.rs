//! The exported audit log, judged by tools that other people made: pymerkle, and the checksum database of Go. `cargo xtask auditors`
//! makes both in target/auditors.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use vigil_workstation::ErrorCode;

use crate::hospital::Hospital;

#[test]
fn other_peoples_tools_find_the_root_and_notice_a_changed_entry() {
    let hospital = Hospital::with_patients();
    let outside = tempfile::tempdir().unwrap();
    let folder = outside.path().join("log");
    hospital.sign_in("okafor");
    // More than one bundle, so that there is a second level.
    for _ in 0..260 {
        hospital.station.patient_recent().unwrap();
    }
    assert_eq!(hospital.station.audit_tiles(&folder).unwrap_err().code, ErrorCode::Forbidden);
    assert!(!folder.exists(), "and nothing is left");

    hospital.sign_in("weiss");
    let written = hospital.station.audit_tiles(&folder).unwrap();
    assert!(folder.join("tile/1/000.p/1").is_file(), "the second level of {written} entries");
    let (sumdb, pymerkle) = (sumdb(&folder).unwrap(), pymerkle(&folder).unwrap());
    let root = sumdb.rsplit(' ').next().unwrap();
    assert!(pymerkle.ends_with(root), "one root: {sumdb}; {pymerkle}");
    assert!(sumdb.contains(&format!(" {written} entries")), "{sumdb}");
    let again = hospital.station.audit_tiles(&folder).unwrap_err();
    assert!(again.message.contains("there already"), "nothing is written over: {again}");

    change(&folder.join("tile/entries/000"));
    assert!(self::sumdb(&folder).unwrap_err().contains("entry 1"), "Go names the entry");
    assert!(self::pymerkle(&folder).unwrap_err().contains("and not"), "pymerkle finds another root");
    change(&folder.join("tile/entries/000"));
    change(&folder.join("checkpoint"));
    assert!(self::sumdb(&folder).is_err(), "the checkpoint was changed");
}

/// One bit, within the first entry of a bundle and within the name of a checkpoint.
fn change(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    bytes[5] ^= 1;
    fs::write(file, bytes).unwrap();
}

fn sumdb(folder: &Path) -> Result<String, String> {
    judged(Command::new(tools().join("sumdb")).arg(folder))
}

fn pymerkle(folder: &Path) -> Result<String, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/auditors/pymerkle_root.py");
    judged(Command::new(tools().join("bin/python")).arg(script).arg(folder))
}

fn tools() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("auditors")
}

fn judged(command: &mut Command) -> Result<String, String> {
    let answer = command.output().expect("the tools are absent: run `cargo xtask auditors`");
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if answer.status.success() { Ok(words(&answer.stdout)) } else { Err(words(&answer.stderr)) }
}
