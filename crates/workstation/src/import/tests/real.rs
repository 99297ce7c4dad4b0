//! Real data made by others: every resource is stored or named, and comes out again as it went in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::testing::{Memory, import, sums};
use crate::export;

/// The folder with the data, or `None` where it is absent, which is said.
fn data() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let dir = std::env::var_os("VIGIL_TEST_DATA").map_or(beside, PathBuf::from);
    if dir.join("synthea-r4").is_dir() {
        return Some(dir);
    }
    println!("SKIPPED: no test data in {}; set VIGIL_TEST_DATA to its folder", dir.display());
    None
}

/// All resources of `dir`, read whole and independently of the import: text of the value by type and id, every version.
fn expected(dir: &Path, all: &mut BTreeMap<(String, String), Vec<Value>>) {
    for file in std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect::<BTreeSet<_>>() {
        let text = std::fs::read_to_string(&file).unwrap();
        let values: Vec<Value> = match serde_json::from_str(&text) {
            Ok(value) => vec![value],
            Err(_) => text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
        };
        for value in values {
            let found = match value.get("entry") {
                Some(entries) => entries.as_array().unwrap().iter().map(|entry| entry["resource"].clone()).collect(),
                None => vec![value],
            };
            for resource in found {
                if let (Some(kind), Some(id)) = (resource["resourceType"].as_str(), resource["id"].as_str()) {
                    all.entry((kind.to_owned(), id.to_owned())).or_default().push(resource);
                }
            }
        }
    }
}

fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(members) => {
            for (name, inner) in members {
                match inner.as_str() {
                    Some(text) if name == "reference" => found.push(text),
                    _ => references(inner, found),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Every way in which the data refers to `resource`, with what it comes to.
fn ways_to(kind: &str, id: &str, resource: &Value, ways: &mut BTreeMap<String, String>) {
    let target = format!("{kind}/{id}");
    ways.insert(format!("urn:uuid:{id}"), target.clone());
    ways.insert(format!("http://52.90.126.238:8080/fhir/baseDstu3/{target}"), target.clone());
    for identifier in resource["identifier"].as_array().into_iter().flatten() {
        let (system, value) =
            (identifier["system"].as_str().unwrap_or_default(), identifier["value"].as_str().unwrap_or_default());
        ways.insert(format!("{kind}?identifier={system}|{value}"), target.clone());
    }
}

/// Resolves the references of `value`, on the parsed value.
fn resolve(value: &mut Value, ways: &BTreeMap<String, String>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| resolve(item, ways)),
        Value::Object(members) => {
            for (name, inner) in members.iter_mut() {
                match inner.as_str().filter(|_| name == "reference") {
                    Some(text) => {
                        if let Some(target) = ways.get(text) {
                            *inner = Value::from(target.as_str());
                        }
                    }
                    None => resolve(inner, ways),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_real_resource_is_stored_or_named_and_comes_out_as_it_went_in() {
    let Some(data) = data() else { return };
    let mut all = BTreeMap::new();
    for dir in ["bulk-ndjson", "synthea-r4", "us-core-examples"] {
        expected(&data.join(dir), &mut all);
    }
    let mut memory = Memory::default();
    let report = import(&[data], &mut memory);
    for problem in &report.problems {
        println!("{} {}: {}", problem.file.rsplit('/').next().unwrap(), problem.place, problem.reason);
    }
    let occurrences: usize = all.values().map(Vec::len).sum();
    let [created, updated, unchanged, refused] = sums(&report);
    println!(
        "{created} created, {updated} updated, {unchanged} unchanged, {refused} refused, {} patients",
        report.patients
    );
    let lines_of_the_log = 4;
    assert_eq!(
        (created + updated + unchanged + refused) as usize,
        occurrences + lines_of_the_log,
        "each is counted once"
    );
    let missing: Vec<_> = all.keys().filter(|key| !memory.resources.contains_key(*key)).collect();
    let named = report.problems.iter().filter(|p| p.reason.contains("does not say whose")).count();
    assert_eq!(missing.len(), named, "what is not stored is named: {missing:?}");

    let mut ways = BTreeMap::new();
    all.iter().for_each(|((kind, id), versions)| ways_to(kind, id, versions.last().unwrap(), &mut ways));
    let mut unresolved = 0;
    for (key, (_, json, _)) in &memory.resources {
        let original = all[key].last().unwrap();
        let mut expected = original.clone();
        resolve(&mut expected, &ways);
        let value: Value = serde_json::from_str(json).unwrap();
        assert!(value == expected, "{key:?} comes out as it went in");
        let (mut before, mut after) = (Vec::new(), Vec::new());
        references(original, &mut before);
        references(&value, &mut after);
        unresolved += after.iter().filter(|text| text.starts_with("urn:") || text.contains('?')).count();
        for text in after.iter().filter(|text| !text.starts_with('#') && !text.starts_with("http")) {
            let (kind, id) = text.split_once('/').unwrap_or((text, ""));
            let there = memory.resources.contains_key(&(kind.to_owned(), id.to_owned()));
            assert!(there || before.contains(text), "{text} dangles only where it did before");
        }
    }
    assert_eq!(unresolved, 0, "every urn:uuid and every conditional reference of this data is resolved");

    let mut out = Vec::new();
    let texts = memory.resources.values().map(|(_, json, _)| Ok::<_, std::io::Error>(json));
    export::bundle(texts, &mut out).unwrap();
    let exported = tempfile::tempdir().unwrap();
    std::fs::write(exported.path().join("all.json"), &out).unwrap();
    let mut again = Memory::default();
    import(&[exported.path().to_owned()], &mut again);
    assert!(again.resources == memory.resources, "an export imports to the same record");
}

#[test]
fn importing_real_data_twice_changes_nothing() {
    let Some(data) = data() else { return };
    let mut memory = Memory::default();
    let [first, _, _, refused] = sums(&import(std::slice::from_ref(&data), &mut memory));
    let before = memory.resources.clone();
    let second = sums(&import(&[data], &mut memory));
    assert_eq!((second[0], second[1], second[3]), (0, 0, refused), "nothing is created or updated");
    assert!(second[2] >= first, "all is unchanged");
    assert!(before == memory.resources, "and the record is the same");
}
