//! Each way in which a data folder does not open says something else, and leaves every file as it was.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use vigil_vault::{Custodian, CustodianError, OpenError, SoftwareCustodian, Vault};

use crate::hospital::{Hospital, at, custodian, data, setup};

#[test]
fn another_key_is_a_wrong_key() {
    let (hospital, other) = (settled(), settled());
    let error = refused(&hospital, || Vault::open(&hospital.data(), custodian(&other.folder)));
    assert!(matches!(error, OpenError::WrongKey { .. }), "{error}");
}

#[test]
fn the_database_of_another_installation_is_a_wrong_key() {
    let (hospital, other) = (settled(), settled());
    std::fs::copy(other.data().join("vigil.db"), hospital.data().join("vigil.db")).unwrap();
    let error = refused(&hospital, || Vault::open(&hospital.data(), custodian(&hospital.folder)));
    assert!(matches!(error, OpenError::WrongKey { .. }), "{error}");
}

#[test]
fn a_damaged_first_page_is_corrupt() {
    let hospital = settled();
    let path = hospital.data().join("vigil.db");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[2000] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let error = refused(&hospital, || Vault::open(&hospital.data(), custodian(&hospital.folder)));
    assert!(matches!(error, OpenError::Corrupt { .. }), "{error}");
}

#[test]
fn an_empty_file_is_corrupt_and_stays_empty() {
    let hospital = settled();
    std::fs::write(hospital.data().join("vigil.db"), b"").unwrap();
    let error = refused(&hospital, || Vault::open(&hospital.data(), custodian(&hospital.folder)));
    assert!(matches!(error, OpenError::Corrupt { .. }), "{error}");
}

#[test]
fn a_plaintext_database_is_refused_as_such() {
    let hospital = settled();
    let path = hospital.data().join("vigil.db");
    std::fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE patient (name TEXT);").unwrap();
    let error = refused(&hospital, || Vault::open(&hospital.data(), custodian(&hospital.folder)));
    assert!(matches!(error, OpenError::Plaintext { .. }), "{error}");
}

#[test]
fn a_newer_layout_is_refused_as_such() {
    let hospital = settled();
    hospital.raw().pragma_update(None, "user_version", 9999).unwrap();
    hospital.settle();
    let error = refused(&hospital, || Vault::open(&hospital.data(), custodian(&hospital.folder)));
    assert!(matches!(error, OpenError::NewerSchema { found: 9999, .. }), "{error}");
}

#[test]
fn a_stolen_data_folder_without_the_device_root_opens_nothing() {
    let hospital = settled();
    let elsewhere = tempfile::tempdir().unwrap();
    let thief = Arc::new(SoftwareCustodian::at(&elsewhere.path().join("device-root")));
    let error = refused(&hospital, || Vault::open(&hospital.data(), thief));
    assert!(matches!(error, OpenError::Custodian(CustodianError::KeyMissing(_))), "{error}");
    assert!(!elsewhere.path().join("device-root").exists(), "opening makes no root");
}

#[test]
fn another_kind_of_custodian_is_named_and_not_tried() {
    let hospital = settled();
    let token = vigil_vault::Pkcs11Place {
        module: "/no/such/module.so".into(),
        token: "none".to_owned(),
        pin_file: "/no/such/pin".into(),
    };
    let other = Arc::new(vigil_vault::Pkcs11Custodian::of(&token, "x"));
    let error = refused(&hospital, || Vault::open(&hospital.data(), other));
    assert!(matches!(&error, OpenError::OtherCustodian { sealed_by, .. } if sealed_by == "software"), "{error}");
}

#[test]
fn a_missing_file_is_named_and_not_made() {
    let hospital = settled();
    std::fs::remove_file(hospital.data().join("vigil.db")).unwrap();
    let error = refused(&hospital, || Vault::open(&hospital.data(), custodian(&hospital.folder)));
    assert!(matches!(error, OpenError::Missing { what: "vigil.db", .. }), "{error}");
    let nowhere = hospital.folder.path().join("nowhere");
    let error = Vault::open(&nowhere, custodian(&hospital.folder)).err().unwrap();
    assert!(matches!(error, OpenError::Missing { what: "device.json", .. }), "{error}");
    assert!(!nowhere.exists(), "opening makes no folder");
}

#[test]
fn a_custodian_that_is_not_there_leaves_no_half_made_vault() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("no such folder").join("file").join("root");
    std::fs::write(folder.path().join("no such folder"), "a file where a folder is needed").unwrap();
    let absent: Arc<dyn Custodian> = Arc::new(SoftwareCustodian::at(&missing));
    let refused = Vault::create(&data(&folder), absent, &setup(), at(0));
    assert!(refused.is_err(), "there is nobody to keep the device root");
    assert!(!Vault::exists(&data(&folder)), "so the next try starts afresh");
    Vault::create(&data(&folder), custodian(&folder), &setup(), at(0)).unwrap();
}

#[test]
fn create_refuses_where_anything_is() {
    let hospital = settled();
    std::fs::remove_file(hospital.data().join("device.json")).unwrap();
    let error = refused(&hospital, || Vault::create(&hospital.data(), custodian(&hospital.folder), &setup(), at(0)));
    assert!(matches!(error, OpenError::AlreadyExists { .. }), "{error}");
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_the_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let hospital = Hospital::with_patients();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&hospital.data()), 0o700, "the folder");
    for entry in std::fs::read_dir(hospital.data()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    assert_eq!(mode(&hospital.folder.path().join("device-root")), 0o600, "the software custodian's root");
}

#[test]
fn the_database_runs_with_the_settings_that_were_chosen() {
    let hospital = settled();
    let raw = hospital.raw();
    let journal: String = raw.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(journal, "wal", "write-ahead logging is a property of the file");
    let vault = Vault::open(&hospital.data(), custodian(&hospital.folder)).unwrap();
    assert_eq!(vault.settings().unwrap().organization, "St. Elsewhere", "and the settings are read back");
}

fn settled() -> Hospital {
    let hospital = Hospital::with_patients();
    hospital.settle();
    hospital
}

/// The error of `open`, after checking that no file was changed, made or removed.
fn refused(hospital: &Hospital, open: impl FnOnce() -> Result<Vault, OpenError>) -> OpenError {
    let before = files(&hospital.data());
    let error = open().err().expect("it must not open");
    assert_eq!(files(&hospital.data()), before, "a failed opening leaves every file as it was");
    assert!(error.to_string().len() > 60, "the message says what to do: {error}");
    error
}

fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        // The shared-memory index beside the database is SQLite's scratch space and holds page numbers only.
        .filter(|path| path.extension().is_none_or(|extension| extension != "db-shm"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .filter(|(name, bytes)| !(name.ends_with("-wal") && bytes.is_empty()))
        .collect()
}
