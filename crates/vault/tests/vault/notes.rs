//! Notes that are being written: each its author's alone, sealed under the key of its patient, and gone once it is signed.

use rusqlite::params;
use vigil_model::{Role, Section};
use vigil_policy::{Facts, Interaction, Permit, Request, authorize};
use vigil_vault::{NoteDraft, PutOutcome, ResourcePut, ResourceWrite, UserKeys, UserRecord, VaultError};

use crate::hospital::{Hospital, at, kind, permit, pid, principal, request, rid};
use crate::ward;

const CREATE: Interaction = Interaction::ResourceCreate(Section::Documents);
const UPDATE: Interaction = Interaction::ResourceUpdate(Section::Documents);
const SECRET: &str = "DRAFT-MARKER: coughs at night";

fn on_screen(user: &UserRecord, interaction: Interaction, patient: &str) -> Permit {
    let facts = Facts { on_screen: true, ..Facts::default() };
    authorize(Request { facts, ..request(principal(user), interaction, Some(patient)) }).unwrap()
}

type Who = (UserRecord, UserKeys);

fn put(hospital: &Hospital, who: &Who, patient: &str, text: &str, based_on: Option<u32>) -> Result<u32, VaultError> {
    let interaction = if based_on.is_some() { UPDATE } else { CREATE };
    let permit = on_screen(&who.0, interaction, patient);
    hospital.vault.transaction(permit, Some(&who.1), at(10), |tx| {
        tx.note_draft_put(&pid(patient), "d1", "progress", text, based_on)
    })
}

fn read(hospital: &Hospital, who: &Who, patient: &str) -> Option<NoteDraft> {
    let permit = permit(&who.0, Interaction::ResourceRead(Section::Documents), Some(patient));
    hospital.vault.transaction(permit, Some(&who.1), at(11), |tx| tx.note_draft(&pid(patient), "d1")).unwrap()
}

fn text(hospital: &Hospital, who: &Who) -> Option<String> {
    read(hospital, who, "open")?.content.ok().map(|text| text.to_string())
}

fn hospital() -> (Hospital, Who, Who) {
    let hospital = Hospital::with_patients();
    hospital.put_patient("other", "OTHER-MARKER", false);
    let (nurse, second) = (hospital.hire("nurse", Role::Nurse), hospital.hire("second", Role::Nurse));
    (hospital, nurse, second)
}

#[test]
fn a_draft_is_its_authors_alone_and_each_version_takes_the_place_of_the_one_before() {
    let (hospital, nurse, second) = hospital();
    assert_eq!(put(&hospital, &nurse, "open", "one", None).unwrap(), 1, "begun");
    assert_eq!(put(&hospital, &nurse, "open", SECRET, Some(1)).unwrap(), 2, "and gone on with");
    assert_eq!(text(&hospital, &nurse).as_deref(), Some(SECRET), "as it stands");
    assert!(read(&hospital, &second, "open").is_none(), "a colleague has none of it");
    assert!(read(&hospital, &nurse, "other").is_none(), "nor is it in another chart");
    let refused = put(&hospital, &second, "open", "mine now", Some(2));
    assert!(matches!(refused, Err(VaultError::Invalid(_))), "nobody else changes it: {refused:?}");
    let refused = put(&hospital, &second, "open", "mine now", None);
    assert!(matches!(refused, Err(VaultError::Invalid(_))), "nor takes its id: {refused:?}");
    let refused = put(&hospital, &nurse, "open", "from an old window", Some(1));
    assert!(matches!(refused, Err(VaultError::VersionConflict { newest: 2 })), "nothing is lost: {refused:?}");
    let refused = put(&hospital, &nurse, "other", "in the wrong chart", Some(2));
    assert!(matches!(refused, Err(VaultError::Invalid(_))), "it does not wander: {refused:?}");
    let delete = |who: &Who, based_on| {
        let permit = on_screen(&who.0, UPDATE, "open");
        hospital
            .vault
            .transaction(permit, Some(&who.1), at(12), |tx| tx.note_draft_delete(&pid("open"), "d1", based_on))
    };
    assert!(delete(&second, 2).is_err() && delete(&nurse, 1).is_err(), "not by others, and not unseen");
    delete(&nurse, 2).unwrap();
    assert!(read(&hospital, &nurse, "open").is_none(), "thrown away");
    assert!(hospital.vault.audit_verify().unwrap().findings.is_empty(), "all of it is on record");
}

#[test]
fn a_permit_for_another_page_or_patient_reaches_no_draft() {
    let (hospital, nurse, _) = hospital();
    put(&hospital, &nurse, "open", SECRET, None).unwrap();
    let vitals = on_screen(&nurse.0, Interaction::ResourceUpdate(Section::Vitals), "open");
    let refused = hospital.vault.transaction(vitals, Some(&nurse.1), at(12), |tx| {
        tx.note_draft_put(&pid("open"), "d1", "progress", "x", Some(1))
    });
    assert!(matches!(refused, Err(VaultError::OutsidePermit)), "vital signs are no notes: {refused:?}");
    let other = permit(&nurse.0, Interaction::ResourceRead(Section::Documents), Some("other"));
    let refused = hospital.vault.transaction(other, Some(&nurse.1), at(12), |tx| tx.note_draft(&pid("open"), "d1"));
    assert!(matches!(refused, Err(VaultError::OutsidePermit)), "a permit is for one patient");
    let search = permit(&nurse.0, Interaction::PatientSearch, None);
    let refused = hospital.vault.transaction(search, Some(&nurse.1), at(12), |tx| tx.note_drafts());
    assert!(matches!(refused, Err(VaultError::OutsidePermit)), "the list has an entry of its own");
}

#[test]
fn the_list_of_what_is_not_signed_has_ones_own_and_what_one_is_asked_to_sign() {
    let (hospital, nurse, second) = hospital();
    put(&hospital, &nurse, "open", SECRET, None).unwrap();
    let list = |who: &Who| {
        let permit = permit(&who.0, Interaction::CompositionSearch, None);
        let work = |tx: &mut vigil_vault::Tx<'_>| Ok::<_, VaultError>((tx.note_drafts()?, tx.cosign_requests()?));
        hospital.vault.transaction(permit, Some(&who.1), at(13), work).unwrap()
    };
    assert_eq!((list(&nurse).0.len(), list(&second).0.len()), (1, 0), "one's own drafts");
    let ask = |of| {
        hospital.vault.transaction(on_screen(&nurse.0, CREATE, "open"), Some(&nurse.1), at(14), |tx| {
            tx.cosign_ask(&pid("open"), &rid("n1"), "progress", of)
        })
    };
    assert!(ask(nurse.0.id).is_err(), "nobody signs twice");
    ask(second.0.id).unwrap();
    let asked = list(&second).1;
    assert_eq!(
        asked.iter().map(|one| (one.composition.as_str(), one.asked_by)).collect::<Vec<_>>(),
        [("n1", nurse.0.id)],
        "what waits for the second nurse, and by whom"
    );
    assert!(list(&nurse).1.is_empty(), "and for nobody else");
    hospital
        .vault
        .transaction(on_screen(&second.0, CREATE, "open"), Some(&second.1), at(15), |tx| {
            tx.cosign_done(&pid("open"), &rid("n1"))
        })
        .unwrap();
    assert!(list(&second).1.is_empty(), "signed");
}

#[test]
fn with_the_database_key_alone_nobody_reads_a_draft_or_gives_it_to_another() {
    let (hospital, nurse, second) = hospital();
    put(&hospital, &nurse, "open", SECRET, None).unwrap();
    let raw = hospital.raw();
    let content: Vec<u8> = raw.query_row("SELECT content FROM note_draft", [], |row| row.get(0)).unwrap();
    let marker = b"DRAFT-MARKER";
    assert!(!content.windows(marker.len()).any(|part| part == marker), "it is sealed");
    raw.execute("UPDATE note_draft SET user = ?1", params![second.0.id.to_string()]).unwrap();
    let stolen = read(&hospital, &second, "open").unwrap();
    assert!(stolen.content.is_err(), "a draft that was given to somebody else does not open");
    raw.execute("UPDATE note_draft SET user = ?1, version = 9", params![nurse.0.id.to_string()]).unwrap();
    assert!(
        read(&hospital, &nurse, "open").unwrap().content.is_err(),
        "nor does one that pretends to be a later version"
    );
}

#[test]
fn a_draft_goes_under_the_new_key_of_its_patient() {
    let (hospital, nurse, _) = hospital();
    put(&hospital, &nurse, "open", SECRET, None).unwrap();
    let under =
        || -> u32 { hospital.raw().query_row("SELECT key_version FROM note_draft", [], |row| row.get(0)).unwrap() };
    let before = under();
    let admin = (&hospital.admin, &hospital.admin_keys);
    let rotate = permit(admin.0, Interaction::KeyRotate, None);
    hospital.vault.transaction(rotate, Some(admin.1), at(20), |tx| tx.patient_keys_rotate()).unwrap();
    crate::rotation::reseal(&hospital, 10);
    assert!(under() > before, "it was sealed anew");
    let (_, keys) = hospital.vault.unlock("nurse", &crate::hospital::password(crate::hospital::PASSWORD)).unwrap();
    assert_eq!(text(&hospital, &(nurse.0, keys)).as_deref(), Some(SECRET), "and reads as before");
}

#[test]
fn drafts_and_requests_are_destroyed_with_the_record() {
    let ward = ward::ward();
    put(&ward.hospital, &ward.nurse, "open", SECRET, None).unwrap();
    let count =
        || -> i64 { ward.hospital.raw().query_row("SELECT count(*) FROM note_draft", [], |row| row.get(0)).unwrap() };
    assert_eq!(count(), 1, "begun");
    ward.destroy("open");
    assert_eq!(count(), 0, "nothing of the patient stays that could be opened");
    assert!(put(&ward.hospital, &ward.nurse, "open", SECRET, None).is_err(), "and nothing is begun any more");
}

#[test]
fn a_signed_note_never_gets_another_version() {
    let (hospital, nurse, _) = hospital();
    let write = |json: &str, based_on: Option<u32>| {
        let interaction = if based_on.is_some() { UPDATE } else { CREATE };
        let (composition, id) = (kind("Composition"), rid("n1"));
        let write = ResourceWrite { resource_type: &composition, id: &id, json, sort: "", based_on };
        hospital.vault.transaction(on_screen(&nurse.0, interaction, "open"), Some(&nurse.1), at(16), |tx| {
            tx.resource_write(&pid("open"), &[write])
        })
    };
    write(r#"{"resourceType":"Composition","text":"signed"}"#, None).unwrap();
    let refused = write(r#"{"resourceType":"Composition","text":"changed"}"#, Some(1));
    assert!(matches!(refused, Err(VaultError::Invalid(_))), "not by its author either: {refused:?}");
}

#[test]
fn who_marks_a_note_of_somebody_else_writes_the_mark_and_no_note() {
    let (hospital, _, _) = hospital();
    let physician = hospital.hire("physician", Role::Physician);
    let write = |resource_type: &str| {
        let (resource_type, id) = (kind(resource_type), rid("m1"));
        let json = format!(r#"{{"resourceType":"{resource_type}"}}"#);
        let write = ResourceWrite { resource_type: &resource_type, id: &id, json: &json, sort: "", based_on: None };
        let permit = on_screen(&physician.0, Interaction::CompositionNullify, "open");
        hospital.vault.transaction(permit, Some(&physician.1), at(16), |tx| {
            tx.resource_write(&pid("open"), std::slice::from_ref(&write))
        })
    };
    for other in ["Composition", "Observation"] {
        let refused = write(other);
        assert!(matches!(refused, Err(VaultError::OutsidePermit)), "no {other}: {refused:?}");
    }
    assert_eq!(write("Provenance").unwrap(), [1], "the mark");
}

#[test]
fn an_import_brings_no_other_version_of_what_was_signed_here() {
    let (hospital, nurse, _) = hospital();
    let (composition, id) = (kind("Composition"), rid("n1"));
    let signed = r#"{"resourceType":"Composition","text":"signed"}"#;
    let write = ResourceWrite { resource_type: &composition, id: &id, json: signed, sort: "", based_on: None };
    hospital
        .vault
        .transaction(on_screen(&nurse.0, CREATE, "open"), Some(&nurse.1), at(16), |tx| {
            tx.resource_write(&pid("open"), &[write])
        })
        .unwrap();
    let import = |json: &str, patient: &str| {
        hospital.import(|tx| {
            tx.resource_put(&ResourcePut {
                resource_type: &composition,
                id: &id,
                patient: Some(&pid(patient)),
                json,
                sort: "",
                demographics: None,
                restricted: false,
            })
        })
    };
    assert_eq!(import(signed, "open").unwrap(), PutOutcome::Unchanged, "the same again is nothing new");
    let changed = import(r#"{"resourceType":"Composition","text":"changed"}"#, "open");
    assert!(matches!(changed, Err(VaultError::Invalid(_))), "another text: {changed:?}");
    let moved = import(signed, "other");
    assert!(matches!(moved, Err(VaultError::Invalid(_))), "nor does it move to another chart: {moved:?}");
    hospital.put("Composition", "n2", Some("open"), r#"{"resourceType":"Composition","text":"from elsewhere"}"#);
    let outcome =
        hospital.put("Composition", "n2", Some("open"), r#"{"resourceType":"Composition","text":"corrected"}"#);
    assert_eq!(outcome, PutOutcome::Updated, "what others sent is theirs to correct");
}
