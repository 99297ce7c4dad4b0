//! What of the seven parameters of NEWS2 was seen, and when.
//!
//! Codes: LOINC as in the FHIR R4 value set observation-vitalsignresult; 59408-5 and the component 3151-8 (inhaled oxygen flow rate) as in the
//! US Core Pulse Oximetry Profile; consciousness as in `acvpu`.

use std::collections::BTreeMap;

use serde_json::Value;
use vigil_clinical::news2::{Consciousness, Observations, Parameter, Scale};
use vigil_model::fhir::coding;
use vigil_model::fhir::date::{FhirTime, Precision};
use vigil_model::fhir::field::{at, items, text};
use vigil_model::fhir::quantity::{format_quantity, number, unit_key};

use crate::acvpu::Level;
use crate::chart::Record;
use crate::chart::reader::is_error;
use crate::chart::reading::made;
use crate::view::When;

const LOINC: &str = "http://loinc.org";

/// How far apart the parts of one set may be, in seconds.
const ONE_SET: i64 = 3600;

/// What was seen of one parameter at one moment.
pub(super) struct Seen {
    pub(super) at: i64,
    pub(super) when: When,
    pub(super) text: String,
    given: Given,
}

#[derive(Clone, Copy)]
enum Given {
    Number(f64),
    Oxygen(bool),
    Level(Consciousness),
}

/// What was seen, by parameter, each oldest first.
pub(super) type AllSeen = BTreeMap<Parameter, Vec<Seen>>;
/// The latest of each parameter within one hour.
pub(super) type Set<'s> = BTreeMap<Parameter, &'s Seen>;

pub(super) fn seen<'a>(observations: impl Iterator<Item = &'a Record>) -> AllSeen {
    let mut all = AllSeen::new();
    for record in observations.filter(|record| !is_error(text(&record.json, "status"))) {
        let when = made(&record.json);
        // A day is no hour.
        let Some(time) = FhirTime::parse(&when.iso).filter(|time| time.precision() == Precision::Time) else {
            continue;
        };
        let at = time.epoch_seconds();
        let whole = std::iter::once(&record.json);
        for part in whole.chain(items(&record.json, "component")) {
            if let Some((parameter, given, text)) = given(part) {
                all.entry(parameter).or_default().push(Seen { at, when: when.clone(), text, given });
            }
        }
    }
    for one in all.values_mut() {
        one.sort_by_key(|seen| seen.at);
    }
    all
}

/// What an observation or a component of one says of a parameter.
fn given(part: &Value) -> Option<(Parameter, Given, String)> {
    let code = at(part, &["code"]);
    let loinc = |wanted| coding::has_code(code, LOINC, wanted);
    if let Some(Level { level, words, .. }) = Level::observed(part) {
        return Some((Parameter::Consciousness, Given::Level(*level), (*words).to_owned()));
    }
    let quantity = at(part, &["valueQuantity"]);
    if !text(quantity, "comparator").is_empty() {
        return None;
    }
    let value = number(at(quantity, &["value"]))?;
    let unit = unit_key(quantity);
    let words = format_quantity(quantity);
    // In UCUM braces hold annotations, which say nothing about the unit.
    let per_minute = unit
        .strip_suffix("/min")
        .is_some_and(|before| before.is_empty() || (before.starts_with('{') && before.ends_with('}')));
    let (parameter, given) = if loinc("9279-1") && per_minute {
        (Parameter::Respiration, Given::Number(value))
    } else if (loinc("2708-6") || loinc("59408-5")) && unit == "%" {
        (Parameter::Saturation, Given::Number(value))
    } else if loinc("3151-8") {
        return Some((
            Parameter::AirOrOxygen,
            Given::Oxygen(value > 0.0),
            if value > 0.0 { format!("Oxygen, {words}") } else { "Air".to_owned() },
        ));
    } else if loinc("8480-6") && matches!(unit, "mm[Hg]" | "mmHg") {
        (Parameter::Systolic, Given::Number(value))
    } else if loinc("8867-4") && per_minute {
        (Parameter::Pulse, Given::Number(value))
    } else if loinc("8310-5") && unit == "Cel" {
        (Parameter::Temperature, Given::Number(value))
    } else if loinc("8310-5") && unit == "[degF]" {
        (Parameter::Temperature, Given::Number((value - 32.0) * 5.0 / 9.0))
    } else {
        return None;
    };
    Some((parameter, given, words))
}

/// Every moment at which something was seen, rising.
pub(super) fn moments(seen: &AllSeen) -> Vec<i64> {
    let mut moments: Vec<i64> = seen.values().flatten().map(|one| one.at).collect();
    moments.sort_unstable();
    moments.dedup();
    moments
}

/// What was seen within the hour that ends at a moment.
pub(super) fn set(seen: &AllSeen, until: i64) -> Set<'_> {
    let latest = |all: &'_ Vec<Seen>| {
        let after = all.partition_point(|one| one.at <= until);
        after.checked_sub(1)
    };
    seen.iter()
        .filter_map(|(parameter, all)| {
            let one = all.get(latest(all)?)?;
            (until.saturating_sub(one.at) <= ONE_SET).then_some((*parameter, one))
        })
        .collect()
}

pub(super) fn observed(set: &Set<'_>) -> Observations {
    let number = |parameter: Parameter| match set.get(&parameter)?.given {
        Given::Number(value) => Some(value),
        Given::Oxygen(_) | Given::Level(_) => None,
    };
    Observations {
        respiration: number(Parameter::Respiration),
        saturation: number(Parameter::Saturation),
        scale: Scale::One,
        oxygen: set.get(&Parameter::AirOrOxygen).and_then(|seen| match seen.given {
            Given::Oxygen(given) => Some(given),
            Given::Number(_) | Given::Level(_) => None,
        }),
        systolic: number(Parameter::Systolic),
        pulse: number(Parameter::Pulse),
        consciousness: set.get(&Parameter::Consciousness).and_then(|seen| match seen.given {
            Given::Level(level) => Some(level),
            Given::Number(_) | Given::Oxygen(_) => None,
        }),
        temperature: number(Parameter::Temperature),
    }
}
