//! What is written and changed here, judged by the FHIR validator of other people (Medplum): base R4, and US Core where a resource claims a
//! profile of it. `cargo xtask auditors` installs it in target/auditors.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use vigil_model::Section;
use vigil_workstation::view::{
    AllergyIntoleranceCreateRequest, AllergyIntoleranceUpdateRequest, ChartReadRequest, ChartShowRequest,
    ConditionCreateRequest, ConditionUpdateRequest, Criticality, EncounterClass, EntryChange, EntryCreateRequest,
    EntryKind, EntryStep, EntryUpdateRequest, FlagKind, ImportStartRequest, NoteDraftCreateRequest,
    NoteDraftUpdateRequest, NoteKind, NoteSignRequest, PatientCreateRequest, PatientExportRequest, Relative,
    SectionContent, SectionReadRequest, SocialTopic, VitalSign, VitalSignCorrectRequest, VitalSignEntry,
    VitalSignsCreateRequest,
};

use vigil_workstation::{DisclosureBasis, ExportForm, Purpose};

use crate::hospital::Hospital;
use crate::registration::person;

/// What the definitions say against these resources, a line each.
fn findings<'r>(resources: impl IntoIterator<Item = &'r Value>) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("auditors").join("fhir");
    let mut node = Command::new("node")
        .arg("validate.mjs")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the validator is absent: run `cargo xtask auditors`");
    let mut input = node.stdin.take().unwrap();
    let lines: Vec<String> = resources.into_iter().map(Value::to_string).collect();
    let written = std::thread::spawn(move || input.write_all(lines.join("\n").as_bytes()));
    let answer = node.wait_with_output().unwrap();
    written.join().unwrap().expect("the validator ended before it had read everything");
    assert!(answer.status.success(), "the validator did not end as it should");
    String::from_utf8(answer.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn show(hospital: &Hospital, patient: &str) {
    hospital.station.chart_read(ChartReadRequest { patient_id: patient.to_owned() }).unwrap();
    hospital.station.chart_show(ChartShowRequest { patient_id: Some(patient.to_owned()) }).unwrap();
}

/// Everything of one patient, as it leaves the house.
fn exported(hospital: &Hospital, patient: &str, form: ExportForm) -> Value {
    let request = PatientExportRequest {
        patient_id: patient.to_owned(),
        form,
        basis: DisclosureBasis::Individual,
        recipient: "The patient".to_owned(),
        address: String::new(),
        purpose: "asked for".to_owned(),
    };
    serde_json::from_slice(&hospital.station.patient_export(request).unwrap()).unwrap()
}

fn resources(bundle: &Value) -> Vec<Value> {
    bundle["entry"].as_array().unwrap().iter().map(|entry| entry["resource"].clone()).collect()
}

fn content(hospital: &Hospital, patient: &str, section: Section) -> SectionContent {
    let request = SectionReadRequest { patient_id: patient.to_owned(), section };
    hospital.station.section_read(request).unwrap().content
}

/// A chart in which each kind of entry was written once.
fn write_everything(hospital: &Hospital, patient: &str) {
    let whose = || (patient.to_owned(), patient.to_owned());
    let signs = [
        (VitalSign::BloodPressure, "118/70", "mm[Hg]"),
        (VitalSign::HeartRate, "95", "/min"),
        (VitalSign::RespiratoryRate, "22", "/min"),
        (VitalSign::BodyTemperature, "98.6", "[degF]"),
        (VitalSign::OxygenSaturation, "95", "%"),
        (VitalSign::InhaledOxygen, "0", "L/min"),
        (VitalSign::Consciousness, "A", ""),
        (VitalSign::BodyWeight, "70.5", "kg"),
        (VitalSign::BodyHeight, "172", "cm"),
    ];
    let entry = |(sign, value, unit): (VitalSign, &str, &str)| VitalSignEntry {
        sign,
        value: value.to_owned(),
        unit: unit.to_owned(),
    };
    let (patient_id, chart_on_screen) = whose();
    let entries = signs.map(entry).into();
    let request = VitalSignsCreateRequest { patient_id, chart_on_screen, measured_at: None, entries, confirmed: false };
    hospital.station.vital_signs_create(request).unwrap();

    let (patient_id, chart_on_screen) = whose();
    let (text, onset, note) = ("Eczema".to_owned(), "2019-05".to_owned(), "both hands".to_owned());
    let request = ConditionCreateRequest { patient_id, chart_on_screen, text, onset, note, code: None };
    hospital.station.condition_create(request).unwrap();

    let (patient_id, chart_on_screen) = whose();
    let (agent, reaction) = ("latex".to_owned(), "rash".to_owned());
    let criticality = Some(Criticality::High);
    let request =
        AllergyIntoleranceCreateRequest { patient_id, chart_on_screen, agent, reaction, criticality, code: None };
    hospital.station.allergy_intolerance_create(request).unwrap();

    for kind in EntryKind::ALL {
        let (patient_id, chart_on_screen) = whose();
        let request = EntryCreateRequest {
            patient_id,
            chart_on_screen,
            kind,
            // A smoking status is named by its choice.
            text: if kind == EntryKind::SocialHistory { String::new() } else { "Written by hand".to_owned() },
            day: match kind {
                EntryKind::Goal => "2027-05-03",
                // They stand in its UDI.
                EntryKind::Device => "",
                EntryKind::Encounter => "2026-11-20T10:00",
                EntryKind::Medicine
                | EntryKind::Immunization
                | EntryKind::Procedure
                | EntryKind::FamilyHistory
                | EntryKind::Flag
                | EntryKind::SocialHistory
                | EntryKind::CareTeamMember => "2019-05-03",
            }
            .to_owned(),
            detail: if kind == EntryKind::Device { String::new() } else { "with a detail".to_owned() },
            relative: Some(Relative::Sister),
            flag: Some(FlagKind::FallRisk),
            class: Some(EncounterClass::Ambulatory),
            social: Some(SocialTopic::FormerSmoker),
            member: None,
            udi: (kind == EntryKind::Device).then(|| "(01)51022222233336(10)A213B1".to_owned()),
            note: "as told".to_owned(),
            code: None,
        };
        hospital.station.entry_create(request).unwrap();
    }

    let (patient_id, chart_on_screen) = whose();
    let request = NoteDraftCreateRequest { patient_id, chart_on_screen, kind: NoteKind::Progress, follows: None };
    let draft = hospital.station.note_draft_create(request).unwrap();
    let mut sections = draft.sections.clone();
    "Better.\n- eats\n- <sleeps>".clone_into(&mut sections[0].text);
    let (patient_id, chart_on_screen) = whose();
    let (id, version) = (draft.id.clone(), draft.version);
    let request = NoteDraftUpdateRequest { patient_id, chart_on_screen, id, version, sections };
    let version = hospital.station.note_draft_update(request).unwrap().version;
    hospital.reauthenticate(Purpose::Signing);
    let (patient_id, chart_on_screen) = whose();
    let request =
        NoteSignRequest { patient_id, chart_on_screen, id: draft.id, version, cosigner: None, encounter: None };
    hospital.station.note_sign(request).unwrap();
}

/// Everything in a chart that can be ended, corrected or taken back is; how many entries.
fn change_everything(hospital: &Hospital, patient: &str) -> usize {
    let whose = || (patient.to_owned(), patient.to_owned());
    let mut changed = 0;
    let SectionContent::Problems { rows } = content(hospital, patient, Section::Problems) else { panic!("problems") };
    for row in rows.into_iter().filter(|row| row.active) {
        let (patient_id, chart_on_screen) = whose();
        let (id, version, change) = (row.id, row.version, EntryChange::Resolve);
        let (text, day) = ("over".to_owned(), String::new());
        let request =
            ConditionUpdateRequest { patient_id, chart_on_screen, id, version, change, text, day, code: None };
        hospital.station.condition_update(request).unwrap();
        changed += 1;
    }
    let SectionContent::Allergies { rows, .. } = content(hospital, patient, Section::Allergies) else {
        panic!("allergies")
    };
    for row in rows.into_iter().filter(|row| row.clinical_status == "active") {
        let (patient_id, chart_on_screen) = whose();
        let (id, version, change) = (row.id, row.version, EntryChange::EnterInError);
        let text = "another patient's".to_owned();
        let request = AllergyIntoleranceUpdateRequest {
            patient_id,
            chart_on_screen,
            id,
            version,
            change,
            text,
            criticality: None,
            code: None,
        };
        hospital.station.allergy_intolerance_update(request).unwrap();
        changed += 1;
    }
    let SectionContent::Vitals { groups, .. } = content(hospital, patient, Section::Vitals) else { panic!("vitals") };
    for group in groups.into_iter().filter(|group| group.status == "final") {
        let (patient_id, chart_on_screen) = whose();
        let request = VitalSignCorrectRequest {
            patient_id,
            chart_on_screen,
            id: group.id,
            version: 1,
            replacement: None,
            confirmed: false,
            reason: "of another patient".to_owned(),
        };
        // Two components of one observation are two rows.
        changed += usize::from(hospital.station.vital_sign_correct(request).is_ok());
    }
    for kind in EntryKind::ALL {
        for resource in resources(&exported(hospital, patient, ExportForm::Bundle)) {
            let (patient_id, chart_on_screen) = whose();
            let request = EntryUpdateRequest {
                patient_id,
                chart_on_screen,
                kind,
                id: resource["id"].as_str().unwrap().to_owned(),
                version: 1,
                step: if kind == EntryKind::Medicine { EntryStep::End } else { EntryStep::EnterInError },
                edit: None,
                text: "why".to_owned(),
            };
            changed += usize::from(hospital.station.entry_update(request).is_ok());
        }
    }
    changed
}

#[test]
fn what_is_written_and_changed_here_is_what_fhir_defines() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let person = person("Waldstein", "Ana Maria", "1961-02-03", "W-4711");
    let made = hospital.station.patient_create(PatientCreateRequest { person, despite: vec![] }).unwrap();
    let patient = made.patient_id.unwrap();
    show(&hospital, &patient);
    write_everything(&hospital, &patient);
    let bundle = exported(&hospital, &patient, ExportForm::Bundle);
    let written = resources(&bundle);
    let types: BTreeSet<_> = written.iter().map(|resource| resource["resourceType"].as_str().unwrap()).collect();
    for wanted in ["Patient", "Observation", "Condition", "AllergyIntolerance", "Composition", "Provenance", "Goal"] {
        assert!(types.contains(wanted), "{wanted} is among what was written: {types:?}");
    }
    let summary = exported(&hospital, &patient, ExportForm::Summary);
    assert_eq!(findings(written.iter().chain([&bundle, &summary])), BTreeSet::new(), "as it was written");

    assert!(change_everything(&hospital, &patient) > 12, "each was changed");
    let changed = resources(&exported(&hospital, &patient, ExportForm::Bundle));
    assert_eq!(findings(&changed), BTreeSet::new(), "as it was changed");

    let mut broken = written.into_iter().find(|resource| resource["resourceType"] == "Observation").unwrap();
    broken["status"] = json!(null);
    assert!(findings([&broken]).iter().any(|finding| finding.contains("status")), "the validator sees what is wrong");
}

#[test]
fn us_core_examples_that_are_changed_here_stay_what_they_were() {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("VIGIL_TEST_DATA").map_or(beside, PathBuf::from).join("us-core-examples");
    if !folder.is_dir() {
        return println!("SKIPPED: no examples at {}; set VIGIL_TEST_DATA to the folder above", folder.display());
    }
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    let paths = vec![folder.to_string_lossy().into_owned()];
    hospital.station.import_run(ImportStartRequest { paths }).unwrap();
    hospital.sign_out();
    hospital.sign_in("okafor");
    let (mut before, mut after, mut changed) = (Vec::new(), Vec::new(), 0);
    for patient in ["example", "child-example", "infant-example", "deceased-example"] {
        before.extend(resources(&exported(&hospital, patient, ExportForm::Bundle)));
        show(&hospital, patient);
        changed += change_everything(&hospital, patient);
        after.extend(resources(&exported(&hospital, patient, ExportForm::Bundle)));
    }
    assert!(before.len() > 100 && changed > 30, "{changed} of {} were changed", before.len());
    let new: Vec<_> = findings(&after).difference(&findings(&before)).cloned().collect();
    assert!(new.is_empty(), "what the examples themselves do not have:\n{}", new.join("\n"));
}
