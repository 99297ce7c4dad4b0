//! The ranges of this hospital: imported, refused, altered, and what values are held against.

use std::path::PathBuf;

use vigil_model::Section;
use vigil_workstation::view::{
    ChartReadRequest, ChartShowRequest, Flag, ObservationGroup, RangesState, SectionContent, SectionReadRequest,
    VitalSign, VitalSignEntry, VitalSignsCreateRequest,
};
use vigil_workstation::{AppError, ErrorCode};

use crate::hospital::Hospital;

const HEADER: &str = "loinc,unit,sex,age_from,age_to,possible_low,possible_high,reference_low,reference_high,critical_low,critical_high,source\n";

fn file(hospital: &Hospital, rows: &str) -> PathBuf {
    let file = hospital.folder.path().join("ranges.csv");
    std::fs::write(&file, format!("{HEADER}{rows}")).unwrap();
    file
}

fn pulse(hospital: &Hospital, value: &str, confirmed: bool) -> Result<(), AppError> {
    let entry = VitalSignEntry { sign: VitalSign::HeartRate, value: value.to_owned(), unit: "/min".to_owned() };
    let request = VitalSignsCreateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        measured_at: None,
        entries: vec![entry],
        confirmed,
    };
    hospital.station.vital_signs_create(request).map(drop)
}

fn vitals(hospital: &Hospital) -> (Vec<ObservationGroup>, String) {
    let request = SectionReadRequest { patient_id: "p1".to_owned(), section: Section::Vitals };
    match hospital.station.section_read(request).unwrap().content {
        SectionContent::Vitals { groups, unloaded, .. } => (groups, unloaded),
        _ => panic!("another page"),
    }
}

fn at_the_chart(hospital: &Hospital) {
    hospital.sign_in("okafor");
    hospital.station.chart_read(ChartReadRequest { patient_id: "p1".to_owned() }).unwrap();
    hospital.station.chart_show(ChartShowRequest { patient_id: Some("p1".to_owned()) }).unwrap();
}

#[test]
fn values_are_held_against_what_was_imported_and_asked_about_by_it() {
    let hospital = Hospital::with_patients();
    at_the_chart(&hospital);
    pulse(&hospital, "150", false).unwrap();
    let (groups, unloaded) = vitals(&hospital);
    assert!(unloaded.contains("No ranges of this hospital are loaded"), "where it matters it is said: {unloaded}");
    assert!(groups.iter().all(|group| group.flag == Flag::None), "and nothing is guessed");
    let rows = "8867-4,/min,,18 a,,25,170,60,100,40,140,Ward standard 7\n";
    let denied = hospital.station.ranges_import(&file(&hospital, rows), &mut |_| true).unwrap_err();
    assert_eq!(denied.code, ErrorCode::Forbidden, "an administrator imports them");
    hospital.sign_out();

    hospital.sign_in("admin");
    let imported = hospital.station.ranges_import(&file(&hospital, rows), &mut |_| true).unwrap();
    assert_eq!((imported.state, imported.rows), (RangesState::Loaded, 1));
    hospital.sign_out();

    at_the_chart(&hospital);
    let (groups, unloaded) = vitals(&hospital);
    let group = groups.iter().find(|group| group.code == "8867-4 LOINC").unwrap();
    assert_eq!((unloaded.as_str(), group.flag, group.range.as_str()), ("", Flag::CriticalHigh, "60 to 100"));
    let doubted = pulse(&hospital, "180", false).unwrap_err();
    assert!(
        doubted.code == ErrorCode::Implausible && doubted.message.contains("Ward standard 7"),
        "{}",
        doubted.message
    );
    pulse(&hospital, "180", true).unwrap();
    pulse(&hospital, "80", false).unwrap();
}

#[test]
fn a_bad_file_changes_nothing_and_an_altered_one_is_not_used() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    let good = file(&hospital, "8867-4,/min,,,,25,170,60,100,40,140,Ward standard 7\n");
    hospital.station.ranges_import(&good, &mut |_| true).unwrap();
    let bad = file(&hospital, "8867-4,/min,,,,25,170,60,100,40,140,x\n8867-5,/min,,,,25,170,,,,,x\n");
    let refused = hospital.station.ranges_import(&bad, &mut |_| true).unwrap_err();
    assert!(refused.code == ErrorCode::Invalid && refused.message.contains("line 3"), "{}", refused.message);
    let before = hospital.station.ranges_read().unwrap();
    // Good once more, and other than what is loaded: what stops it is the user alone.
    let good = file(&hospital, "8867-4,/min,,,,25,170,60,100,40,150,x\n9279-1,/min,,,,4,60,12,20,,,x\n");
    let stopped = hospital.station.ranges_import(&good, &mut |_| false).unwrap_err();
    assert!(stopped.code == ErrorCode::Invalid && stopped.message.contains("stopped"), "{}", stopped.message);
    let after = hospital.station.ranges_read().unwrap();
    assert_eq!(after.state, RangesState::Loaded, "those before are still there");
    assert_eq!((after.rows, after.words), (before.rows, before.words), "and nothing of the other file");

    let folder = hospital.folder.path().join("data").join("ranges");
    let kept = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(&kept).unwrap();
    std::fs::write(&kept, text.replace("140", "190")).unwrap();
    let view = hospital.station.ranges_read().unwrap();
    assert_eq!(view.state, RangesState::Refused, "{}", view.words);
    assert!(view.words.contains("altered"), "and why: {}", view.words);
    hospital.sign_out();
    at_the_chart(&hospital);
    pulse(&hospital, "150", false).unwrap();
    let (groups, unloaded) = vitals(&hospital);
    assert!(unloaded.contains("altered") && groups.iter().all(|group| group.flag == Flag::None), "{unloaded}");
    std::fs::remove_file(&kept).unwrap();
    assert!(vitals(&hospital).1.contains("gone"), "nor one that is gone");
}
