//! What every demo hospital must hold, whatever the seed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;

use super::*;

#[test]
fn the_same_seed_and_day_give_the_same_bytes_and_another_seed_does_not() {
    let (one, two, other) = (Folder::new("one"), Folder::new("two"), Folder::new("other"));
    generate(7, 20, day(), &one.0).unwrap();
    generate(7, 20, day(), &two.0).unwrap();
    generate(8, 20, day(), &other.0).unwrap();
    assert_eq!(digests(&one.0), digests(&two.0), "a demo can be repeated byte for byte");
    assert_ne!(digests(&one.0), digests(&other.0), "the seed matters");
}

#[test]
fn a_patient_does_not_depend_on_how_many_others_there_are() {
    let (few, many) = (Folder::new("few"), Folder::new("many"));
    generate(7, 5, day(), &few.0).unwrap();
    generate(7, 9, day(), &many.0).unwrap();
    let first = |folder: &Folder| std::fs::read_to_string(folder.0.join("Patient.ndjson")).unwrap();
    assert!(first(&many).starts_with(&first(&few)), "the first five are the same five");
}

#[test]
fn every_reference_resolves_and_every_id_is_its_own() {
    let hospital = hospital();
    let mut known = BTreeSet::new();
    for resource in &hospital.all {
        let name = format!("{}/{}", text(resource, "/resourceType"), text(resource, "/id"));
        assert!(known.insert(name.clone()), "{name} is written once");
    }
    for resource in &hospital.all {
        references(resource, &mut |reference| {
            assert!(known.contains(reference), "{reference} of a {} is there", text(resource, "/resourceType"));
        });
    }
}

#[test]
fn every_patient_has_an_encounter_and_nothing_happens_before_birth_or_in_the_future() {
    let hospital = hospital();
    let visited: BTreeSet<String> =
        hospital.of("Encounter").map(|encounter| text(encounter, "/subject/reference").to_owned()).collect();
    let mut births = BTreeMap::new();
    for patient in hospital.of("Patient") {
        let name = format!("Patient/{}", text(patient, "/id"));
        assert!(visited.contains(&name), "{name} was seen at least once");
        births.insert(name, text(patient, "/birthDate").to_owned());
    }
    for encounter in hospital.of("Encounter") {
        let birth = &births[text(encounter, "/subject/reference")];
        let (start, end) = (text(encounter, "/period/start"), text(encounter, "/period/end"));
        assert!(start >= birth.as_str(), "an encounter of {start} is after the birth on {birth}");
        let goes_on = text(encounter, "/status") == "in-progress" && end.is_empty();
        assert!(
            start < "2026-11-23" && (goes_on || (start < end && end < "2026-11-23")),
            "an encounter began before tomorrow and goes on, or ended after it began: {start} {end}"
        );
    }
}

#[test]
fn somebody_is_in_the_house_and_somebody_is_expected() {
    let hospital = hospital();
    let here = hospital.of("Encounter").filter(|encounter| text(encounter, "/status") == "in-progress").count();
    let expected = hospital.of("Appointment").filter(|one| text(one, "/start") >= "2026-11-22").count();
    assert!(here > 0 && expected > 3, "{here} are here, {expected} are expected");
}

#[test]
fn the_allergy_states_all_occur() {
    let hospital = hospital();
    let mut states: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for patient in hospital.of("Patient") {
        states.insert(text(patient, "/id"), Vec::new());
    }
    for allergy in hospital.of("AllergyIntolerance") {
        let patient = text(allergy, "/patient/reference").trim_start_matches("Patient/");
        states.get_mut(patient).unwrap().push(allergy);
    }
    let is_none = |allergy: &&Value| text(allergy, "/code/coding/0/code") == "716186003";
    let is_wrong = |allergy: &&Value| text(allergy, "/verificationStatus/coding/0/code") == "entered-in-error";
    let known = states.values().filter(|found| found.iter().any(|a| !is_none(a) && !is_wrong(a))).count();
    let none = states.values().filter(|found| found.iter().any(is_none)).count();
    let silent = states.values().filter(|found| found.is_empty()).count();
    let retracted = states.values().filter(|found| !found.is_empty() && found.iter().all(is_wrong)).count();
    assert!(known > 0 && none > 0 && silent > 0 && retracted > 0, "{known} known, {none} none, {silent}, {retracted}");
    let both = states.values().any(|found| found.len() > 1 && found.iter().any(is_none));
    assert!(!both, "nobody has an allergy and none");
    for category in ["medication", "food", "environment"] {
        let found = hospital.of("AllergyIntolerance").any(|allergy| text(allergy, "/category/0") == category);
        assert!(found, "an allergy to {category} is there");
    }
}

#[test]
fn nobody_is_given_what_they_are_known_to_be_allergic_to() {
    let hospital = hospital();
    let mut penicillin = BTreeSet::new();
    for allergy in hospital.of("AllergyIntolerance") {
        let active = text(allergy, "/clinicalStatus/coding/0/code") == "active";
        if active && text(allergy, "/code/coding/0/code") == "7984" {
            penicillin.insert(text(allergy, "/patient/reference"));
        }
    }
    assert!(!penicillin.is_empty(), "somebody is allergic to penicillin");
    for request in hospital.of("MedicationRequest") {
        let drug = text(request, "/medicationCodeableConcept/text").to_lowercase();
        let risky = drug.contains("penicillin") || drug.contains("amoxicillin");
        assert!(!(risky && penicillin.contains(text(request, "/subject/reference"))), "{drug} after a reaction");
    }
}

#[test]
fn nobody_takes_two_drugs_that_block_the_same_system() {
    let mut active: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for request in hospital().of("MedicationRequest").filter(|request| text(request, "/status") == "active") {
        let drug = text(request, "/medicationCodeableConcept/text").to_lowercase();
        active.entry(text(request, "/subject/reference")).or_default().push(drug);
    }
    for drugs in active.values() {
        for family in [["lisinopril", "losartan"], ["metoprolol", "carvedilol"], ["ibuprofen", "naproxen"]] {
            let taken = drugs.iter().filter(|drug| family.iter().any(|name| drug.contains(name))).count();
            assert!(taken <= 1, "one of {family:?} at a time: {drugs:?}");
        }
    }
}

#[test]
fn look_alikes_restricted_infants_the_very_old_and_the_dead_are_there() {
    let hospital = hospital();
    let restricted = hospital
        .of("Patient")
        .filter(|patient| text(patient, "/meta/security/0/code") == "R")
        .inspect(|patient| assert!(text(patient, "/meta/security/0/system").ends_with("v3-Confidentiality"), "system"))
        .count();
    assert_eq!(restricted, 4, "restricted patients");
    let named = |family: &str| {
        hospital.of("Patient").filter(|patient| text(patient, "/name/0/family").starts_with(family)).count()
    };
    assert!(named("Sm") >= 3 && named("Johanssen") == 2 && named("Brownell") == 2, "look-alikes");
    let births: Vec<&str> = hospital.of("Patient").map(|patient| text(patient, "/birthDate")).collect();
    assert!(births.iter().any(|birth| *birth > "2025-12-01"), "an infant");
    assert!(births.iter().any(|birth| *birth < "1929-01-01"), "somebody very old");
    let dead = hospital
        .of("Patient")
        .filter(|patient| patient.get("deceasedDateTime").is_some() || patient.get("deceasedBoolean").is_some());
    assert!(dead.count() >= 4, "some have died");
}

#[test]
fn the_flag_of_every_result_agrees_with_its_range() {
    let hospital = hospital();
    let mut seen = BTreeMap::<String, usize>::new();
    for result in hospital.of("Observation").filter(|o| text(o, "/category/0/coding/0/code") == "laboratory") {
        let value = result.pointer("/valueQuantity/value").unwrap().as_f64().unwrap();
        let end = |name: &str| result.pointer(&format!("/referenceRange/0/{name}/value")).and_then(Value::as_f64);
        let flag = text(result, "/interpretation/0/coding/0/code");
        *seen.entry(flag.to_owned()).or_default() += 1;
        let expected = if result.get("referenceRange").is_none() {
            ""
        } else if end("low").is_some_and(|low| value < low) {
            "L"
        } else if end("high").is_some_and(|high| value > high) {
            "H"
        } else {
            "N"
        };
        assert!(flag.starts_with(expected) && flag.len() <= 2, "{flag} for {value}: {result}");
        assert_eq!(flag.is_empty(), expected.is_empty(), "a flag needs a range: {result}");
    }
    for flag in ["", "N", "L", "H", "LL", "HH"] {
        assert!(seen.contains_key(flag), "some result has the flag {flag:?}: {seen:?}");
    }
}

#[test]
fn every_panel_groups_results_of_its_own_patient() {
    let hospital = hospital();
    let owner: BTreeMap<String, &str> = hospital
        .of("Observation")
        .map(|found| (format!("Observation/{}", text(found, "/id")), text(found, "/subject/reference")))
        .collect();
    let mut reports = 0;
    for report in hospital.of("DiagnosticReport") {
        reports += 1;
        for member in report["result"].as_array().unwrap() {
            assert_eq!(owner[text(member, "/reference")], text(report, "/subject/reference"), "one patient a report");
        }
    }
    assert!(reports > 20, "panels were reported");
}

#[test]
fn the_heavy_patient_has_as_many_encounters_as_asked_and_five_times_the_observations() {
    let folder = Folder::new("heavy");
    let summary = generate_with(1, 1, Some(1000), day(), &folder.0).unwrap();
    assert_eq!(summary.patients, 2, "one more");
    assert!(summary.resources["Encounter"] >= 1000, "encounters");
    assert!(summary.resources["Observation"] >= 5000, "observations: {:?}", summary.resources);
}

#[test]
fn no_name_is_copied_from_the_shared_test_data() {
    let Some(data) = shared_data() else {
        println!("skipped: no shared test data beside the project, and VIGIL_TEST_DATA is not set");
        return;
    };
    let mut others = BTreeSet::new();
    for folder in ["synthea-r4", "bulk-ndjson", "us-core-examples"] {
        for file in std::fs::read_dir(data.join(folder)).unwrap() {
            let path = file.unwrap().path();
            let written = std::fs::read_to_string(&path).unwrap_or_default();
            let named = ["Patient", "Practitioner"].iter().any(|kind| path.to_string_lossy().contains(kind));
            if path.extension().is_some_and(|kind| kind == "json") {
                let value: Value = serde_json::from_str(&written).unwrap();
                collect_names(&value, &mut others);
            } else if named {
                let lines = written.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
                lines.for_each(|value| collect_names(&value, &mut others));
            }
        }
    }
    assert!(others.len() > 30, "the other names were read: {}", others.len());
    let mut own = BTreeSet::new();
    let staff = Staff::new(&mut Chance::new(SEED, 0));
    collect_names(&staff.bundle(&[]), &mut own);
    for number in 0..PATIENTS {
        let mut chance = Chance::new(SEED, u64::try_from(number).unwrap() + 1);
        let person = person::Person::draw(number, day(), &mut chance);
        collect_names(&person.resource("", "", &mut chance), &mut own);
    }
    assert!(own.len() > 300, "the own names were made: {}", own.len());
    let shared: Vec<&String> = own.intersection(&others).collect();
    assert!(shared.is_empty(), "{shared:?} stand in the shared test data too");
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn references(value: &Value, visit: &mut impl FnMut(&str)) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                match inner.as_str().filter(|_| name == "reference") {
                    Some(reference) => visit(reference),
                    None => references(inner, visit),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Full names of people as `given family`, without the digits that Synthea puts behind its names.
fn collect_names(value: &Value, names: &mut BTreeSet<String>) {
    let person = ["Patient", "Practitioner", "RelatedPerson"].contains(&text(value, "/resourceType"));
    for name in value.get("name").and_then(Value::as_array).filter(|_| person).into_iter().flatten() {
        let (given, family) = (text(name, "/given/0"), text(name, "/family"));
        if !given.is_empty() && !family.is_empty() {
            names.insert(format!("{given} {family}").chars().filter(|c| !c.is_ascii_digit()).collect());
        }
    }
    let entries = value.get("entry").and_then(Value::as_array).into_iter().flatten();
    entries.filter_map(|entry| entry.get("resource")).for_each(|resource| collect_names(resource, names));
}

fn shared_data() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("VIGIL_TEST_DATA").map_or(beside, PathBuf::from);
    Some(folder).filter(|folder| folder.join("synthea-r4").is_dir())
}

/// SHA-256 would say no more here: two runs are compared, so the bytes themselves are.
fn digests(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap());
    files.map(|file| (file.file_name().into_string().unwrap(), std::fs::read(file.path()).unwrap())).collect()
}

const SEED: u64 = 20_261_122;

/// One hospital that most tests read.
fn hospital() -> &'static Hospital {
    static SHARED: OnceLock<Hospital> = OnceLock::new();
    SHARED.get_or_init(|| Hospital::new("shared", 150))
}

struct Hospital {
    all: Vec<Value>,
}

impl Hospital {
    fn new(name: &str, patients: usize) -> Self {
        let folder = Folder::new(name);
        let summary = generate(SEED, patients, day(), &folder.0).unwrap();
        let mut all = Vec::new();
        for file in summary.files {
            let written = std::fs::read_to_string(&file).unwrap();
            if file.extension().is_some_and(|kind| kind == "json") {
                let bundle: Value = serde_json::from_str(&written).unwrap();
                all.extend(bundle["entry"].as_array().unwrap().iter().map(|entry| entry["resource"].clone()));
            } else {
                all.extend(written.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()));
            }
        }
        let listed = all.iter().filter(|resource| text(resource, "/resourceType") == "Patient").count();
        assert_eq!(listed, patients, "every file is in the summary");
        Self { all }
    }

    fn of<'a>(&'a self, resource_type: &'a str) -> impl Iterator<Item = &'a Value> {
        self.all.iter().filter(move |resource| text(resource, "/resourceType") == resource_type)
    }
}

/// A folder that goes away with its test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("vigil-hospital-{name}-{}", std::process::id()));
        let _gone = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}
