//! What the database key alone does not give away, and what moving sealed values about does not achieve.

use rusqlite::params;
use vigil_model::Role;
use vigil_vault::{Undecodable, VaultError};

use vigil_policy::Interaction;

use crate::hospital::{Hospital, PASSWORD, at, password, permit, pid, refuse};

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
fn a_restriction_that_is_lifted_opens_what_was_written_under_it() {
    let mut hospital = Hospital::with_patients();
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    // Written in another session, so that the chart has keys of several versions.
    (_, hospital.admin_keys) = hospital.vault.unlock("root", &password(PASSWORD)).unwrap();
    hospital.put("Observation", "later", Some("closed"), r#"{"note":"later note"}"#);
    assert!(hospital.observations(&user, &keys, "closed").iter().all(|one| one.json.is_err()), "shut until then");

    hospital.put_patient("closed", "HIDDEN-MARKER", false);
    let notes: Vec<String> = hospital
        .observations(&user, &keys, "closed")
        .iter()
        .map(|one| one.json.as_ref().unwrap().to_string())
        .collect();
    assert!(notes.iter().any(|note| note.contains("closed note")), "of the first key: {notes:?}");
    assert!(notes.iter().any(|note| note.contains("later note")), "and of the second: {notes:?}");
    assert_eq!(changes(&hospital, "closed"), ["patient-restrict", "patient-restriction-lift"], "both are on record");
    assert_eq!(hospital.vault.audit_verify().unwrap().findings, [], "in a log that is sound");

    hospital.put_patient("closed", "HIDDEN-MARKER", true);
    assert!(hospital.observations(&user, &keys, "closed").iter().all(|one| one.json.is_err()), "and shut again");
}

#[test]
fn a_key_that_was_swapped_stays_closed_when_the_restriction_is_lifted() {
    let hospital = Hospital::with_patients();
    hospital.put_patient("other", "JONES", true);
    hospital.put("Observation", "o9", Some("other"), r#"{"note":"other note"}"#);
    hospital
        .raw()
        .execute(
            "UPDATE patient_key SET sealed = (SELECT sealed FROM patient_key JOIN patient ON number = patient WHERE id = 'other')
             WHERE patient = (SELECT number FROM patient WHERE id = 'closed')",
            [],
        )
        .unwrap();
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    hospital.put_patient("closed", "HIDDEN-MARKER", false);
    let read = hospital.observations(&user, &keys, "closed");
    assert_eq!(read[0].json.as_ref().err(), Some(&Undecodable::NoKey), "another chart's key is not handed out");
    assert!(alerts(&hospital)[0].starts_with("patient_key"), "and an alert says so: {:?}", alerts(&hospital));
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
    assert_eq!(alerts(&hospital), ["resource Observation/o3 open"], "and an alert names the one that was changed");
    assert_eq!(hospital.vault.audit_verify().unwrap().findings, [], "in a log that is sound");
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
    assert_eq!(alerts(&hospital), ["resource Observation/o4 second"], "and an alert says so");
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
    assert_eq!(alerts(&hospital), ["resource Observation/o1 open"], "and an alert says so");
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
    assert_eq!(alerts(&hospital), ["group_key "], "and an alert says so, though the work was rolled back");
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
    assert_eq!(alerts(&hospital), ["resource Observation/o7 third"], "and an alert says so");
}

#[test]
fn demographics_of_another_patient_do_not_open() {
    let hospital = Hospital::with_patients();
    hospital.put_patient("second", "JONES", false);
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    let swapped =
        "UPDATE patient SET demographics = (SELECT demographics FROM patient WHERE id = 'open') WHERE id = 'second'";
    assert_eq!(hospital.raw().execute(swapped, []).unwrap(), 1, "two patients' fields");
    let read = permit(&user, Interaction::DirectoryRead, None);
    let mut closed = Vec::new();
    hospital
        .vault
        .transaction(read, Some(&keys), at(5), |tx| {
            tx.directory(|row| closed.extend(row.demographics.is_err().then(|| row.patient.as_str().to_owned())))
        })
        .unwrap();
    assert_eq!(closed, ["second"], "one row does not open and says so; the others do");
    let read = permit(&user, Interaction::PatientRead, Some("second"));
    let banner = hospital.vault.transaction(read, Some(&keys), at(6), |tx| tx.demographics(&pid("second"))).unwrap();
    assert_eq!(banner.unwrap().demographics.err(), Some(Undecodable::Tampered), "nor does the banner show the other");
    assert_eq!(alerts(&hospital), ["patient second ", "patient second second"], "an alert for each look");
}

#[test]
fn a_value_moved_to_another_column_does_not_open() {
    let hospital = Hospital::with_patients();
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    let raw = hospital.raw();
    raw.execute(
        "UPDATE resource SET content = (SELECT demographics FROM patient WHERE id = 'open') WHERE id = 'o1'",
        [],
    )
    .unwrap();
    let read = hospital.observations(&user, &keys, "open");
    assert!(matches!(read[0].json, Err(Undecodable::Tampered | Undecodable::Malformed)), "demographics as a note");
    assert_eq!(alerts(&hospital), ["resource Observation/o1 open"], "and an alert says so");

    raw.execute("UPDATE user SET private_key = emergency_private_key WHERE username = 'nurse'", []).unwrap();
    let opened = hospital.vault.unlock("nurse", &password(PASSWORD));
    assert!(matches!(opened, Err(VaultError::Tampered("user"))), "the emergency key as the session's");
    raw.execute("UPDATE user_slot SET session = emergency", []).unwrap();
    let opened = hospital.vault.unlock("nurse", &password(PASSWORD));
    assert!(matches!(opened, Err(VaultError::WrongPassword)), "the emergency half of the slot as the session's");
}

#[test]
fn a_grant_moved_to_another_user_does_not_open_and_the_refusal_carries_an_alert() {
    let hospital = Hospital::with_patients();
    hospital.hire("nurse", Role::Nurse);
    hospital.hire("desk", Role::FrontDesk);
    let moved = "UPDATE user_grant SET sealed = (SELECT sealed FROM user_grant JOIN user ON id = user
         WHERE username = 'nurse' AND key LIKE 'care-group%') WHERE key LIKE 'care-group%'
         AND user = (SELECT id FROM user WHERE username = 'desk')";
    assert_eq!(hospital.raw().execute(moved, []).unwrap(), 1, "each has one");
    let error = hospital.vault.unlock("desk", &password(PASSWORD)).err().unwrap();
    assert!(matches!(error, VaultError::Tampered("user_grant")), "a grant is bound to its user: {error}");
    hospital
        .vault
        .transaction(refuse(), None, at(7), |tx| {
            tx.integrity_failure(&error);
            Ok::<_, VaultError>(())
        })
        .unwrap();
    assert_eq!(alerts(&hospital), ["user_grant "], "what the sign-in leaves behind");
}

#[test]
fn many_that_do_not_open_leave_one_alert() {
    let hospital = Hospital::with_patients();
    for number in 10..15 {
        hospital.put("Observation", &format!("o{number}"), Some("open"), r#"{"resourceType":"Observation"}"#);
    }
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    hospital.raw().execute("UPDATE resource SET content = zeroblob(200) WHERE id LIKE 'o1_'", []).unwrap();
    hospital.observations(&user, &keys, "open");
    assert_eq!(alerts(&hospital), ["resource Observation/o10 and 4 more open"], "named by the first");
}

/// The alerts in the log: what they are about, and whose record.
fn alerts(hospital: &Hospital) -> Vec<String> {
    let alerts = events(hospital).into_iter().filter(|event| event["is"] == "integrity-failure");
    alerts
        .map(|event| {
            assert_eq!((&event["type"], &event["outcome"]), (&"110113".into(), &8.into()), "a security alert");
            format!("{} {}", event["reason"].as_str().unwrap(), event["patient"].as_str().unwrap_or_default())
        })
        .collect()
}

/// What the log says of a chart's restriction, oldest first.
fn changes(hospital: &Hospital, patient: &str) -> Vec<String> {
    events(hospital)
        .into_iter()
        .filter(|event| event["patient"] == patient)
        .filter_map(|event| event["is"].as_str().map(str::to_owned))
        .filter(|is| is.starts_with("patient-restrict"))
        .collect()
}

/// The log, oldest first.
fn events(hospital: &Hospital) -> Vec<serde_json::Value> {
    let raw = hospital.raw();
    let mut statement = raw.prepare("SELECT event FROM audit_entry ORDER BY seq").unwrap();
    let events = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    events.map(|event| serde_json::from_slice(&event.unwrap()).unwrap()).collect()
}
