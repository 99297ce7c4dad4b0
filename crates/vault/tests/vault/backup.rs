//! Backup and restore.

use std::path::Path;
use std::sync::Arc;

use vigil_policy::{Interaction, Principal, authorize};
use vigil_vault::{
    Backup, BackupContent, Custodian, OpenError, RecoveryKey, Restored, SoftwareCustodian, Vault, VaultError,
};

use crate::hospital::{Hospital, PASSWORD, at, custodian, password, permit, request};
use crate::recovery::with_recovery_key;
use crate::small_disk::SmallDisk;

pub(crate) fn write(hospital: &Hospital, to: &Path) -> Result<BackupContent, VaultError> {
    let permit = permit(&hospital.admin, Interaction::BackupCreate, None);
    hospital.vault.backup(permit, at(20), to, Some("named".to_owned()), &mut |_| true)
}

fn restore(
    dir: &Path,
    file: &Path,
    custodian: Arc<dyn Custodian>,
    key: Option<&RecoveryKey>,
) -> Result<Restored, OpenError> {
    Vault::restore(dir, Backup::open(file)?, custodian, key, "before", &mut |_| Ok(()), &mut |_| true)
}

fn record(restored: &Restored) {
    let permit = authorize(request(Principal::Workstation, Interaction::BackupRestore, None)).unwrap();
    restored.vault.restored(permit, at(30), "2026-11-22T08:00:20Z", "recovery-key").unwrap();
}

#[test]
fn a_backup_written_while_others_write_holds_one_moment_and_comes_back_whole() {
    let (hospital, _) = with_recovery_key();
    let file = hospital.folder.path().join("b.vigil");
    for number in 0..200 {
        hospital.put("Observation", &format!("b{number}"), Some("open"), r#"{"resourceType":"Observation"}"#);
    }
    let mut during = 0;
    let granted = permit(&hospital.admin, Interaction::BackupCreate, None);
    let written = hospital
        .vault
        .backup(granted, at(20), &file, None, &mut |_| {
            // In the middle of the copy: the snapshot must neither see it nor wait for it.
            during += 1;
            hospital.put("Observation", &format!("d{during}"), Some("open"), r#"{"resourceType":"Observation"}"#);
            true
        })
        .unwrap();
    assert!(during > 1, "it was written to meanwhile");
    assert!(hospital.vault.audit_verify().unwrap().entries > written.entries, "the log went on");
    assert!(
        !std::fs::read_dir(hospital.data()).unwrap().any(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.starts_with("backup-")
        }),
        "no copy is left behind"
    );

    let elsewhere = hospital.folder.path().join("elsewhere");
    let restored = restore(&elsewhere, &file, custodian(&hospital.folder), None).unwrap();
    assert_eq!(restored.content, written, "the moment of the backup");
    assert_eq!(restored.aside, None, "there was nothing");
    let verified = restored.vault.audit_verify().unwrap();
    assert_eq!(verified.entries, written.entries, "with its log");
    assert!(restored.vault.unlock("root", &password(PASSWORD)).is_ok(), "and its users");
}

#[test]
fn on_another_device_the_recovery_key_opens_the_backup_and_nothing_else_does() {
    let (hospital, key) = with_recovery_key();
    let file = hospital.folder.path().join("b.vigil");
    write(&hospital, &file).unwrap();
    let dir = hospital.folder.path().join("elsewhere");
    let other: Arc<dyn Custodian> = Arc::new(SoftwareCustodian::at(&hospital.folder.path().join("another-root")));
    other.seal("make the root", b"").unwrap();
    let refused = restore(&dir, &file, Arc::clone(&other), None).err();
    assert!(matches!(refused, Some(OpenError::WrongKey { .. })), "another root: {refused:?}");
    let refused = restore(&dir, &file, Arc::clone(&other), Some(&RecoveryKey::make().unwrap())).err();
    assert!(matches!(refused, Some(OpenError::OtherRecoveryKey { .. })), "another paper: {refused:?}");
    assert!(!Vault::exists(&dir), "nothing was put there");
    let restored = restore(&dir, &file, Arc::clone(&other), Some(&key)).unwrap();
    record(&restored);
    assert!(restored.vault.audit_verify().unwrap().findings.is_empty(), "the log goes on under the other root");
}

#[test]
fn every_flipped_byte_is_noticed_before_anything_is_replaced() {
    let (mut hospital, _) = with_recovery_key();
    let file = hospital.folder.path().join("b.vigil");
    write(&hospital, &file).unwrap();
    let (dir, keeper) = (hospital.data(), custodian(&hospital.folder));
    hospital.vault = Hospital::new().vault;
    let before = std::fs::read(dir.join("vigil.db")).unwrap();
    let sound = std::fs::read(&file).unwrap();
    let head = 20 + usize::try_from(u32::from_be_bytes(sound[16..20].try_into().unwrap())).unwrap();
    // Every part of the head, and a byte of every page behind it.
    let places = (0..head).step_by(7).chain((head..sound.len()).step_by(4096)).chain([sound.len() - 1]);
    for place in places {
        let mut changed = sound.clone();
        changed[place] ^= 1;
        std::fs::write(&file, &changed).unwrap();
        assert!(restore(&dir, &file, Arc::clone(&keeper), None).is_err(), "byte {place} of {}", sound.len());
    }
    for length in [0, 10, head, head + 100, sound.len() - 17, sound.len() - 1] {
        std::fs::write(&file, &sound[..length]).unwrap();
        let refused = restore(&dir, &file, Arc::clone(&keeper), None).err().unwrap().to_string();
        assert_eq!(refused.contains("it was cut off"), length >= head, "cut off after {length}: {refused}");
    }
    assert_eq!(std::fs::read(dir.join("vigil.db")).unwrap(), before, "the data is what it was");
    let mut names: Vec<_> =
        std::fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert!(!names.iter().any(|name| name == "restoring" || name == "before"), "nothing is left behind: {names:?}");
    std::fs::write(&file, &sound).unwrap();
    let taken = restore(&dir, &file, keeper, None);
    assert!(taken.is_ok(), "the sound one is taken: {:?}", taken.err());
}

#[test]
fn restoring_an_older_copy_is_a_rollback_that_is_declared_and_named() {
    let (mut hospital, _) = with_recovery_key();
    let file = hospital.folder.path().join("b.vigil");
    let held = write(&hospital, &file).unwrap();
    hospital.put_patient("later", "LATER", false);
    hospital.vault.checkpoint(at(25)).unwrap();
    let mark = custodian(&hospital.folder).mark().unwrap().unwrap();
    assert!(mark.size > held.entries, "the device remembers more than the backup holds");
    let (dir, keeper) = (hospital.data(), custodian(&hospital.folder));
    let refused = restore(&dir, &file, Arc::clone(&keeper), None).err();
    assert!(matches!(refused, Some(OpenError::InUse { .. })), "not while the program runs: {refused:?}");
    hospital.vault = Hospital::new().vault;

    let restored = restore(&dir, &file, Arc::clone(&keeper), None).unwrap();
    let aside = restored.aside.clone().unwrap();
    assert!(aside.join("vigil.db").exists() && aside.join("device.json").exists(), "what was there is put aside");
    let undeclared = restored.vault.rollback().unwrap().unwrap();
    assert_eq!((undeclared.remembered, undeclared.found), (mark.size, held.entries), "until it is declared");
    record(&restored);
    assert_eq!(restored.vault.rollback().unwrap(), None, "now it is");
    assert!(restored.vault.audit_verify().unwrap().findings.is_empty(), "and the log verifies");
    hospital.vault = restored.vault;
    let mut log = Vec::new();
    hospital.vault.audit_export(permit(&hospital.admin, Interaction::AuditVerify, None), at(31), &mut log).unwrap();
    let log = String::from_utf8(log).unwrap();
    let entry: serde_json::Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    let about = entry["outcomeDesc"].as_str().unwrap();
    let expected = format!("entries={} remembered={}:{}", held.entries, mark.size, hex::encode(mark.root));
    assert!(about.ends_with(&expected), "the entry names the old log and the new: {about}");
}

#[test]
fn a_restore_that_was_cut_short_before_the_mark_is_brought_to_its_end() {
    let (mut hospital, _) = with_recovery_key();
    let file = hospital.folder.path().join("b.vigil");
    write(&hospital, &file).unwrap();
    hospital.put_patient("later", "LATER", false);
    hospital.vault.checkpoint(at(25)).unwrap();
    let (dir, keeper) = (hospital.data(), custodian(&hospital.folder));
    let mark = keeper.mark().unwrap().unwrap();
    hospital.vault = Hospital::new().vault;
    let restored = restore(&dir, &file, Arc::clone(&keeper), None).unwrap();
    record(&restored);
    // As if the program had been killed between the entry and the mark.
    keeper.mark_set(&mark).unwrap();
    assert_eq!(restored.vault.rollback().unwrap(), None, "the entry declares exactly this");
    assert_ne!(keeper.mark().unwrap().unwrap(), mark, "and the mark is set");
}

#[test]
fn a_backup_that_is_stopped_leaves_nothing_behind_and_is_on_record() {
    let (hospital, _) = with_recovery_key();
    let file = hospital.folder.path().join("b.vigil");
    let granted = permit(&hospital.admin, Interaction::BackupCreate, None);
    hospital.vault.checkpoint(at(19)).unwrap();
    let before = std::fs::read_dir(hospital.folder.path()).unwrap().count();
    let stopped =
        hospital.vault.backup(granted, at(20), &file, None, &mut |progress| progress.done * 4 < progress.total * 3);
    assert!(matches!(stopped, Err(VaultError::Cancelled)), "stopped: {stopped:?}");
    assert_eq!(std::fs::read_dir(hospital.folder.path()).unwrap().count(), before, "no file and no draft");
    let mut log = Vec::new();
    hospital.vault.audit_export(permit(&hospital.admin, Interaction::AuditVerify, None), at(31), &mut log).unwrap();
    let log = String::from_utf8(log).unwrap();
    let outcomes: Vec<_> = log
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|entry| entry["type"]["code"] == "110106")
        .map(|entry| entry["outcome"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(outcomes, ["0", "8"], "that it began, and that it failed");
    std::fs::write(&file, b"precious").unwrap();
    assert!(write(&hospital, &file).is_err(), "and a file that is there is never written over");
    assert_eq!(std::fs::read(&file).unwrap(), b"precious", "not a byte");
}

#[test]
fn a_backup_is_sealed() {
    let (hospital, _) = with_recovery_key();
    let file = hospital.folder.path().join("b.vigil");
    write(&hospital, &file).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    for marker in ["SMITH-MARKER", "HIDDEN-MARKER", "open note", "root", "St. Elsewhere", "SQLite format 3"] {
        assert!(!bytes.windows(marker.len()).any(|window| window == marker.as_bytes()), "{marker} is in it");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "and its owner's alone");
    }
}

#[test]
fn nothing_is_replaced_when_somebody_looks_at_the_backup_and_declines() {
    let (mut hospital, _) = with_recovery_key();
    let file = hospital.folder.path().join("b.vigil");
    let written = write(&hospital, &file).unwrap();
    let (dir, keeper) = (hospital.data(), custodian(&hospital.folder));
    hospital.vault = Hospital::new().vault;
    let before = std::fs::read(dir.join("vigil.db")).unwrap();
    let mut seen = 0;
    let declined = Vault::restore(
        &dir,
        Backup::open(&file).unwrap(),
        Arc::clone(&keeper),
        None,
        "before",
        &mut |judged| {
            seen = judged.audit_entries()?;
            assert!(judged.unlock("root", &password(PASSWORD)).is_ok(), "its users can prove themselves to it");
            Err(OpenError::Declined { path: file.clone(), reason: "not meant".to_owned() })
        },
        &mut |_| true,
    )
    .err();
    assert!(matches!(declined, Some(OpenError::Declined { .. })), "{declined:?}");
    assert_eq!(seen, written.entries, "what was judged is the backup");
    assert_eq!(std::fs::read(dir.join("vigil.db")).unwrap(), before, "not a byte of what was there");
    assert!(!dir.join("before").exists() && !dir.join("restoring").exists(), "and nothing is left");
}

#[test]
fn a_backup_on_a_full_disk_leaves_nothing_behind_and_is_no_last_backup() {
    let (hospital, _) = with_recovery_key();
    // A disk of 64 KiB; where nobody may mount one, /dev/full cannot take its place: the file would not be new.
    let Some(disk) = SmallDisk::mount(&hospital.folder.path().join("full"), 64) else { return };
    let failed = write(&hospital, &disk.0.join("b.vigil")).err();
    let Some(VaultError::Disk { source, .. }) = &failed else { panic!("the disk is full: {failed:?}") };
    assert_eq!(source.kind(), std::io::ErrorKind::StorageFull, "said as what it is: {source}");
    assert_eq!(std::fs::read_dir(&disk.0).unwrap().count(), 0, "no draft is left");
    assert_eq!(hospital.vault.last_backup().unwrap(), None, "and it counts for nothing");
    write(&hospital, &hospital.folder.path().join("b.vigil")).unwrap();
    assert_eq!(hospital.vault.last_backup().unwrap(), Some(at(20).utc), "the next one does");
}

#[test]
fn a_restore_on_a_full_disk_replaces_nothing() {
    let (hospital, _) = with_recovery_key();
    let file = hospital.folder.path().join("b.vigil");
    write(&hospital, &file).unwrap();
    let Some(disk) = SmallDisk::mount(&hospital.folder.path().join("full"), 64) else { return };
    let failed = restore(&disk.0, &file, custodian(&hospital.folder), None).err();
    let Some(OpenError::Io { source, .. }) = &failed else { panic!("the disk is full: {failed:?}") };
    assert_eq!(source.kind(), std::io::ErrorKind::StorageFull, "{source}");
    assert!(!Vault::exists(&disk.0) && !disk.0.join("restoring").exists(), "nothing is there, not even a part");
}
