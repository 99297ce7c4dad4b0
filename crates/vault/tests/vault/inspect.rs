//! Looking at a data folder from outside: damage is named page by page, and not a byte is changed.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use vigil_vault::{AuditHead, Contents, Depth, Inspection, OpenError, RecoveryState, SoftwareCustodian, Vault};

use crate::hospital::{Hospital, custodian};

#[test]
fn a_sound_folder_is_described_and_no_file_is_made_or_changed() {
    let hospital = settled();
    let before = files(&hospital.data());
    let found = look(&hospital, Depth::EveryPage);
    assert_eq!(found.layout.0, found.layout.1, "the newest layout");
    assert_eq!(found.damaged_pages.as_deref(), Some(&[][..]), "every page authenticates");
    let Contents { settings, has_users, recovery, entries, audit_head } = found.contents.unwrap();
    assert_eq!((settings.organization.as_str(), has_users), ("St. Elsewhere", true));
    assert_eq!((recovery, audit_head), (Some(RecoveryState::Missing), AuditHead::Sound));
    assert!(entries > 3, "the log is counted: {entries}");
    assert_eq!(files(&hospital.data()), before, "nothing was written, made or removed");
}

#[test]
fn it_also_reads_what_a_running_program_has_not_written_back() {
    let hospital = Hospital::with_patients();
    let log = hospital.data().join("vigil.db-wal");
    assert!(log.metadata().unwrap().len() > 0, "the program runs, and its last entries lie in the write-ahead log");
    let before = std::fs::read(&log).unwrap();
    let entries = look(&hospital, Depth::EveryPage).contents.unwrap().entries;
    let in_the_log = hospital.vault.audit_verify().unwrap().entries;
    assert_eq!(entries, in_the_log, "they are counted too");
    assert_eq!(std::fs::read(&log).unwrap(), before, "and stay where they are");
}

#[test]
fn one_flipped_bit_in_any_page_is_found_and_the_page_is_named() {
    const PAGE: usize = 4096;
    let hospital = settled();
    let path = hospital.data().join("vigil.db");
    let sound = std::fs::read(&path).unwrap();
    let pages = sound.len() / PAGE;
    assert!(pages > 10, "there are pages to damage");
    let mut named = 0;
    for page in 0..pages {
        let mut bent = sound.clone();
        // Another place in each page, behind the salt of the first.
        bent[page * PAGE + 16 + (page * 131) % (PAGE - 16)] ^= 0x10;
        std::fs::write(&path, &bent).unwrap();
        match Vault::inspect(&hospital.data(), &*custodian(&hospital.folder), Depth::EveryPage) {
            Ok(found) => {
                let damaged = found.damaged_pages.unwrap();
                assert_eq!(damaged.len(), 1, "page {}: {damaged:?}", page + 1);
                assert!(damaged[0].ends_with(&format!("page {}", page + 1)), "{damaged:?}");
                named += 1;
            }
            // A page that holds the schema: nothing opens.
            Err(error) => assert!(matches!(error, OpenError::Corrupt { .. }), "page {}: {error}", page + 1),
        }
        assert_eq!(std::fs::read(&path).unwrap(), bent, "and it is left as it is");
    }
    assert!(named > pages / 2, "most pages are named: {named} of {pages}");
}

#[test]
fn an_older_copy_and_another_device_are_told_apart() {
    let mut hospital = settled();
    let path = hospital.data().join("vigil.db");
    let old = std::fs::read(&path).unwrap();
    hospital.reopened();
    hospital.hire("nurse", vigil_model::Role::Nurse);
    hospital.vault.checkpoint(crate::hospital::at(9)).unwrap();
    hospital.settle();
    std::fs::write(&path, old).unwrap();
    let head = look(&hospital, Depth::Quick).contents.unwrap().audit_head;
    assert!(matches!(head, AuditHead::RolledBack(_)), "older than what the device remembers: {head:?}");

    let elsewhere = tempfile::tempdir().unwrap();
    let thief = Arc::new(SoftwareCustodian::at(&elsewhere.path().join("root")));
    let refused = Vault::inspect(&hospital.data(), &*thief, Depth::Quick).err();
    assert!(matches!(refused, Some(OpenError::Custodian(_))), "without the device root nothing is seen");
}

fn settled() -> Hospital {
    let hospital = Hospital::with_patients();
    hospital.settle();
    hospital
}

fn look(hospital: &Hospital, depth: Depth) -> Inspection {
    Vault::inspect(&hospital.data(), &*custodian(&hospital.folder), depth).unwrap()
}

/// Every file with its bytes.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect()
}
