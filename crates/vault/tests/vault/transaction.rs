//! One door: what happens to the work and what is recorded.

use vigil_model::{PurposeOfUse, Role, Section};
use vigil_policy::{Denial, DenialReason, Interaction, Request, authorize};
use vigil_vault::{Outcome, ResourcePut, Vault, VaultError};

use crate::hospital::{Hospital, at, custodian, kind, permit, pid, principal, request, rid, start};
use crate::small_disk::SmallDisk;

#[test]
fn failed_work_is_rolled_back_and_recorded() {
    let hospital = Hospital::with_patients();
    let before = entries(&hospital);
    let failed: Result<(), VaultError> = hospital.import(|tx| {
        tx.resource_put(&observation("lost", "open"))?;
        Err(VaultError::Invalid("something in the batch"))
    });
    assert!(matches!(failed, Err(VaultError::Invalid(_))), "the caller hears why");
    assert_eq!(count(&hospital, "SELECT count(*) FROM resource WHERE id = 'lost'"), 0, "nothing was stored");
    assert_eq!(entries(&hospital), before + 1, "exactly one entry");
    assert_eq!(last_event(&hospital)["outcome"], 8, "and it says that it failed");
}

#[test]
fn work_whose_entry_cannot_be_written_returns_nothing() {
    let hospital = Hospital::with_patients();
    hospital
        .raw()
        .execute_batch("CREATE TRIGGER refuse BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'full'); END;")
        .unwrap();
    let done = hospital.import(|tx| tx.resource_put(&observation("lost", "open")));
    assert!(matches!(done, Err(VaultError::AuditUnavailable(_))), "no trail, no record");
    assert_eq!(count(&hospital, "SELECT count(*) FROM resource WHERE id = 'lost'"), 0, "nothing was stored");
    let failed: Result<(), VaultError> = hospital.import(|_| Err(VaultError::Invalid("work")));
    assert!(matches!(failed, Err(VaultError::AuditUnavailable(_))), "not even a failure goes unrecorded");
}

#[test]
fn a_disk_that_is_nearly_full_opens_no_record_and_what_is_left_is_for_the_log_and_for_emergencies() {
    let hospital = Hospital::with_patients();
    let (nurse, _) = hospital.hire("virtanen", Role::Nurse);
    let Some(disk) = SmallDisk::mount(&hospital.folder.path().join("small"), 48 << 10) else { return };
    hospital.settle();
    for file in std::fs::read_dir(hospital.data()).unwrap().map(Result::unwrap) {
        std::fs::copy(file.path(), disk.0.join(file.file_name())).unwrap();
    }
    let vault = Vault::open(&disk.0, custodian(&hospital.folder)).unwrap();
    let reading = |purpose| {
        let asked = request(principal(&nurse), Interaction::PatientRead, Some("open"));
        let asked = Request { purpose, ..asked };
        let granted = vigil_policy::Facts { grant: purpose.overrides(), ..asked.facts };
        let permit = authorize(Request { facts: granted, ..asked }).unwrap();
        vault.transaction(permit, None, at(20), |_| Ok::<_, VaultError>(()))
    };
    reading(PurposeOfUse::Treatment).unwrap();
    std::fs::write(disk.0.join("ballast"), vec![1; 20 << 20]).unwrap();
    let before = vault.audit_entries().unwrap();
    assert!(matches!(reading(PurposeOfUse::Treatment), Err(VaultError::DiskReserved)));
    assert_eq!(vault.audit_entries().unwrap(), before + 1, "that it was refused is on record");
    reading(PurposeOfUse::BreakTheGlass).unwrap();
    vault
        .transaction(permit(&nurse, Interaction::SessionLock, None), None, at(21), |_| Ok::<_, VaultError>(()))
        .unwrap();
    std::fs::remove_file(disk.0.join("ballast")).unwrap();
    reading(PurposeOfUse::Treatment).unwrap();
}

#[test]
fn work_that_panics_leaves_nothing_and_the_vault_goes_on() {
    let hospital = Hospital::with_patients();
    let crashed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        hospital.import(|tx| {
            tx.resource_put(&observation("lost", "open"))?;
            panic!("in the middle");
            #[allow(unreachable_code, reason = "gives the closure its type")]
            Ok::<(), VaultError>(())
        })
    }));
    assert!(crashed.is_err(), "it did crash");
    assert_eq!(count(&hospital, "SELECT count(*) FROM resource WHERE id = 'lost'"), 0, "nothing was stored");
    hospital.vault.transaction(start(), None, at(9), |_| Ok::<_, VaultError>(())).unwrap();
}

#[test]
fn a_refusal_leaves_an_entry() {
    let hospital = Hospital::with_patients();
    let (before, admin) = (entries(&hospital), principal(&hospital.admin));
    let denial = authorize(request(admin, Interaction::SectionRead(Section::Problems), Some("open"))).unwrap_err();
    hospital.vault.record_denial(&denial, at(7)).unwrap();
    let event = last_event(&hospital);
    assert_eq!(entries(&hospital), before + 1, "exactly one entry");
    assert_eq!((&event["outcome"], &event["reason"]), (&4.into(), &"role".into()), "refused, and why: {event}");
    assert_eq!((&event["patient"], &event["section"]), (&"open".into(), &"problems".into()), "of whom, and what");
}

#[test]
fn a_policy_that_failed_leaves_an_alert_beside_the_refusal() {
    let hospital = Hospital::with_patients();
    let before = entries(&hospital);
    let failed = Denial { reason: DenialReason::Evaluation, ..denial(&hospital, "open") };
    hospital.vault.record_denial(&failed, at(7)).unwrap();
    assert_eq!(entries(&hospital), before + 2, "the refusal and the alert");
    let alert = last_event(&hospital);
    assert_eq!((&alert["is"], &alert["outcome"]), (&"policy-failure".into(), &8.into()), "serious: {alert}");
    assert_eq!((&alert["type"], &alert["patient"]), (&"110113".into(), &"open".into()), "a security alert: {alert}");
    hospital.vault.record_denial(&denial(&hospital, "open"), at(8)).unwrap();
    assert_eq!(entries(&hospital), before + 3, "any other refusal is none");
}

#[test]
fn refusals_of_many_threads_at_once_are_each_recorded_once() {
    let hospital = Hospital::with_patients();
    let before = entries(&hospital);
    let denials: Vec<_> = ["open", "closed"].map(|patient| denial(&hospital, patient)).to_vec();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (hospital, denials) = (&hospital, &denials);
            scope.spawn(move || {
                for _ in 0..20 {
                    hospital.vault.record_denial(&denials[thread % 2], at(7)).unwrap();
                }
            });
        }
    });
    assert_eq!(entries(&hospital), before + 160, "none is lost, none is there twice");
    hospital.vault.record_denials(&denials, at(8)).unwrap();
    assert_eq!(entries(&hospital), before + 162, "one entry each");
    assert_eq!(last_event(&hospital)["patient"], "closed", "in their order");
    assert!(hospital.vault.audit_verify().unwrap().intact(), "in a log that is sound");
    let of_open = "SELECT count(*) FROM audit_entry WHERE instr(event, '\"open\",\"section\"') > 0";
    assert_eq!(count(&hospital, of_open), 81, "each says whose chart it was about");
}

#[test]
fn a_refusal_that_cannot_be_recorded_says_so_to_each_who_waits_for_it() {
    let hospital = Hospital::with_patients();
    let denial = denial(&hospital, "open");
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'full'); END;";
    hospital.raw().execute_batch(refuse).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let failed = hospital.vault.record_denial(&denial, at(7));
                assert!(matches!(failed, Err(VaultError::AuditUnavailable(_))), "fail closed");
            });
        }
    });
    let failed = hospital.vault.record_denials(std::slice::from_ref(&denial), at(7));
    assert!(matches!(failed, Err(VaultError::AuditUnavailable(_))), "the same for several");
    hospital.raw().execute_batch("DROP TRIGGER refuse").unwrap();
    let before = entries(&hospital);
    hospital.vault.record_denial(&denial, at(7)).unwrap();
    assert_eq!(entries(&hospital), before + 1, "nothing of before is written later, unseen");
}

#[test]
fn a_permit_for_one_patient_does_not_reach_another() {
    let hospital = Hospital::with_patients();
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    let section = Interaction::SectionRead(Section::Vitals);
    let reads = |patient: Option<&str>, interaction| {
        let permit = permit(&nurse, interaction, patient);
        hospital.vault.transaction(permit, Some(&keys), at(5), |tx| tx.resources(&pid("open"), &["Observation"]))
    };
    assert!(reads(Some("open"), section).is_ok(), "its own patient");
    assert!(matches!(reads(Some("closed"), section), Err(VaultError::OutsidePermit)), "another patient");
    assert!(
        matches!(reads(None, Interaction::PatientSearch), Err(VaultError::OutsidePermit)),
        "a search reads no chart"
    );
    let by_id = hospital.vault.transaction(permit(&nurse, section, Some("closed")), Some(&keys), at(5), |tx| {
        tx.resource(&pid("closed"), &kind("Observation"), &rid("o1"))
    });
    assert!(matches!(by_id, Ok(None)), "nor does the id of somebody else's resource");
}

#[test]
fn a_reading_permit_does_not_write() {
    let hospital = Hospital::with_patients();
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    let put =
        hospital.vault.transaction(permit(&nurse, Interaction::PatientRead, Some("open")), Some(&keys), at(5), |tx| {
            tx.resource_put(&observation("lost", "open"))
        });
    assert!(matches!(put, Err(VaultError::OutsidePermit)), "only an import writes");
    let user =
        hospital.vault.transaction(permit(&nurse, Interaction::PatientRead, Some("open")), Some(&keys), at(5), |tx| {
            tx.user_insert(
                &crate::hospital::new_user("mate", Role::Physician),
                &crate::hospital::password("x"),
                Some(&hospital.admin_keys),
            )
        });
    assert!(matches!(user, Err(VaultError::OutsidePermit)), "nor does it make users");
}

#[test]
fn a_detail_is_committed_to_and_sealed() {
    let hospital = Hospital::with_patients();
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    for (interaction, patient) in [(Interaction::PatientSearch, None), (Interaction::PatientRead, Some("open"))] {
        hospital
            .vault
            .transaction(permit(&nurse, interaction, patient), Some(&keys), at(5), |tx| {
                tx.detail(serde_json::json!({ "text": "smith" }));
                Ok::<_, VaultError>(())
            })
            .unwrap();
        let commitment = last_event(&hospital)["detail"].as_str().unwrap().to_owned();
        assert_eq!(commitment.len(), 64, "SHA-256 in hex");
    }
    let locked = hospital.vault.transaction(start(), None, at(5), |tx| {
        tx.detail(serde_json::json!({ "text": "smith" }));
        Ok::<_, VaultError>(())
    });
    assert!(matches!(locked, Err(VaultError::KeysMissing)), "without keys nothing can be sealed, so nothing is kept");
}

#[test]
fn two_programs_share_one_file() {
    let hospital = Hospital::with_patients();
    let second = vigil_vault::Vault::open(&hospital.data(), crate::hospital::custodian(&hospital.folder)).unwrap();
    std::thread::scope(|scope| {
        for vault in [&hospital.vault, &second] {
            scope.spawn(move || {
                for _ in 0..40 {
                    vault.transaction(start(), None, at(9), |_| Ok::<_, VaultError>(())).unwrap();
                }
            });
        }
    });
    assert!(second.audit_verify().unwrap().intact(), "both appended to one log");
}

#[test]
fn the_export_is_fhir_and_audited() {
    let hospital = Hospital::with_patients();
    let mut out = Vec::new();
    let before = entries(&hospital);
    let written =
        hospital.vault.audit_export(permit(&hospital.admin, Interaction::AuditVerify, None), at(9), &mut out).unwrap();
    assert_eq!(written, before, "every entry before the export's own");
    assert_eq!(entries(&hospital), before + 1, "and the export is on the record");
    let lines: Vec<serde_json::Value> =
        String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().all(|line| line["resourceType"] == "AuditEvent"), "one resource per line");
    let import = lines.iter().find(|line| line["type"]["code"] == "110107").unwrap();
    assert_eq!(import["entity"][0]["what"]["reference"], "Patient/open", "numbers are patients again");
    assert_eq!(Outcome::Success.code(), 0, "FHIR's code");
}

fn observation(id: &'static str, patient: &'static str) -> ResourcePut<'static> {
    ResourcePut {
        resource_type: Box::leak(Box::new(kind("Observation"))),
        id: Box::leak(Box::new(rid(id))),
        patient: Some(Box::leak(Box::new(pid(patient)))),
        json: "{}",
        sort: "",
        demographics: None,
        restricted: false,
    }
}

fn entries(hospital: &Hospital) -> u64 {
    count(hospital, "SELECT count(*) FROM audit_entry")
}

fn count(hospital: &Hospital, sql: &str) -> u64 {
    hospital.raw().query_row(sql, [], |row| row.get(0)).unwrap()
}

fn last_event(hospital: &Hospital) -> serde_json::Value {
    let bytes: Vec<u8> = hospital
        .raw()
        .query_row("SELECT event FROM audit_entry ORDER BY seq DESC LIMIT 1", [], |row| row.get(0))
        .unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn denial(hospital: &Hospital, patient: &str) -> Denial {
    let admin = principal(&hospital.admin);
    authorize(request(admin, Interaction::SectionRead(Section::Problems), Some(patient))).unwrap_err()
}
