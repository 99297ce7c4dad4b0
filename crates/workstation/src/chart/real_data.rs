//! Every resource of the real test data, and resources that no sender would write, through every section.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::{Value, json};
use vigil_model::{ResourceType, Section};

use super::testing::{NoNames, record};
use super::{Record, allergy_banner, document, section, series, tab_count, tab_count_by_reading};
use crate::view::{PlainRow, SectionContent, SectionView, When};

/// `VIGIL_TEST_DATA`, else `../shared/data` beside the project.
fn data() -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("VIGIL_TEST_DATA").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("SKIPPED: no test data at {}; set VIGIL_TEST_DATA to the folder", folder.display());
    None
}

/// Every resource under the three folders of patients, bundles opened: one chart for each Synthea bundle and one for each other folder.
fn charts(folder: &std::path::Path) -> Vec<Vec<Record>> {
    let mut charts: BTreeMap<PathBuf, Vec<Record>> = BTreeMap::new();
    for kind in ["synthea-r4", "us-core-examples", "bulk-ndjson"] {
        let Ok(files) = std::fs::read_dir(folder.join(kind)) else { continue };
        for file in files {
            let path = file.unwrap().path();
            let content = std::fs::read_to_string(&path).unwrap();
            let is_lines = path.extension().is_some_and(|extension| extension == "ndjson");
            let documents: Vec<Value> = if is_lines {
                content
                    .lines()
                    .filter(|line| !line.trim().is_empty())
                    .map(|line| serde_json::from_str(line).unwrap())
                    .collect()
            } else {
                vec![serde_json::from_str(&content).unwrap()]
            };
            let chart = charts.entry(if kind == "synthea-r4" { path } else { PathBuf::from(kind) }).or_default();
            for document in documents {
                match document["entry"].as_array() {
                    Some(entries) => chart.extend(entries.iter().map(|entry| record(entry["resource"].clone()))),
                    None => chart.push(record(document)),
                }
            }
            chart.retain(|record| !record.resource_type.is_empty());
        }
    }
    charts.into_values().collect()
}

fn read(section: Section, records: &[Record]) -> SectionView {
    super::section(section, records, &super::Subject::default(), &NoNames)
}

/// Type and id of every row, its title, and its moments.
fn rows(view: &SectionView) -> Vec<(String, String, String, Vec<When>)> {
    let plain = |rows: &[PlainRow]| -> Vec<_> {
        rows.iter()
            .map(|row| (row.resource_type.clone(), row.id.clone(), row.title.clone(), vec![row.when.clone()]))
            .collect()
    };
    let own =
        |kind: &str, id: &String, title: &String, when: Vec<When>| (kind.to_owned(), id.clone(), title.clone(), when);
    match &view.content {
        SectionContent::Summary(_) | SectionContent::Access { .. } => Vec::new(),
        SectionContent::Timeline { rows } => {
            rows.iter().map(|row| own(&row.resource_type, &row.id, &row.title, vec![row.when.clone()])).collect()
        }
        SectionContent::Problems { rows } => rows
            .iter()
            .map(|row| own("Condition", &row.id, &row.name, vec![row.onset.clone(), row.abatement.clone()]))
            .collect(),
        SectionContent::Allergies { rows, .. } => {
            rows.iter().map(|row| own("AllergyIntolerance", &row.id, &row.agent, vec![row.recorded.clone()])).collect()
        }
        SectionContent::Medications { rows } => {
            rows.iter().map(|row| own(&row.resource_type, &row.id, &row.name, vec![row.when.clone()])).collect()
        }
        SectionContent::Encounters { rows, .. } => rows
            .iter()
            .map(|row| own("Encounter", &row.id, &row.kind, vec![row.start.clone(), row.end.clone()]))
            .collect(),
        SectionContent::Documents { rows, .. } => {
            rows.iter().map(|row| own(&row.resource_type, &row.id, &row.title, vec![row.when.clone()])).collect()
        }
        SectionContent::Amendments { rows, .. } => rows
            .iter()
            .map(|row| {
                let title = row.about.clone().unwrap_or_else(|| "Amendment".to_owned());
                own("Task", &row.id, &title, vec![row.received.clone(), row.due.clone()])
            })
            .collect(),
        SectionContent::Vitals { groups, .. } => {
            groups.iter().map(|row| own("Group", &row.key, &row.name, vec![row.when.clone()])).collect()
        }
        SectionContent::Results { groups, reports, .. } => groups
            .iter()
            .map(|row| own("Group", &row.key, &row.name, vec![row.when.clone()]))
            .chain(plain(reports))
            .collect(),
        SectionContent::CareTeam { rows, .. } => rows
            .iter()
            .map(|row| own("CareTeam", &row.id, &row.member, vec![row.start.clone(), row.end.clone()]))
            .collect(),
        SectionContent::Immunizations { rows }
        | SectionContent::Procedures { rows }
        | SectionContent::CarePlans { rows }
        | SectionContent::FamilyHistory { rows }
        | SectionContent::SocialHistory { rows }
        | SectionContent::Devices { rows }
        | SectionContent::Flags { rows }
        | SectionContent::Coverage { rows }
        | SectionContent::Other { rows } => plain(rows),
    }
}

#[test]
fn every_real_resource_is_in_sight_and_nothing_is_blank() {
    let Some(folder) = data() else { return };
    let charts = charts(&folder);
    let resources: usize = charts.iter().map(Vec::len).sum();
    assert!(resources > 5_000, "the data is there: {resources} resources");
    for records in &charts {
        every_resource_is_in_sight(records);
    }
}

fn every_resource_is_in_sight(records: &[Record]) {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for record in records {
        *counts.entry(&record.resource_type).or_default() += 1;
    }
    let counts: Vec<(ResourceType, u32)> =
        counts.into_iter().map(|(kind, count)| (ResourceType::parse(kind).unwrap(), count)).collect();

    let mut seen: HashSet<(String, String)> = HashSet::new();
    for section in Section::ALL {
        let view = read(section, records);
        assert!(view.undecodable.is_empty(), "real resources can all be read in {section:?}");
        let rows = rows(&view);
        if let Some(count) = tab_count(section, &counts).or_else(|| tab_count_by_reading(section, records)) {
            assert_eq!(rows.len(), count as usize, "the tab of {section:?} counts what it shows");
        }
        for (kind, id, title, moments) in rows {
            assert!(!title.trim().is_empty(), "{kind}/{id} has a title in {section:?}");
            assert!(
                moments.iter().all(|when| !when.text.is_empty()),
                "{kind}/{id} has its times in words in {section:?}"
            );
            seen.insert((kind, id));
        }
        if let SectionContent::Vitals { groups, .. } | SectionContent::Results { groups, .. } = &view.content {
            for group in groups {
                assert!(!group.value.is_empty(), "{} has a value", group.name);
                let series = series(records, &super::Subject::default(), &group.key).unwrap();
                assert!(series.points.len() <= group.count as usize, "{} draws no more than there is", group.name);
                seen.insert(("Observation".to_owned(), group.id.clone()));
                seen.extend(series.points.into_iter().map(|point| ("Observation".to_owned(), point.id)));
            }
        }
    }
    let used: HashSet<&str> =
        records.iter().filter_map(|record| record.json["medicationReference"]["reference"].as_str()).collect();
    for record in records {
        let is_used =
            record.resource_type == "Medication" && used.contains(format!("Medication/{}", record.id).as_str());
        let key = (record.resource_type.clone(), record.id.clone());
        assert!(seen.contains(&key) || is_used, "{}/{} is shown somewhere", key.0, key.1);
    }
}

#[test]
fn every_real_document_opens_or_says_why_not() {
    let Some(folder) = data() else { return };
    let mut opened = 0;
    for record in charts(&folder)
        .iter()
        .flatten()
        .filter(|record| Section::Documents.resource_types().contains(&record.resource_type.as_str()))
    {
        let view = document(record, &NoNames);
        assert!(!view.title.is_empty(), "{}/{} has a title", record.resource_type, record.id);
        assert_eq!(
            view.text.is_empty(),
            view.unreadable.is_some(),
            "{}/{} has text or a reason",
            record.resource_type,
            record.id
        );
        opened += usize::from(!view.text.is_empty());
    }
    assert!(opened >= 1_215, "the notes of the bulk export are readable: {opened}");
}

#[test]
fn what_cannot_be_read_is_a_row_of_its_section_only() {
    let broken =
        |kind: &str, json: Value| Record { resource_type: kind.to_owned(), id: "x".to_owned(), version: 1, json };
    let records = [broken("Condition", json!("lost")), broken("Basic", json!({ "resourceType": "Patient" }))];
    let problems = read(Section::Problems, &records);
    assert_eq!(problems.undecodable.len(), 1, "the unreadable problem stands among the problems");
    assert!(problems.undecodable[0].reason.contains("no FHIR resource"), "and says why");
    assert_eq!(read(Section::Other, &records).undecodable.len(), 1, "a mislabelled resource stands among the others");
    assert!(read(Section::Vitals, &records).undecodable.is_empty(), "vital signs have nothing to do with it");
}

/// JSON made of the words that the readers look for, in shapes that no sender would write.
fn hostile() -> impl Strategy<Value = Value> {
    const KEYS: [&str; 40] = [
        "resourceType",
        "id",
        "status",
        "code",
        "coding",
        "system",
        "display",
        "text",
        "div",
        "category",
        "component",
        "valueQuantity",
        "value",
        "unit",
        "valueString",
        "valueSampledData",
        "data",
        "referenceRange",
        "low",
        "high",
        "interpretation",
        "effectiveDateTime",
        "effectivePeriod",
        "start",
        "end",
        "dosageInstruction",
        "doseAndRate",
        "timing",
        "repeat",
        "frequency",
        "contained",
        "medicationReference",
        "reference",
        "content",
        "attachment",
        "contentType",
        "section",
        "reaction",
        "clinicalStatus",
        "total",
    ];
    const TEXTS: [&str; 16] = [
        "",
        " ",
        "final",
        "entered-in-error",
        "http://loinc.org",
        "85354-9",
        "8480-6",
        "8462-4",
        "2026-02-30",
        "2026-11-21T25:00:00Z",
        "text/html",
        "<p>&#0;<",
        "%%%",
        "#in",
        "Medication/m",
        "é\u{202e}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(&TEXTS[..]).prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(&KEYS[..]), inner), 0..6).prop_map(|fields| Value::Object(
                fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_a_section_panic_or_disappear(json in hostile(), kind in prop::sample::select(&[
        "Observation", "Condition", "AllergyIntolerance", "MedicationRequest", "MedicationAdministration", "Encounter", "Procedure", "Immunization",
        "DocumentReference", "Composition", "DiagnosticReport", "CarePlan", "Goal", "CareTeam", "FamilyMemberHistory", "Device", "Coverage", "Claim", "Patient", "Specimen", "Task", "Flag",
    ][..])) {
        let mut json = json;
        if let Some(fields) = json.as_object_mut() {
            fields.insert("resourceType".to_owned(), Value::from(kind));
        }
        let records = [Record { resource_type: kind.to_owned(), id: "x".to_owned(), version: 1, json }];
        let mut shown = 0;
        for section in Section::ALL {
            let view = read(section, &records);
            shown += rows(&view).len() + view.undecodable.len();
            prop_assert!(rows(&view).iter().all(|(_, _, title, _)| !title.trim().is_empty()), "no title is blank");
            if let SectionContent::Vitals { groups, .. } | SectionContent::Results { groups, .. } = &view.content {
                for group in groups {
                    prop_assert!(series(&records, &super::Subject::default(), &group.key).is_some(), "every row has its series");
                }
            }
        }
        prop_assert!(shown > 0, "a stored resource is always in sight");
        let _ = (allergy_banner(&records), document(&records[0], &NoNames), vigil_model::fhir::demographics(&records[0].json));
    }
}

/// Not an assertion on time (that is for the benchmarks), but a number to read: `cargo test --release -- --nocapture how_long`.
#[test]
fn how_long_five_thousand_resources_take() {
    let Some(folder) = data() else { return };
    let mut records: Vec<Record> = charts(&folder).into_iter().flatten().collect();
    records.truncate(5_000);
    for one in Section::ALL {
        let start = std::time::Instant::now();
        let view = section(one, &records, &super::Subject::default(), &NoNames);
        println!(
            "{one:?} of a chart of {} resources, {} rows: {:?}",
            records.len(),
            rows(&view).len(),
            start.elapsed()
        );
    }
}
