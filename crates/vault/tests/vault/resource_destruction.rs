//! Destroying one resource: every version of it, and nothing else of the record.

use vigil_model::{ResourceName, Role};
use vigil_policy::{Interaction, Principal};
use vigil_vault::{Backup, DestructionState, NewUser, OpenError, ResourcePut, RotationCause, Vault, VaultError};

use crate::hospital::{Hospital, PASSWORD, at, custodian, kind, password, permit, pid, rid};
use crate::ward::{Ward, agree, destroy, finish, holds, pages, sealed_of, verifies, ward};

const NAMED: &str = "Observation/o1";

/// A ward in which the patient has a second observation that stays.
fn ward_with_two() -> Ward {
    let ward = ward();
    ward.hospital.put("Observation", "o2", Some("open"), r#"{"resourceType":"Observation","note":"stays"}"#);
    ward.hospital.put("Observation", "o2", Some("open"), r#"{"resourceType":"Observation","note":"stays too"}"#);
    ward.hospital.import(|tx| tx.identifier_put("urn:mrn", "STAYS", &kind("Observation"), &rid("o2"))).unwrap();
    ward
}

/// What lies sealed of one resource: contents of every version, and the tokens of its identifiers.
fn sealed_of_resource(hospital: &Hospital, id: &str) -> Vec<Vec<u8>> {
    let raw = hospital.raw();
    let mut all = Vec::new();
    for sql in [
        "SELECT content FROM resource WHERE id = ?1",
        "SELECT content FROM resource_history WHERE id = ?1",
        "SELECT token FROM identifier WHERE id = ?1",
    ] {
        let mut statement = raw.prepare(sql).unwrap();
        let rows = statement.query_map([id], |row| row.get::<_, Vec<u8>>(0)).unwrap();
        all.extend(rows.map(Result::unwrap));
    }
    all
}

fn observations(ward: &Ward) -> Vec<String> {
    let (nurse, keys) = &ward.nurse;
    let read = ward.hospital.observations(nurse, keys, "open");
    read.iter().map(|stored| stored.json.as_ref().unwrap().to_string()).collect()
}

fn put(ward: &Ward, id: &str, patient: Option<&str>) -> Result<(), VaultError> {
    let patient = patient.map(pid);
    ward.hospital.import(|tx| {
        tx.resource_put(&ResourcePut {
            resource_type: &kind("Observation"),
            id: &rid(id),
            patient: patient.as_ref(),
            json: "{}",
            sort: "",
            demographics: None,
            restricted: false,
        })
        .map(drop)
    })
}

#[test]
fn every_version_of_one_resource_goes_and_the_record_stays() {
    let ward = ward_with_two();
    let sealed = sealed_of_resource(&ward.hospital, "o1");
    assert!(sealed.len() >= 4, "two versions and tokens: {}", sealed.len());
    let staying = sealed_of_resource(&ward.hospital, "o2");
    ward.hospital.settle();
    let before = pages(&ward.hospital);
    assert!(sealed.iter().chain(&staying).all(|bytes| holds(&before, bytes)), "before, all of it is on the disk");

    let id = ward.ask("open", Some(NAMED)).unwrap();
    assert_eq!(ward.list()[0].resource, Some(ResourceName::parse(NAMED).unwrap()), "the list says what of");
    assert_eq!(ward.list()[0].resources, 1, "and that it is there");
    assert_eq!(observations(&ward).len(), 2, "nothing happens before another person agrees");
    ward.agree(id, "open", 20).unwrap();
    assert_eq!((finish(&ward.hospital.vault), finish(&ward.hospital.vault)), (1, 0), "one is due, and then none");

    let now = pages(&ward.hospital);
    assert!(sealed.iter().all(|bytes| !holds(&now, bytes)), "no page holds anything of it");
    assert!(staying.iter().all(|bytes| holds(&now, bytes)), "and all of the other one");
    let left = observations(&ward);
    assert!(left.len() == 1 && left[0].contains("stays too"), "the record opens without it: {left:?}");
    assert_eq!(ward.directory(&ward.nurse.1).len(), 3, "every patient is found as before");
    let (nurse, keys) = &ward.nurse;
    let reading = permit(nurse, Interaction::PatientRead, Some("open"));
    let (counts, gone) = ward
        .hospital
        .vault
        .transaction(reading, Some(keys), at(61), |tx| {
            Ok::<_, VaultError>((tx.resource_counts(&pid("open"))?, tx.destroyed_resources(&pid("open"))?))
        })
        .unwrap();
    assert!(counts.contains(&(kind("Observation"), 1)), "it is not counted any more: {counts:?}");
    assert_eq!(gone.len(), 1, "the chart can say that something was here");
    assert_eq!(gone[0].name.to_string(), NAMED, "and what");
    let other = permit(nurse, Interaction::PatientRead, Some("other"));
    let elsewhere =
        ward.hospital.vault.transaction(other, Some(keys), at(62), |tx| tx.destroyed_resources(&pid("other")));
    assert_eq!(elsewhere.unwrap(), [], "another chart says nothing of it");

    for patient in [Some("open"), Some("other"), None] {
        let refused = put(&ward, "o1", patient);
        assert!(matches!(refused, Err(VaultError::ResourceDestroyed { .. })), "it does not come in again: {refused:?}");
    }
    put(&ward, "o3", Some("open")).unwrap();
    let found = ward.hospital.import(|tx| tx.identifier_find(None, "SECRET-MRN", &kind("Observation"))).unwrap();
    assert_eq!(found, None, "no identifier leads to it");
    let found = ward.hospital.import(|tx| tx.identifier_find(None, "STAYS", &kind("Observation"))).unwrap();
    assert_eq!(found, Some(rid("o2")), "that of the other one does");

    assert_eq!(ward.list()[0].state, DestructionState::Destroyed, "what became of it is on record");
    let refused = ward.ask("open", Some(NAMED));
    assert!(matches!(refused, Err(VaultError::Invalid(_))), "once is enough: {refused:?}");
    assert!(
        ward.hospital.vault.database_key_age().unwrap().asked.is_some(),
        "the next start replaces the database key"
    );
    verifies(&ward.hospital.vault);
    let log: i64 = ward
        .hospital
        .raw()
        .query_row(
            "SELECT count(*) FROM audit_entry WHERE instr(event, 'resource-destroy') > 0 AND instr(event, ?1) > 0",
            [NAMED],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(log, 1, "one entry names what was destroyed");
    ward.destroy("open");
    assert!(sealed_of(&ward.hospital, "open").is_empty(), "and the whole record can still be destroyed");
}

#[test]
fn it_has_to_be_an_entry_of_that_record_and_two_persons_decide() {
    let ward = ward_with_two();
    for wrong in ["Observation/o9", "Observation/none", "Immunization/o1", "Patient/open"] {
        let refused = ward.ask("open", Some(wrong));
        assert!(matches!(refused, Err(VaultError::Invalid(_))), "{wrong}: {refused:?}");
    }
    let id = ward.ask("open", Some(NAMED)).unwrap();
    assert!(matches!(ward.ask("open", Some(NAMED)), Err(VaultError::Invalid(_))), "asked for already");
    let other = ward.ask("open", Some("Observation/o2")).unwrap();
    let whole = ward.ask("open", None).unwrap();
    assert!(id != other && other != whole, "each is asked for by itself");
    let vault = &ward.hospital.vault;
    let own = agree(vault, (&ward.officer.0, &ward.officer.1), id, "open", 20);
    assert!(matches!(own, Err(VaultError::SamePerson)), "who asks does not agree: {own:?}");
    // It went to another chart since: agreeing would be about that one.
    ward.hospital.put("Observation", "o1", Some("other"), r#"{"resourceType":"Observation","note":"moved"}"#);
    let moved = ward.agree(id, "open", 21);
    assert!(matches!(moved, Err(VaultError::Invalid(_))), "the record does not have it any more: {moved:?}");
    assert_eq!(finish(vault), 0, "nothing is due");
    for role in Role::ALL {
        let user = vigil_vault::UserRecord { role, ..ward.nurse.0.clone() };
        let asked =
            crate::hospital::request(crate::hospital::principal(&user), Interaction::ResourceDestroy, Some("open"));
        assert!(vigil_policy::authorize(asked).is_err(), "{role:?} does not do it alone");
    }
    let mixed = crate::hospital::request(Principal::Workstation, Interaction::ResourceDestroy, Some("open"));
    ward.agree(other, "open", 22).unwrap();
    ward.agree(whole, "open", 23).unwrap();
    let due = vault.destructions_due(&[]).unwrap();
    let whole = due.iter().find(|one| one.interaction() == Interaction::PatientDestroy).unwrap();
    let crossed = vault.destroy(vigil_policy::authorize(mixed).unwrap(), at(30), whole);
    assert!(matches!(crossed, Err(VaultError::OutsidePermit)), "a permit for an entry destroys no record: {crossed:?}");
    assert_eq!(finish(vault), 2, "both are due");
    verifies(vault);
}

#[test]
fn a_restored_older_backup_comes_without_it() {
    let mut ward = ward_with_two();
    let file = ward.hospital.folder.path().join("b.vigil");
    crate::backup::write(&ward.hospital, &file).unwrap();
    ward.destroy_of("open", Some(NAMED));
    let (dir, keeper) = (ward.hospital.data(), custodian(&ward.hospital.folder));
    ward.hospital.vault = Hospital::new().vault;
    let mut judge = |vault: &Vault| -> Result<(), OpenError> {
        for tombstone in vault.destructions_due(&vault.tombstones_listed(&dir)?)? {
            destroy(vault, &tombstone)?;
        }
        Ok(())
    };
    let backup = Backup::open(&file).unwrap();
    let restored = Vault::restore(&dir, backup, keeper, None, "aside", &mut judge, &mut |_| true).unwrap();
    let say =
        vigil_policy::authorize(crate::hospital::request(Principal::Workstation, Interaction::BackupRestore, None));
    restored.vault.restored(say.unwrap(), at(41), "then", "recovery-key").unwrap();
    ward.hospital.vault = restored.vault;
    assert_eq!(sealed_of_resource(&ward.hospital, "o1"), Vec::<Vec<u8>>::new(), "it did not come back");
    let left = observations(&ward);
    assert!(left.len() == 1 && left[0].contains("stays too"), "the rest did: {left:?}");
    assert_eq!(finish(&ward.hospital.vault), 0, "nothing is due");
    assert!(matches!(put(&ward, "o1", Some("open")), Err(VaultError::ResourceDestroyed { .. })), "nor does it come in");
    verifies(&ward.hospital.vault);
}

/// The database is written anew by a destruction, which gives rows without a number of their own other numbers.
#[test]
fn keys_that_are_being_replaced_go_on_where_they_were_after_the_database_was_written_anew() {
    let ward = ward_with_two();
    let (admin, keys) = (&ward.hospital.admin, &ward.hospital.admin_keys);
    for active in ["true", "false", "true", "false", "true"] {
        let json = format!(r#"{{"resourceType":"Practitioner","active":{active}}}"#);
        ward.hospital.put("Practitioner", "dr", None, &json);
    }
    let vault = &ward.hospital.vault;
    let rotating = permit(admin, Interaction::KeyRotate, None);
    vault
        .transaction(rotating, Some(keys), at(70), |tx| {
            tx.group_key_rotate(vigil_vault::GroupKey::Directory, RotationCause::Demand, keys)?;
            tx.patient_keys_rotate()
        })
        .unwrap();
    let step = |seconds| {
        let permit = permit(admin, Interaction::KeyReseal, None);
        vault.transaction(permit, Some(keys), at(seconds), |tx| tx.directory_reseal(1)).unwrap()
    };
    let at_step = || -> String {
        ward.hospital
            .raw()
            .query_row("SELECT step FROM key_rotation WHERE kind = 'directory'", [], |row| row.get(0))
            .unwrap()
    };
    while at_step() != "shared-history" {
        step(71);
    }
    step(72);
    ward.destroy_of("open", Some(NAMED));
    while step(73).is_some_and(|step| !step.finished) {}
    loop {
        let permit = permit(admin, Interaction::KeyReseal, None);
        let done = vault.transaction(permit, Some(keys), at(74), |tx| tx.patients_reseal(1, keys)).unwrap();
        if done.is_none_or(|done| done.finished) {
            break;
        }
    }
    let former: i64 = ward
        .hospital
        .raw()
        .query_row(
            "SELECT (SELECT count(*) FROM resource WHERE row < 4294967296 AND key_version < 2)
                  + (SELECT count(*) FROM resource_history WHERE patient = 0 AND key_version < 2)
                  + (SELECT count(*) FROM resource_history AS h WHERE patient > 0 AND key_version <
                        (SELECT max(version) FROM patient_key AS k WHERE k.patient = h.patient))",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(former, 0, "nothing lies under a former key, old versions included");
    let history: i64 =
        ward.hospital.raw().query_row("SELECT count(*) FROM resource_history", [], |row| row.get(0)).unwrap();
    assert!(history >= 5, "and there was something to look at: {history}");
    ward.is_untouched("other");
    verifies(vault);
}

#[test]
fn whoever_was_made_a_user_later_agrees_to_nothing_that_was_asked_before() {
    let ward = ward_with_two();
    let id = ward.ask("open", Some(NAMED)).unwrap();
    let second = NewUser { username: "late".to_owned(), display_name: "Late".to_owned(), role: Role::PrivacyOfficer };
    let creating = permit(&ward.hospital.admin, Interaction::UserCreate, None);
    let keys = Some(&ward.hospital.admin_keys);
    let vault = &ward.hospital.vault;
    vault.transaction(creating, keys, at(15), |tx| tx.user_insert(&second, &password(PASSWORD), keys)).unwrap();
    let (late, keys) = vault.unlock("late", &password(PASSWORD)).unwrap();
    let refused = agree(vault, (&late, &keys), id, "open", 20);
    assert!(matches!(refused, Err(VaultError::SamePerson)), "{refused:?}");
}
