//! Worklists: what is sealed there, for whom it opens, and what becomes of it when the record or a key changes.

use vigil_model::{Role, WorklistEntry, WorklistKind};
use vigil_policy::Interaction;
use vigil_vault::{GroupKey, RotationCause, Tx, VaultError, WorklistSpan};

use crate::hospital::{Hospital, at, kind, permit, pid, rid};
use crate::rotation::reseal;
use crate::ward::finish;

/// 22-Nov-2026 08:00 UTC, as the hospital's clock begins.
const NOW: i64 = 1_795_334_400;
const DAY: i64 = 24 * 3600;

fn stay(start: i64, end: Option<i64>, actors: &[&str]) -> WorklistEntry {
    WorklistEntry {
        kind: WorklistKind::Encounter,
        status: if end.is_some() { "finished" } else { "in-progress" }.to_owned(),
        class: "IMP".to_owned(),
        starts_at: Some(start),
        ends_at: end,
        start: "2026-11-20T08:00:00Z".to_owned(),
        actors: actors.iter().map(|actor| (*actor).to_owned()).collect(),
        left: Vec::new(),
        with: vec!["Dr MARKER-DOCTOR".to_owned()],
        place: "MARKER-WARD".to_owned(),
    }
}

fn put(hospital: &Hospital, id: &str, patient: &str, entry: Option<&WorklistEntry>) {
    hospital.put("Encounter", id, Some(patient), &format!(r#"{{"resourceType":"Encounter","id":"{id}"}}"#));
    hospital.import(|tx| tx.worklist_put(&kind("Encounter"), &rid(id), &pid(patient), entry)).unwrap();
}

fn read<T>(hospital: &Hospital, work: impl FnOnce(&Tx<'_>) -> Result<T, VaultError>) -> T {
    let (nurse, keys) = match hospital.vault.unlock("nurse", &crate::hospital::password(crate::hospital::PASSWORD)) {
        Ok(there) => there,
        Err(_) => hospital.hire("nurse", Role::Nurse),
    };
    let permit = permit(&nurse, Interaction::WardSearch, None);
    hospital.vault.transaction(permit, Some(&keys), at(5), |tx| work(tx)).unwrap()
}

fn ids(hospital: &Hospital, actors: &[&str]) -> Vec<String> {
    let actors: Vec<String> = actors.iter().map(|actor| (*actor).to_owned()).collect();
    let mut ids: Vec<String> =
        read(hospital, |tx| tx.worklist_of(&actors)).into_iter().map(|row| row.id.to_string()).collect();
    ids.sort();
    ids
}

#[test]
fn entries_are_found_by_who_takes_part_and_by_time() {
    let hospital = Hospital::with_patients();
    put(&hospital, "here", "open", Some(&stay(NOW - 2 * DAY, None, &["Practitioner/d", "Location/w"])));
    put(&hospital, "past", "open", Some(&stay(NOW - 30 * DAY, Some(NOW - 29 * DAY), &["Practitioner/d"])));
    put(&hospital, "long-past", "open", Some(&stay(NOW - 500 * DAY, Some(NOW - 499 * DAY), &["Practitioner/d"])));
    put(&hospital, "others", "open", Some(&stay(NOW - DAY, None, &["Practitioner/e"])));
    assert_eq!(
        ids(&hospital, &["Practitioner/d", "Location/w"]),
        ["here", "past"],
        "each once, and none from long ago"
    );
    let on = read(&hospital, |tx| tx.worklist(WorklistKind::Encounter, WorklistSpan::GoesOn, 10));
    let on: Vec<_> = on.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(on, ["others", "here"], "those that go on, latest first");
    let span = WorklistSpan::Begins(NOW - 30 * DAY, NOW - 2 * DAY);
    let begun = read(&hospital, |tx| tx.worklist(WorklistKind::Encounter, span, 10));
    assert_eq!(begun.len(), 1, "from the first second on and before the last one");
    put(&hospital, "here", "open", None);
    assert_eq!(ids(&hospital, &["Practitioner/d"]), ["past"], "what says nothing any more is taken off");
}

#[test]
fn with_the_database_key_alone_nobody_is_put_on_a_list_and_nothing_is_read() {
    let hospital = Hospital::with_patients();
    put(&hospital, "here", "open", Some(&stay(NOW - DAY, None, &["Practitioner/d"])));
    let raw = hospital.raw();
    let sealed: Vec<u8> = raw.query_row("SELECT sealed FROM worklist", [], |row| row.get(0)).unwrap();
    assert!(!sealed.windows(6).any(|part| part == b"MARKER"), "place and persons are sealed");
    raw.execute("INSERT INTO worklist_actor SELECT 'Practitioner/thief', type, id FROM worklist", []).unwrap();
    assert!(ids(&hospital, &["Practitioner/thief"]).is_empty(), "the sealed entry says who takes part");
    raw.execute("UPDATE worklist SET patient = (SELECT number FROM patient WHERE id = 'closed')", []).unwrap();
    let moved = read(&hospital, |tx| tx.worklist_of(&["Practitioner/d".to_owned()]));
    assert!(moved[0].entry.is_err(), "and whose it is");
    let alerts: u32 = raw
        .query_row("SELECT count(*) FROM audit_entry WHERE event LIKE '%integrity-failure%'", [], |row| row.get(0))
        .unwrap();
    assert!(alerts >= 2, "both leave an alert");
}

const SHIFT: &str = r#"{"resourceType":"Schedule","id":"s","actor":[{"reference":"Practitioner/n"},{"reference":"Location/w"}],
    "planningHorizon":{"start":"2026-11-22T06:00:00Z","end":"2026-11-22T14:00:00Z"}}"#;

fn on_duty(hospital: &Hospital, who: &str) -> usize {
    let nurse = match hospital.vault.unlock("nurse", &crate::hospital::password(crate::hospital::PASSWORD)) {
        Ok(there) => there,
        Err(_) => hospital.hire("nurse", Role::Nurse),
    };
    let permit = permit(&nurse.0, Interaction::DirectoryRead, None);
    hospital.vault.transaction(permit, Some(&nurse.1), at(5), |tx| tx.roster_of(&kind("Schedule"), who)).unwrap().len()
}

#[test]
fn the_sealed_shift_says_who_is_on_duty_and_the_clear_row_only_leads_to_it() {
    let hospital = Hospital::with_patients();
    hospital.put("Schedule", "s", None, SHIFT);
    let found_by = |by: &[&str]| {
        let by: Vec<String> = by.iter().map(|one| (*one).to_owned()).collect();
        hospital.import(|tx| tx.roster_put(&kind("Schedule"), &rid("s"), &by)).unwrap();
    };
    found_by(&["Practitioner/n"]);
    assert_eq!((on_duty(&hospital, "Practitioner/n"), on_duty(&hospital, "Practitioner/d")), (1, 0));
    hospital
        .raw()
        .execute("INSERT INTO worklist_actor SELECT 'Practitioner/thief', type, id FROM worklist_actor", [])
        .unwrap();
    assert_eq!(on_duty(&hospital, "Practitioner/thief"), 0, "with the database key alone nobody is on duty");
    let alerts: u32 = hospital
        .raw()
        .query_row("SELECT count(*) FROM audit_entry WHERE event LIKE '%integrity-failure%'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(alerts, 1, "and it leaves an alert");
    found_by(&[]);
    assert_eq!(on_duty(&hospital, "Practitioner/n"), 0, "a shift that was taken back");
}

#[test]
fn encounters_at_a_place_are_found_while_they_go_on_and_since_when_one_asks() {
    let hospital = Hospital::with_patients();
    put(&hospital, "here", "open", Some(&stay(NOW - 2 * DAY, None, &["Location/w"])));
    put(&hospital, "gone", "open", Some(&stay(NOW - 3 * DAY, Some(NOW - DAY), &["Location/w"])));
    put(&hospital, "elsewhere", "open", Some(&stay(NOW - DAY, None, &["Location/v"])));
    let at = |since: i64| {
        let mut ids: Vec<String> = read(&hospital, |tx| tx.worklist_at(&["Location/w".to_owned()], since))
            .into_iter()
            .map(|row| row.id.to_string())
            .collect();
        ids.sort();
        ids
    };
    assert_eq!(at(NOW - DAY), ["gone", "here"]);
    assert_eq!(at(NOW - DAY + 1), ["here"]);
}

#[test]
fn of_a_restricted_chart_no_person_and_no_place_is_kept() {
    let hospital = Hospital::with_patients();
    put(&hospital, "here", "closed", Some(&stay(NOW - DAY, None, &["Practitioner/d"])));
    assert!(ids(&hospital, &["Practitioner/d"]).is_empty());
    let on = read(&hospital, |tx| tx.worklist(WorklistKind::Encounter, WorklistSpan::GoesOn, 10));
    let entry = on[0].entry.as_ref().unwrap();
    assert_eq!((entry.place.as_str(), entry.with.len(), entry.actors.len()), ("", 0, 0), "only that somebody is here");

    put(&hospital, "there", "open", Some(&stay(NOW - DAY, None, &["Practitioner/d"])));
    hospital.put_patient("open", "SMITH-MARKER", true);
    assert!(ids(&hospital, &["Practitioner/d"]).is_empty(), "also of one that becomes restricted");
}

#[test]
fn whose_lists_are_complete_is_known_of_patients_who_came_since_there_are_lists() {
    let hospital = Hospital::with_patients();
    assert!(read(&hospital, |tx| tx.worklist_patients()).is_empty(), "they came another way");
    for patient in ["open", "closed"] {
        hospital.import(|tx| tx.worklist_put(&kind("Patient"), &rid(patient), &pid(patient), None)).unwrap();
    }
    assert_eq!(read(&hospital, |tx| tx.worklist_patients()).len(), 2);
    hospital.put_patient("open", "SMITH-MARKER", true);
    hospital.put_patient("open", "SMITH-MARKER", false);
    hospital.import(|tx| tx.worklist_put(&kind("Patient"), &rid("open"), &pid("open"), None)).unwrap();
    assert_eq!(read(&hospital, |tx| tx.worklist_patients()), [pid("closed")].into(), "a restriction took some away");
}

#[test]
fn a_new_directory_key_seals_them_anew_and_a_destroyed_record_leaves_none() {
    let hospital = Hospital::with_patients();
    put(&hospital, "here", "open", Some(&stay(NOW - DAY, None, &["Practitioner/d"])));
    hospital
        .vault
        .transaction(permit(&hospital.admin, Interaction::KeyRotate, None), Some(&hospital.admin_keys), at(10), |tx| {
            tx.group_key_rotate(GroupKey::Directory, RotationCause::Demand, &hospital.admin_keys)
        })
        .unwrap();
    reseal(&hospital, 1);
    let version: u32 =
        hospital.raw().query_row("SELECT directory_version FROM worklist", [], |row| row.get(0)).unwrap();
    assert_eq!(version, 2);
    assert_eq!(ids(&hospital, &["Practitioner/d"]), ["here"], "it opens with the new key");

    let ward = crate::ward::ward();
    put(&ward.hospital, "stay", "open", Some(&stay(NOW - DAY, None, &["Practitioner/d"])));
    let id = ward.ask_about("open").unwrap();
    ward.agree(id, "open", 20).unwrap();
    finish(&ward.hospital.vault);
    for table in ["worklist", "worklist_actor"] {
        let left: u32 =
            ward.hospital.raw().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        assert_eq!(left, 0, "nothing of a destroyed record in {table}");
    }
}
