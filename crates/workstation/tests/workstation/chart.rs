//! Finding and reading, and the trail that it leaves.

use vigil_model::Section;
use vigil_workstation::ErrorCode;
use vigil_workstation::view::{
    AllergyBanner, ChartReadRequest, ResourceReadRequest, SectionContent, SectionReadRequest, SectionView,
};

use crate::hospital::Hospital;

#[test]
fn a_physician_finds_a_patient_and_reads_the_chart() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    assert_eq!(hospital.search("jane smithson")[0], "SMITHSON, Jane (Ms)", "by name in any order, the best first");
    assert_eq!(hospital.search("smihtson")[0], "SMITHSON, Jane (Ms)", "with a slip");
    let chart = hospital.station.chart_read(chart("p1")).unwrap();
    assert_eq!(chart.banner.name, "SMITHSON, Jane (Ms)", "the banner says whose it is");
    assert_eq!(chart.banner.birth_date, "14-Jul-1945", "born when");
    assert_eq!(chart.banner.age, "81y", "how old");
    assert_eq!(chart.banner.mrn, "004217", "under which number");
    assert!(!chart.banner.look_alikes.is_empty(), "and whom not to take her for");
    let AllergyBanner::Known { items } = chart.banner.allergies else { panic!("the allergy is known") };
    assert_eq!(items.len(), 1, "one allergy");
    assert!(items[0].contains("penicillin"), "its agent is named");
    let SectionContent::Problems { rows } = read(&hospital, "p1", Section::Problems).unwrap().content else { panic!() };
    assert_eq!(rows[0].name, "asthma", "the problem list is hers");
}

#[test]
fn every_look_is_on_record_and_the_chart_shows_who_looked() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    hospital.search("smithson");
    hospital.station.chart_read(chart("p1")).unwrap();
    read(&hospital, "p1", Section::Allergies).unwrap();
    let SectionContent::Access { rows } = read(&hospital, "p1", Section::Access).unwrap().content else { panic!() };
    let seen: Vec<&str> = rows.iter().filter(|row| row.who == "Dr OKAFOR").map(|row| row.what.as_str()).collect();
    assert_eq!(seen, ["read allergies", "opened the chart", "saw the name in a list"], "newest first, each once");
    assert!(hospital.station.audit_verify_unattended().unwrap().intact, "and the log is whole");
}

#[test]
fn a_restricted_chart_is_listed_and_stays_closed() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    assert_eq!(hospital.search("hidden"), ["HIDDEN, Harold"], "that the patient exists is known");
    assert_eq!(
        hospital.station.chart_read(chart("p3")).err().unwrap().code,
        ErrorCode::Restricted,
        "the chart is shut"
    );
    assert_eq!(read(&hospital, "p3", Section::Problems).err().unwrap().code, ErrorCode::Restricted, "so is each page");
}

#[test]
fn a_role_reads_its_sections_and_is_told_what_is_hidden() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("lund");
    let chart = hospital.station.chart_read(chart("p1")).unwrap();
    assert!(matches!(chart.banner.allergies, AllergyBanner::Hidden), "the front desk reads no allergies");
    assert!(chart.hidden.contains(&"problems".to_owned()), "and is told that there is more");
    assert_eq!(
        read(&hospital, "p1", Section::Problems).err().unwrap().code,
        ErrorCode::Forbidden,
        "asking does not help"
    );
}

#[test]
fn an_entry_of_another_patient_is_not_reached_through_this_one() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let request =
        ResourceReadRequest { patient_id: "p2".to_owned(), resource_type: "Condition".to_owned(), id: "c1".to_owned() };
    assert_eq!(hospital.station.resource_read(request).err().unwrap().code, ErrorCode::NotFound, "c1 is p1's");
}

#[test]
fn importing_the_same_file_twice_changes_nothing() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    let bundle = std::fs::read_to_string(hospital.folder.path().join("bundle.json")).unwrap();
    let report = hospital.import(&bundle);
    let changed: u32 = report.types.iter().map(|count| count.created + count.updated).sum();
    let unchanged: u32 = report.types.iter().map(|count| count.unchanged).sum();
    assert_eq!((changed, unchanged), (0, 8), "eight resources, the same as before");
}

fn chart(patient: &str) -> ChartReadRequest {
    ChartReadRequest { patient_id: patient.to_owned() }
}

fn read(hospital: &Hospital, patient: &str, section: Section) -> Result<SectionView, vigil_workstation::AppError> {
    hospital.station.section_read(SectionReadRequest { patient_id: patient.to_owned(), section })
}
