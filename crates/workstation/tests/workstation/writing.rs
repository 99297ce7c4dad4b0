//! Writing in a chart: vital signs, problems, allergies, their history, and never in another patient's chart.

use std::time::Duration;

use vigil_model::Section;
use vigil_workstation::view::{
    AllergyBanner, AllergyIntoleranceCreateRequest, AllergyIntoleranceUpdateRequest, AllergyRow, ChartReadRequest,
    ChartShowRequest, ConditionCreateRequest, ConditionUpdateRequest, Criticality, EntryChange, HistoryView,
    NoKnownAllergyCreateRequest, ObservationGroup, ProblemRow, ResourceReadRequest, ResourceRestoreRequest,
    SectionContent, SectionReadRequest, SeriesReadRequest, SeriesView, SessionUnlockRequest, VitalSign,
    VitalSignCorrectRequest, VitalSignEntry, VitalSignsCreateRequest,
};
use vigil_workstation::{ErrorCode, Role};

use crate::hospital::{Hospital, PASSWORD, new_user};

/// A hospital where `who` has the chart of p1 on the screen.
fn at_the_chart(who: &str) -> Hospital {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    for (name, role) in [("silva", Role::Nurse), ("moreau", Role::Pharmacist)] {
        hospital.station.user_create(new_user(name, role)).unwrap();
    }
    hospital.sign_out();
    hospital.sign_in(who);
    show(&hospital, "p1");
    hospital
}

fn show(hospital: &Hospital, patient: &str) {
    hospital.station.chart_read(ChartReadRequest { patient_id: patient.to_owned() }).unwrap();
    hospital.station.chart_show(ChartShowRequest { patient_id: Some(patient.to_owned()) }).unwrap();
}

fn entry(sign: VitalSign, value: &str, unit: &str) -> VitalSignEntry {
    VitalSignEntry { sign, value: value.to_owned(), unit: unit.to_owned() }
}

fn vitals(patient: &str, chart: &str, entries: Vec<VitalSignEntry>) -> VitalSignsCreateRequest {
    VitalSignsCreateRequest {
        patient_id: patient.to_owned(),
        chart_on_screen: chart.to_owned(),
        measured_at: None,
        entries,
        confirmed: false,
    }
}

fn pulse(hospital: &Hospital, value: &str) {
    let entries = vec![entry(VitalSign::HeartRate, value, "/min")];
    hospital.station.vital_signs_create(vitals("p1", "p1", entries)).unwrap();
}

fn penicillin(agent: &str) -> AllergyIntoleranceCreateRequest {
    AllergyIntoleranceCreateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        agent: agent.to_owned(),
        reaction: String::new(),
        criticality: Some(Criticality::High),
        code: None,
    }
}

fn none_known() -> NoKnownAllergyCreateRequest {
    NoKnownAllergyCreateRequest { patient_id: "p1".to_owned(), chart_on_screen: "p1".to_owned() }
}

fn allergy(row: &AllergyRow, change: EntryChange) -> AllergyIntoleranceUpdateRequest {
    AllergyIntoleranceUpdateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        id: row.id.clone(),
        version: row.version,
        change,
        text: row.agent.clone(),
        criticality: None,
        code: None,
    }
}

fn section(hospital: &Hospital, section: Section) -> SectionContent {
    let request = SectionReadRequest { patient_id: "p1".to_owned(), section };
    hospital.station.section_read(request).unwrap().content
}

fn groups(hospital: &Hospital) -> Vec<ObservationGroup> {
    let SectionContent::Vitals { groups, .. } = section(hospital, Section::Vitals) else { panic!("vital signs") };
    groups
}

fn group(hospital: &Hospital, name: &str) -> ObservationGroup {
    groups(hospital).into_iter().find(|group| group.name == name).unwrap()
}

fn series(hospital: &Hospital, name: &str) -> SeriesView {
    let key = group(hospital, name).key;
    hospital.station.observation_series_read(SeriesReadRequest { patient_id: "p1".to_owned(), key }).unwrap()
}

fn problems(hospital: &Hospital) -> Vec<ProblemRow> {
    let SectionContent::Problems { rows } = section(hospital, Section::Problems) else { panic!("problems") };
    rows
}

fn allergies(hospital: &Hospital) -> (AllergyBanner, Vec<AllergyRow>) {
    let SectionContent::Allergies { banner, rows } = section(hospital, Section::Allergies) else { panic!("allergies") };
    (banner, rows)
}

fn history(hospital: &Hospital, resource_type: &str, id: &str) -> HistoryView {
    let request =
        ResourceReadRequest { patient_id: "p1".to_owned(), resource_type: resource_type.to_owned(), id: id.to_owned() };
    hospital.station.resource_history_read(request).unwrap()
}

/// What the chart says was done, newest first: what, and whether it was done.
fn trail(hospital: &Hospital) -> Vec<(String, String)> {
    let SectionContent::Access { rows } = section(hospital, Section::Access) else { panic!("who looked") };
    rows.into_iter().map(|row| (row.what, row.outcome)).collect()
}

#[test]
fn a_whole_set_in_one_line_has_an_early_warning_score() {
    let hospital = at_the_chart("silva");
    let set = [
        (VitalSign::BloodPressure, "118/70", "mm[Hg]"),
        (VitalSign::HeartRate, "95", "/min"),
        (VitalSign::RespiratoryRate, "22", "/min"),
        (VitalSign::BodyTemperature, "38.2", "Cel"),
        (VitalSign::OxygenSaturation, "95", "%"),
        (VitalSign::InhaledOxygen, "2", "L/min"),
        (VitalSign::Consciousness, "V", ""),
    ];
    let entries = set.map(|(sign, value, unit)| entry(sign, value, unit)).into();
    hospital.station.vital_signs_create(vitals("p1", "p1", entries)).unwrap();
    let SectionContent::Vitals { warning: Some(score), .. } = section(&hospital, Section::Vitals) else {
        panic!("a score")
    };
    assert_eq!(score.total, Some(10), "2 + 1 + 2 + 0 + 1 + 3 + 1");
    let said: Vec<_> = score.parts.iter().map(|part| part.value.as_str()).collect();
    assert!(said.contains(&"Oxygen, 2 L/min") && said.contains(&"Responds to voice"), "what was typed: {said:?}");
}

#[test]
fn vital_signs_are_recorded_in_one_entry_and_shown_with_what_was_there() {
    let hospital = at_the_chart("silva");
    let entries = vec![
        entry(VitalSign::BloodPressure, "128/82", "mm[Hg]"),
        entry(VitalSign::HeartRate, "72", "/min"),
        entry(VitalSign::BodyTemperature, "98.6", "[degF]"),
        entry(VitalSign::OxygenSaturation, "97", "%"),
    ];
    let written = hospital.station.vital_signs_create(vitals("p1", "p1", entries)).unwrap();
    assert_eq!(written.lines[2], "Body temperature 37 °C (typed as 98.6 °F)", "what was stored is said back");
    let pressure = group(&hospital, "Blood pressure");
    assert_eq!((pressure.value.as_str(), pressure.unit.as_str()), ("128 / 82", "mmHg"), "both values");
    assert_eq!(group(&hospital, "Body temperature").value, "37", "in the one unit of the course");
    assert_eq!(group(&hospital, "Heart rate").when.text, "21-Nov-2026 10:42", "measured now");
    let writes = trail(&hospital).into_iter().filter(|(what, _)| what == "wrote in vitals").count();
    assert_eq!(writes, 1, "one act, one entry");
    assert!(hospital.station.audit_verify_unattended().unwrap().intact, "and the log is whole");
}

#[test]
fn a_value_that_cannot_be_stores_nothing_of_the_others_either() {
    let hospital = at_the_chart("silva");
    let before = groups(&hospital).len();
    let refused = |entries| hospital.station.vital_signs_create(vitals("p1", "p1", entries)).unwrap_err().code;
    let good = || entry(VitalSign::HeartRate, "72", "/min");
    let wrong = entry(VitalSign::OxygenSaturation, "970", "%");
    assert_eq!(refused(vec![good(), wrong]), ErrorCode::Invalid, "one wrong, none stored");
    assert_eq!(refused(vec![good(), good()]), ErrorCode::Invalid, "one kind twice");
    assert_eq!(refused(vec![]), ErrorCode::Invalid, "nothing at all");
    let to_come = VitalSignsCreateRequest {
        measured_at: Some("2099-01-01T00:00".to_owned()),
        ..vitals("p1", "p1", vec![good()])
    };
    assert_eq!(hospital.station.vital_signs_create(to_come).unwrap_err().code, ErrorCode::Invalid, "a time to come");
    assert_eq!(groups(&hospital).len(), before, "the chart is as it was");
}

#[test]
fn what_is_hardly_possible_is_asked_about_and_says_so_once_it_is_confirmed() {
    let hospital = at_the_chart("silva");
    let before = groups(&hospital).len();
    let fever = |confirmed| VitalSignsCreateRequest {
        confirmed,
        ..vitals(
            "p1",
            "p1",
            vec![entry(VitalSign::BodyTemperature, "98.6", "Cel"), entry(VitalSign::RespiratoryRate, "16", "/min")],
        )
    };
    let asked = hospital.station.vital_signs_create(fever(false)).unwrap_err();
    assert_eq!(asked.code, ErrorCode::Implausible, "degrees Fahrenheit as degrees Celsius");
    assert!(asked.message.contains("Body temperature: outside of 26 to 45 °C"), "which, and why: {}", asked.message);
    assert!(!asked.message.contains("98.6") && !asked.message.contains("Respiratory"), "and no value");
    assert_eq!(groups(&hospital).len(), before, "nothing of it was stored");
    hospital.station.vital_signs_create(fever(true)).unwrap();
    let id = group(&hospital, "Body temperature").id;
    let request =
        ResourceReadRequest { patient_id: "p1".to_owned(), resource_type: "Observation".to_owned(), id: id.clone() };
    let json = hospital.station.resource_read(request).unwrap().json;
    assert!(json.contains("Confirmed when it was recorded: outside of 26 to 45"), "it says so: {json}");

    let correct = |confirmed| VitalSignCorrectRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        id: id.clone(),
        version: 1,
        replacement: Some(entry(VitalSign::BodyTemperature, "3.7", "Cel")),
        confirmed,
        reason: String::new(),
    };
    let asked = hospital.station.vital_sign_correct(correct(false)).unwrap_err();
    assert_eq!(asked.code, ErrorCode::Implausible, "what stands in its place is asked about too");
    hospital.station.vital_sign_correct(correct(true)).unwrap();
}

#[test]
fn a_correction_keeps_the_wrong_value_in_sight_and_links_the_right_one() {
    let hospital = at_the_chart("silva");
    pulse(&hospital, "27");
    let wrong = series(&hospital, "Heart rate").points[0].clone();
    let correct = |version, replacement| VitalSignCorrectRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        id: wrong.id.clone(),
        version,
        replacement,
        confirmed: false,
        reason: "digits swapped".to_owned(),
    };
    let other = correct(wrong.version, Some(entry(VitalSign::RespiratoryRate, "16", "/min")));
    assert_eq!(hospital.station.vital_sign_correct(other).unwrap_err().code, ErrorCode::Invalid, "another kind");
    hospital.clock.pass(Duration::from_secs(600));
    let right = correct(wrong.version, Some(entry(VitalSign::HeartRate, "72", "/min")));
    hospital.station.vital_sign_correct(right).unwrap();

    let course = series(&hospital, "Heart rate");
    let seen: Vec<_> = course
        .points
        .iter()
        .map(|point| (point.text.as_str(), point.status.as_str(), point.replacement.as_str()))
        .collect();
    assert!(seen.contains(&("27", "entered-in-error", "72")), "the mistake says what stands in its place: {seen:?}");
    assert!(seen.contains(&("72", "final", "")), "and that stands: {seen:?}");
    assert_eq!(course.points[0].when.iso, course.points[1].when.iso, "of the same moment");
    let latest = group(&hospital, "Heart rate");
    assert_eq!((latest.value.as_str(), latest.trend.len()), ("72", 1), "the mistake is no value of the course");
    let late = correct(wrong.version, None);
    assert_eq!(hospital.station.vital_sign_correct(late).unwrap_err().code, ErrorCode::VersionConflict, "not twice");
}

#[test]
fn a_write_about_another_patient_than_the_one_on_the_screen_is_refused_and_on_record() {
    let hospital = at_the_chart("okafor");
    hospital.station.chart_read(ChartReadRequest { patient_id: "p2".to_owned() }).unwrap();
    let asked = |patient, chart| {
        let entries = vec![entry(VitalSign::HeartRate, "72", "/min")];
        hospital.station.vital_signs_create(vitals(patient, chart, entries)).map(drop).map_err(|refused| refused.code)
    };
    assert_eq!(asked("p2", "p1"), Err(ErrorCode::OtherPatient), "p1 stands on the screen");
    assert_eq!(asked("p1", "p2"), Err(ErrorCode::OtherPatient), "whatever the page says now");
    assert_eq!(asked("p2", "p2"), Err(ErrorCode::OtherPatient), "a claim of the page alone does not do");
    let (wrong, right) = (trail(&hospital), asked("p1", "p1"));
    let refusals = wrong.iter().filter(|(what, outcome)| what == "wrote in vitals" && outcome == "refused").count();
    assert_eq!((refusals, right), (1, Ok(())), "that about p1 is on p1's record, and what is meant is written");
    hospital.station.chart_show(ChartShowRequest { patient_id: None }).unwrap();
    assert_eq!(asked("p1", "p1"), Err(ErrorCode::OtherPatient), "nothing is written from a page without a chart");
    let never = hospital.station.chart_show(ChartShowRequest { patient_id: Some("p3".to_owned()) });
    assert_eq!(never.unwrap_err().code, ErrorCode::NotFound, "a chart that was not opened is not on the screen");
}

#[test]
fn nothing_is_written_over_a_lock_and_the_chart_has_to_be_opened_again_after_it() {
    let hospital = at_the_chart("okafor");
    let problem = || ConditionCreateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        text: "Eczema".to_owned(),
        onset: String::new(),
        note: String::new(),
        code: None,
    };
    let before = problems(&hospital).len();
    hospital.station.session_lock().unwrap();
    assert_eq!(
        hospital.station.condition_create(problem()).unwrap_err().code,
        ErrorCode::Locked,
        "the screen is locked"
    );
    hospital.station.session_unlock(SessionUnlockRequest { password: PASSWORD.to_owned(), proof: None }).unwrap();
    let refused = hospital.station.condition_create(problem()).unwrap_err();
    assert_eq!(refused.code, ErrorCode::OtherPatient, "no chart stands on the screen before it is drawn again");
    show(&hospital, "p1");
    hospital.station.condition_create(problem()).unwrap();
    assert_eq!(problems(&hospital).len(), before + 1, "stored once");
    hospital.clock.pass(Duration::from_secs(3_600));
    assert_eq!(hospital.station.condition_create(problem()).unwrap_err().code, ErrorCode::Locked, "idle for too long");
}

#[test]
fn a_problem_is_added_resolved_and_shown_with_its_history_and_an_earlier_version_comes_back() {
    let hospital = at_the_chart("okafor");
    let create = ConditionCreateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        text: "Eczema".to_owned(),
        onset: "2019-05".to_owned(),
        note: "both hands".to_owned(),
        code: None,
    };
    hospital.station.condition_create(create).unwrap();
    let eczema = || problems(&hospital).into_iter().find(|row| row.name == "Eczema").unwrap();
    let row = eczema();
    assert_eq!((row.active, row.code.as_str(), row.onset.text.as_str()), (true, "", "May-2019"), "active, uncoded");
    let change = |row: &ProblemRow, change| ConditionUpdateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        id: row.id.clone(),
        version: row.version,
        change,
        text: String::new(),
        day: String::new(),
        code: None,
    };
    hospital.station.condition_update(change(&row, EntryChange::Resolve)).unwrap();
    let resolved = eczema();
    assert_eq!(
        (resolved.active, resolved.version, resolved.abatement.text.as_str()),
        (false, 2, "21-Nov-2026"),
        "over"
    );
    let late = hospital.station.condition_update(change(&row, EntryChange::Refute)).unwrap_err();
    assert_eq!(late.code, ErrorCode::VersionConflict, "what was read before that is out of date");

    let told = history(&hospital, "Condition", &row.id);
    assert_eq!(told.versions.iter().map(|version| version.version).collect::<Vec<_>>(), [2, 1], "newest first");
    assert_eq!((told.versions[0].who.as_str(), told.versions[0].role.as_str()), ("Dr OKAFOR", "physician"), "by whom");
    assert_eq!(told.versions[0].at, "21-Nov-2026 10:42", "when");
    let ended = told.versions[0].changes.iter().find(|one| one.element == "abatementDateTime").unwrap();
    assert_eq!((ended.before.as_str(), ended.after.as_str()), ("", "2026-11-21"), "and what");
    assert!(told.versions[1].changes.is_empty(), "the first has none before it");

    let restore = |version, restore| ResourceRestoreRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        resource_type: "Condition".to_owned(),
        id: row.id.clone(),
        version,
        restore,
        section: None,
    };
    for (version, wanted) in [(2, 2), (2, 9)] {
        let refused = hospital.station.resource_restore(restore(version, wanted)).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Invalid, "version {wanted} is no earlier one");
    }
    assert_eq!(
        hospital.station.resource_restore(restore(1, 1)).unwrap_err().code,
        ErrorCode::VersionConflict,
        "nobody restores over what they have not read"
    );
    hospital.station.resource_restore(restore(2, 1)).unwrap();
    let again = eczema();
    assert_eq!((again.active, again.version), (true, 3), "the first state, as a new version");
    assert_eq!(history(&hospital, "Condition", &row.id).versions.len(), 3, "and nothing of the history is lost");
}

#[test]
fn the_four_allergy_states_follow_what_is_written() {
    let hospital = at_the_chart("moreau");
    let (state, rows) = allergies(&hospital);
    assert!(matches!(state, AllergyBanner::Known { .. }), "one came with the import");
    let refused = hospital.station.no_known_allergy_create(none_known()).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid, "nobody says that there is none while there is one");
    hospital.station.allergy_intolerance_update(allergy(&rows[0], EntryChange::Refute)).unwrap();
    assert!(allergies(&hospital).0 == AllergyBanner::NotRecorded, "refuted: it says nothing");
    hospital.station.no_known_allergy_create(none_known()).unwrap();
    assert!(allergies(&hospital).0 == AllergyBanner::NoKnown, "somebody asked");
    assert_eq!(hospital.station.no_known_allergy_create(none_known()).unwrap_err().code, ErrorCode::Invalid, "once");

    let written = hospital.station.allergy_intolerance_create(penicillin("latex")).unwrap();
    assert_eq!(written.lines.len(), 2, "the allergy, and the end of the statement: {:?}", written.lines);
    let (state, rows) = allergies(&hospital);
    assert!(state == AllergyBanner::Known { items: vec!["latex".to_owned()] }, "known");
    let latex = rows.iter().find(|row| row.agent == "latex").unwrap();
    assert_eq!((latex.code.as_str(), latex.criticality.as_str()), ("", "high"), "uncoded, in words");
    hospital.station.allergy_intolerance_update(allergy(latex, EntryChange::EnterInError)).unwrap();
    let (state, rows) = allergies(&hospital);
    assert!(state == AllergyBanner::NotRecorded, "a mistake does not bring back that there is none");
    assert!(rows.iter().any(|row| row.verification_status == "entered-in-error"), "and stays in sight");
}

#[test]
fn each_role_writes_what_is_its_own_and_the_chart_says_so() {
    let hospital = at_the_chart("okafor");
    let written = |who: &str| {
        hospital.sign_in(who);
        let chart = hospital.station.chart_read(ChartReadRequest { patient_id: "p1".to_owned() }).unwrap();
        hospital.station.chart_show(ChartShowRequest { patient_id: Some("p1".to_owned()) }).unwrap();
        chart.written
    };
    use Section::{
        Allergies, Amendments, CarePlans, CareTeam, Devices, Documents, Encounters, FamilyHistory, Flags,
        Immunizations, Medications, Problems, Procedures, SocialHistory, Vitals,
    };
    let physician = [
        Problems,
        Allergies,
        Medications,
        Vitals,
        Immunizations,
        Encounters,
        Procedures,
        Documents,
        CarePlans,
        CareTeam,
        FamilyHistory,
        SocialHistory,
        Devices,
        Flags,
        Amendments,
    ];
    assert_eq!(written("okafor"), physician, "a physician");
    let nurse = [
        Allergies,
        Medications,
        Vitals,
        Immunizations,
        Encounters,
        Documents,
        CarePlans,
        CareTeam,
        FamilyHistory,
        SocialHistory,
        Flags,
        Amendments,
    ];
    assert_eq!(written("silva"), nurse, "a nurse");
    assert_eq!(written("moreau"), [Allergies, Medications, Immunizations, Documents], "a pharmacist");
    assert_eq!(written("lund"), [Encounters, Amendments], "the front desk");
    let refused = hospital.station.allergy_intolerance_create(penicillin("latex")).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Forbidden, "and the core says no");
}

#[test]
fn what_a_laboratory_sent_is_not_corrected_as_a_vital_sign() {
    let hospital = at_the_chart("okafor");
    hospital.sign_in("admin");
    let potassium = serde_json::json!({ "resourceType": "Observation", "id": "k1", "status": "final", "subject": { "reference": "Patient/p1" },
        "category": [{ "coding": [{ "code": "laboratory" }] }], "code": { "text": "Potassium" }, "valueQuantity": { "value": 4.1, "unit": "mmol/L" } });
    hospital.import(&potassium.to_string());
    hospital.sign_in("silva");
    show(&hospital, "p1");
    let request = VitalSignCorrectRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        id: "k1".to_owned(),
        version: 1,
        replacement: None,
        confirmed: false,
        reason: String::new(),
    };
    assert_eq!(
        hospital.station.vital_sign_correct(request).unwrap_err().code,
        ErrorCode::Invalid,
        "it is no vital sign"
    );
}
