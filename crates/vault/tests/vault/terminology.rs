//! Which release of a code system was imported: noted by an administrator's permit for that alone, with its entry.

use vigil_policy::Interaction;
use vigil_vault::{TerminologyRecord, VaultError};

use crate::hospital::{Hospital, at, permit};

fn release(release: &str) -> TerminologyRecord {
    TerminologyRecord {
        system: "icd-10-cm".to_owned(),
        release: release.to_owned(),
        source: "icd10cm_order_2026.txt".to_owned(),
        concepts: 74_260,
        sha256: "ab".repeat(32),
        at: at(5).utc,
    }
}

fn put(hospital: &Hospital, interaction: Interaction, record: &TerminologyRecord) -> Result<(), VaultError> {
    let permit = permit(&hospital.admin, interaction, None);
    hospital.vault.transaction(permit, Some(&hospital.admin_keys), at(5), |tx| tx.terminology_put(record))
}

#[test]
fn a_release_is_noted_on_record_and_takes_the_place_of_the_one_before() {
    let hospital = Hospital::new();
    assert_eq!(hospital.vault.terminologies().unwrap(), [], "none was imported");
    put(&hospital, Interaction::TerminologyCreate, &release("2025")).unwrap();
    put(&hospital, Interaction::TerminologyCreate, &release("2026")).unwrap();
    assert_eq!(
        hospital.vault.terminologies().unwrap(),
        [release("2026")],
        "one of each code system, as it was imported"
    );
    let entry: Vec<u8> = hospital
        .raw()
        .query_row("SELECT event FROM audit_entry ORDER BY seq DESC LIMIT 1", [], |row| row.get(0))
        .unwrap();
    let entry = String::from_utf8(entry).unwrap();
    assert!(entry.contains("\"is\":\"terminology-create\"") && entry.contains("release=2026"), "{entry}");
    assert!(!entry.contains("order_2026"), "the name of the file is no word of Vigil's: {entry}");
}

#[test]
fn no_other_permit_notes_one() {
    let hospital = Hospital::new();
    let refused = put(&hospital, Interaction::ImportCreate, &release("2026"));
    assert!(matches!(refused, Err(VaultError::OutsidePermit)), "an import of records is another thing");
    assert_eq!(hospital.vault.terminologies().unwrap(), [], "nothing is noted");
}
