//! Writing in a chart by hand: what a permit covers, which version a write is based on, and what stays on record.

use vigil_model::{OverrideReason, PurposeOfUse, Role, Section, WorklistEntry, WorklistKind};
use vigil_policy::{Facts, Interaction, Permit, Request, authorize};
use vigil_vault::{EmergencyOpening, ResourceVersion, ResourceWrite, UserKeys, UserRecord, VaultError};

use crate::hospital::{Hospital, PASSWORD, at, kind, password, permit, pid, principal, request, rid};
use crate::ward::{self, Ward};

const CREATE: Interaction = Interaction::ResourceCreate(Section::Vitals);
const UPDATE: Interaction = Interaction::ResourceUpdate(Section::Vitals);

/// A permit to write in the chart on the screen.
fn on_screen(user: &UserRecord, interaction: Interaction, patient: &str) -> Permit {
    let facts = Facts { on_screen: true, ..Facts::default() };
    authorize(Request { facts, ..request(principal(user), interaction, Some(patient)) }).unwrap()
}

/// Through a broken glass.
fn in_emergency(user: &UserRecord, interaction: Interaction, patient: &str) -> Permit {
    let facts = Facts { on_screen: true, grant: true, ..Facts::default() };
    let asked = Request { facts, restricted: true, ..request(principal(user), interaction, Some(patient)) };
    authorize(Request { purpose: PurposeOfUse::BreakTheGlass, ..asked }).unwrap()
}

fn write(
    hospital: &Hospital,
    keys: &UserKeys,
    permit: Permit,
    patient: &str,
    (resource_type, id, json): (&str, &str, &str),
    based_on: Option<u32>,
) -> Result<Vec<u32>, VaultError> {
    let write = ResourceWrite { resource_type: &kind(resource_type), id: &rid(id), json, sort: "", based_on };
    hospital.vault.transaction(permit, Some(keys), at(10), |tx| tx.resource_write(&pid(patient), &[write]))
}

fn versions(hospital: &Hospital, user: &UserRecord, keys: &UserKeys, patient: &str, id: &str) -> Vec<ResourceVersion> {
    let read = permit(user, Interaction::ResourceRead(Section::Vitals), Some(patient));
    hospital
        .vault
        .transaction(read, Some(keys), at(20), |tx| tx.resource_versions(&pid(patient), &kind("Observation"), &rid(id)))
        .unwrap()
}

fn hospital() -> (Hospital, UserRecord, UserKeys) {
    let hospital = Hospital::with_patients();
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    (hospital, nurse, keys)
}

const NEW: (&str, &str, &str) = ("Observation", "n1", r#"{"note":"pulse of 72"}"#);

#[test]
fn what_is_written_is_read_with_who_wrote_each_version_and_when() {
    let (hospital, nurse, keys) = hospital();
    assert_eq!(write(&hospital, &keys, on_screen(&nurse, CREATE, "open"), "open", NEW, None).unwrap(), [1], "new");
    let second = ("Observation", "n1", r#"{"note":"pulse of 27"}"#);
    let done = write(&hospital, &keys, on_screen(&nurse, UPDATE, "open"), "open", second, Some(1));
    assert_eq!(done.unwrap(), [2], "the next version");
    let read = versions(&hospital, &nurse, &keys, "open", "n1");
    let told: Vec<_> = read
        .iter()
        .map(|version| {
            let written = version.written.as_ref().unwrap();
            (version.version, version.json.as_deref().unwrap(), written.interaction.as_str(), written.user)
        })
        .collect();
    let expected = [
        (2, r#"{"note":"pulse of 27"}"#, "resource-update", Some(nurse.id)),
        (1, r#"{"note":"pulse of 72"}"#, "resource-create", Some(nurse.id)),
    ];
    assert_eq!(told, expected, "newest first, each by whom");
    assert_eq!(read[1].replaced_at, Some(at(10).utc), "and until when");
    let imported = versions(&hospital, &nurse, &keys, "open", "o1");
    assert!(imported.len() == 1 && imported[0].written.is_none(), "an import is nobody's hand");
    assert!(versions(&hospital, &nurse, &keys, "closed", "n1").is_empty(), "another chart has no such entry");
    assert!(hospital.vault.audit_verify().unwrap().findings.is_empty(), "the log is whole");
}

#[test]
fn a_write_that_is_based_on_a_version_that_no_longer_stands_changes_nothing() {
    let (hospital, nurse, keys) = hospital();
    write(&hospital, &keys, on_screen(&nurse, CREATE, "open"), "open", NEW, None).unwrap();
    let late = ("Observation", "n1", r#"{"note":"late"}"#);
    let again = |based_on| write(&hospital, &keys, on_screen(&nurse, UPDATE, "open"), "open", late, based_on);
    for based_on in [None, Some(0), Some(2)] {
        let refused = again(based_on);
        assert!(matches!(refused, Err(VaultError::VersionConflict { newest: 1 })), "{based_on:?}: {refused:?}");
    }
    let read = versions(&hospital, &nurse, &keys, "open", "n1");
    assert_eq!((read.len(), read[0].json.as_deref().unwrap()), (1, NEW.2), "what stood stands");
    let gone = ("Observation", "nowhere", "{}");
    let refused = write(&hospital, &keys, on_screen(&nurse, UPDATE, "open"), "open", gone, Some(1));
    assert!(matches!(refused, Err(VaultError::Invalid(_))), "what is not there is not changed: {refused:?}");
    let same = write(&hospital, &keys, on_screen(&nurse, UPDATE, "open"), "open", NEW, Some(1));
    assert!(matches!(same, Err(VaultError::Invalid(_))), "the same again is no version");
}

#[test]
fn a_permit_covers_its_own_patient_and_page_and_nothing_else() {
    let (hospital, nurse, keys) = hospital();
    hospital.put_patient("second", "JONES", false);
    hospital.put("Observation", "theirs", Some("second"), r#"{"note":"of the second"}"#);
    let outside = |done: Result<Vec<u32>, VaultError>, why: &str| {
        assert!(matches!(done, Err(VaultError::OutsidePermit)), "{why}: {done:?}");
    };
    let may = || on_screen(&nurse, UPDATE, "open");
    outside(write(&hospital, &keys, may(), "second", NEW, None), "another patient");
    let theirs = ("Observation", "theirs", r#"{"note":"taken"}"#);
    outside(write(&hospital, &keys, may(), "open", theirs, Some(1)), "an entry of another patient does not move here");
    outside(write(&hospital, &keys, may(), "open", ("Condition", "c", "{}"), None), "a type of another page");
    outside(write(&hospital, &keys, may(), "open", ("Patient", "open", "{}"), Some(1)), "nor the patient");
    let reads = permit(&nurse, Interaction::SectionRead(Section::Vitals), Some("open"));
    outside(write(&hospital, &keys, reads, "open", NEW, None), "reading is not writing");
    let (admin, admin_keys) = (&hospital.admin, &hospital.admin_keys);
    let imports = permit(admin, Interaction::ImportCreate, None);
    outside(write(&hospital, admin_keys, imports, "open", NEW, None), "an import writes by itself");
    let read = versions(&hospital, &nurse, &keys, "second", "theirs");
    assert_eq!(read[0].json.as_deref().unwrap(), r#"{"note":"of the second"}"#, "nothing was touched");
}

#[test]
fn the_states_before_and_after_lie_beside_the_entry_under_the_patients_key_alone() {
    let (hospital, nurse, keys) = hospital();
    write(&hospital, &keys, on_screen(&nurse, CREATE, "open"), "open", NEW, None).unwrap();
    let detail = || -> (Vec<u8>, String) {
        hospital
            .raw()
            .query_row("SELECT detail, CAST(event AS TEXT) FROM audit_entry ORDER BY seq DESC LIMIT 1", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap()
    };
    let (sealed, event) = detail();
    assert!(event.contains("resource-create") && event.contains("detail"), "the entry commits to them: {event}");
    assert!(!event.contains("pulse") && !event.contains("n1"), "and tells nothing of them");
    let mark = u32::from_be_bytes(sealed[..4].try_into().unwrap());
    let newest: u32 = hospital
        .raw()
        .query_row(
            "SELECT max(k.version) FROM patient_key AS k JOIN patient AS p ON number = patient WHERE id = 'open'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(mark, newest, "sealed under the patient's own key, which the directory's members do not hold");
    let whole = sealed.windows(5).any(|window| window == b"pulse");
    assert!(!whole && sealed.len() > 100, "and there is something, sealed");
}

#[test]
fn what_is_written_through_a_broken_glass_is_read_through_it_and_not_after_it() {
    let (hospital, nurse, keys) = hospital();
    let key = hospital.vault.emergency_key("nurse", &password(PASSWORD)).unwrap();
    let asked = request(principal(&nurse), Interaction::EmergencyAccessStart, Some("closed"));
    let asked = Request { restricted: true, purpose: PurposeOfUse::EmergencyTreatment, ..asked };
    let opening = EmergencyOpening {
        reason: OverrideReason::UnableToConsent,
        justification: "found unconscious",
        expires_at: at(3_600).utc,
    };
    hospital.vault.emergency_access_start(authorize(asked).unwrap(), &keys, &key, at(4), Some(&opening)).unwrap();
    let new = ("Observation", "n2", r#"{"note":"written in the emergency"}"#);
    let done = write(&hospital, &keys, in_emergency(&nurse, CREATE, "closed"), "closed", new, None);
    assert_eq!(done.unwrap(), [1], "care does not wait");
    let read = || {
        let reads = in_emergency(&nurse, Interaction::SectionRead(Section::Vitals), "closed");
        let work = |tx: &mut vigil_vault::Tx<'_>| tx.resource(&pid("closed"), &kind("Observation"), &rid("n2"));
        hospital.vault.transaction(reads, Some(&keys), at(11), work).unwrap().unwrap().json.is_ok()
    };
    assert!(read(), "whoever wrote it reads it");
    hospital.vault.emergency_keys_withdraw(&keys, &pid("closed")).unwrap();
    assert!(!read(), "until the glass is closed again");
}

#[test]
fn what_was_written_is_destroyed_with_what_the_log_remembers_of_it() {
    let ward = ward::ward();
    let (nurse, keys) = &ward.nurse;
    write(&ward.hospital, keys, on_screen(nurse, CREATE, "open"), "open", NEW, None).unwrap();
    let kept = ("Observation", "n9", r#"{"note":"stays"}"#);
    write(&ward.hospital, keys, on_screen(nurse, CREATE, "open"), "open", kept, None).unwrap();
    let details = |ward: &Ward| -> i64 {
        let sql = "SELECT count(*) FROM audit_entry WHERE detail IS NOT NULL AND instr(event, 'resource-create') > 0";
        ward.hospital.raw().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(details(&ward), 2, "each write has left its states");
    ward.destroy_of("open", Some("Observation/n1"));
    assert_eq!(details(&ward), 1, "those of the destroyed entry are gone, those of the other stay");
    let rows: i64 = ward
        .hospital
        .raw()
        .query_row("SELECT count(*) FROM resource_version WHERE id = 'n1'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 0, "and nothing leads to it");
}

#[test]
fn a_write_of_an_encounter_tells_the_worklists_of_its_own_patient_and_type_alone() {
    let (hospital, nurse, keys) = hospital();
    let entry = WorklistEntry {
        kind: WorklistKind::Encounter,
        status: "in-progress".to_owned(),
        class: "AMB".to_owned(),
        starts_at: None,
        ends_at: None,
        start: String::new(),
        actors: Vec::new(),
        left: Vec::new(),
        with: Vec::new(),
        place: String::new(),
    };
    let put = |section, r#type: &str, patient: &str| {
        let permit = on_screen(&nurse, Interaction::ResourceCreate(section), "open");
        hospital.vault.transaction(permit, Some(&keys), at(10), |tx| {
            tx.worklist_put(&kind(r#type), &rid("e1"), &pid(patient), Some(&entry))
        })
    };
    put(Section::Encounters, "Encounter", "open").unwrap();
    for (section, r#type, patient) in [
        (Section::Encounters, "Encounter", "closed"),
        (Section::Encounters, "Claim", "open"),
        (Section::Vitals, "Encounter", "open"),
    ] {
        let refused = put(section, r#type, patient).unwrap_err();
        assert!(matches!(refused, VaultError::OutsidePermit), "{type} of {patient} from {section:?}: {refused}");
    }
}
