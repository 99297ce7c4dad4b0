//! A Continuity of Care Document, R2.1: every section that becomes entries.

use serde_json::{Value, json};
use vigil_ccda::{Block, Style};
use vigil_model::Section;

use crate::{SUMMARY, document, entries, entry, stored};

#[test]
fn the_header_says_who_what_and_when() {
    let header = document(SUMMARY).header;
    assert_eq!(header.id, "urn:oid:2.16.840.1.113883.19.5.99999.1#LAKESIDE-4711", "which document");
    assert_eq!(
        (header.title.as_str(), header.written.as_str()),
        ("Summary of care, Lakeside Clinic", "2026-09-15T10:30:00-04:00"),
        "what and when"
    );
    assert_eq!(
        (header.authors, header.custodian.as_str()),
        (vec!["Dr Ruth Calder".to_owned()], "Lakeside Clinic"),
        "by whom"
    );
    let patient = header.patient;
    assert_eq!(
        patient.names[0],
        ("Waldstein".to_owned(), vec!["Ana".to_owned(), "Maria".to_owned()]),
        "the legal name first"
    );
    assert_eq!(patient.names[1].0, "Sorensen", "and the other");
    assert_eq!((patient.born.as_str(), patient.sex.as_str()), ("1961-02-03", "female"), "born and sex");
    assert_eq!(patient.ids[1].system, "http://hl7.org/fhir/sid/us-ssn", "a system that FHIR has a name for");
}

#[test]
fn every_kind_of_entry_becomes_a_resource_on_its_page() {
    let document = document(SUMMARY);
    let found: Vec<(Section, &str, &str)> = entries(&document)
        .iter()
        .map(|entry| (entry.section, entry.resource["resourceType"].as_str().unwrap(), entry.title.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (Section::Allergies, "AllergyIntolerance", "Penicillin G"),
            (Section::Problems, "Condition", "Pneumonia"),
            (Section::Problems, "Condition", "Type 2 diabetes1, HbA1c known"),
            (Section::Medications, "MedicationStatement", "Metformin 500 mg tablet"),
            (Section::Immunizations, "Immunization", "influenza, injectable, quadrivalent, preservative free"),
            (Section::Immunizations, "Immunization", "pneumococcal polysaccharide PPV23"),
            (Section::Procedures, "Procedure", "Colonoscopy, 12 May 2019"),
            (Section::Results, "DiagnosticReport", "CBC W Auto Differential panel - Blood"),
            (Section::Vitals, "Observation", "Heart rate"),
            (Section::Vitals, "Observation", "Blood pressure"),
            (Section::SocialHistory, "Observation", "Tobacco smoking status NHIS"),
            (Section::Encounters, "Encounter", "Office outpatient visit 15 minutes"),
            (Section::Problems, "Condition", "Hypertension"),
            (Section::FamilyHistory, "FamilyMemberHistory", "Father"),
            (Section::Devices, "Device", "Patellofemoral component, left knee"),
            (Section::Results, "Observation", "Functional status"),
            (Section::CarePlans, "Goal", "Body weight: 78 kg"),
        ],
        "in the order of the document"
    );
}

#[test]
fn an_allergy_has_its_agent_reaction_and_danger() {
    let document = document(SUMMARY);
    let allergy = &entry(&document, "Penicillin G").resource;
    assert_eq!(
        allergy["code"],
        json!({ "coding": [{ "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "7980", "display": "penicillin G" }], "text": "Penicillin G" }),
        "coded, in the words of the narrative"
    );
    assert_eq!(
        (&allergy["onsetDateTime"], &allergy["criticality"], &allergy["category"]),
        (&json!("2008"), &json!("high"), &json!(["medication"])),
        "a year is a year"
    );
    assert_eq!(allergy["reaction"][0]["severity"], "moderate", "the severity of the reaction");
    assert_eq!(allergy["reaction"][0]["manifestation"][0]["text"], "Hives", "in words");
    assert_eq!(
        (&allergy["recordedDate"], &allergy["recorder"]["display"]),
        (&json!("2014-01-04"), &json!("Henry Seven")),
        "of the act around it"
    );
}

#[test]
fn a_problem_has_the_status_that_is_said_and_all_its_codes() {
    let document = document(SUMMARY);
    let pneumonia = entry(&document, "Pneumonia");
    assert_eq!(pneumonia.status, "resolved", "as the status observation says, not the concern");
    assert_eq!(
        (&pneumonia.resource["onsetDateTime"], &pneumonia.resource["abatementDateTime"]),
        (&json!("2012-08"), &json!("2012-09-01")),
        "a month is a month"
    );
    assert_eq!(pneumonia.resource["code"]["coding"][1]["code"], "J18.9", "with its translation");
    assert!(pneumonia.remarks[0].contains("Alive and well"), "what has no place is named: {:?}", pneumonia.remarks);
    let diabetes = entry(&document, "Type 2 diabetes1, HbA1c known");
    assert_eq!(
        diabetes.resource["code"]["coding"],
        json!([{ "system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "E11.9", "display": "Type 2 diabetes mellitus without complications" }]),
        "a null flavor with a translation"
    );
    assert_eq!(
        entry(&document, "Hypertension").resource["category"][0]["coding"][0]["code"],
        "encounter-diagnosis",
        "a diagnosis of a visit"
    );
}

#[test]
fn a_medicine_is_what_is_taken_whatever_its_mood() {
    let document = document(SUMMARY);
    let metformin = entry(&document, "Metformin 500 mg tablet");
    let resource = stored(&metformin.resource);
    assert_eq!(
        (&resource["status"], &resource["effectivePeriod"]),
        (&json!("active"), &json!({ "start": "2015-03-01" })),
        "it goes on"
    );
    let dosage = &resource["dosage"][0];
    assert_eq!(dosage["text"], "one tablet twice a day with meals", "in the words of the document");
    assert_eq!(
        dosage["timing"]["repeat"],
        json!({ "frequency": 1, "period": 12, "periodUnit": "h" }),
        "every 12 hours"
    );
    assert_eq!(dosage["doseAndRate"][0]["doseQuantity"]["code"], "{tbl}", "in UCUM");
    assert_eq!(dosage["asNeededBoolean"], true, "a precondition");
    assert_eq!(resource["reasonCode"][0]["coding"][0]["code"], "44054006", "what for");
    assert!(
        metformin.remarks.iter().any(|remark| remark.contains("60")),
        "what was dispensed is said: {:?}",
        metformin.remarks
    );
}

#[test]
fn a_vaccine_that_was_refused_was_not_given() {
    let document = document(SUMMARY);
    let given = &entry(&document, "influenza, injectable, quadrivalent, preservative free").resource;
    assert_eq!(
        (&given["status"], &given["lotNumber"], &given["occurrenceDateTime"]),
        (&json!("completed"), &json!("AB-12"), &json!("2025-10-12")),
        "given"
    );
    let text = vigil_model::fhir::json::changed("{}", |value| *value = given.clone()).unwrap().0;
    assert!(text.contains("\"value\":0.50"), "a dose as it is written: {text}");
    let refused = &entry(&document, "pneumococcal polysaccharide PPV23").resource;
    assert_eq!(
        (&refused["status"], &refused["statusReason"]["coding"][0]["code"]),
        (&json!("not-done"), &json!("PATOBJ")),
        "refused, and why"
    );
    assert!(refused["occurrenceString"].is_string(), "FHIR demands a time or words");
}

#[test]
fn results_come_as_one_report_with_values_of_every_type() {
    let document = document(SUMMARY);
    let report = entry(&document, "CBC W Auto Differential panel - Blood");
    assert_eq!(
        report.resource["effectiveDateTime"], "2026-09-01T08:15:00-04:00",
        "an interval of one moment is a moment"
    );
    let members: Vec<Value> = report.members.iter().map(stored).collect();
    assert_eq!(members[0]["referenceRange"][0]["high"]["value"], 15.5, "the range");
    let text = vigil_model::fhir::json::changed("{}", |value| *value = report.members[0].clone()).unwrap().0;
    assert!(text.contains("13.20"), "a value with the zeros at its end: {text}");
    assert_eq!(
        (&members[1]["valueQuantity"]["comparator"], &members[1]["valueQuantity"]["value"]),
        (&json!("<"), &json!(0.01)),
        "below what can be measured"
    );
    assert_eq!(members[2]["valueString"], "A positive", "words that stand in the narrative");
}

#[test]
fn systolic_and_diastolic_are_one_blood_pressure() {
    let document = document(SUMMARY);
    let pressure = stored(&entry(&document, "Blood pressure").resource);
    assert_eq!(pressure["code"]["coding"][0]["code"], "85354-9", "the panel");
    assert_eq!(
        (&pressure["component"][0]["valueQuantity"]["value"], &pressure["component"][1]["valueQuantity"]["value"]),
        (&json!(132), &json!(86)),
        "both"
    );
    assert!(pressure.get("valueQuantity").is_none(), "and no value of its own");
}

#[test]
fn relatives_devices_visits_and_goals_keep_what_they_say() {
    let document = document(SUMMARY);
    let father = stored(&entry(&document, "Father").resource);
    assert_eq!(
        (&father["bornDate"], &father["deceasedDate"]),
        (&json!("1931"), &json!("2003-01")),
        "as far as it is known"
    );
    assert_eq!(
        (&father["condition"][0]["onsetAge"]["value"], &father["condition"][0]["contributedToDeath"]),
        (&json!(72), &json!(true)),
        "what he died of"
    );
    let device = &entry(&document, "Patellofemoral component, left knee").resource;
    assert_eq!(device["udiCarrier"][0]["deviceIdentifier"], "00848486000400", "its UDI, taken apart");
    assert_eq!(
        (&device["lotNumber"], &device["serialNumber"], &device["manufactureDate"]),
        (&json!("ABC634"), &json!("123777"), &json!("2016-03-30")),
        "by GS1"
    );
    let visit = &entry(&document, "Office outpatient visit 15 minutes").resource;
    assert_eq!(
        (&visit["class"]["code"], &visit["type"][0]["coding"][0]["code"], &visit["status"]),
        (&json!("AMB"), &json!("99213"), &json!("finished")),
        "class and type are two codes"
    );
    let goal = &entry(&document, "Body weight: 78 kg").resource;
    assert_eq!(
        (&goal["startDate"], &goal["target"][0]["dueDate"]),
        (&json!("2026-09-15"), &json!("2027-03-15")),
        "from when until when"
    );
}

#[test]
fn what_becomes_no_entry_is_named_with_the_reason() {
    let document = document(SUMMARY);
    let left: Vec<(&str, &str)> = document
        .sections
        .iter()
        .flat_map(|section| &section.left)
        .map(|left| (left.what.as_str(), left.why.as_str()))
        .collect();
    let why = |what: &str| {
        left.iter().find(|(left, _)| *left == what).unwrap_or_else(|| panic!("{what} is not among {left:?}")).1
    };
    assert!(
        why("No known allergy to Latex").contains("not allergic"),
        "a denial of one substance would read as an allergy"
    );
    assert!(why("Hemoglobin A1c").contains("planned"), "an order of somebody else");
    assert!(why("Note").contains("note"), "a note is its text");
    assert_eq!(left.len(), 3, "and nothing else: {left:?}");
}

#[test]
fn the_narrative_is_blocks_of_text() {
    let document = document(SUMMARY);
    let Block::Table { head, body } = &document.sections[0].narrative[0] else { panic!("a table") };
    assert_eq!((head[0].cells.len(), body.len()), (4, 2), "with its head");
    let Block::List { ordered: true, items } = &document.sections[1].narrative[0] else { panic!("a numbered list") };
    let Block::Paragraph { spans } = &items[0][0] else { panic!("text") };
    assert_eq!(
        (spans[0].text.as_str(), spans[0].styles.as_slice()),
        ("Pneumonia", [Style::Bold].as_slice()),
        "emphasis"
    );
    let plan = format!(
        "{:?}",
        document.sections.iter().find(|section| section.title == "Plan of treatment").unwrap().narrative
    );
    assert!(plan.contains("Leaflet") && !plan.contains("example.org"), "a link is its text: {plan}");
    let note = format!("{:?}", document.sections.last().unwrap().narrative);
    assert!(
        note.contains("Deleted") && note.contains("a picture or recording"),
        "what was struck out and what is not shown are said: {note}"
    );
}
