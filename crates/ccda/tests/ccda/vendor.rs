//! A document of R1.1 as senders write them: another encoding, prefixes, HTML, nested sections, references without a number sign.

use serde_json::json;
use vigil_ccda::Block;
use vigil_model::Section;

use crate::{DISCHARGE, document, entries, entry, stored};

#[test]
fn another_encoding_and_other_prefixes_are_read() {
    let header = document(DISCHARGE).header;
    assert_eq!(header.title, "Entlassungsbrief für Müller", "Latin 1");
    assert_eq!(header.id, "urn:uuid:b8f1c6b2-5a1e-4f5d-8b0e-0c2c5e6d7f80", "a UUID");
    assert_eq!(
        (header.patient.names[0].0.as_str(), header.patient.born.as_str(), header.patient.sex.as_str()),
        ("Müller", "1950-07", ""),
        "a name of one piece, a month, nothing"
    );
    assert_eq!(header.authors, ["Vendor EHR 9"], "a program wrote it");
}

#[test]
fn sections_in_sections_follow_them() {
    let document = document(DISCHARGE);
    let found: Vec<(&str, u32)> =
        document.sections.iter().map(|section| (section.title.as_str(), section.depth)).collect();
    assert_eq!(
        found,
        [
            ("Allergies", 0),
            ("Hospital course", 0),
            ("Discharge diagnosis", 1),
            ("Discharge medications", 0),
            ("Section without a title", 0)
        ],
        "in order"
    );
}

#[test]
fn no_known_allergies_is_a_statement() {
    let document = document(DISCHARGE);
    let none = entry(&document, "No known allergy");
    assert_eq!(none.resource["code"]["coding"][0]["code"], "716186003", "of SNOMED CT");
}

#[test]
fn a_diagnosis_without_a_code_has_its_words() {
    let document = document(DISCHARGE);
    let bronchitis = entry(&document, "Bronchitis");
    assert_eq!(bronchitis.resource["code"], json!({ "text": "Bronchitis" }), "by a reference without a number sign");
    assert_eq!(bronchitis.status, "resolved", "its end is there and says nothing");
    assert!(bronchitis.resource["_abatementDateTime"].is_object(), "and that nobody knows when is kept");
}

#[test]
fn a_medicine_in_an_act_is_found_and_so_is_what_nobody_knows() {
    let document = document(DISCHARGE);
    assert_eq!(
        stored(&entry(&document, "Amoxicillin").resource)["effectivePeriod"],
        json!({ "start": "2012-08-12", "end": "2012-08-19" }),
        "from until"
    );
    let score = entry(&document, "Vendor score");
    assert_eq!(
        (score.section, &score.resource["valueInteger"], score.when.as_str()),
        (Section::Results, &json!(7), "2012-08-12"),
        "a time without a zone is a day"
    );
    assert_eq!(entries(&document).len(), 4, "all of it");
}

#[test]
fn html_in_a_narrative_is_text_or_is_said() {
    let document = document(DISCHARGE);
    let course = &document.sections[1].narrative;
    assert!(matches!(&course[0], Block::Caption { spans } if spans[0].text == "Course"), "a heading: {course:?}");
    let shown = format!("{course:?}");
    assert!(
        !shown.contains("alert(1)") && !shown.contains("example.org") && !shown.contains("onclick"),
        "nothing that runs or fetches: {shown}"
    );
    assert!(shown.contains("[script: not shown]") && shown.contains("a picture"), "and that is said: {shown}");
    assert!(shown.contains("better") && shown.contains("Tea"), "its words are there");
}
