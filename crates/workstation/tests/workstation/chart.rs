//! Finding and reading, and the trail that it leaves.

use vigil_model::Section;
use vigil_workstation::ErrorCode;
use vigil_workstation::view::{
    AllergyBanner, ChartReadRequest, ChartSearchRequest, ResourceReadRequest, SectionContent, SectionReadRequest,
    SectionRestReadRequest, SectionView, SessionUnlockRequest,
};

use crate::hospital::{Hospital, PASSWORD};

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
fn a_search_in_a_chart_finds_what_the_role_reads_and_is_on_record() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let search = |patient: &str, text: &str| {
        hospital.station.chart_search(ChartSearchRequest { patient_id: patient.to_owned(), text: text.to_owned() })
    };
    let found = search("p1", "last asth").unwrap();
    assert_eq!((found.hits[0].name.as_str(), found.hits[0].section, found.total), ("asthma", Section::Problems, 1));
    assert_eq!(search("p1", "penicillin").unwrap().hits[0].section, Section::Allergies, "an allergy too");
    assert_eq!(search("p2", "asthma").unwrap().total, 0, "of the chart that is named and of no other");
    assert_eq!(search("p3", "asthma").err().unwrap().code, ErrorCode::Restricted, "a shut chart is not searched");
    let SectionContent::Access { rows } = read(&hospital, "p1", Section::Access).unwrap().content else { panic!() };
    let looks = rows.iter().filter(|row| row.who == "Dr OKAFOR" && row.what == "read summary").count();
    assert_eq!(looks, 2, "each search is a look at the first page");
    hospital.sign_out();
    hospital.sign_in("lund");
    assert_eq!(search("p1", "asthma").err().unwrap().code, ErrorCode::Forbidden, "the front desk reads no problems");
}

#[test]
fn a_long_section_comes_in_two_parts_with_one_entry_and_the_second_is_gone_with_the_lock() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    let visits: Vec<_> = (0..250).map(visit).collect();
    hospital
        .import(&serde_json::json!({ "resourceType": "Bundle", "type": "collection", "entry": visits }).to_string());
    hospital.sign_in("okafor");
    let rest = |patient: &str, section| {
        let asked =
            hospital.station.section_rest_read(SectionRestReadRequest { patient_id: patient.to_owned(), section });
        asked.map(|rest| ids(&rest.content)).map_err(|refused| refused.code)
    };
    let first = read(&hospital, "p1", Section::Encounters).unwrap();
    assert_eq!(
        (ids(&first.content).len(), first.left),
        (100, 150),
        "what fits on a screen, and how many more there are"
    );
    assert_eq!(rest("p2", Section::Encounters), Err(ErrorCode::NotFound), "nothing of it for another patient");
    assert_eq!(rest("p1", Section::Timeline), Err(ErrorCode::NotFound), "nor for another page");
    let mut all = ids(&first.content);
    all.extend(rest("p1", Section::Encounters).unwrap());
    let newest_first: Vec<String> = (0..250).rev().map(|number| format!("v{number:03}")).collect();
    assert_eq!(all, newest_first, "together the whole list in its order");
    assert_eq!(rest("p1", Section::Encounters), Err(ErrorCode::NotFound), "it is given once");
    let SectionContent::Access { rows } = read(&hospital, "p1", Section::Access).unwrap().content else { panic!() };
    let reads = rows.iter().filter(|row| row.what == "read encounters").count();
    assert_eq!(reads, 1, "one read, one entry");

    read(&hospital, "p1", Section::Encounters).unwrap();
    hospital.station.session_lock().unwrap();
    assert_eq!(rest("p1", Section::Encounters), Err(ErrorCode::Locked), "not while it is locked");
    hospital.station.session_unlock(SessionUnlockRequest { password: PASSWORD.to_owned(), proof: None }).unwrap();
    assert_eq!(rest("p1", Section::Encounters), Err(ErrorCode::NotFound), "and not afterwards: the lock dropped it");
}

fn visit(number: u32) -> serde_json::Value {
    let start = format!("20{:02}-{:02}-{:02}T10:00:00Z", number / 100 + 10, number % 100 / 9 + 1, number % 100 % 9 + 1);
    serde_json::json!({ "resource": {
        "resourceType": "Encounter", "id": format!("v{number:03}"), "status": "finished", "class": { "code": "AMB" },
        "subject": { "reference": "Patient/p1" }, "period": { "start": start },
    } })
}

fn ids(content: &SectionContent) -> Vec<String> {
    let SectionContent::Encounters { rows, .. } = content else { panic!("these are no encounters") };
    rows.iter().map(|row| row.id.clone()).collect()
}

#[test]
fn a_chart_counts_what_its_tabs_hold() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let chart = hospital.station.chart_read(chart("p1")).unwrap();
    let count = |section| chart.tabs.iter().find(|tab| tab.section == section).unwrap().count;
    for section in [Section::Vitals, Section::Results, Section::Documents] {
        assert_eq!(count(section), Some(0), "{section:?} is counted like the others");
    }
    assert_eq!((count(Section::Problems), count(Section::Summary)), (Some(1), None), "a page that is no list is not");
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
fn the_front_desk_reads_when_a_visit_was_and_not_what_for_in_the_list_and_as_stored() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    let visit = serde_json::json!({
        "resourceType": "Encounter", "id": "v", "status": "finished", "class": { "code": "AMB" },
        "subject": { "reference": "Patient/p1" }, "period": { "start": "2026-11-21T10:00:00Z" },
        "reasonCode": [{ "text": "what for" }], "text": { "status": "generated", "div": "<div>in words</div>" },
        "length": { "value": 7.20 }, "meta": { "versionId": "3" },
    });
    let entry = serde_json::json!([{ "resource": visit }]);
    hospital.import(&serde_json::json!({ "resourceType": "Bundle", "type": "collection", "entry": entry }).to_string());
    let seen = |who: &str| {
        hospital.sign_in(who);
        let listed = read(&hospital, "p1", Section::Encounters).unwrap();
        let SectionContent::Encounters { rows, .. } = listed.content else { panic!("it is a list of visits") };
        let row = rows.into_iter().find(|row| row.id == "v").unwrap();
        let stored = hospital.station.resource_read(ResourceReadRequest {
            patient_id: "p1".to_owned(),
            resource_type: "Encounter".to_owned(),
            id: "v".to_owned(),
        });
        (row, listed.closed, stored.unwrap())
    };
    let (row, closed, stored) = seen("lund");
    assert!(row.start.text.starts_with("21-Nov-2026"), "when it was");
    assert_eq!(row.reason, "", "not what for");
    assert_eq!(closed, ["reasons, diagnoses and services", "notes"], "and that there is more");
    assert_eq!(stored.closed, closed, "as stored too");
    assert!(!stored.json.contains("what for") && !stored.json.contains("in words"), "{}", stored.json);
    assert!(stored.json.contains("\"start\"") && stored.json.contains("7.2"), "the rest is there: {}", stored.json);
    let (row, closed, stored) = seen("okafor");
    assert_eq!(
        (row.reason.as_str(), closed.len(), stored.closed.len()),
        ("what for", 0, 0),
        "who treats sees all of it"
    );
    assert!(stored.json.contains("in words"), "{}", stored.json);
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
