//! Who is made a member of a care team, by whom, and what that opens.

use vigil_model::{OverrideReason, Section};
use vigil_workstation::view::{
    CareTeamRow, ChartReadRequest, ChartShowRequest, ColleagueView, EmergencyAccessCreateRequest, EntryCreateRequest,
    EntryKind, EntryStep, EntryUpdateRequest, ResourceRestoreRequest, SectionContent, SectionReadRequest,
    UserUpdateRequest, WriteUndoRequest,
};
use vigil_workstation::{AppError, ErrorCode, Role};

use crate::hospital::{Hospital, PASSWORD, new_user};

/// p1 lies on a ward under d1, p2 is nobody's.
const CARE: &str = r#"{
  "resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "Practitioner", "id": "d1", "name": [{"family": "Okafor"}]}},
    {"resource": {"resourceType": "Practitioner", "id": "n1", "name": [{"family": "Nightingale"}]}},
    {"resource": {"resourceType": "Patient", "id": "p1", "name": [{"family": "Smith"}], "birthDate": "1945-07-14"}},
    {"resource": {"resourceType": "Patient", "id": "p2", "name": [{"family": "Smyth"}], "birthDate": "1954-07-02"}},
    {"resource": {"resourceType": "Encounter", "id": "e1", "status": "in-progress", "class": {"code": "IMP"},
      "subject": {"reference": "Patient/p1"}, "participant": [{"individual": {"reference": "Practitioner/d1"}}],
      "period": {"start": "2026-11-18T08:00:00Z"}}},
    {"resource": {"resourceType": "CareTeam", "id": "sent", "status": "active", "name": "Diabetes", "subject": {"reference": "Patient/p1"},
      "participant": [{"member": {"display": "M. LEE"}}, {"member": {"display": "K. ROSS"}}]}}
  ]}"#;

/// Okafor is d1, Nightingale n1; Plain is linked to nobody.
fn hospital() -> Hospital {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    for (name, role) in [("nightingale", Role::Nurse), ("plain", Role::Nurse)] {
        hospital.station.user_create(new_user(name, role)).unwrap();
    }
    assert!(!hospital.import(CARE).failed);
    for (name, practitioner) in [("okafor", "Practitioner/d1"), ("nightingale", "Practitioner/n1")] {
        let user = hospital.station.user_named(name).unwrap();
        let request = UserUpdateRequest {
            id: user.id,
            display_name: user.display_name,
            role: user.role,
            practitioner: practitioner.to_owned(),
            team_ids: Vec::new(),
        };
        hospital.station.user_update(request).unwrap();
    }
    hospital.sign_out();
    hospital
}

fn open(hospital: &Hospital, patient: &str) -> Result<(), AppError> {
    hospital.station.chart_read(ChartReadRequest { patient_id: patient.to_owned() })?;
    hospital.station.chart_show(ChartShowRequest { patient_id: Some(patient.to_owned()) })
}

fn team(hospital: &Hospital, patient: &str) -> (Vec<CareTeamRow>, Vec<ColleagueView>) {
    let request = SectionReadRequest { patient_id: patient.to_owned(), section: Section::CareTeam };
    match hospital.station.section_read(request).unwrap().content {
        SectionContent::CareTeam { rows, colleagues } => (rows, colleagues),
        _ => panic!("another page"),
    }
}

fn add(hospital: &Hospital, patient: &str, member: Option<String>) -> Result<Vec<String>, AppError> {
    let request = EntryCreateRequest {
        patient_id: patient.to_owned(),
        chart_on_screen: patient.to_owned(),
        kind: EntryKind::CareTeamMember,
        text: if member.is_none() { "M. LEE".to_owned() } else { String::new() },
        day: String::new(),
        detail: String::new(),
        relative: None,
        flag: None,
        class: None,
        social: None,
        member,
        udi: None,
        note: String::new(),
        code: None,
    };
    hospital.station.entry_create(request).map(|written| written.lines)
}

fn step(hospital: &Hospital, row: &CareTeamRow, step: EntryStep) -> Result<(), AppError> {
    let request = EntryUpdateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        kind: EntryKind::CareTeamMember,
        id: row.id.clone(),
        version: row.version,
        step,
        edit: None,
        text: "moved".to_owned(),
    };
    hospital.station.entry_update(request).map(drop)
}

fn undo(hospital: &Hospital) -> Result<(), AppError> {
    let request = WriteUndoRequest { patient_id: "p1".to_owned(), chart_on_screen: "p1".to_owned() };
    hospital.station.write_undo(request).map(drop)
}

/// The id of a user; nobody is signed in before and after.
fn id_of(hospital: &Hospital, name: &str) -> String {
    hospital.sign_in("admin");
    let id = hospital.station.user_named(name).unwrap().id;
    hospital.sign_out();
    id
}

#[test]
fn a_member_opens_the_chart_until_they_leave_the_team() {
    let hospital = hospital();
    hospital.sign_in("nightingale");
    assert!(open(&hospital, "p1").is_err(), "she has nothing to do with this patient");
    hospital.sign_out();

    hospital.sign_in("okafor");
    open(&hospital, "p1").unwrap();
    let (rows, colleagues) = team(&hospital, "p1");
    assert_eq!(rows.len(), 2, "what came from elsewhere");
    assert_eq!(
        colleagues.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        ["Dr NIGHTINGALE"],
        "who is linked, but not oneself"
    );
    let lines = add(&hospital, "p1", colleagues.first().map(|one| one.id.clone())).unwrap();
    assert_eq!(lines, ["Dr NIGHTINGALE joins the care team"]);
    let (rows, _) = team(&hospital, "p1");
    let row = rows.iter().find(|row| row.member == "Dr NIGHTINGALE").unwrap();
    assert_eq!(
        (row.role.as_str(), row.status.as_str(), row.alone),
        ("nurse", "active", true),
        "in the role of the account"
    );
    let sent = rows.iter().find(|row| row.member == "K. ROSS").unwrap();
    assert_eq!(
        step(&hospital, sent, EntryStep::End).unwrap_err().code,
        ErrorCode::Invalid,
        "a team that was sent is its sender\u{2019}s"
    );
    hospital.sign_out();

    hospital.sign_in("nightingale");
    open(&hospital, "p1").unwrap();
    let (rows, _) = team(&hospital, "p1");
    let own = rows.iter().find(|row| row.member == "Dr NIGHTINGALE").unwrap();
    step(&hospital, own, EntryStep::End).unwrap();
    let restore = ResourceRestoreRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        resource_type: "CareTeam".to_owned(),
        id: own.id.clone(),
        version: own.version + 1,
        restore: own.version,
        section: None,
    };
    let refused = hospital.station.resource_restore(restore);
    assert!(refused.is_err(), "whoever left does not come back by themselves");
    hospital.sign_out();
    hospital.sign_in("nightingale");
    assert!(open(&hospital, "p1").is_err(), "and the chart is closed again");
}

#[test]
fn nobody_makes_themselves_a_member_nor_anybody_in_an_emergency() {
    let hospital = hospital();
    let (okafor, plain) = (id_of(&hospital, "okafor"), id_of(&hospital, "plain"));
    hospital.sign_in("okafor");
    open(&hospital, "p1").unwrap();
    let refused = add(&hospital, "p1", Some(okafor)).unwrap_err();
    assert!(refused.code == ErrorCode::Forbidden && refused.message.contains("own rights"), "{}", refused.message);
    let unlinked = add(&hospital, "p1", Some(plain)).unwrap_err();
    assert_eq!(unlinked.code, ErrorCode::Invalid, "whom the charts do not know is no member");
    assert!(add(&hospital, "p1", None).is_ok(), "somebody outside is one by name");

    assert!(open(&hospital, "p2").is_err(), "p2 is nobody\u{2019}s");
    let glass = EmergencyAccessCreateRequest {
        patient_id: "p2".to_owned(),
        reason: OverrideReason::ContinuityOfCare,
        justification: "Covering for a colleague tonight.".to_owned(),
        password: PASSWORD.to_owned(),
        proof: None,
    };
    hospital.station.emergency_access_create(glass).unwrap();
    open(&hospital, "p2").unwrap();
    let refused = add(&hospital, "p2", None).unwrap_err();
    assert!(
        refused.code == ErrorCode::Forbidden && refused.message.contains("emergency access ends"),
        "{}",
        refused.message
    );
}

#[test]
fn nobody_comes_back_to_a_team_by_restoring_what_was() {
    let hospital = hospital();
    let okafor = id_of(&hospital, "okafor");
    hospital.sign_in("okafor");
    open(&hospital, "p1").unwrap();
    let (_, colleagues) = team(&hospital, "p1");
    add(&hospital, "p1", colleagues.first().map(|one| one.id.clone())).unwrap();
    hospital.sign_out();
    hospital.sign_in("nightingale");
    open(&hospital, "p1").unwrap();
    add(&hospital, "p1", Some(okafor)).unwrap();
    hospital.sign_out();

    // Who is here by an encounter as well may write in the chart, and is refused all the same.
    hospital.sign_in("okafor");
    open(&hospital, "p1").unwrap();
    let (rows, _) = team(&hospital, "p1");
    let own = rows.iter().find(|row| row.member == "Dr OKAFOR").unwrap();
    step(&hospital, own, EntryStep::End).unwrap();
    let restore = |id: &str, version| ResourceRestoreRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        resource_type: "CareTeam".to_owned(),
        id: id.to_owned(),
        version,
        restore: version - 1,
        section: None,
    };
    let refused = hospital.station.resource_restore(restore(&own.id, own.version + 1)).unwrap_err();
    assert!(
        refused.code == ErrorCode::Forbidden && refused.message.contains("makes themselves"),
        "{}",
        refused.message
    );
    let other = rows.iter().find(|row| row.member == "Dr NIGHTINGALE").unwrap();
    step(&hospital, other, EntryStep::End).unwrap();
    hospital.station.resource_restore(restore(&other.id, other.version + 1)).unwrap();
}

#[test]
fn what_was_just_written_of_a_team_is_taken_back_unless_it_brings_the_writer_back() {
    let hospital = hospital();
    let okafor = id_of(&hospital, "okafor");
    hospital.sign_in("okafor");
    open(&hospital, "p1").unwrap();
    let (_, colleagues) = team(&hospital, "p1");
    let nightingale = colleagues.first().map(|one| one.id.clone());
    add(&hospital, "p1", nightingale.clone()).unwrap();
    undo(&hospital).unwrap();
    let (rows, _) = team(&hospital, "p1");
    let taken_back = rows.iter().find(|row| row.member == "Dr NIGHTINGALE").unwrap();
    assert_eq!(taken_back.status, "entered-in-error", "it stays in sight");
    hospital.sign_out();
    hospital.sign_in("nightingale");
    assert!(open(&hospital, "p1").is_err(), "and opens nothing");
    hospital.sign_out();

    // She is a member after all, and makes the physician one.
    hospital.sign_in("okafor");
    open(&hospital, "p1").unwrap();
    add(&hospital, "p1", nightingale).unwrap();
    hospital.sign_out();
    hospital.sign_in("nightingale");
    open(&hospital, "p1").unwrap();
    add(&hospital, "p1", Some(okafor)).unwrap();
    hospital.sign_out();

    // The physician treats this patient by an encounter as well: it is the team that is not come back to.
    hospital.sign_in("okafor");
    open(&hospital, "p1").unwrap();
    let active = |name: &str| {
        let (rows, _) = team(&hospital, "p1");
        rows.into_iter().find(|row| row.member == name && row.status == "active")
    };
    step(&hospital, &active("Dr NIGHTINGALE").unwrap(), EntryStep::End).unwrap();
    undo(&hospital).unwrap();
    assert!(active("Dr NIGHTINGALE").is_some(), "somebody else is a member again at once");
    step(&hospital, &active("Dr OKAFOR").unwrap(), EntryStep::End).unwrap();
    let refused = undo(&hospital).unwrap_err();
    assert!(
        refused.code == ErrorCode::Forbidden && refused.message.contains("makes themselves"),
        "{}",
        refused.message
    );
    assert!(active("Dr OKAFOR").is_none(), "and nothing of it was stored");
}
