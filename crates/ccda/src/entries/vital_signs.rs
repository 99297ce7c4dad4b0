//! Vital Signs Organizer: each vital sign an Observation, systolic and diastolic one of two components (C-CDA on FHIR, CF-vitals, note 2).
//! The panel around them becomes none: it says nothing that its members do not.

use serde_json::{Value, json};

use super::observation;
use super::problem::fixed;
use crate::entry::{Context, Entry, Found, set, statement};
use crate::xml::Element;

const SYSTOLIC: &str = "8480-6";
const DIASTOLIC: &str = "8462-4";

/// An organizer.
pub(super) fn read(act: &Element, context: &Context<'_>, found: &mut Found) {
    let around = act.child("effectiveTime");
    let mut pressures: [Option<Entry>; 2] = [None, None];
    for inner in act.all("component").filter_map(statement) {
        if &*inner.name != "observation" {
            found.leave(context.called(inner), "it is no vital sign");
            continue;
        }
        let entry = match observation::entry(inner, "vital-signs", around, context, found) {
            Ok(entry) => entry,
            Err(Some(why)) => {
                found.leave(context.called(inner), why);
                continue;
            }
            Err(None) => continue,
        };
        let [systolic, diastolic] = &mut pressures;
        let slot = match entry_code(&entry) {
            SYSTOLIC => Some(systolic),
            DIASTOLIC => Some(diastolic),
            _ => None,
        };
        match slot {
            // Two of one kind in one organizer were measured twice: the second stands alone.
            Some(slot) if slot.is_none() && entry.resource.get("valueQuantity").is_some() => *slot = Some(entry),
            Some(_) | None => found.entries.push(entry),
        }
    }
    let [systolic, diastolic] = pressures;
    match (systolic, diastolic) {
        (Some(systolic), Some(diastolic)) => found.entries.push(pressure(systolic, &diastolic)),
        (one, other) => found.entries.extend(one.into_iter().chain(other)),
    }
}

fn entry_code(entry: &Entry) -> &str {
    let codings =
        entry.resource.pointer("/code/coding").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    codings
        .iter()
        .filter_map(|coding| coding.get("code").and_then(Value::as_str))
        .find(|code| matches!(*code, SYSTOLIC | DIASTOLIC))
        .unwrap_or_default()
}

/// One blood pressure of two measurements.
fn pressure(systolic: Entry, diastolic: &Entry) -> Entry {
    const MOVED: [&str; 3] = ["valueQuantity", "interpretation", "referenceRange"];
    let component = |entry: &Entry| {
        let mut component = json!({ "code": entry.resource.get("code").cloned().unwrap_or_default() });
        for element in MOVED {
            if let Some(value) = entry.resource.get(element) {
                set(&mut component, element, value.clone());
            }
        }
        component
    };
    let components = json!([component(&systolic), component(diastolic)]);
    let number =
        |entry: &Entry| entry.resource.pointer("/valueQuantity").map(crate::data::quantity::shown).unwrap_or_default();
    let systolic_words = number(&systolic);
    let shown = format!("{}/{}", systolic_words.split(' ').next().unwrap_or_default(), number(diastolic));
    let Entry { section, mut resource, members, when, status, mut facts, mut remarks, .. } = systolic;
    set(
        &mut resource,
        "code",
        fixed("http://loinc.org", "85354-9", "Blood pressure panel with all children optional", "Blood pressure"),
    );
    if let Some(object) = resource.as_object_mut() {
        for element in MOVED {
            object.remove(element);
        }
    }
    if let (Some(own), Some(other)) = (
        resource.get_mut("identifier").and_then(Value::as_array_mut),
        diastolic.resource.get("identifier").and_then(Value::as_array),
    ) {
        own.extend(other.iter().cloned());
    }
    set(&mut resource, "component", components);
    for fact in &mut facts {
        if fact.0 == "Value" {
            fact.1.clone_from(&shown);
        }
    }
    remarks.extend(diastolic.remarks.iter().cloned());
    Entry { section, resource, members, title: "Blood pressure".to_owned(), when, status, facts, remarks }
}
