//! Patient flags in the banner: who sets them, who sees which, and that none is missing without a word.

use vigil_model::Section;
use vigil_workstation::view::{
    ChartReadRequest, ChartShowRequest, EntryCreateRequest, EntryKind, EntryStep, EntryUpdateRequest, FlagItem,
    FlagKind, FlagSign, FlagsBanner, ResourceReadRequest, SectionContent, SectionReadRequest,
};
use vigil_workstation::{AppError, ErrorCode, Role};

use crate::hospital::{Hospital, new_user};

/// A hospital with a nurse and a clerk who bills; nobody is signed in.
fn hospital() -> Hospital {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    for (name, role) in [("silva", Role::Nurse), ("brand", Role::Billing)] {
        hospital.station.user_create(new_user(name, role)).unwrap();
    }
    hospital.sign_out();
    hospital
}

/// The banner of p1 as `who` sees it, with the chart on the screen.
fn banner(hospital: &Hospital, who: &str) -> FlagsBanner {
    hospital.sign_in(who);
    let chart = hospital.station.chart_read(ChartReadRequest { patient_id: "p1".to_owned() }).unwrap();
    hospital.station.chart_show(ChartShowRequest { patient_id: Some("p1".to_owned()) }).unwrap();
    chart.banner.flags
}

fn set(hospital: &Hospital, flag: FlagKind, text: &str) -> Result<Vec<String>, AppError> {
    let request = EntryCreateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        kind: EntryKind::Flag,
        text: text.to_owned(),
        day: String::new(),
        detail: String::new(),
        relative: None,
        flag: Some(flag),
        class: None,
        social: None,
        member: None,
        udi: None,
        note: "two people".to_owned(),
        code: None,
    };
    hospital.station.entry_create(request).map(|written| written.lines)
}

fn read(items: &[(FlagSign, &str)], hidden: u32) -> FlagsBanner {
    let item = |(sign, text): &(FlagSign, &str)| FlagItem { sign: *sign, text: (*text).to_owned() };
    FlagsBanner::Read { items: items.iter().map(item).collect(), hidden, unread: 0 }
}

/// Title, detail, id and version of each row of the page.
fn rows(hospital: &Hospital) -> Vec<(String, String, String, u32)> {
    let request = SectionReadRequest { patient_id: "p1".to_owned(), section: Section::Flags };
    let SectionContent::Flags { rows } = hospital.station.section_read(request).unwrap().content else {
        panic!("the page of flags")
    };
    rows.into_iter().map(|row| (row.title, row.detail, row.id, row.version)).collect()
}

#[test]
fn a_flag_stands_in_the_banner_until_it_ends_and_the_front_desk_sees_what_protects() {
    let hospital = hospital();
    assert_eq!(banner(&hospital, "silva"), read(&[], 0), "none was set");
    assert_eq!(set(&hospital, FlagKind::FallRisk, "").unwrap(), ["Fall risk"]);
    set(&hospital, FlagKind::AirborneIsolation, "").unwrap();
    set(&hospital, FlagKind::CodeStatus, "Do not resuscitate").unwrap();
    let (fall, air) = ((FlagSign::Safety, "Fall risk"), (FlagSign::Contact, "Airborne isolation"));
    let code = (FlagSign::AdvanceDirective, "Do not resuscitate");
    assert_eq!(
        banner(&hospital, "okafor"),
        read(&[code, air, fall], 0),
        "who treats sees all, the most pressing first"
    );
    assert_eq!(
        banner(&hospital, "lund"),
        read(&[air, fall], 1),
        "the front desk what protects, and that there is more"
    );
    assert_eq!(banner(&hospital, "brand"), FlagsBanner::Hidden, "and who bills none");

    banner(&hospital, "silva");
    let (_, detail, id, version) = rows(&hospital).into_iter().find(|row| row.0 == "Fall risk").unwrap();
    assert_eq!(detail, "Safety, by Dr SILVA, two people", "by whom, and what was noted");
    let request = EntryUpdateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        kind: EntryKind::Flag,
        id,
        version,
        step: EntryStep::End,
        edit: None,
        text: "walks alone again".to_owned(),
    };
    hospital.station.entry_update(request).unwrap();
    assert_eq!(banner(&hospital, "silva"), read(&[code, air], 0), "what is over stands no more");
}

#[test]
fn the_front_desk_sets_no_flag_and_reads_no_words_that_are_clinical() {
    let hospital = hospital();
    banner(&hospital, "silva");
    set(&hospital, FlagKind::CodeStatus, "Do not resuscitate").unwrap();
    banner(&hospital, "lund");
    assert_eq!(set(&hospital, FlagKind::FallRisk, "").unwrap_err().code, ErrorCode::Forbidden, "it is not theirs");
    let (title, detail, id, _) = rows(&hospital).remove(0);
    assert_eq!(
        (title.as_str(), detail.as_str()),
        ("Hidden from your role", "by Dr SILVA"),
        "that there is one, and whose"
    );
    let resource_type = "Flag".to_owned();
    let request = ResourceReadRequest { patient_id: "p1".to_owned(), resource_type, id };
    let stored = hospital.station.resource_read(request).unwrap().json;
    assert!(!stored.contains("resuscitate") && !stored.contains("two people"), "nor as it is stored: {stored}");
}

#[test]
fn an_imported_flag_stands_in_the_banner_the_same_way() {
    let hospital = hospital();
    hospital.sign_in("admin");
    let flag = |id: &str, status: &str, code: &str| {
        serde_json::json!({ "resourceType": "Flag", "id": id, "status": status, "subject": { "reference": "Patient/p1" },
            "category": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/flag-category", "code": code }] }],
            "code": { "coding": [{ "display": format!("Sent as {code}") }] } })
    };
    hospital.import(&flag("one", "active", "contact").to_string());
    hospital.import(&flag("two", "entered-in-error", "safety").to_string());
    assert_eq!(
        banner(&hospital, "silva"),
        read(&[(FlagSign::Contact, "Sent as contact")], 0),
        "and a mistake does not"
    );
}
