//! Destroying a patient's keys: two persons, nothing left that opens, and again wherever an older copy comes back.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use aes::Aes256;
use aes::cipher::{BlockCipherDecrypt as _, KeyInit as _};
use vigil_model::{DestructionReason, OverrideReason, Role};
use vigil_policy::{Interaction, Principal, authorize};
use vigil_vault::{
    Backup, DestructionState, EmergencyOpening, NewUser, OpenError, RotationCause, UserKeys, UserRecord, Vault,
    VaultError,
};

use crate::hospital::{Hospital, PASSWORD, at, custodian, kind, password, permit, pid, request, rid};

const WORDS: &str = "Granted on the 21st, file 4711";

struct Ward {
    hospital: Hospital,
    nurse: (UserRecord, UserKeys),
    officer: (UserRecord, UserKeys),
}

fn ward() -> Ward {
    let hospital = Hospital::with_patients();
    // A second version, so that there is a history.
    hospital.put("Observation", "o1", Some("open"), r#"{"resourceType":"Observation","note":"open note, again"}"#);
    hospital.import(|tx| tx.identifier_put("urn:mrn", "SECRET-MRN", &kind("Observation"), &rid("o1"))).unwrap();
    hospital.put_patient("other", "OTHER-MARKER", false);
    hospital.put("Observation", "o9", Some("other"), r#"{"resourceType":"Observation","note":"other note"}"#);
    let nurse = hospital.hire("nurse", Role::Nurse);
    let officer = hospital.hire("weiss", Role::PrivacyOfficer);
    assert!(hospital.observations(&nurse.0, &nurse.1, "open")[0].json.is_ok(), "its keys are in the session now");
    let search = permit(&nurse.0, Interaction::PatientSearch, None);
    hospital
        .vault
        .transaction(search, Some(&nurse.1), at(4), |tx| {
            tx.listed([pid("open")]);
            tx.detail(serde_json::json!({ "text": "SMITH-MARKER" }));
            Ok::<_, VaultError>(())
        })
        .unwrap();
    // Reading something about the chart leaves a detail under the patient's own key.
    let reading = permit(&nurse.0, Interaction::PatientRead, Some("open"));
    hospital
        .vault
        .transaction(reading, Some(&nurse.1), at(5), |tx| {
            tx.detail(serde_json::json!({ "series": "SERIES-MARKER" }));
            tx.resource_counts(&pid("open")).map(drop)
        })
        .unwrap();
    Ward { hospital, nurse, officer }
}

impl Ward {
    fn ask_about(&self, patient: &str) -> Result<u32, VaultError> {
        let asking = permit(&self.officer.0, Interaction::PatientDestructionRequest, Some(patient));
        self.hospital.vault.transaction(asking, Some(&self.officer.1), at(10), |tx| {
            tx.destruction_request(DestructionReason::PatientRequest, WORDS, at(100).utc)
        })
    }

    fn agree(&self, id: u32, patient: &str, seconds: i64) -> Result<(), VaultError> {
        agree(&self.hospital.vault, (&self.hospital.admin, &self.hospital.admin_keys), id, patient, seconds)
    }

    /// Both persons, and the workstation.
    fn destroy(&self, patient: &str) {
        let id = self.ask_about(patient).unwrap();
        self.agree(id, patient, 20).unwrap();
        finish(&self.hospital.vault);
    }

    fn list(&self) -> Vec<vigil_vault::Destruction> {
        let listing = permit(&self.officer.0, Interaction::PatientDestructionSearch, None);
        self.hospital.vault.transaction(listing, Some(&self.officer.1), at(50), |tx| tx.destructions(10)).unwrap()
    }

    fn directory(&self, keys: &UserKeys) -> Vec<String> {
        let mut names = Vec::new();
        let reading = permit(&self.nurse.0, Interaction::DirectoryRead, None);
        self.hospital
            .vault
            .transaction(reading, Some(keys), at(60), |tx| tx.directory(|row| names.push(row.patient.to_string())))
            .unwrap();
        names
    }

    fn is_untouched(&self, patient: &str) {
        let (nurse, keys) = &self.nurse;
        assert!(self.hospital.observations(nurse, keys, patient)[0].json.is_ok(), "{patient} opens as before");
        assert!(self.directory(keys).contains(&patient.to_owned()), "and is found");
    }
}

fn agree(
    vault: &Vault,
    (user, keys): (&UserRecord, &UserKeys),
    id: u32,
    patient: &str,
    seconds: i64,
) -> Result<(), VaultError> {
    let agreeing = permit(user, Interaction::PatientDestructionApprove, Some(patient));
    vault.transaction(agreeing, Some(keys), at(seconds), |tx| tx.destruction_approve(id))
}

/// What the workstation does after the approval, and at every start.
fn finish(vault: &Vault) -> usize {
    let due = vault.destructions_due(&vault.tombstones().unwrap()).unwrap();
    for tombstone in &due {
        let asked = request(Principal::Workstation, Interaction::PatientDestroy, Some(tombstone.patient().as_str()));
        vault.patient_destroy(authorize(asked).unwrap(), at(40), tombstone).unwrap();
    }
    vault.destructions_settle().unwrap();
    due.len()
}

fn verifies(vault: &Vault) {
    let verified = vault.audit_verify().unwrap();
    assert!(verified.findings.is_empty(), "the log verifies: {:?}", verified.findings);
}

#[test]
fn after_two_persons_agreed_nothing_of_the_record_is_left_that_any_key_here_opens() {
    let ward = ward();
    let sealed = sealed_of(&ward.hospital, "open");
    let kinds: BTreeSet<&str> = sealed.iter().map(|(what, _)| *what).collect();
    assert_eq!(kinds.len(), 6, "keys, demographics, contents, history, token, remembered details: {kinds:?}");
    ward.hospital.settle();
    let there = pages(&ward.hospital);
    assert!(sealed.iter().all(|(_, bytes)| holds(&there, bytes)), "before, all of it is on the disk");

    let id = ward.ask_about("open").unwrap();
    ward.is_untouched("open");
    ward.agree(id, "open", 20).unwrap();
    assert_eq!(finish(&ward.hospital.vault), 1, "one is due");
    assert_eq!(finish(&ward.hospital.vault), 0, "and then none");

    let log = std::fs::metadata(ward.hospital.data().join("vigil.db-wal")).map_or(0, |found| found.len());
    assert_eq!(log, 0, "the write-ahead log is empty");
    let now = pages(&ward.hospital);
    for (what, bytes) in &sealed {
        assert!(!holds(&now, bytes), "{what} is still on some page of the database");
    }
    assert!(sealed_of(&ward.hospital, "open").is_empty(), "no row holds anything of it");
    assert!(holds(&now, &sealed_of(&ward.hospital, "other")[0].1), "another patient's is where it was");

    let (nurse, keys) = &ward.nurse;
    let (_, fresh) = ward.hospital.vault.unlock("nurse", &password(PASSWORD)).unwrap();
    let (_, admin_fresh) = ward.hospital.vault.unlock("root", &password(PASSWORD)).unwrap();
    for keys in [keys, &fresh, &ward.hospital.admin_keys, &admin_fresh] {
        assert!(ward.hospital.observations(nurse, keys, "open").is_empty(), "nothing opens, with keys of any time");
        let reading = permit(nurse, Interaction::PatientRead, Some("open"));
        let (found, at) = ward
            .hospital
            .vault
            .transaction(reading, Some(keys), at(61), |tx| {
                Ok::<_, VaultError>((tx.demographics(&pid("open")).ok().flatten(), tx.destroyed_at(&pid("open"))?))
            })
            .unwrap();
        assert!(found.is_none(), "no demographics");
        assert!(at.is_some(), "but when it was destroyed");
    }
    ward.is_untouched("other");
    assert_eq!(ward.directory(keys), ["closed", "other"], "search does not find it");
    let found = ward.hospital.import(|tx| tx.identifier_find(None, "SECRET-MRN", &kind("Observation"))).unwrap();
    assert_eq!(found, None, "nor by an identifier");
    let put = |id: &str| {
        ward.hospital.import(|tx| {
            tx.resource_put(&vigil_vault::ResourcePut {
                resource_type: &kind("Observation"),
                id: &rid(id),
                patient: Some(&pid("open")),
                json: "{}",
                sort: "",
                demographics: None,
                restricted: false,
            })
        })
    };
    let refused = put("o1").unwrap_err();
    assert!(refused.to_string().contains("was destroyed on 2026-11-22"), "it does not come in again: {refused}");
    assert!(matches!(put("new"), Err(VaultError::Destroyed { .. })), "nor anything new under its id");

    let row = &ward.list()[0];
    assert_eq!(row.state, DestructionState::Destroyed, "what became of it is on record");
    assert_eq!(row.words.as_ref().unwrap().as_deref(), Ok(WORDS), "and why");
    assert!(matches!(ward.ask_about("open"), Err(VaultError::Destroyed { .. })), "once is enough");
    verifies(&ward.hospital.vault);
    let events: Vec<Vec<u8>> = {
        let raw = ward.hospital.raw();
        let mut statement = raw.prepare("SELECT event FROM audit_entry").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let log = String::from_utf8(events.concat()).unwrap();
    for entry in ["patient-destruction-request", "patient-destruction-approve", "patient-destroy"] {
        assert!(log.contains(entry), "{entry} is in the log");
    }
    assert!(!log.contains("4711") && !log.contains("MARKER"), "without the words or anything of the record");
}

#[test]
fn it_takes_two_persons_of_the_roles_within_the_time() {
    let ward = ward();
    for role in Role::ALL {
        let may = matches!(role, Role::Administrator | Role::PrivacyOfficer);
        let user = UserRecord { role, ..ward.nurse.0.clone() };
        for interaction in [
            Interaction::PatientDestructionRequest,
            Interaction::PatientDestructionApprove,
            Interaction::PatientDestructionWithdraw,
            Interaction::PatientDestructionSearch,
        ] {
            let asked = request(crate::hospital::principal(&user), interaction, Some("open"));
            assert_eq!(authorize(asked).is_ok(), may, "{role:?} {interaction:?}");
        }
        let itself = request(crate::hospital::principal(&user), Interaction::PatientDestroy, Some("open"));
        assert!(authorize(itself).is_err(), "{role:?} does not do it alone");
    }
    let id = ward.ask_about("open").unwrap();
    assert!(matches!(ward.ask_about("open"), Err(VaultError::Invalid(_))), "once is enough");
    assert!(matches!(ward.ask_about("nobody"), Err(VaultError::Invalid(_))), "there has to be a record");
    let vault = &ward.hospital.vault;
    let own = agree(vault, (&ward.officer.0, &ward.officer.1), id, "open", 20);
    assert!(matches!(own, Err(VaultError::OutsidePermit)), "who asks does not agree: {own:?}");
    let turncoat = UserRecord { role: Role::Administrator, ..ward.officer.0.clone() };
    let own = agree(vault, (&turncoat, &ward.officer.1), id, "open", 20);
    assert!(matches!(own, Err(VaultError::OutsidePermit)), "in no other role either: {own:?}");
    let hire = |username: &str, display_name: &str, seconds| {
        let second = NewUser {
            username: username.to_owned(),
            display_name: display_name.to_owned(),
            role: Role::PrivacyOfficer,
        };
        let creating = permit(&ward.hospital.admin, Interaction::UserCreate, None);
        let keys = Some(&ward.hospital.admin_keys);
        vault
            .transaction(creating, keys, at(seconds), |tx| tx.user_insert(&second, &password(PASSWORD), keys))
            .unwrap();
        vault.unlock(username, &password(PASSWORD)).unwrap()
    };
    let (namesake, keys) = hire("weiss2", "dr  WEISS", 3);
    let refused = agree(vault, (&namesake, &keys), id, "open", 20);
    assert!(matches!(refused, Err(VaultError::OutsidePermit)), "nor under a second account: {refused:?}");
    let (late, keys) = hire("late", "Late", 15);
    let refused = agree(vault, (&late, &keys), id, "open", 20);
    assert!(matches!(refused, Err(VaultError::OutsidePermit)), "nor one that was made for it: {refused:?}");
    assert!(matches!(ward.agree(id, "other", 20), Err(VaultError::Invalid(_))), "nor about another patient");
    assert!(matches!(ward.agree(id, "open", 101), Err(VaultError::Invalid(_))), "nor after its time");
    assert!(vault.destructions_due(&[]).unwrap().is_empty(), "nothing is due");
    ward.is_untouched("open");

    let withdrawing = permit(&ward.hospital.admin, Interaction::PatientDestructionWithdraw, Some("open"));
    vault.transaction(withdrawing, Some(&ward.hospital.admin_keys), at(30), |tx| tx.destruction_withdraw(id)).unwrap();
    assert!(matches!(ward.agree(id, "open", 40), Err(VaultError::Invalid(_))), "nor after it was withdrawn");
    assert_eq!(ward.list()[0].state, DestructionState::Withdrawn, "which is on record");
    assert_eq!(finish(vault), 0, "nothing is due");
    ward.is_untouched("open");
    let id = ward.ask_about("open").unwrap();
    ward.agree(id, "open", 41).unwrap();
    assert_eq!(finish(vault), 1, "and may be asked for again");
}

#[test]
fn what_a_broken_glass_released_is_gone_and_no_glass_is_broken_again() {
    let ward = ward();
    let (nurse, keys) = &ward.nurse;
    let vault = &ward.hospital.vault;
    let start = || {
        let mut asked = request(crate::hospital::principal(nurse), Interaction::EmergencyAccessStart, Some("closed"));
        asked.restricted = true;
        asked.purpose = OverrideReason::EmergencyTreatment.purpose();
        let opening = EmergencyOpening {
            reason: OverrideReason::EmergencyTreatment,
            justification: "JUSTIFICATION-MARKER",
            expires_at: at(3600).utc,
        };
        let key = vault.emergency_key("nurse", &password(PASSWORD)).unwrap();
        vault.emergency_access_start(authorize(asked).unwrap(), keys, &key, at(6), Some(&opening))
    };
    start().unwrap();
    let sealed = sealed_of(&ward.hospital, "closed");
    ward.destroy("closed");
    let now = pages(&ward.hospital);
    assert!(sealed.iter().all(|(_, bytes)| !holds(&now, bytes)), "the wraps of a restricted chart are gone too");
    assert!(matches!(start(), Err(VaultError::Destroyed { .. })), "there is nothing to break into");
    let listing = permit(&ward.officer.0, Interaction::EmergencyAccessSearch, None);
    let accesses = vault.transaction(listing, Some(&ward.officer.1), at(80), |tx| tx.emergency_accesses(10)).unwrap();
    assert_eq!(accesses.len(), 1, "that it was broken stays on record");
    assert_eq!(
        accesses[0].justification.as_ref().err(),
        Some(&vigil_vault::Undecodable::Destroyed),
        "the words about the patient do not"
    );
    verifies(vault);
}

#[test]
fn a_restored_older_backup_destroys_it_again_before_it_takes_its_place() {
    let mut ward = ward();
    let file = ward.hospital.folder.path().join("b.vigil");
    crate::backup::write(&ward.hospital, &file).unwrap();
    ward.destroy("open");
    let (dir, keeper) = (ward.hospital.data(), custodian(&ward.hospital.folder));
    ward.hospital.vault = Hospital::new().vault;

    let mut again = 0;
    let mut judge = |vault: &Vault| -> Result<(), OpenError> {
        for tombstone in vault.destructions_due(&vault.tombstones_listed(&dir)?)? {
            let asked =
                request(Principal::Workstation, Interaction::PatientDestroy, Some(tombstone.patient().as_str()));
            vault.patient_destroy(authorize(asked).unwrap(), at(40), &tombstone)?;
            again += 1;
        }
        Ok(())
    };
    let backup = Backup::open(&file).unwrap();
    let restored = Vault::restore(&dir, backup, keeper, None, "aside", &mut judge, &mut |_| true).unwrap();
    assert_eq!(again, 1, "the list beside the data names it");
    let say = authorize(request(Principal::Workstation, Interaction::BackupRestore, None)).unwrap();
    restored.vault.restored(say, at(41), "then", "recovery-key").unwrap();
    ward.hospital.vault = restored.vault;
    assert!(sealed_of(&ward.hospital, "open").is_empty(), "it did not come back");
    let (nurse, keys) = &ward.nurse;
    assert!(ward.hospital.observations(nurse, keys, "open").is_empty(), "for nobody");
    ward.is_untouched("other");
    assert_eq!(finish(&ward.hospital.vault), 0, "nothing is due");
    assert_eq!(ward.list()[0].state, DestructionState::Destroyed, "taken over into the older copy");
    verifies(&ward.hospital.vault);
}

#[test]
fn a_list_that_was_changed_or_lost_is_noticed_and_made_again() {
    let ward = ward();
    ward.destroy("open");
    let vault = &ward.hospital.vault;
    let list = ward.hospital.data().join("destroyed.json");
    let sound = std::fs::read(&list).unwrap();
    assert!(!sound.windows(4).any(|four| four == b"open"), "the list names nobody in the clear");
    let mut changed = sound;
    let last = changed.len() - 5;
    changed[last] = if changed[last] == b'0' { b'1' } else { b'0' };
    std::fs::write(&list, changed).unwrap();
    let refused = vault.tombstones();
    assert!(matches!(refused, Err(VaultError::Tampered(_))), "{refused:?}");
    vault.destructions_settle().unwrap();
    assert_eq!(vault.tombstones_listed(&ward.hospital.data()).unwrap().len(), 1, "the database knows it too");
    std::fs::remove_file(&list).unwrap();
    vault.destructions_settle().unwrap();
    assert_eq!(vault.tombstones_listed(&ward.hospital.data()).unwrap().len(), 1, "also when it is gone");
}

#[test]
fn a_copy_in_the_data_folder_stands_in_the_way() {
    let ward = ward();
    let id = ward.ask_about("open").unwrap();
    let copy = ward.hospital.data().join("before-restore-20261122T080000Z");
    std::fs::create_dir(&copy).unwrap();
    let refused = ward.agree(id, "open", 20);
    assert!(matches!(refused, Err(VaultError::Invalid(_))), "what a restore put aside holds the record: {refused:?}");
    std::fs::remove_dir(copy).unwrap();
    ward.agree(id, "open", 21).unwrap();
}

#[test]
fn keys_are_replaced_as_before_around_a_destroyed_patient() {
    let mut ward = ward();
    ward.destroy("open");
    let (admin, keys) = (&ward.hospital.admin, &ward.hospital.admin_keys);
    let vault = &ward.hospital.vault;
    let step = |interaction| permit(admin, interaction, None);
    vault
        .transaction(step(Interaction::KeyRotate), Some(keys), at(90), |tx| {
            tx.group_key_rotate(vigil_vault::GroupKey::Directory, RotationCause::Demand, keys)
        })
        .unwrap();
    vault.transaction(step(Interaction::KeyRotate), Some(keys), at(90), |tx| tx.patient_keys_rotate()).unwrap();
    while let Some(step) =
        vault.transaction(step(Interaction::KeyReseal), Some(keys), at(91), |tx| tx.directory_reseal(100)).unwrap()
    {
        assert!(step.done <= step.total, "it goes on");
    }
    while let Some(step) =
        vault.transaction(step(Interaction::KeyReseal), Some(keys), at(92), |tx| tx.patients_reseal(100, keys)).unwrap()
    {
        assert!(step.done <= step.total, "it goes on");
    }
    assert!(sealed_of(&ward.hospital, "open").is_empty(), "nothing is made for who is destroyed");
    ward.is_untouched("other");
    assert!(vault.database_key_age().unwrap().asked.is_some(), "the next start replaces the database key");
    ward.hospital.vault = Hospital::new().vault;
    let rotate = authorize(request(Principal::Workstation, Interaction::DatabaseKeyRotate, None)).unwrap();
    let (data, keeper) = (ward.hospital.data(), custodian(&ward.hospital.folder));
    ward.hospital.vault =
        Vault::database_key_rotate(&data, keeper, rotate, RotationCause::Demand, at(93), &mut |_| true).unwrap();
    ward.is_untouched("other");
    assert!(ward.hospital.vault.database_key_age().unwrap().asked.is_none(), "and it is done");
    verifies(&ward.hospital.vault);
}

// What follows dies on purpose, in a program of its own: this test program, asked for one ignored test.

const FOLDER: &str = "VIGIL_TEST_CRASH_FOLDER";

#[test]
#[ignore = "runs in a program of its own that dies at a point of its way"]
fn the_way_through_a_destruction() {
    let folder = std::path::PathBuf::from(std::env::var_os(FOLDER).unwrap());
    let keeper = std::sync::Arc::new(vigil_vault::SoftwareCustodian::at(&folder.join("device-root")));
    let vault = Vault::open(&folder.join("data"), keeper).unwrap();
    let (admin, keys) = vault.unlock("root", &password(PASSWORD)).unwrap();
    agree(&vault, (&admin, &keys), 1, "open", 20).unwrap();
    finish(&vault);
}

fn way(folder: &Path) -> Command {
    let mut way = Command::new(std::env::current_exe().unwrap());
    way.args(["--exact", "destruction::the_way_through_a_destruction", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null());
    way
}

#[test]
fn a_crash_at_any_point_leaves_a_destruction_that_the_next_start_completes() {
    let points = {
        let ward = ward();
        ward.ask_about("open").unwrap();
        let log = ward.hospital.folder.path().join("points");
        assert!(
            way(ward.hospital.folder.path()).env("VIGIL_TEST_CRASH_LOG", &log).status().unwrap().success(),
            "the whole way"
        );
        std::fs::read_to_string(&log).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(points.len() >= 5, "a way without points shows nothing: {points:?}");
    for (number, name) in (1..).zip(&points) {
        let ward = ward();
        let sealed = sealed_of(&ward.hospital, "open");
        let id = ward.ask_about("open").unwrap();
        let died = way(ward.hospital.folder.path()).env("VIGIL_TEST_CRASH_AT", number.to_string()).status().unwrap();
        assert!(!died.success(), "it dies at point {number} ({name})");
        let vault = &ward.hospital.vault;
        if name.contains("approved") {
            ward.is_untouched("open");
            ward.agree(id, "open", 30).unwrap();
        }
        finish(vault);
        let now = pages(&ward.hospital);
        for (what, bytes) in &sealed {
            assert!(!holds(&now, bytes), "point {number} ({name}): {what} is still on some page");
        }
        assert_eq!(ward.list()[0].state, DestructionState::Destroyed, "point {number} ({name})");
        assert_eq!(vault.tombstones_listed(&ward.hospital.data()).unwrap().len(), 1, "point {number} ({name})");
        ward.is_untouched("other");
        verifies(vault);
    }
}

/// Everything sealed, or keyed, of a patient, as it lies in the rows: what it is, and its bytes.
fn sealed_of(hospital: &Hospital, patient: &str) -> Vec<(&'static str, Vec<u8>)> {
    let raw = hospital.raw();
    let number: i64 = raw.query_row("SELECT number FROM patient WHERE id = ?1", [patient], |row| row.get(0)).unwrap();
    let all = [
        ("a wrapped key", "SELECT sealed FROM patient_key WHERE patient = ?1"),
        ("demographics", "SELECT demographics FROM patient WHERE number = ?1 AND demographics IS NOT NULL"),
        ("a content", "SELECT content FROM resource WHERE row >> 32 = ?1"),
        ("an old content", "SELECT content FROM resource_history WHERE patient = ?1"),
        (
            "an identifier's token",
            "SELECT token FROM identifier WHERE (type, id) IN (SELECT type, id FROM resource WHERE row >> 32 = ?1)",
        ),
        (
            "a remembered detail",
            "SELECT detail FROM audit_entry WHERE detail IS NOT NULL AND instr(event, 'destruction') = 0
             AND (instr(event, '\"' || (SELECT id FROM patient WHERE number = ?1) || '\"') > 0
                  OR instr(event, 'patient-search') > 0 AND ?1 = (SELECT number FROM patient WHERE id = 'open'))",
        ),
    ];
    let mut found = Vec::new();
    for (what, sql) in all {
        let mut statement = raw.prepare(sql).unwrap();
        let rows = statement.query_map([number], |row| row.get::<_, Vec<u8>>(0)).unwrap();
        found.extend(rows.map(|bytes| (what, bytes.unwrap())));
    }
    found
}

/// Every page of the database file, decrypted one by one with the database key: also what no row points to any more.
fn pages(hospital: &Hospital) -> Vec<u8> {
    const PAGE: usize = 4096;
    /// IV of 16 bytes and HMAC-SHA-256.
    const RESERVED: usize = 48;
    let device: serde_json::Value =
        serde_json::from_slice(&std::fs::read(hospital.data().join("device.json")).unwrap()).unwrap();
    let purpose = format!("vigil/device/v1|{}", device["device"].as_str().unwrap());
    let secrets =
        custodian(&hospital.folder).open(&purpose, &hex::decode(device["sealed"].as_str().unwrap()).unwrap()).unwrap();
    let cipher = Aes256::new_from_slice(&secrets[..32]).unwrap();
    let file = std::fs::read(hospital.data().join("vigil.db")).unwrap();
    let mut clear = Vec::with_capacity(file.len());
    for (number, page) in file.chunks(PAGE).enumerate() {
        let start = if number == 0 { 16 } else { 0 };
        let mut before: [u8; 16] = page[PAGE - RESERVED..PAGE - RESERVED + 16].try_into().unwrap();
        for sealed in page[start..PAGE - RESERVED].chunks_exact(16) {
            let mut block = aes::Block::try_from(sealed).unwrap();
            cipher.decrypt_block(&mut block);
            clear.extend(block.iter().zip(before).map(|(byte, other)| byte ^ other));
            before = sealed.try_into().unwrap();
        }
    }
    clear
}

/// The first bytes are a nonce or a token: they are nowhere else.
fn holds(pages: &[u8], bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(24)];
    pages.windows(start.len()).any(|window| window == start)
}
