//! What the database key alone does not give away, and what moving sealed values about does not achieve.

use rusqlite::params;
use vigil_model::Role;
use vigil_vault::{Undecodable, VaultError};

use crate::hospital::{Hospital, PASSWORD, password, pid};

#[test]
fn a_treating_user_reads_an_open_chart() {
    let hospital = Hospital::with_patients();
    for role in [Role::Physician, Role::Nurse, Role::Pharmacist, Role::FrontDesk, Role::Billing] {
        let (user, keys) = hospital.hire(role.code(), role);
        let read = hospital.observations(&user, &keys, "open");
        assert!(read[0].json.as_ref().unwrap().contains("open note"), "{role:?} holds the care group's key");
    }
}

#[test]
fn an_administrators_ordinary_keys_open_no_patient() {
    let hospital = Hospital::with_patients();
    let (admin, keys) = hospital.vault.unlock("root", &password(PASSWORD)).unwrap();
    let read = hospital.observations(&admin, &keys, "open");
    assert_eq!(read[0].json.as_ref().err(), Some(&Undecodable::NoKey), "even with a permit in hand");
}

#[test]
fn the_session_that_imported_a_patient_does_not_read_it_back() {
    let hospital = Hospital::with_patients();
    let read = hospital.observations(&hospital.admin, &hospital.admin_keys, "open");
    assert_eq!(read[0].json.as_ref().err(), Some(&Undecodable::NoKey), "the key it made is for writing");
}

#[test]
fn a_privacy_officer_holds_no_patients_key() {
    let hospital = Hospital::with_patients();
    let (officer, keys) = hospital.hire("officer", Role::PrivacyOfficer);
    let read = hospital.observations(&officer, &keys, "open");
    assert_eq!(read[0].json.as_ref().err(), Some(&Undecodable::NoKey), "reviews need no chart");
}

#[test]
fn a_restricted_chart_does_not_open_with_ordinary_keys() {
    let hospital = Hospital::with_patients();
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    let read = hospital.observations(&user, &keys, "closed");
    assert_eq!(read[0].json.as_ref().err(), Some(&Undecodable::NoKey), "not a matter of policy but of keys");
    let wraps: i64 = hospital
        .raw()
        .query_row(
            "SELECT count(*) FROM patient_key JOIN patient ON number = patient
             WHERE id = 'closed' AND recipient LIKE 'care-group%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(wraps, 0, "no wrap for the care group exists");
}

#[test]
fn lifting_a_restriction_by_hand_opens_nothing() {
    let hospital = Hospital::with_patients();
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    hospital.raw().execute("UPDATE patient SET restricted = 0", []).unwrap();
    let read = hospital.observations(&user, &keys, "closed");
    assert_eq!(read[0].json.as_ref().err(), Some(&Undecodable::NoKey), "there is still no wrap");
}

#[test]
fn a_chart_that_becomes_restricted_closes_for_sessions_that_had_it_open() {
    let hospital = Hospital::with_patients();
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    assert!(hospital.observations(&user, &keys, "open")[0].json.is_ok(), "open so far");
    hospital.put_patient("open", "SMITH-MARKER", true);
    let read = hospital.observations(&user, &keys, "open");
    assert_eq!(read[0].json.as_ref().err(), Some(&Undecodable::NoKey), "the remembered key is not used");
}

#[test]
fn content_moved_to_another_record_does_not_open() {
    let hospital = Hospital::with_patients();
    hospital.put("Observation", "o3", Some("open"), r#"{"resourceType":"Observation","note":"another"}"#);
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    hospital
        .raw()
        .execute("UPDATE resource SET content = (SELECT content FROM resource WHERE id = 'o1') WHERE id = 'o3'", [])
        .unwrap();
    let read = hospital.observations(&user, &keys, "open");
    let moved = read.iter().find(|stored| stored.id.as_str() == "o3").unwrap();
    assert_eq!(moved.json.as_ref().err(), Some(&Undecodable::Tampered), "content is bound to its record");
    let other = read.iter().find(|stored| stored.id.as_str() == "o1").unwrap();
    assert!(other.json.is_ok(), "the other record is as it was");
}

#[test]
fn content_of_another_patient_does_not_open() {
    let hospital = Hospital::with_patients();
    hospital.put_patient("second", "JONES", false);
    hospital.put("Observation", "o4", Some("second"), r#"{"resourceType":"Observation"}"#);
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    let raw = hospital.raw();
    raw.execute("UPDATE resource SET content = (SELECT content FROM resource WHERE id = 'o1') WHERE id = 'o4'", [])
        .unwrap();
    let read = hospital.observations(&user, &keys, "second");
    assert_eq!(read[0].json.as_ref().err(), Some(&Undecodable::Tampered), "nor to another patient");
}

#[test]
fn an_older_version_put_back_does_not_open() {
    let hospital = Hospital::with_patients();
    let raw = hospital.raw();
    let old: Vec<u8> = raw.query_row("SELECT content FROM resource WHERE id = 'o1'", [], |row| row.get(0)).unwrap();
    hospital.put("Observation", "o1", Some("open"), r#"{"resourceType":"Observation","note":"corrected"}"#);
    raw.execute("UPDATE resource SET content = ?1 WHERE id = 'o1'", params![old]).unwrap();
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    let read = hospital.observations(&user, &keys, "open");
    assert_eq!(read[0].version, 2, "the row says it is the newer version");
    assert_eq!(read[0].json.as_ref().err(), Some(&Undecodable::Tampered), "and the content does not agree");
}

#[test]
fn a_slot_moved_to_another_user_does_not_open() {
    let hospital = Hospital::new();
    hospital.hire("nurse", Role::Nurse);
    let raw = hospital.raw();
    // The nurse, who knows one password, takes the administrator's place.
    for column in ["memory_kib", "passes", "lanes", "salt", "session", "emergency"] {
        raw.execute(
            &format!(
                "UPDATE user_slot SET {column} = (SELECT {column} FROM user_slot JOIN user ON id = user
                 WHERE username = 'nurse') WHERE user = (SELECT id FROM user WHERE username = 'root')"
            ),
            [],
        )
        .unwrap();
    }
    let opened = hospital.vault.unlock("root", &password(PASSWORD));
    assert!(matches!(opened, Err(VaultError::WrongPassword)), "the slot is bound to its user");
    assert!(hospital.vault.unlock("nurse", &password(PASSWORD)).is_ok(), "and still is the nurse's");
}

#[test]
fn a_public_key_put_in_by_hand_is_not_written_to() {
    let hospital = Hospital::new();
    let foreign = [9_u8; 32];
    hospital.raw().execute("UPDATE group_key SET public_key = ?1 WHERE id = 'break-glass'", params![foreign]).unwrap();
    let put = hospital.import(|tx| {
        tx.resource_put(&vigil_vault::ResourcePut {
            resource_type: &crate::hospital::kind("Observation"),
            id: &crate::hospital::rid("o9"),
            patient: Some(&pid("third")),
            json: "{}",
            sort: "",
            demographics: None,
            restricted: false,
        })
    });
    assert!(matches!(put, Err(VaultError::Tampered("group_key"))), "a new patient key goes to known hands only");
}

#[test]
fn a_wrapping_key_that_was_exchanged_opens_nothing() {
    let mut hospital = Hospital::with_patients();
    let (_, second_session) = hospital.vault.unlock("root", &password(PASSWORD)).unwrap();
    hospital.admin_keys = second_session;
    hospital.put("Observation", "o7", Some("third"), r#"{"resourceType":"Observation"}"#);
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    assert!(hospital.observations(&user, &keys, "third")[0].json.is_ok(), "before the exchange it opens");
    let exchange = "UPDATE wrapping_key SET sealed = (SELECT sealed FROM wrapping_key
         WHERE recipient LIKE 'care-group%' ORDER BY id LIMIT 1) WHERE id =
         (SELECT max(id) FROM wrapping_key WHERE recipient LIKE 'care-group%')";
    assert_eq!(hospital.raw().execute(exchange, []).unwrap(), 1, "each session made one for the care group");
    let (user, keys) = hospital.hire("second", Role::Nurse);
    let read = hospital.observations(&user, &keys, "third");
    assert_eq!(read[0].json.as_ref().err(), Some(&Undecodable::Tampered), "a wrapping key is bound to its number");
}
