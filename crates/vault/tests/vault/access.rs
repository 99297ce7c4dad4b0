//! Who looked, and what was opened lately.

use vigil_model::{Role, Section};
use vigil_policy::Interaction;
use vigil_vault::{UserKeys, UserRecord, VaultError};

use crate::hospital::{Hospital, at, permit, pid, start};

#[test]
fn a_chart_tells_who_looked_before_and_after_a_checkpoint() {
    let hospital = Hospital::with_patients();
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    hospital.open_chart(&nurse, &keys, "open", 10);
    search(&hospital, &nurse, &keys, &["open", "closed"]);
    for indexed in [false, true] {
        if indexed {
            hospital.vault.checkpoint(at(20)).unwrap();
        }
        let seen = accesses(&hospital, &nurse, &keys, "closed");
        assert_eq!(seen[0], ("patient-search".to_owned(), true), "newest first, named by a list (indexed: {indexed})");
        let seen = accesses(&hospital, &nurse, &keys, "open");
        let words: Vec<&str> = seen.iter().rev().map(|(word, _)| word.as_str()).collect();
        let start = ["import-create", "import-create", "patient-read", "patient-search"];
        assert!(words.starts_with(&start), "imports, chart, list: {words:?} (indexed: {indexed})");
    }
}

#[test]
fn the_report_names_the_user() {
    let hospital = Hospital::with_patients();
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    hospital.open_chart(&nurse, &keys, "open", 10);
    let report = hospital
        .vault
        .transaction(
            permit(&nurse, Interaction::SectionRead(Section::Access), Some("open")),
            Some(&keys),
            at(11),
            |tx| tx.accesses(&pid("open"), 1),
        )
        .unwrap();
    assert_eq!(report.len(), 1, "as many as were asked for");
    assert_eq!(report[0].user_display.as_deref(), Some("Dr nurse"), "who");
    assert_eq!(report[0].role, Some(Role::Nurse), "in which role");
    assert_eq!(report[0].at, at(10).utc, "when");
}

#[test]
fn charts_opened_lately_come_newest_first_and_once() {
    let hospital = Hospital::with_patients();
    hospital.put_patient("second", "JONES", false);
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    for (seconds, patient) in [(10, "open"), (11, "second"), (12, "open")] {
        hospital.open_chart(&nurse, &keys, patient, seconds);
    }
    for indexed in [false, true] {
        if indexed {
            for _ in 0..70 {
                hospital.vault.transaction(start(), None, at(13), |_| Ok::<_, VaultError>(())).unwrap();
            }
        }
        let opened = hospital
            .vault
            .transaction(permit(&nurse, Interaction::PatientSearch, None), Some(&keys), at(14), |tx| {
                tx.last_opened(nurse.id, 10)
            })
            .unwrap();
        let expected = [(pid("open"), at(12).utc), (pid("second"), at(11).utc)];
        assert_eq!(opened, expected, "indexed: {indexed}");
    }
    let (other, other_keys) = hospital.hire("other", Role::Nurse);
    let spied =
        hospital.vault.transaction(permit(&other, Interaction::PatientSearch, None), Some(&other_keys), at(15), |tx| {
            tx.last_opened(nurse.id, 10)
        });
    assert!(matches!(spied, Err(VaultError::OutsidePermit)), "nobody sees somebody else's list");
}

fn search(hospital: &Hospital, user: &UserRecord, keys: &UserKeys, found: &[&str]) {
    hospital
        .vault
        .transaction(permit(user, Interaction::PatientSearch, None), Some(keys), at(12), |tx| {
            tx.listed(found.iter().map(|id| pid(id)));
            Ok::<_, VaultError>(())
        })
        .unwrap();
}

/// Word and whether the patient was one of several, newest first; the report's own entry is not yet in it.
fn accesses(hospital: &Hospital, user: &UserRecord, keys: &UserKeys, patient: &str) -> Vec<(String, bool)> {
    hospital
        .vault
        .transaction(permit(user, Interaction::SectionRead(Section::Access), Some(patient)), Some(keys), at(15), |tx| {
            tx.accesses(&pid(patient), 100)
        })
        .unwrap()
        .into_iter()
        .filter(|access| access.interaction != "section-read")
        .map(|access| (access.interaction, access.listed))
        .collect()
}
