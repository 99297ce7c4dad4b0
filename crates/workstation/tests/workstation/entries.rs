//! Entries in words: medicines that are taken, immunizations, procedures, family history, devices, goals, flags, encounters, the social
//! history, members of the care team.

use vigil_model::Section;
use vigil_workstation::view::{
    ChartReadRequest, ChartShowRequest, EncounterClass, EntryCreateRequest, EntryEdit, EntryKind, EntryStep,
    EntryUpdateRequest, FlagKind, Relative, ResourceReadRequest, ResourceRestoreRequest, SectionContent,
    SectionReadRequest, SocialTopic, VitalSign, VitalSignEntry, VitalSignsCreateRequest, WriteUndoRequest,
};
use vigil_workstation::{AppError, ErrorCode, Role};

use crate::hospital::{Hospital, new_user};

const PAGES: [(EntryKind, Section, &str); 10] = [
    (EntryKind::Medicine, Section::Medications, "MedicationStatement"),
    (EntryKind::Immunization, Section::Immunizations, "Immunization"),
    (EntryKind::Procedure, Section::Procedures, "Procedure"),
    (EntryKind::FamilyHistory, Section::FamilyHistory, "FamilyMemberHistory"),
    (EntryKind::Device, Section::Devices, "Device"),
    (EntryKind::Goal, Section::CarePlans, "Goal"),
    (EntryKind::Flag, Section::Flags, "Flag"),
    (EntryKind::Encounter, Section::Encounters, "Encounter"),
    (EntryKind::SocialHistory, Section::SocialHistory, "Observation"),
    (EntryKind::CareTeamMember, Section::CareTeam, "CareTeam"),
];

/// A hospital where `who` has the chart of p1 on the screen.
fn at_the_chart(who: &str) -> Hospital {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    for (name, role) in [("silva", Role::Nurse), ("moreau", Role::Pharmacist)] {
        hospital.station.user_create(new_user(name, role)).unwrap();
    }
    hospital.sign_out();
    hospital.sign_in(who);
    hospital.station.chart_read(ChartReadRequest { patient_id: "p1".to_owned() }).unwrap();
    hospital.station.chart_show(ChartShowRequest { patient_id: Some("p1".to_owned()) }).unwrap();
    hospital
}

fn add(hospital: &Hospital, kind: EntryKind, chart: &str) -> Result<Vec<String>, AppError> {
    hospital.station.entry_create(request(kind, chart)).map(|written| written.lines)
}

fn request(kind: EntryKind, chart: &str) -> EntryCreateRequest {
    EntryCreateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: chart.to_owned(),
        kind,
        text: "Written by hand".to_owned(),
        day: String::new(),
        detail: "found".to_owned(),
        relative: Some(Relative::Sister),
        flag: Some(FlagKind::Precaution),
        class: Some(EncounterClass::Ambulatory),
        social: Some(SocialTopic::Other),
        member: None,
        udi: None,
        note: "as told".to_owned(),
        code: None,
    }
}

fn step(hospital: &Hospital, kind: EntryKind, id: &str, version: u32, step: EntryStep) -> Result<(), AppError> {
    let request = EntryUpdateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        kind,
        id: id.to_owned(),
        version,
        step,
        edit: None,
        text: "why".to_owned(),
    };
    hospital.station.entry_update(request).map(drop)
}

/// Id, version and status of the entry of this type that was written by hand.
fn row(hospital: &Hospital, section: Section, resource_type: &str) -> (String, u32, String) {
    let request = SectionReadRequest { patient_id: "p1".to_owned(), section };
    let content = hospital.station.section_read(request).unwrap().content;
    let rows = match content {
        SectionContent::Medications { rows } => rows
            .into_iter()
            .map(|row| (row.resource_type, row.name, (row.id, row.version, row.status)))
            .collect::<Vec<_>>(),
        SectionContent::Encounters { rows, .. } => rows
            .into_iter()
            .map(|row| ("Encounter".to_owned(), row.reason, (row.id, row.version, row.status)))
            .collect(),
        SectionContent::CareTeam { rows, .. } => {
            rows.into_iter().map(|row| ("CareTeam".to_owned(), row.member, (row.id, row.version, row.status))).collect()
        }
        SectionContent::Immunizations { rows }
        | SectionContent::Procedures { rows }
        | SectionContent::FamilyHistory { rows }
        | SectionContent::Devices { rows }
        | SectionContent::Flags { rows }
        | SectionContent::SocialHistory { rows }
        | SectionContent::CarePlans { rows } => rows
            .into_iter()
            .map(|row| (row.resource_type, format!("{} {}", row.title, row.detail), (row.id, row.version, row.status)))
            .collect(),
        _ => panic!("{section:?} is no list of entries"),
    };
    let found = rows.into_iter().find(|(kind, words, _)| kind == resource_type && words.contains("Written by hand"));
    found.unwrap_or_else(|| panic!("{resource_type} is in no row of {section:?}")).2
}

#[test]
fn each_kind_is_written_listed_changed_and_restored() {
    let hospital = at_the_chart("okafor");
    for (kind, section, resource_type) in PAGES {
        add(&hospital, kind, "p1").unwrap();
        let (id, version, _) = row(&hospital, section, resource_type);
        assert_eq!(version, 1, "{kind:?} is new");
        let ended = step(&hospital, kind, &id, 1, EntryStep::End);
        let goes_on = matches!(
            kind,
            EntryKind::Medicine
                | EntryKind::Device
                | EntryKind::Goal
                | EntryKind::Flag
                | EntryKind::Encounter
                | EntryKind::CareTeamMember
        );
        assert_eq!(ended.is_ok(), goes_on, "{kind:?}: what happened once does not end");
        let version = row(&hospital, section, resource_type).1;
        let stale = step(&hospital, kind, &id, version + 1, EntryStep::EnterInError).unwrap_err();
        assert_eq!(stale.code, ErrorCode::VersionConflict, "{kind:?}: only what was read is changed");
        step(&hospital, kind, &id, version, EntryStep::EnterInError).unwrap();
        assert!(row(&hospital, section, resource_type).2.starts_with("entered-in-error"), "{kind:?} stays in sight");
        let restore = ResourceRestoreRequest {
            patient_id: "p1".to_owned(),
            chart_on_screen: "p1".to_owned(),
            resource_type: resource_type.to_owned(),
            id: id.clone(),
            version: version + 1,
            restore: 1,
            section: Some(section),
        };
        hospital.station.resource_restore(restore).unwrap();
        assert!(!row(&hospital, section, resource_type).2.starts_with("entered"), "{kind:?} is back");
        let history = ResourceReadRequest { patient_id: "p1".to_owned(), resource_type: resource_type.to_owned(), id };
        let versions = hospital.station.resource_history_read(history).unwrap().versions;
        assert!(versions.len() >= 3 && versions.iter().all(|one| one.role == "physician"), "{kind:?}: each by whom");
    }
}

#[test]
fn each_role_writes_its_own_pages_and_nobody_in_another_chart() {
    let hospital = at_the_chart("silva");
    let code = |kind| add(&hospital, kind, "p1").map(drop).map_err(|error| error.code);
    assert_eq!(code(EntryKind::Immunization), Ok(()), "a nurse gives them");
    assert_eq!(code(EntryKind::Procedure), Err(ErrorCode::Forbidden), "and does not operate");
    assert_eq!(add(&hospital, EntryKind::Goal, "p2").unwrap_err().code, ErrorCode::OtherPatient, "p1 is on the screen");
    hospital.sign_out();
    hospital.sign_in("moreau");
    hospital.station.chart_read(ChartReadRequest { patient_id: "p1".to_owned() }).unwrap();
    hospital.station.chart_show(ChartShowRequest { patient_id: Some("p1".to_owned()) }).unwrap();
    assert!(add(&hospital, EntryKind::Medicine, "p1").is_ok(), "a pharmacist takes the medicines down");
    assert_eq!(add(&hospital, EntryKind::FamilyHistory, "p1").unwrap_err().code, ErrorCode::Forbidden, "no relatives");
}

fn undo(hospital: &Hospital, chart: &str) -> Result<Vec<String>, AppError> {
    let request = WriteUndoRequest { patient_id: "p1".to_owned(), chart_on_screen: chart.to_owned() };
    hospital.station.write_undo(request).map(|written| written.lines)
}

#[test]
fn what_was_written_last_is_taken_back_once_and_only_where_nothing_came_after() {
    let hospital = at_the_chart("okafor");
    let nothing = undo(&hospital, "p1").unwrap_err();
    assert_eq!(nothing.code, ErrorCode::Invalid, "nothing was written yet");
    add(&hospital, EntryKind::Medicine, "p1").unwrap();
    let elsewhere = undo(&hospital, "p2").unwrap_err();
    assert_eq!(elsewhere.code, ErrorCode::OtherPatient, "another chart on the screen");
    undo(&hospital, "p1").unwrap();
    let page = Section::Medications;
    let (_, version, status) = row(&hospital, page, "MedicationStatement");
    assert!(version == 2 && status.starts_with("entered-in-error"), "a new entry stays in sight: {status}");
    assert_eq!(undo(&hospital, "p1").unwrap_err().code, ErrorCode::Invalid, "once");

    add(&hospital, EntryKind::Goal, "p1").unwrap();
    let (id, _, before) = row(&hospital, Section::CarePlans, "Goal");
    step(&hospital, EntryKind::Goal, &id, 1, EntryStep::End).unwrap();
    assert_ne!(row(&hospital, Section::CarePlans, "Goal").2, before, "it is over");
    undo(&hospital, "p1").unwrap();
    let (_, version, status) = row(&hospital, Section::CarePlans, "Goal");
    assert_eq!((version, status), (3, before), "a change: what was before stands again, as a version of its own");

    let entries = vec![VitalSignEntry { sign: VitalSign::HeartRate, value: "72".to_owned(), unit: "/min".to_owned() }];
    let (patient_id, chart_on_screen) = ("p1".to_owned(), "p1".to_owned());
    let pulse = VitalSignsCreateRequest { patient_id, chart_on_screen, measured_at: None, entries, confirmed: false };
    hospital.station.vital_signs_create(pulse).unwrap();
    undo(&hospital, "p1").unwrap();
    let vitals = SectionReadRequest { patient_id: "p1".to_owned(), section: Section::Vitals };
    let SectionContent::Vitals { groups, .. } = hospital.station.section_read(vitals).unwrap().content else {
        panic!()
    };
    let pulse = groups.iter().find(|group| group.code == "8867-4 LOINC").unwrap();
    assert_eq!(pulse.status, "entered-in-error", "a vital sign, though social history is of the same type");

    step(&hospital, EntryKind::Goal, &id, 3, EntryStep::End).unwrap();
    hospital.station.session_lock().unwrap();
    hospital.sign_in("okafor");
    hospital.station.chart_read(ChartReadRequest { patient_id: "p1".to_owned() }).unwrap();
    hospital.station.chart_show(ChartShowRequest { patient_id: Some("p1".to_owned()) }).unwrap();
    assert_eq!(undo(&hospital, "p1").unwrap_err().code, ErrorCode::Invalid, "nothing outlives the session's keys");
}

fn edit(hospital: &Hospital, kind: EntryKind, row: &(String, u32, String), edit: EntryEdit) -> Result<(), AppError> {
    let request = EntryUpdateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        kind,
        id: row.0.clone(),
        version: row.1,
        step: EntryStep::Edit,
        edit: Some(edit),
        text: String::new(),
    };
    hospital.station.entry_update(request).map(drop)
}

fn words(text: &str, detail: &str, day: &str) -> EntryEdit {
    let (text, detail, day) = (text.to_owned(), detail.to_owned(), day.to_owned());
    EntryEdit { text, detail, day, social: None, code: None }
}

#[test]
fn an_entry_becomes_another_and_what_was_not_typed_stays() {
    let hospital = at_the_chart("okafor");
    for (kind, section, resource_type) in PAGES {
        add(&hospital, kind, "p1").unwrap();
        let known = row(&hospital, section, resource_type);
        let nothing = edit(&hospital, kind, &known, words("", "", "")).unwrap_err();
        assert_eq!(nothing.code, ErrorCode::Invalid, "{kind:?}: nothing is no change");
        let changed = match kind {
            EntryKind::Encounter => continue,
            EntryKind::CareTeamMember => words("", "charge nurse", ""),
            _ => words("Written by hand anew", "", ""),
        };
        edit(&hospital, kind, &known, changed).unwrap();
        assert_eq!(row(&hospital, section, resource_type).1, 2, "{kind:?} has a second version");
    }
}

#[test]
fn a_device_is_taken_apart_by_its_udi_and_goes_in_and_out_of_use() {
    let hospital = at_the_chart("okafor");
    let implant = |udi: &str, serial: &str| EntryCreateRequest {
        udi: Some(udi.to_owned()),
        detail: serial.to_owned(),
        text: "Written by hand: knee".to_owned(),
        ..request(EntryKind::Device, "p1")
    };
    let refused = hospital.station.entry_create(implant("(01)51022222233335", "")).unwrap_err();
    assert!(refused.message.contains("at character 18"), "what is wrong with it, and where: {}", refused.message);
    let udi = "(01)51022222233336(11)141231(17)150707(10)A213B1(21)1234";
    let other = hospital.station.entry_create(implant(udi, "99")).unwrap_err();
    assert!(other.message.contains("taken from the UDI"), "{}", other.message);
    hospital.station.entry_create(implant(udi, "")).unwrap();
    let content =
        hospital.station.section_read(SectionReadRequest { patient_id: "p1".to_owned(), section: Section::Devices });
    let SectionContent::Devices { rows } = content.unwrap().content else { panic!("devices") };
    let device = rows.into_iter().find(|row| row.title.contains("knee")).unwrap();
    let facts: Vec<String> = device.facts.iter().map(|fact| format!("{}: {}", fact.label, fact.value)).collect();
    for fact in [
        "Issuing agency: GS1",
        "Device identifier: 51022222233336",
        "Lot or batch: A213B1",
        "Serial number: 1234",
        "Made: 31-Dec-2014",
        "Expires: 07-Jul-2015",
    ] {
        assert!(facts.contains(&fact.to_owned()), "{fact} is among {facts:?}");
    }
    step(&hospital, EntryKind::Device, &device.id, 1, EntryStep::End).unwrap();
    step(&hospital, EntryKind::Device, &device.id, 2, EntryStep::Resume).unwrap();
    let twice = step(&hospital, EntryKind::Device, &device.id, 3, EntryStep::Resume).unwrap_err();
    assert_eq!(twice.code, ErrorCode::Invalid, "it is in use");
}

#[test]
fn a_smoking_status_is_coded_stands_first_and_in_no_other_list() {
    let hospital = at_the_chart("silva");
    let smokes = |topic| EntryCreateRequest {
        text: String::new(),
        detail: String::new(),
        social: Some(topic),
        ..request(EntryKind::SocialHistory, "p1")
    };
    hospital.station.entry_create(smokes(SocialTopic::SmokesEveryDay)).unwrap();
    let read = |section| {
        let request = SectionReadRequest { patient_id: "p1".to_owned(), section };
        hospital.station.section_read(request).unwrap().content
    };
    let SectionContent::SocialHistory { rows } = read(Section::SocialHistory) else { panic!("social history") };
    let first = rows.first().unwrap();
    assert_eq!((first.code.as_str(), first.title.as_str()), ("72166-2 LOINC", "Tobacco smoking status"));
    assert!(first.detail.starts_with("Current every day smoker"), "{}", first.detail);
    let former = EntryEdit { social: Some(SocialTopic::FormerSmoker), ..words("", "", "") };
    let known = (first.id.clone(), first.version, first.status.clone());
    edit(&hospital, EntryKind::SocialHistory, &known, former).unwrap();
    let SectionContent::Summary(summary) = read(Section::Summary) else { panic!("summary") };
    assert!(summary.social_history.iter().any(|row| row.detail.starts_with("Former smoker")), "and on the first page");
    let SectionContent::Results { groups, .. } = read(Section::Results) else { panic!("results") };
    assert!(groups.iter().all(|group| group.code != "72166-2 LOINC"), "nothing stands twice");
    let entries = vec![VitalSignEntry { sign: VitalSign::HeartRate, value: "72".to_owned(), unit: "/min".to_owned() }];
    let (patient_id, chart_on_screen) = ("p1".to_owned(), "p1".to_owned());
    let pulse = VitalSignsCreateRequest { patient_id, chart_on_screen, measured_at: None, entries, confirmed: false };
    hospital.station.vital_signs_create(pulse).unwrap();
    let SectionContent::Vitals { groups, .. } = read(Section::Vitals) else { panic!("vital signs") };
    let pulse = groups.iter().find(|group| group.code == "8867-4 LOINC").unwrap();
    let vital = EntryUpdateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        kind: EntryKind::SocialHistory,
        id: pulse.id.clone(),
        version: 1,
        step: EntryStep::EnterInError,
        edit: None,
        text: String::new(),
    };
    let refused = hospital.station.entry_update(vital).unwrap_err();
    assert!(
        refused.message.contains("no social history"),
        "a vital sign is not changed by this door: {}",
        refused.message
    );
}
