//! What is stored comes back, and what changed is kept.

use vigil_model::{Demographics, Role};
use vigil_policy::Interaction;
use vigil_vault::{PutOutcome, ResourcePut, VaultError};

use crate::hospital::{Hospital, at, kind, permit, pid, rid};

#[test]
fn the_same_content_again_changes_nothing() {
    let hospital = Hospital::with_patients();
    assert_eq!(hospital.put("Observation", "o5", Some("open"), r#"{"a":1,"b":[1.0]}"#), PutOutcome::Created, "new");
    let spaced = "{ \"a\" : 1,\n \"b\" : [ 1.0 ] }";
    assert_eq!(
        hospital.put("Observation", "o5", Some("open"), spaced),
        PutOutcome::Unchanged,
        "white space is nothing"
    );
    assert_eq!(
        hospital.put("Observation", "o5", Some("open"), r#"{"a":1,"b":[1.00]}"#),
        PutOutcome::Updated,
        "precision is"
    );
    assert_eq!(hospital.put_patient("open", "SMITH-MARKER", false), PutOutcome::Unchanged, "a patient too");
}

#[test]
fn a_changed_resource_keeps_its_old_version() {
    let hospital = Hospital::with_patients();
    hospital.put("Observation", "o1", Some("open"), r#"{"note":"second"}"#);
    hospital.put("Observation", "o1", Some("open"), r#"{"note":"third"}"#);
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    let read = hospital.observations(&nurse, &keys, "open");
    assert_eq!(read.len(), 1, "one current version");
    assert_eq!((read[0].version, read[0].json.as_deref().unwrap()), (3, r#"{"note":"third"}"#), "the newest");
    let kept: Vec<u32> = {
        let raw = hospital.raw();
        let mut statement = raw.prepare("SELECT version FROM resource_history ORDER BY version").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    assert_eq!(kept, [1, 2], "the older ones are in the history");
}

#[test]
fn a_resource_that_moves_to_another_patient_leaves_the_first_chart() {
    let hospital = Hospital::with_patients();
    hospital.put_patient("second", "JONES", false);
    assert_eq!(hospital.put("Observation", "o1", Some("second"), r#"{"note":"moved"}"#), PutOutcome::Updated, "moved");
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    assert!(hospital.observations(&nurse, &keys, "open").is_empty(), "gone from the first chart");
    assert_eq!(hospital.observations(&nurse, &keys, "second")[0].json.as_deref().unwrap(), r#"{"note":"moved"}"#);
    assert_eq!(counts(&hospital, "open"), [("Patient".to_owned(), 1)], "and from its counts");
}

#[test]
fn a_batch_is_what_its_resources_are_one_after_the_other() {
    let hospital = Hospital::with_patients();
    let (observation, patients) = (kind("Observation"), [pid("open"), pid("new"), pid("moved")]);
    // Patients take turns, enough of them to be worked on ahead; o1 is there already and moves.
    let mut rows: Vec<(String, usize, String)> =
        (0..500).map(|n| (format!("b{n}"), n % 3, format!(r#"{{"number":{n}}}"#))).collect();
    rows.push(("o1".to_owned(), 2, r#"{"note":"moved"}"#.to_owned()));
    let batch = |rows: &[(String, usize, String)]| {
        let ids: Vec<_> = rows.iter().map(|(id, ..)| rid(id)).collect();
        let mut puts = Vec::new();
        for ((_, patient, json), id) in rows.iter().zip(&ids) {
            let (resource_type, patient) = (&observation, Some(&patients[*patient]));
            puts.push(ResourcePut {
                resource_type,
                id,
                patient,
                json,
                sort: "",
                demographics: None,
                restricted: false,
            });
        }
        hospital.import(|tx| tx.resource_put_all(&puts)).unwrap()
    };
    let first = batch(&rows);
    assert!(first[..500].iter().all(|outcome| *outcome == PutOutcome::Created), "all but one are new");
    assert_eq!(first[500], PutOutcome::Updated, "and one has changed");
    assert!(batch(&rows).iter().all(|outcome| *outcome == PutOutcome::Unchanged), "the second time nothing changes");
    rows[7].2 = r#"{"number":"seven"}"#.to_owned();
    let twice = [rows[7].clone(), rows[8].clone(), (rows[7].0.clone(), 1, r#"{"number":"last"}"#.to_owned())];
    assert_eq!(
        batch(&twice),
        [PutOutcome::Updated, PutOutcome::Unchanged, PutOutcome::Updated],
        "a resource that stands twice ends as its last"
    );
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    let count: usize = patients
        .iter()
        .map(|patient| {
            let read = hospital.observations(&nurse, &keys, patient.as_str());
            for stored in &read {
                let text = match stored.id.as_str() {
                    "o1" => r#"{"note":"moved"}"#.to_owned(),
                    "b7" => r#"{"number":"last"}"#.to_owned(),
                    id => format!(r#"{{"number":{}}}"#, &id[1..]),
                };
                let versions = match stored.id.as_str() {
                    "b7" => 3,
                    "o1" => 2,
                    _ => 1,
                };
                assert_eq!(stored.version, versions, "{} has as many versions as were put", stored.id.as_str());
                assert_eq!(**stored.json.as_ref().unwrap(), text, "{} opens where it lies", stored.id.as_str());
            }
            let counted = [("Observation".to_owned(), u32::try_from(read.len()).unwrap())];
            assert!(counts(&hospital, patient.as_str()).starts_with(&counted), "the counts agree");
            read.len()
        })
        .sum();
    assert_eq!(count, 501, "each is in one chart");
}

#[test]
fn a_chart_that_becomes_restricted_in_a_batch_gives_no_key_away_in_it() {
    let hospital = Hospital::with_patients();
    let (patient, mut demographics) = (pid("open"), Demographics::default());
    demographics.restricted = true;
    let (types, ids) = ([kind("Observation"), kind("Patient")], [rid("before"), rid("open")]);
    let rows =
        [(0, r#"{"note":"before its patient"}"#, None), (1, r#"{"resourceType":"Patient"}"#, Some(&demographics))];
    let puts = rows.map(|(n, json, demographics)| ResourcePut {
        resource_type: &types[n],
        id: &ids[n],
        patient: Some(&patient),
        json,
        sort: "",
        demographics,
        restricted: true,
    });
    hospital.import(|tx| tx.resource_put_all(&puts)).unwrap();
    let general: u32 = hospital
        .raw()
        .query_row(
            "SELECT count(*) FROM patient_key JOIN patient ON number = patient WHERE id = 'open' AND recipient = 'care-group/general'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(general, 0, "no key of the chart is left to the care group");
}

#[test]
fn counts_need_no_key() {
    let hospital = Hospital::with_patients();
    let expected = [("Observation".to_owned(), 1), ("Patient".to_owned(), 1)];
    assert_eq!(counts(&hospital, "closed"), expected, "types and numbers are in the clear");
}

#[test]
fn resources_come_newest_first_within_their_type() {
    let hospital = Hospital::with_patients();
    let patient = pid("open");
    hospital
        .import(|tx| {
            for (id, sort) in [("a", "2024-01-01"), ("b", "2026-01-01"), ("c", "2025-01-01")] {
                tx.resource_put(&ResourcePut {
                    resource_type: &kind("Condition"),
                    id: &rid(id),
                    patient: Some(&patient),
                    json: "{}",
                    sort,
                    demographics: None,
                    restricted: false,
                })?;
            }
            Ok(())
        })
        .unwrap();
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    let read = hospital
        .vault
        .transaction(permit(&nurse, Interaction::PatientRead, Some("open")), Some(&keys), at(5), |tx| {
            tx.resources(&patient, &["Condition", "Observation", "Unheard"])
        })
        .unwrap();
    let ids: Vec<&str> = read.iter().map(|stored| stored.id.as_str()).collect();
    assert_eq!(ids, ["b", "c", "a", "o1"], "by date within the types that were asked for");
}

#[test]
fn what_belongs_to_nobody_is_read_with_the_directory_key() {
    let hospital = Hospital::with_patients();
    let (officer, keys) = hospital.hire("officer", Role::PrivacyOfficer);
    let read = |id: &str, r#type: &str| {
        hospital
            .vault
            .transaction(permit(&officer, Interaction::PatientSearch, None), Some(&keys), at(5), |tx| {
                tx.shared_resource(&kind(r#type), &rid(id))
            })
            .unwrap()
    };
    assert!(read("dr", "Practitioner").unwrap().json.is_ok(), "a practitioner");
    assert!(read("o1", "Observation").is_none(), "but a patient's resource is not shared");
}

#[test]
fn the_whole_chart_and_all_that_is_shared_can_be_exported() {
    let hospital = Hospital::with_patients();
    let (doctor, keys) = hospital.hire("doctor", Role::Physician);
    let mut seen = Vec::new();
    hospital
        .vault
        .transaction(permit(&doctor, Interaction::PatientExport, Some("open")), Some(&keys), at(5), |tx| {
            tx.all_resources(&pid("open"), |stored| seen.push((stored.id.to_string(), stored.json.is_ok())))?;
            tx.shared_resources(|stored| seen.push((stored.id.to_string(), stored.json.is_ok())))
        })
        .unwrap();
    seen.sort();
    assert_eq!(seen, [("dr".to_owned(), true), ("o1".to_owned(), true), ("open".to_owned(), true)]);
}

#[test]
fn the_directory_opens_every_patient_and_shows_one_that_was_tampered_with() {
    let hospital = Hospital::with_patients();
    let (officer, keys) = hospital.hire("officer", Role::PrivacyOfficer);
    let directory = || {
        let mut rows = Vec::new();
        hospital
            .vault
            .transaction(permit(&officer, Interaction::DirectoryRead, None), Some(&keys), at(5), |tx| {
                tx.directory(|row| {
                    let family = row.demographics.as_ref().map(|found| found.family.clone()).map_err(|why| *why);
                    rows.push((row.patient.to_string(), family, row.restricted));
                })
            })
            .unwrap();
        rows
    };
    let smith = ("open".to_owned(), Ok("SMITH-MARKER".to_owned()), false);
    assert_eq!(directory(), [smith.clone(), ("closed".to_owned(), Ok("HIDDEN-MARKER".to_owned()), true)], "both");
    let raw = hospital.raw();
    raw.execute(
        "UPDATE patient SET demographics = (SELECT demographics FROM patient WHERE id = 'open') WHERE id = 'closed'",
        [],
    )
    .unwrap();
    let rows = directory();
    assert_eq!(rows.len(), 2, "the row is not left out");
    assert_eq!(rows[1].1, Err(vigil_vault::Undecodable::Tampered), "somebody else's demographics do not open there");
}

#[test]
fn identifiers_find_one_resource_or_none() {
    let hospital = Hospital::with_patients();
    let find = |system: Option<&str>, value: &str| {
        hospital.import(|tx| tx.identifier_find(system, value, &kind("Patient"))).unwrap().map(|id| id.to_string())
    };
    hospital
        .import(|tx| {
            tx.identifier_put("urn:a", "1", &kind("Patient"), &rid("open"))?;
            tx.identifier_put("urn:b", "1", &kind("Patient"), &rid("closed"))?;
            assert!(tx.resource_exists(&kind("Patient"), &rid("open"))?, "it is stored");
            assert!(!tx.resource_exists(&kind("Patient"), &rid("nobody"))?, "it is not");
            Ok(())
        })
        .unwrap();
    assert_eq!(find(Some("urn:a"), "1").as_deref(), Some("open"), "by system and value");
    assert_eq!(find(Some("urn:c"), "1"), None, "another system");
    assert_eq!(find(None, "1"), None, "two patients have it in some system");
}

#[test]
fn demographics_come_for_the_permits_patient_only() {
    let hospital = Hospital::with_patients();
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    let read = |patient: &str| {
        hospital.vault.transaction(permit(&nurse, Interaction::PatientRead, Some("open")), Some(&keys), at(5), |tx| {
            tx.demographics(&pid(patient))
        })
    };
    let demographics: Demographics = read("open").unwrap().unwrap().demographics.unwrap();
    assert_eq!(demographics.family, "SMITH-MARKER", "the banner's patient");
    assert!(matches!(read("closed"), Err(VaultError::OutsidePermit)), "and nobody else");
}

fn counts(hospital: &Hospital, patient: &str) -> Vec<(String, u32)> {
    let nurse = vigil_vault::UserRecord { role: Role::Nurse, ..hospital.admin.clone() };
    hospital
        .vault
        .transaction(permit(&nurse, Interaction::PatientRead, Some(patient)), None, at(5), |tx| {
            tx.resource_counts(&pid(patient))
        })
        .unwrap()
        .into_iter()
        .map(|(r#type, count)| (r#type.to_string(), count))
        .collect()
}
