//! Encounters that are opened by hand: who may, that the lists know them at once, and that they are closed.

use vigil_model::Section;
use vigil_workstation::view::{
    ChartReadRequest, ChartShowRequest, EncounterClass, EncounterRow, EntryCreateRequest, EntryKind, EntryStep,
    EntryUpdateRequest, SectionContent, SectionReadRequest, UserUpdateRequest, Worklist, WorklistSearchRequest,
};
use vigil_workstation::{AppError, ErrorCode, Role};

use crate::hospital::{Hospital, new_user};

/// The clock stands at 21-Nov-2026 10:42 UTC. p5 comes to d1 today.
const COMES: &str = r#"{
  "resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "Practitioner", "id": "d1", "name": [{"family": "Okafor", "given": ["Ada"]}]}},
    {"resource": {"resourceType": "Patient", "id": "p5", "name": [{"family": "Today"}], "birthDate": "1980-01-01"}},
    {"resource": {"resourceType": "Appointment", "id": "a5", "status": "booked", "start": "2026-11-21T15:00:00Z", "end": "2026-11-21T15:20:00Z",
      "participant": [{"actor": {"reference": "Patient/p5"}, "status": "accepted"}, {"actor": {"reference": "Practitioner/d1"}, "status": "accepted"}]}}
  ]}"#;

/// A hospital whose physician is Practitioner/d1, with a nurse and a pharmacist; nobody is signed in.
fn hospital() -> Hospital {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    for (name, role) in [("silva", Role::Nurse), ("moreau", Role::Pharmacist)] {
        hospital.station.user_create(new_user(name, role)).unwrap();
    }
    assert!(!hospital.import(COMES).failed);
    let okafor = hospital.station.user_named("okafor").unwrap();
    let request = UserUpdateRequest {
        id: okafor.id,
        display_name: okafor.display_name,
        role: okafor.role,
        practitioner: "Practitioner/d1".to_owned(),
        team_ids: Vec::new(),
    };
    hospital.station.user_update(request).unwrap();
    hospital.sign_out();
    hospital
}

/// `who` has the chart of p5 on the screen.
fn at_the_chart(hospital: &Hospital, who: &str) {
    hospital.sign_in(who);
    hospital.station.chart_read(ChartReadRequest { patient_id: "p5".to_owned() }).unwrap();
    hospital.station.chart_show(ChartShowRequest { patient_id: Some("p5".to_owned()) }).unwrap();
}

fn open(hospital: &Hospital, class: EncounterClass) -> Result<Vec<String>, AppError> {
    open_with(hospital, class, None)
}

fn open_with(hospital: &Hospital, class: EncounterClass, member: Option<String>) -> Result<Vec<String>, AppError> {
    let request = EntryCreateRequest {
        patient_id: "p5".to_owned(),
        chart_on_screen: "p5".to_owned(),
        kind: EntryKind::Encounter,
        text: "Chest pain".to_owned(),
        day: String::new(),
        detail: String::new(),
        relative: None,
        flag: None,
        class: Some(class),
        social: None,
        member,
        udi: None,
        note: String::new(),
        code: None,
    };
    hospital.station.entry_create(request).map(|written| written.lines)
}

fn rows(hospital: &Hospital) -> Vec<EncounterRow> {
    let request = SectionReadRequest { patient_id: "p5".to_owned(), section: Section::Encounters };
    let SectionContent::Encounters { rows, .. } = hospital.station.section_read(request).unwrap().content else {
        panic!("the page of encounters")
    };
    rows
}

fn step(hospital: &Hospital, step: EntryStep) {
    let row = rows(hospital).remove(0);
    let request = EntryUpdateRequest {
        patient_id: "p5".to_owned(),
        chart_on_screen: "p5".to_owned(),
        kind: EntryKind::Encounter,
        id: row.id,
        version: row.version,
        step,
        edit: None,
        text: String::new(),
    };
    hospital.station.entry_update(request).unwrap();
}

/// Name, when and whether it is the user's own, of each line.
fn list(hospital: &Hospital, worklist: Worklist) -> Vec<(String, String, bool)> {
    let found = hospital.station.worklist_search(WorklistSearchRequest { worklist, day: None }).unwrap();
    found.rows.into_iter().map(|row| (row.patient.name, row.when, row.own)).collect()
}

#[test]
fn whoever_opens_an_encounter_has_the_patient_on_their_lists_at_once_and_it_is_closed() {
    let hospital = hospital();
    at_the_chart(&hospital, "okafor");
    assert!(list(&hospital, Worklist::Ward).is_empty(), "nobody is here yet");
    assert_eq!(open(&hospital, EncounterClass::Emergency).unwrap(), ["emergency opened"]);
    let here = |hospital: &Hospital, worklist| {
        let lines = list(hospital, worklist);
        assert_eq!(lines.len(), 1, "{worklist:?}: {lines:?}");
        assert!(lines[0].1.starts_with("since ") && lines[0].2, "{worklist:?}: one's own is here now: {lines:?}");
    };
    here(&hospital, Worklist::Panel);
    here(&hospital, Worklist::Ward);
    hospital.sign_out();
    at_the_chart(&hospital, "okafor");
    here(&hospital, Worklist::Panel);
    let row = rows(&hospital).remove(0);
    assert_eq!(
        (row.status.as_str(), row.class.as_str(), row.reason.as_str(), row.practitioner.as_str()),
        ("in-progress", "emergency", "Chest pain", "Dr OKAFOR"),
        "open, why, and with whom"
    );
    step(&hospital, EntryStep::End);
    let row = rows(&hospital).remove(0);
    assert_eq!((row.status.as_str(), row.end.iso.is_empty()), ("finished", false), "closed, and when");
    assert!(list(&hospital, Worklist::Ward).is_empty(), "and nobody is here any more");
    assert!(list(&hospital, Worklist::Panel)[0].2, "but it was one's patient");
}

#[test]
fn the_front_desk_names_the_clinician_whose_list_has_the_patient_then() {
    let hospital = hospital();
    hospital.sign_in("admin");
    let [okafor, silva] = ["okafor", "silva"].map(|name| hospital.station.user_named(name).unwrap().id);
    hospital.sign_out();
    at_the_chart(&hospital, "lund");
    let unlinked = open_with(&hospital, EncounterClass::Emergency, Some(silva));
    assert_eq!(unlinked.unwrap_err().code, ErrorCode::Invalid, "whom the charts do not know cannot be named");
    let lines = open_with(&hospital, EncounterClass::Emergency, Some(okafor)).unwrap();
    assert_eq!(lines, ["emergency opened, with Dr OKAFOR"]);
    assert_eq!(rows(&hospital).remove(0).practitioner, "Dr OKAFOR", "and whoever received them takes no part");
    hospital.sign_out();
    hospital.sign_in("okafor");
    let panel = list(&hospital, Worklist::Panel);
    assert!(panel.iter().any(|line| line.1.starts_with("since ") && line.2), "{panel:?}");
}

#[test]
fn an_encounter_that_never_was_makes_nobody_somebodys_patient() {
    let hospital = hospital();
    at_the_chart(&hospital, "okafor");
    open(&hospital, EncounterClass::Ambulatory).unwrap();
    step(&hospital, EntryStep::EnterInError);
    for again in [false, true] {
        if again {
            hospital.sign_out();
            at_the_chart(&hospital, "okafor");
        }
        let panel = list(&hospital, Worklist::Panel);
        assert!(!panel[0].1.starts_with("since "), "what is left is the appointment: {panel:?}");
    }
    assert!(list(&hospital, Worklist::Ward).is_empty());
}

#[test]
fn the_front_desk_receives_a_patient_and_a_second_open_one_is_said_and_not_refused() {
    let hospital = hospital();
    at_the_chart(&hospital, "lund");
    assert_eq!(open(&hospital, EncounterClass::Ambulatory).unwrap(), ["ambulatory opened"]);
    let lines = open(&hospital, EncounterClass::Ambulatory).unwrap();
    assert!(lines[1].starts_with("another encounter of this class is open"), "{lines:?}");
    assert_eq!(open(&hospital, EncounterClass::Virtual).unwrap().len(), 1, "of another class nothing is said");
    assert!(rows(&hospital).iter().all(|row| row.reason.is_empty()), "why they come is not the desk's to read again");
    step(&hospital, EntryStep::End);
    hospital.sign_out();
    at_the_chart(&hospital, "silva");
    assert_eq!(list(&hospital, Worklist::Ward).len(), 2, "the ward sees who is here");
    let row = rows(&hospital).remove(0);
    assert_eq!((row.status.as_str(), row.reason.as_str()), ("in-progress", "Chest pain"), "open first, and why");
    hospital.sign_out();
    at_the_chart(&hospital, "moreau");
    assert_eq!(open(&hospital, EncounterClass::Ambulatory).unwrap_err().code, ErrorCode::Forbidden, "a pharmacist");
}
