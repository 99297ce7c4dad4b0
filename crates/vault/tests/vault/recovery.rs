//! The organisation recovery key: what it opens, and what it does not.

use std::sync::Arc;

use vigil_model::Role;
use vigil_policy::{Interaction, Principal, authorize};
use vigil_vault::{Custodian, Mark, OpenError, RecoveryKey, RecoveryState, SoftwareCustodian, Vault, VaultError};

use crate::hospital::{Hospital, PASSWORD, at, custodian, password, permit, request};

const NEW_PASSWORD: &str = "another horse entirely";

pub(crate) fn with_recovery_key() -> (Hospital, RecoveryKey) {
    let hospital = Hospital::with_patients();
    let key = make_key(&hospital);
    (hospital, key)
}

fn make_key(hospital: &Hospital) -> RecoveryKey {
    let key = RecoveryKey::make().unwrap();
    let permit = permit(&hospital.admin, Interaction::RecoveryKeyCreate, None);
    hospital.vault.transaction(permit, None, at(1), |tx| tx.recovery_key_put(&key, &hospital.admin_keys)).unwrap();
    key
}

fn other_root(hospital: &Hospital) -> Arc<dyn Custodian> {
    Arc::new(SoftwareCustodian::at(&hospital.folder.path().join("another-root")))
}

#[test]
fn when_the_device_root_is_gone_the_recovery_key_brings_everything_back() {
    let (mut hospital, key) = with_recovery_key();
    let (_, nurse_keys) = hospital.hire("nurse", Role::Nurse);
    drop(nurse_keys);
    hospital.vault.checkpoint(at(3)).unwrap();
    let entries = hospital.vault.audit_verify().unwrap().entries;
    let (folder, elsewhere) = (hospital.data(), other_root(&hospital));
    // Another vault takes its place in the test, so that the folder is nobody's.
    hospital.vault = Hospital::new().vault;
    std::fs::remove_file(hospital.folder.path().join("device-root")).unwrap();
    let gone = Vault::open(&folder, custodian(&hospital.folder)).err();
    assert!(matches!(gone, Some(OpenError::Custodian(_))), "the root is gone: {gone:?}");

    let typed = RecoveryKey::parse(&key.text()).unwrap();
    let recovered = Vault::recover(&folder, Arc::clone(&elsewhere), &typed).unwrap();
    assert_eq!((recovered.log.entries, recovered.log.findings.len()), (entries, 0), "the log is whole");
    let vault = recovered.vault;
    assert!(
        matches!(vault.unlock("root", &password(PASSWORD)), Err(VaultError::WrongPassword)),
        "a slot needs the old root, so the old password opens nothing"
    );
    let start = authorize(request(Principal::Workstation, Interaction::WorkstationRecover, None)).unwrap();
    vault.transaction(start, None, at(4), |tx| tx.workstation_recovered(&typed)).unwrap();
    let reset = authorize(request(Principal::Workstation, Interaction::UserPasswordRecover, None)).unwrap();
    vault
        .transaction(reset, None, at(5), |tx| tx.user_password_recover("root", &password(NEW_PASSWORD), &typed))
        .unwrap();
    let (admin, admin_keys) = vault.unlock("root", &password(NEW_PASSWORD)).unwrap();
    assert!(vault.must_choose_password(admin.id).unwrap(), "and another one is chosen next");

    let nurse = vault.login_record("nurse").unwrap().unwrap();
    vault
        .transaction(permit(&admin, Interaction::UserPasswordReset, None), None, at(6), |tx| {
            tx.user_password_reset(nurse.id, &password(NEW_PASSWORD), &admin_keys)
        })
        .unwrap();
    hospital.vault = vault;
    let (nurse, keys) = hospital.vault.unlock("nurse", &password(NEW_PASSWORD)).unwrap();
    assert!(hospital.observations(&nurse, &keys, "open")[0].json.is_ok(), "the chart opens again");
    hospital.vault.checkpoint(at(8)).unwrap();
    assert!(hospital.vault.audit_verify().unwrap().findings.is_empty(), "and the log goes on under the new root");
    drop(hospital.vault);
    assert!(Vault::open(&folder, elsewhere).is_ok(), "the new root opens it from now on");
}

#[test]
fn another_recovery_key_opens_nothing_and_changes_nothing() {
    let (mut hospital, _) = with_recovery_key();
    let folder = hospital.data();
    hospital.vault = Hospital::new().vault;
    let before = std::fs::read(folder.join("device.json")).unwrap();
    let other = RecoveryKey::make().unwrap();
    let refused = Vault::recover(&folder, other_root(&hospital), &other).err();
    assert!(matches!(refused, Some(OpenError::OtherRecoveryKey { .. })), "another paper: {refused:?}");
    assert_eq!(std::fs::read(folder.join("device.json")).unwrap(), before, "nothing was changed");

    let bare = Hospital::new();
    let bare_folder = bare.data();
    drop(bare.vault);
    let refused = Vault::recover(&bare_folder, other_root(&hospital), &other).err();
    assert!(matches!(refused, Some(OpenError::NoRecoveryKey { .. })), "set up without one: {refused:?}");
}

#[test]
fn recovering_waits_for_nobody_who_uses_the_folder() {
    let (hospital, key) = with_recovery_key();
    let refused = Vault::recover(&hospital.data(), other_root(&hospital), &key).err();
    assert!(matches!(refused, Some(OpenError::InUse { .. })), "a running program holds the folder: {refused:?}");
}

#[test]
fn a_changed_escrow_is_refused_and_never_replaced() {
    let (mut hospital, key) = with_recovery_key();
    let folder = hospital.data();
    hospital.vault = Hospital::new().vault;
    let path = folder.join("device.json");
    let sound = std::fs::read_to_string(&path).unwrap();
    let file: serde_json::Value = serde_json::from_str(&sound).unwrap();
    let sealed = file["escrow"]["sealed"].as_str().unwrap();
    for at in (0..sealed.len()).step_by(16) {
        let mut changed = sealed.to_owned();
        let other = if &changed[at..=at] == "0" { "1" } else { "0" };
        changed.replace_range(at..=at, other);
        let text = sound.replace(sealed, &changed);
        std::fs::write(&path, &text).unwrap();
        let refused = Vault::recover(&folder, other_root(&hospital), &key).err();
        assert!(matches!(refused, Some(OpenError::Corrupt { .. })), "digit {at}: {refused:?}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "left as it is");
    }
    std::fs::write(&path, &sound).unwrap();
    assert!(Vault::recover(&folder, other_root(&hospital), &key).is_ok(), "the sound one opens");
}

#[test]
fn a_key_of_somebody_elses_in_the_file_is_not_sealed_to() {
    let (mut hospital, key) = with_recovery_key();
    let folder = hospital.data();
    hospital.vault = Hospital::new().vault;
    // What a thief with write access would do: put an escrow for a key of their own there and wait for the next seal.
    let theirs = with_recovery_key().0;
    let stranger: serde_json::Value =
        serde_json::from_slice(&std::fs::read(theirs.data().join("device.json")).unwrap()).unwrap();
    let path = folder.join("device.json");
    let mut file: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    file["escrow"] = stranger["escrow"].clone();
    std::fs::write(&path, serde_json::to_vec(&file).unwrap()).unwrap();
    hospital.reopened();
    assert_eq!(hospital.vault.recovery_state().unwrap(), RecoveryState::Broken, "it is noticed and shown");
    let to = hospital.folder.path().join("b.vigil");
    crate::backup::write(&hospital, &to).unwrap();
    let name = vigil_vault::Backup::open(&to).unwrap().recovery_fingerprint();
    assert_eq!(name, Some(key.fingerprint().unwrap()), "the next seal is for the paper that was made here");
}

#[test]
fn a_new_recovery_key_takes_the_place_of_the_old_one() {
    let (mut hospital, old) = with_recovery_key();
    let new = make_key(&hospital);
    let state = hospital.vault.recovery_state().unwrap();
    let RecoveryState::Made { fingerprint, .. } = state else { panic!("made: {state:?}") };
    assert_eq!(fingerprint, new.fingerprint().unwrap(), "the name on the new paper");
    hospital.reopened();
    let recover = |key: &RecoveryKey| {
        let permit = authorize(request(Principal::Workstation, Interaction::UserPasswordRecover, None)).unwrap();
        hospital
            .vault
            .transaction(permit, None, at(5), |tx| tx.user_password_recover("root", &password(NEW_PASSWORD), key))
    };
    assert!(matches!(recover(&old), Err(VaultError::Invalid(_))), "the old paper resets nothing");
    assert!(recover(&new).is_ok(), "the new one does");
}

#[test]
fn the_recovery_key_resets_administrators_only() {
    let (hospital, key) = with_recovery_key();
    hospital.hire("nurse", Role::Nurse);
    for name in ["nurse", "nobody"] {
        let permit = authorize(request(Principal::Workstation, Interaction::UserPasswordRecover, None)).unwrap();
        let reset =
            hospital.vault.transaction(permit, None, at(5), |tx| tx.user_password_recover(name, &password("x"), &key));
        assert!(matches!(reset, Err(VaultError::Invalid(_))), "{name} asks an administrator");
    }
}

#[test]
fn nobody_resets_their_own_password_and_nobody_without_authority_anyones() {
    let hospital = Hospital::new();
    let (nurse, nurse_keys) = hospital.hire("nurse", Role::Nurse);
    let reset = |user, keys| {
        let permit = permit(&hospital.admin, Interaction::UserPasswordReset, None);
        hospital
            .vault
            .transaction(permit, None, at(5), |tx| tx.user_password_reset(user, &password(NEW_PASSWORD), keys))
    };
    assert!(matches!(reset(hospital.admin.id, &hospital.admin_keys), Err(VaultError::Invalid(_))), "one's own");
    assert!(matches!(reset(nurse.id, &nurse_keys), Err(VaultError::Invalid(_))), "one's own, without authority");
    assert!(matches!(reset(hospital.admin.id, &nurse_keys), Err(VaultError::KeysMissing)), "a permit opens no key");
    assert!(hospital.vault.unlock("nurse", &password(PASSWORD)).is_ok(), "and nothing has changed");
}

#[test]
fn a_reset_is_on_record_with_who_and_how() {
    let hospital = Hospital::new();
    let (nurse, _) = hospital.hire("nurse", Role::Nurse);
    let granted = permit(&hospital.admin, Interaction::UserPasswordReset, None);
    hospital
        .vault
        .transaction(granted, None, at(5), |tx| {
            tx.user_password_reset(nurse.id, &password(NEW_PASSWORD), &hospital.admin_keys)
        })
        .unwrap();
    let mut log = Vec::new();
    hospital.vault.audit_export(permit(&hospital.admin, Interaction::AuditVerify, None), at(6), &mut log).unwrap();
    let log = String::from_utf8(log).unwrap();
    let entry: serde_json::Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    assert_eq!(entry["outcomeDesc"], format!("user={} by=administrator", nurse.id), "whose, and how");
    assert!(entry["agent"].to_string().contains(&hospital.admin.id.to_string()), "and by whom");
}

#[test]
fn a_device_file_of_the_first_format_still_opens_and_can_get_a_recovery_key() {
    let mut hospital = Hospital::new();
    let path = hospital.data().join("device.json");
    let mut file: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!((file["format"].as_u64(), &file["escrow"]), (Some(2), &serde_json::Value::Null), "no key yet");
    // Without a recovery key the second format differs from the first by its number alone.
    file["format"] = 1.into();
    std::fs::write(&path, serde_json::to_vec(&file).unwrap()).unwrap();
    hospital.reopened();
    assert_eq!(hospital.vault.recovery_state().unwrap(), RecoveryState::Missing, "nobody has decided");
    make_key(&hospital);
    assert!(matches!(hospital.vault.recovery_state().unwrap(), RecoveryState::Made { .. }), "now there is one");
}

#[test]
fn going_on_without_a_recovery_key_is_remembered() {
    let hospital = Hospital::new();
    let permit = permit(&hospital.admin, Interaction::RecoveryKeyDecline, None);
    hospital.vault.transaction(permit, None, at(1), |tx| tx.recovery_key_decline()).unwrap();
    assert_eq!(hospital.vault.recovery_state().unwrap(), RecoveryState::Declined, "a choice, not an oversight");
    make_key(&hospital);
    assert!(matches!(hospital.vault.recovery_state().unwrap(), RecoveryState::Made { .. }), "and not for ever");
}

#[test]
fn an_older_copy_is_noticed_at_the_start() {
    let mut hospital = Hospital::with_patients();
    hospital.settle();
    let old = std::fs::read(hospital.data().join("vigil.db")).unwrap();
    hospital.put_patient("later", "LATER", false);
    hospital.vault.checkpoint(at(3)).unwrap();
    assert_eq!(hospital.vault.rollback().unwrap(), None, "what is here is what is remembered");
    let Mark { size: remembered, .. } = custodian(&hospital.folder).mark().unwrap().unwrap();
    hospital.vault = Hospital::new().vault;
    for name in ["vigil.db-wal", "vigil.db-shm"] {
        let _ = std::fs::remove_file(hospital.data().join(name));
    }
    std::fs::write(hospital.data().join("vigil.db"), old).unwrap();
    hospital.reopened();
    let found = hospital.vault.rollback().unwrap().expect("the older copy is noticed");
    assert_eq!(found.remembered, remembered, "the custodian remembers");
    assert!(found.found < remembered, "and the copy is shorter: {found:?}");
}

#[test]
fn a_user_who_chooses_another_password_keeps_every_key_and_the_old_password_opens_nothing() {
    let hospital = Hospital::with_patients();
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    drop(keys);
    let reset = permit(&hospital.admin, Interaction::UserPasswordReset, None);
    hospital
        .vault
        .transaction(reset, None, at(5), |tx| {
            tx.user_password_reset(nurse.id, &password(NEW_PASSWORD), &hospital.admin_keys)
        })
        .unwrap();
    assert!(hospital.vault.must_choose_password(nurse.id).unwrap(), "the administrator knows it");
    let wrong = hospital.vault.own_slot("nurse", &password(PASSWORD)).err();
    assert!(matches!(wrong, Some(VaultError::WrongPassword)), "the password before the reset: {wrong:?}");

    let own = hospital.vault.own_slot("nurse", &password(NEW_PASSWORD)).unwrap();
    let foreign = permit(&hospital.admin, Interaction::UserPasswordChange, None);
    let refused = hospital.vault.transaction(foreign, None, at(6), |tx| tx.user_password_change(&own, &password("x")));
    assert!(matches!(refused, Err(VaultError::OutsidePermit)), "nobody changes another's: {refused:?}");
    let granted = permit(&nurse, Interaction::UserPasswordChange, None);
    hospital
        .vault
        .transaction(granted, None, at(7), |tx| tx.user_password_change(&own, &password("chosen by the nurse")))
        .unwrap();
    assert!(!hospital.vault.must_choose_password(nurse.id).unwrap(), "it is chosen");
    assert!(
        matches!(hospital.vault.unlock("nurse", &password(NEW_PASSWORD)), Err(VaultError::WrongPassword)),
        "what the administrator knows opens nothing any more"
    );
    let (nurse, keys) = hospital.vault.unlock("nurse", &password("chosen by the nurse")).unwrap();
    assert!(hospital.observations(&nurse, &keys, "open")[0].json.is_ok(), "the charts open as before");
    assert!(hospital.vault.emergency_key("nurse", &password("chosen by the nurse")).is_ok(), "and the emergency key");
}
