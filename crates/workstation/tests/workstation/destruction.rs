//! Destroying a patient's record, as two persons do it, and what everybody else sees then.

use std::path::Path;
use std::sync::Arc;

use vigil_model::{DestructionReason, OverrideReason, Section};
use vigil_workstation::view::{
    BackupCreateRequest, ChartReadRequest, DestructionDecideRequest, DestructionRequest, DestructionStage,
    EmergencyAccessCreateRequest, PatientSearchRequest, ResourceReadRequest, SectionReadRequest,
};
use vigil_workstation::{AppError, ErrorCode, Purpose, RestoreAuthority, RestoreRequest, Workstation};

use crate::hospital::{Hospital, PASSWORD};
use crate::recovery::setup;

fn ask(station: &Workstation, patient: &str) -> Result<u32, AppError> {
    ask_for(station, patient, None)
}

fn ask_for(station: &Workstation, patient: &str, resource: Option<&str>) -> Result<u32, AppError> {
    station.patient_destruction_request(DestructionRequest {
        patient_id: patient.to_owned(),
        resource: resource.map(str::to_owned),
        reason: DestructionReason::LegalOrder,
        words: "Order of the court, file 4711".to_owned(),
    })
}

fn decide(id: u32, patient: &str) -> DestructionDecideRequest {
    DestructionDecideRequest { id, patient_id: patient.to_owned() }
}

/// The privacy officer asks, the administrator agrees.
fn destroy(hospital: &Hospital, patient: &str) {
    hospital.sign_in("weiss");
    let id = ask(&hospital.station, patient).unwrap();
    hospital.sign_in("admin");
    hospital.station.patient_destruction_approve(decide(id, patient)).unwrap();
}

fn chart(station: &Workstation, patient: &str) -> Result<(), AppError> {
    station.chart_read(ChartReadRequest { patient_id: patient.to_owned() }).map(drop)
}

/// Whether a search finds this patient; it finds look-alikes as well.
fn finds(station: &Workstation, text: &str, patient: &str) -> bool {
    let found = station.patient_search(PatientSearchRequest { text: text.to_owned() }).unwrap();
    found.rows.iter().any(|row| row.patient_id == patient)
}

#[test]
fn every_session_loses_a_destroyed_record_at_once_and_nothing_comes_in_again() {
    let hospital = Hospital::with_patients();
    let ward = hospital.beside();
    ward.sign_in("okafor");
    assert!(finds(&ward.station, "smithson", "p1") && finds(&ward.station, "004217", "p1"), "the ward finds her");
    chart(&ward.station, "p1").unwrap();
    destroy(&hospital, "p1");

    assert!(!finds(&ward.station, "smithson", "p1"), "the session of another program does not find her any more");
    assert!(!finds(&ward.station, "004217", "p1"), "nor by her number");
    assert!(finds(&ward.station, "smythson", "p2"), "but everybody else");
    assert!(ward.station.patient_recent().unwrap().iter().all(|row| row.patient_id != "p1"), "not among the last");
    let request = SectionReadRequest { patient_id: "p1".to_owned(), section: Section::Problems };
    for refused in [chart(&ward.station, "p1").err(), ward.station.section_read(request).err()] {
        let refused = refused.unwrap();
        assert_eq!(refused.code, ErrorCode::NotFound, "there is nothing to open");
        assert!(refused.message.contains("was destroyed on 21-Nov-2026"), "and it says why: {}", refused.message);
    }
    chart(&ward.station, "p2").unwrap();

    let report = hospital
        .import(r#"{"resourceType": "Patient", "id": "p1", "name": [{"family": "Smithson", "given": ["Jane"]}]}"#);
    assert_eq!(report.types[0].refused, 1, "the same id is refused");
    assert!(report.problems[0].reason.contains("was destroyed on 2026-11-21"), "{}", report.problems[0].reason);
    hospital.sign_in("okafor");
    assert!(!finds(&hospital.station, "smithson", "p1"), "a new session does not find her");

    hospital.sign_in("weiss");
    let list = hospital.station.patient_destruction_search().unwrap();
    let row = &list.rows[0];
    assert_eq!((row.stage, row.resources), (DestructionStage::Destroyed, 0), "what became of it");
    assert!(row.words.contains("4711") && row.own, "who asked and why");
    assert_eq!(row.decided_by.as_deref(), Some("B. Admin"), "who agreed");
    assert!(hospital.station.audit_verify_unattended().unwrap().intact, "the log is whole");
    let hospital = hospital.restart();
    hospital.sign_in("okafor");
    assert!(!finds(&hospital.station, "smithson", "p1"), "nor after a start, which replaces the database key");
    assert!(finds(&hospital.station, "smythson", "p2"), "everybody else is there");
    assert!(hospital.station.audit_verify_unattended().unwrap().intact, "the log is whole");
}

#[test]
fn it_takes_two_and_either_role_withdraws() {
    let hospital = Hospital::with_patients();
    let station = &hospital.station;
    hospital.sign_in("okafor");
    let code = |answer: Result<(), AppError>| answer.err().unwrap().code;
    assert_eq!(code(ask(station, "p1").map(drop)), ErrorCode::Forbidden, "not a physician's");
    assert_eq!(code(station.patient_destruction_search().map(drop)), ErrorCode::Forbidden, "nor to look at");
    hospital.sign_in("admin");
    assert_eq!(code(ask(station, "nobody").map(drop)), ErrorCode::Invalid, "there has to be a record");
    let id = ask(station, "p1").unwrap();
    assert_eq!(
        code(station.patient_destruction_approve(decide(id, "p1"))),
        ErrorCode::Forbidden,
        "who asked does not agree"
    );
    hospital.sign_in("okafor");
    assert_eq!(code(station.patient_destruction_approve(decide(id, "p1"))), ErrorCode::Forbidden, "nor a physician");
    hospital.sign_in("weiss");
    assert_eq!(code(station.patient_destruction_approve(decide(id, "p2"))), ErrorCode::Invalid, "the wrong patient");
    station.patient_destruction_withdraw(decide(id, "p1")).unwrap();
    assert_eq!(code(station.patient_destruction_approve(decide(id, "p1"))), ErrorCode::Invalid, "it is withdrawn");
    assert_eq!(station.patient_destruction_search().unwrap().rows[0].stage, DestructionStage::Withdrawn, "on record");
    hospital.sign_in("okafor");
    assert!(finds(&hospital.station, "smithson", "p1"), "and nothing happened");
    let hospital = hospital.restart();
    hospital.sign_in("okafor");
    assert!(finds(&hospital.station, "smithson", "p1"), "not at a start either");
}

#[test]
fn a_broken_glass_ends_with_the_record() {
    let hospital = Hospital::with_patients();
    let ward = hospital.beside();
    ward.sign_in("okafor");
    ward.station
        .emergency_access_create(EmergencyAccessCreateRequest {
            patient_id: "p3".to_owned(),
            reason: OverrideReason::EmergencyTreatment,
            justification: "unconscious in the emergency room".to_owned(),
            password: PASSWORD.to_owned(),
            proof: None,
        })
        .unwrap();
    chart(&ward.station, "p3").unwrap();
    destroy(&hospital, "p3");
    assert_eq!(chart(&ward.station, "p3").err().unwrap().code, ErrorCode::NotFound, "the open glass shows nothing");
    hospital.sign_in("weiss");
    let reviewed = hospital.station.emergency_access_search().unwrap();
    let row = &reviewed.rows[0];
    assert!(row.ended.starts_with("21-Nov-2026"), "its end is on record: {}", row.ended);
    assert!(!row.justification.contains("unconscious"), "what was said about the patient is gone");
}

#[test]
fn an_older_backup_and_an_older_copy_put_back_by_hand_come_without_the_record() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    let file = hospital.folder.path().join("old.vigil");
    hospital.station.backup_run(&BackupCreateRequest { path: file.to_string_lossy().into_owned() }).unwrap();
    let hospital = hospital.restart();
    let (data, copy) = (hospital.folder.path().join("data"), hospital.folder.path().join("copy"));
    hospital.station.close().unwrap();
    copied(&data, &copy);
    destroy(&hospital, "p1");

    hospital.station.close().unwrap();
    let Hospital { station, clock, events, folder, policy } = hospital;
    drop(station);
    let authority =
        RestoreAuthority::Administrator { username: "admin".to_owned(), password: PASSWORD.to_owned(), proof: None };
    let request = RestoreRequest { file, authority, accept_rollback: true };
    let report = Workstation::restore(setup(&folder, &clock), request, &mut |_| true).unwrap();
    assert_eq!(report.destroyed_again, 1, "it says so");
    let station = Arc::new(Workstation::open(setup(&folder, &clock)).unwrap());
    let hospital = Hospital { station, clock, events, folder, policy };
    hospital.sign_in("okafor");
    assert!(!finds(&hospital.station, "smithson", "p1"), "the backup comes without her");
    assert!(finds(&hospital.station, "smythson", "p2"), "and with everybody else");
    assert!(hospital.station.audit_verify_unattended().unwrap().intact, "the log is whole");

    hospital.station.close().unwrap();
    let Hospital { station, clock, events, folder, policy } = hospital;
    drop(station);
    for name in ["vigil.db-wal", "vigil.db-shm"] {
        let _ = std::fs::remove_file(data.join(name));
    }
    copied(&copy, &data);
    let station = Arc::new(Workstation::open(setup(&folder, &clock)).unwrap());
    let hospital = Hospital { station, clock, events, folder, policy };
    hospital.sign_in("okafor");
    assert!(!finds(&hospital.station, "smithson", "p1"), "nor does a copy that was put back by hand bring her");
    assert!(finds(&hospital.station, "smythson", "p2"), "everybody else is there");
}

/// The files of a folder, over what is there.
fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[test]
fn one_entry_is_destroyed_by_itself_and_the_chart_says_that_it_was_there() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    let document = r#"{"resourceType": "DocumentReference", "id": "d1", "status": "current",
        "subject": {"reference": "Patient/p1"}, "description": "RECORDING-MARKER"}"#;
    assert!(hospital.import(document).problems.is_empty(), "it came in");
    let ward = hospital.beside();
    ward.sign_in("okafor");
    let documents = |station: &Workstation| {
        let request = SectionReadRequest { patient_id: "p1".to_owned(), section: Section::Documents };
        let view = station.section_read(request).unwrap();
        (serde_json::to_string(&view.content).unwrap().contains("RECORDING-MARKER"), view.undecodable)
    };
    assert!(documents(&ward.station).0, "the ward reads it");

    hospital.sign_in("weiss");
    let refused = ask_for(&hospital.station, "p1", Some("https://elsewhere.example/DocumentReference/d1"));
    assert_eq!(refused.err().unwrap().code, ErrorCode::Invalid, "it is named by type and id");
    let id = ask_for(&hospital.station, "p1", Some("DocumentReference/d1")).unwrap();
    let row = hospital.station.patient_destruction_search().unwrap().rows.remove(0);
    assert_eq!(row.resource.as_deref(), Some("DocumentReference/d1"), "the list says what of");
    assert!(row.patient.unwrap().contains("SMITHSON"), "and of whom, to whoever may search");
    hospital.sign_in("admin");
    let row = hospital.station.patient_destruction_search().unwrap().rows.remove(0);
    assert_eq!(row.patient, None, "which an administrator may not");
    hospital.station.patient_destruction_approve(decide(id, "p1")).unwrap();

    let (there, gone) = documents(&ward.station);
    assert!(!there, "the open session does not have it any more");
    assert_eq!(gone.len(), 1, "the section says that there was something");
    assert!(gone[0].reason.contains("destroyed for good on 21-Nov-2026"), "{}", gone[0].reason);
    chart(&ward.station, "p1").unwrap();
    assert!(finds(&ward.station, "smithson", "p1"), "the record stays");
    let request = ResourceReadRequest {
        patient_id: "p1".to_owned(),
        resource_type: "DocumentReference".to_owned(),
        id: "d1".to_owned(),
    };
    let refused = ward.station.document_read(request).err().unwrap();
    assert!(refused.message.contains("destroyed for good"), "opening it says the same: {}", refused.message);
    let report = hospital.import(document);
    assert_eq!(report.types[0].refused, 1, "it does not come in again");
    assert!(report.problems[0].reason.contains("was destroyed on 2026-11-21"), "{}", report.problems[0].reason);
    assert!(hospital.station.audit_verify_unattended().unwrap().intact, "the log is whole");
}

#[test]
fn the_password_is_asked_for_again_also_where_no_second_factor_is() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("weiss");
    hospital.clock.pass(std::time::Duration::from_secs(5 * 60));
    let refused = ask(&hospital.station, "p1").err().unwrap();
    assert_eq!(refused.code, ErrorCode::ReauthenticationNeeded, "a session that was left open asks for nothing");
    hospital.reauthenticate(Purpose::Destruction);
    let id = ask(&hospital.station, "p1").unwrap();
    hospital.sign_in("admin");
    hospital.clock.pass(std::time::Duration::from_secs(5 * 60));
    let refused = hospital.station.patient_destruction_approve(decide(id, "p1")).err().unwrap();
    assert_eq!(refused.code, ErrorCode::ReauthenticationNeeded, "nor agrees to anything");
    hospital.reauthenticate(Purpose::Destruction);
    hospital.station.patient_destruction_approve(decide(id, "p1")).unwrap();
}
