//! Reports about a patient and about a user: what the index finds, and what it may not be changed to.

use vigil_model::Role;
use vigil_policy::{Interaction, Permit};
use vigil_vault::{ReportFilter, ReportRecord, ReportSubject, Tx, UserRecord, VaultError};

use crate::hospital::{Hospital, at, permit, pid};

#[test]
fn a_report_finds_who_looked_at_a_patient_and_what_a_user_did_with_and_without_a_checkpoint() {
    let hospital = Hospital::with_patients();
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    let (officer, _) = hospital.hire("officer", Role::PrivacyOfficer);
    hospital.open_chart(&nurse, &keys, "open", 10);
    hospital
        .vault
        .transaction(permit(&nurse, Interaction::PatientSearch, None), Some(&keys), at(12), |tx| {
            tx.listed([pid("open"), pid("closed")]);
            Ok::<_, VaultError>(())
        })
        .unwrap();
    for indexed in [false, true] {
        if indexed {
            hospital.vault.checkpoint(at(20)).unwrap();
        }
        let found = report(&hospital, &officer, &about("open")).unwrap();
        let words: Vec<&str> = found.iter().map(|record| record.access.interaction.as_str()).collect();
        let seen = ["import-create", "import-create", "patient-read", "patient-search"];
        assert!(words.starts_with(&seen), "imports, chart, list: {words:?} (checkpoint: {indexed})");
        assert!(found[3].access.listed && found[3].named == 2, "the list named two");
        assert_eq!(found[2].access.user_display.as_deref(), Some("Dr nurse"), "who");

        let done = report(&hospital, &officer, &ReportSubject::User(nurse.id)).unwrap();
        let done: Vec<_> = done.iter().map(|record| (record.access.interaction.as_str(), &record.patient)).collect();
        let expected = [("patient-read", &Some(pid("open"))), ("patient-search", &None)];
        assert_eq!(done, expected, "all that the nurse did (checkpoint: {indexed})");
    }
}

#[test]
fn a_period_begins_with_its_first_moment_and_ends_before_its_last() {
    let hospital = Hospital::with_patients();
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    let (officer, _) = hospital.hire("officer", Role::PrivacyOfficer);
    for seconds in [10, 20, 30] {
        hospital.open_chart(&nurse, &keys, "open", seconds);
    }
    let within = |subject: ReportSubject, up_to: Option<u64>| {
        in_report(&hospital, &officer, &subject, |tx, size| {
            let (from, until) = (Some(at(10).utc), Some(at(30).utc));
            let filter = ReportFilter { subject: subject.clone(), from, until, up_to: up_to.unwrap_or(size) };
            let mut seqs = Vec::new();
            tx.report_accesses(&filter, |access| seqs.push((access.seq, access.at)))?;
            Ok(seqs)
        })
        .unwrap()
    };
    for subject in [about("open"), ReportSubject::User(nurse.id)] {
        let found = within(subject.clone(), None);
        let times: Vec<i64> = found.iter().map(|(_, time)| *time).collect();
        assert_eq!(times, [10, 20].map(|s| at(s).utc.timestamp_micros()), "{subject:?}: the third is after it");
        let first = found[0].0;
        assert_eq!(within(subject, Some(first)).len(), 1, "and up to one entry");
    }
}

#[test]
fn a_report_needs_its_own_permit() {
    let hospital = Hospital::with_patients();
    let (officer, _) = hospital.hire("officer", Role::PrivacyOfficer);
    let read = |permit: Permit, subject: ReportSubject| {
        hospital.vault.transaction(permit, None, at(40), |tx| {
            let filter = ReportFilter { subject, from: None, until: None, up_to: 1000 };
            tx.report_accesses(&filter, |_| {})
        })
    };
    let outside = |answer| matches!(answer, Err(VaultError::OutsidePermit));
    let report = |patient| permit(&officer, Interaction::AccessReportRead, patient);
    assert!(outside(read(report(Some("open")), about("closed"))), "another patient's");
    assert!(outside(read(report(None), about("open"))), "a patient's without naming whose");
    assert!(outside(read(report(Some("open")), ReportSubject::User(officer.id))), "a user's under a patient's name");
    let search = permit(&officer, Interaction::PatientSearch, None);
    assert!(outside(read(search, ReportSubject::User(officer.id))), "with another permit");
}

#[test]
fn an_index_that_says_something_else_than_the_log_is_noticed() {
    let hospital = Hospital::with_patients();
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    let (officer, _) = hospital.hire("officer", Role::PrivacyOfficer);
    hospital.open_chart(&nurse, &keys, "open", 10);
    hospital.vault.checkpoint(at(20)).unwrap();
    let raw = hospital.raw();
    let tampered = || matches!(report(&hospital, &officer, &about("open")), Err(VaultError::Tampered("audit_access")));
    assert!(!tampered(), "as it is");
    raw.execute_batch("UPDATE audit_access SET at = at + 1 WHERE user <> 0").unwrap();
    assert!(tampered(), "another time");
    raw.execute_batch("UPDATE audit_access SET at = at - 1 WHERE user <> 0").unwrap();
    assert!(!tampered(), "as it was");
    raw.execute_batch("DELETE FROM audit_access WHERE seq = 4").unwrap();
    assert!(tampered(), "an entry is missing");
    raw.execute_batch("DELETE FROM audit_access").unwrap();
    assert!(!tampered(), "a database that comes from a version without this index fills it from its log");
}

fn about(patient: &str) -> ReportSubject {
    ReportSubject::Patient(pid(patient))
}

/// Everything about `subject`, oldest first.
fn report(hospital: &Hospital, officer: &UserRecord, subject: &ReportSubject) -> Result<Vec<ReportRecord>, VaultError> {
    in_report(hospital, officer, subject, |tx, up_to| {
        let filter = ReportFilter { subject: subject.clone(), from: None, until: None, up_to };
        let mut seqs = Vec::new();
        tx.report_accesses(&filter, |access| seqs.push(access.seq))?;
        tx.report_records(subject, &seqs)
    })
}

fn in_report<T>(
    hospital: &Hospital,
    officer: &UserRecord,
    subject: &ReportSubject,
    work: impl FnOnce(&mut Tx<'_>, u64) -> Result<T, VaultError>,
) -> Result<T, VaultError> {
    let patient = match subject {
        ReportSubject::Patient(patient) => Some(patient.as_str()),
        ReportSubject::User(_) => None,
    };
    hospital.vault.transaction(permit(officer, Interaction::AccessReportRead, patient), None, at(40), |tx| {
        let size = tx.report_size()?;
        work(tx, size)
    })
}
