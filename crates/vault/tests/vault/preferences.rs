//! Preferences in the database: sealed for their user, and for nobody else.

use rusqlite::params;
use vigil_model::Role;
use vigil_policy::Interaction;
use vigil_vault::{UserKeys, UserRecord, VaultError};

use crate::hospital::{Hospital, at, permit};

fn put(hospital: &Hospital, user: &UserRecord, keys: &UserKeys, chosen: &[u8]) -> Result<(), VaultError> {
    let permit = permit(user, Interaction::PreferenceUpdate, None);
    hospital.vault.transaction(permit, Some(keys), at(1), |tx| tx.preferences_put(chosen))
}

fn read(hospital: &Hospital, user: &UserRecord, keys: &UserKeys) -> Result<Option<Vec<u8>>, VaultError> {
    let permit = permit(user, Interaction::SessionUnlock, None);
    hospital.vault.transaction(permit, Some(keys), at(2), |tx| Ok(tx.preferences()?.map(|chosen| chosen.to_vec())))
}

#[test]
fn what_a_user_chose_opens_for_that_user_alone() {
    let hospital = Hospital::new();
    let (one, ones_keys) = hospital.hire("one", Role::Nurse);
    let (two, twos_keys) = hospital.hire("two", Role::Nurse);
    assert_eq!(read(&hospital, &one, &ones_keys).unwrap(), None, "nothing was chosen");
    put(&hospital, &one, &ones_keys, b"large").unwrap();
    put(&hospital, &one, &ones_keys, b"larger").unwrap();
    assert_eq!(read(&hospital, &one, &ones_keys).unwrap().as_deref(), Some(&b"larger"[..]), "the last choice");
    let crossed = read(&hospital, &one, &twos_keys);
    assert!(matches!(crossed, Err(VaultError::OutsidePermit)), "nobody reads with the keys of somebody else");
    let raw = hospital.raw();
    let sealed: Vec<u8> = raw.query_row("SELECT sealed FROM user_preference", [], |row| row.get(0)).unwrap();
    assert!(!sealed.windows(5).any(|window| window == b"large"), "it lies sealed");
    raw.execute("INSERT INTO user_preference VALUES (?1, ?2)", params![two.id.to_string(), sealed]).unwrap();
    assert_eq!(read(&hospital, &two, &twos_keys).unwrap(), None, "what was put there is as if nothing was chosen");
    assert!(matches!(put(&hospital, &one, &ones_keys, &[0; 4_097]), Err(VaultError::Invalid(_))), "it stays small");
}
