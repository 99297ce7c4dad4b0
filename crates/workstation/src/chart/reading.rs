//! One observation as readings: what was measured, the value as text and number, its flag and range.

use serde_json::Value;
use vigil_model::fhir::coding;
use vigil_model::fhir::date::FhirTime;
use vigil_model::fhir::date::{format_date, format_period};
use vigil_model::fhir::field::{at, first, items, text};
use vigil_model::fhir::quantity::{format_number, format_range, format_ratio, number, unit, unit_key, value_text};

use super::Record;
use super::flag::{Bounds, bounds, by_range, interpreted};
use super::house;
use super::reader::{earliest_known, is_error, join, status, title, when, when_choice};
use super::subject::Subject;
use crate::view::{Flag, When};
use crate::write::vital_sign_name;

const LOINC: &str = "http://loinc.org";

/// Components that are one blood pressure: FHIR R4 profile bp (8480-6, 8462-4) and US Core average blood pressure (96608-5, 96609-3).
const PRESSURES: [(&str, &str); 2] = [("8480-6", "8462-4"), ("96608-5", "96609-3")];

/// One value of one kind at one moment. What only the latest value of a list needs is worked out when it is asked for.
pub(super) struct Reading<'a> {
    pub(super) record: &'a Record,
    /// Code and system, without the unit.
    pub(super) kind: String,
    pub(super) unit_key: &'a str,
    /// One number, or systolic and diastolic.
    pub(super) numbers: Vec<Option<f64>>,
    pub(super) epoch: Option<i64>,
    part: Part<'a>,
}

/// Where in the observation the value stands.
enum Part<'a> {
    /// In the observation itself, or in a component of it.
    Single { part: &'a Value, panel: Option<&'a Value> },
    /// In two components.
    Pressure { systolic: &'a Value, diastolic: &'a Value },
}

impl Reading<'_> {
    /// Whether the record was a mistake: shown, never counted as a value.
    pub(super) fn is_error(&self) -> bool {
        is_error(text(&self.record.json, "status"))
    }

    /// Whether there is neither number nor unit (a missing value, a comment in words): it then joins the numbers of its kind.
    pub(super) fn has_no_number(&self) -> bool {
        self.unit_key.is_empty() && self.numbers.iter().all(Option::is_none)
    }

    /// Whether it is the value of the observation itself, not of a component.
    pub(super) const fn is_whole(&self) -> bool {
        matches!(self.part, Part::Single { panel: None, .. })
    }

    pub(super) fn when(&self) -> When {
        made(&self.record.json)
    }

    pub(super) fn status(&self) -> String {
        status(&self.record.json)
    }

    pub(super) fn unit(&self) -> String {
        match self.part {
            Part::Single { part, .. } => unit(at(part, &["valueQuantity"])),
            Part::Pressure { systolic, diastolic } => unit(measured(systolic, diastolic)),
        }
    }

    pub(super) fn name(&self) -> String {
        let observation = &self.record.json;
        match self.part {
            Part::Single { part, panel: Some(panel) } => title(part, [called(part), called(panel)]),
            Part::Single { part, panel: None } => title(part, [called(part)]),
            Part::Pressure { .. } => title(observation, [called(observation), "Blood pressure"]),
        }
    }

    pub(super) fn code(&self) -> String {
        match self.part {
            Part::Single { part, .. } => coding::code_label(at(part, &["code"])),
            Part::Pressure { .. } => coding::code_label(at(&self.record.json, &["code"])),
        }
    }

    /// The value as text without its unit; never blank.
    pub(super) fn value(&self) -> String {
        match self.part {
            Part::Single { part, .. } => value(part),
            Part::Pressure { systolic, diastolic } => format!("{} / {}", value(systolic), value(diastolic)),
        }
    }

    /// The flag and the range it may come from, for whose chart this is.
    pub(super) fn judged(&self, subject: &Subject) -> (Flag, Bounds) {
        let made = made(&self.record.json).iso;
        let judged = |part| judged(part, subject, &made);
        match self.part {
            Part::Single { part, .. } => judged(part),
            Part::Pressure { systolic, diastolic } => {
                let ((above, high), (below, low)) = (judged(systolic), judged(diastolic));
                let flag = interpreted(&self.record.json).unwrap_or_else(|| above.max(below));
                let text = match (high.text.is_empty(), low.text.is_empty()) {
                    (true, true) => bounds(&self.record.json, measured(systolic, diastolic), subject, &made).text,
                    _ => format!("{} / {}", or_words(&high.text), or_words(&low.text)),
                };
                // Two lines have no one range to draw.
                (flag, Bounds { text, ..Bounds::default() })
            }
        }
    }
}

/// Every reading of one observation, at least one. Blood pressure is one reading with two numbers; other components are readings of their own.
pub(super) fn readings(record: &Record) -> Vec<Reading<'_>> {
    let observation = &record.json;
    let components = items(observation, "component");
    let pressure = PRESSURES
        .iter()
        .find_map(|(systolic, diastolic)| Some((component(components, systolic)?, component(components, diastolic)?)));
    let mut readings = Vec::with_capacity(1);
    if let Some((systolic, diastolic)) = pressure {
        readings.push(pressure_reading(record, systolic, diastolic));
    }
    let has_own_value = observation
        .as_object()
        .is_some_and(|fields| fields.keys().any(|key| key.starts_with("value") || key == "dataAbsentReason"));
    if has_own_value || components.is_empty() {
        readings.push(reading(record, observation, None));
    }
    let in_pressure = |part: &Value| {
        pressure.is_some_and(|(systolic, diastolic)| std::ptr::eq(part, systolic) || std::ptr::eq(part, diastolic))
    };
    readings.extend(
        components.iter().filter(|part| !in_pressure(part)).map(|part| reading(record, part, Some(observation))),
    );
    readings
}

/// When an observation was made, else when it was issued.
pub(super) fn made(observation: &Value) -> When {
    let timed = first(at(observation, &["effectiveTiming"]), "event").as_str().unwrap_or_default();
    earliest_known([when_choice(observation, "effective"), when(timed), when(text(observation, "issued"))])
}

/// What an observation or a part of one is called; a vital sign that has a code and no words has those that are written here.
fn called(part: &Value) -> &str {
    let code = at(part, &["code"]);
    let said = coding::display(code);
    if said == coding::code(code) { vital_sign_name(code).unwrap_or(said) } else { said }
}

fn component<'a>(components: &'a [Value], code: &str) -> Option<&'a Value> {
    components.iter().find(|part| coding::has_code(at(part, &["code"]), LOINC, code))
}

fn reading<'a>(record: &'a Record, part: &'a Value, panel: Option<&'a Value>) -> Reading<'a> {
    let quantity = at(part, &["valueQuantity"]);
    let plain_number = [quantity.get("value"), part.get("valueInteger")].into_iter().flatten().find_map(number);
    let own_kind = kind(at(part, &["code"]));
    Reading {
        record,
        kind: panel.map_or_else(|| own_kind.clone(), |panel| format!("{} > {own_kind}", kind(at(panel, &["code"])))),
        unit_key: unit_key(quantity),
        numbers: vec![plain_number],
        epoch: epoch(record),
        part: Part::Single { part, panel },
    }
}

fn pressure_reading<'a>(record: &'a Record, systolic: &'a Value, diastolic: &'a Value) -> Reading<'a> {
    Reading {
        record,
        kind: kind(at(&record.json, &["code"])),
        unit_key: unit_key(measured(systolic, diastolic)),
        numbers: [systolic, diastolic].map(|part| number(at(part, &["valueQuantity", "value"]))).to_vec(),
        epoch: epoch(record),
        part: Part::Pressure { systolic, diastolic },
    }
}

fn epoch(record: &Record) -> Option<i64> {
    FhirTime::parse(&made(&record.json).iso).map(|time| time.epoch_seconds())
}

fn judged(part: &Value, subject: &Subject, made: &str) -> (Flag, Bounds) {
    let quantity = at(part, &["valueQuantity"]);
    let sent = bounds(part, quantity, subject, made);
    let house = house::judged(part, subject, made);
    // What came with the value goes before what this hospital holds for normal; what either holds for critical is.
    let (normal, mut bounds) =
        if sent.text.is_empty() { (house.normal, house.bounds) } else { (by_range(quantity, &sent), sent) };
    bounds.text = join([bounds.text, house.said], "; ");
    (interpreted(part).unwrap_or(normal).max(house.critical), bounds)
}

/// The Quantity of the pressure that was measured, when only one was.
fn measured<'a>(systolic: &'a Value, diastolic: &'a Value) -> &'a Value {
    let quantity = at(systolic, &["valueQuantity"]);
    if quantity.is_null() { at(diastolic, &["valueQuantity"]) } else { quantity }
}

fn or_words(text: &str) -> &str {
    if text.is_empty() { "not given" } else { text }
}

/// What a code is kept apart by: system and code, else its text.
fn kind(code: &Value) -> String {
    match coding::preferred(code) {
        Some(coding) => format!("{}|{}", text(coding, "system"), text(coding, "code")),
        None => format!("|{}", coding::display(code)),
    }
}

/// What a list says where there is no value and no reason for that.
pub(super) const NO_VALUE: &str = "No value recorded";

/// The value as text, with its unit; a missing value says why, never blank.
pub(super) fn value_with_unit(part: &Value) -> String {
    join([value(part), unit(at(part, &["valueQuantity"]))], " ")
}

/// The value as text without its unit; a missing value says why, never blank.
fn value(part: &Value) -> String {
    let stated = stated_value(part);
    if !stated.is_empty() {
        return stated;
    }
    match coding::display(at(part, &["dataAbsentReason"])) {
        "" => match items(part, "hasMember").len() {
            0 => NO_VALUE.to_owned(),
            1 => "Panel of 1 result".to_owned(),
            count => format!("Panel of {count} results"),
        },
        reason => format!("No value ({})", reason.to_lowercase()),
    }
}

fn stated_value(part: &Value) -> String {
    let Some((key, value)) =
        part.as_object().and_then(|fields| fields.iter().find(|(key, _)| key.starts_with("value")))
    else {
        return String::new();
    };
    match key.as_str() {
        "valueQuantity" => value_text(value),
        "valueCodeableConcept" => coding::display(value).to_owned(),
        "valueBoolean" => value.as_bool().map(|yes| if yes { "Yes" } else { "No" }).unwrap_or_default().to_owned(),
        "valueInteger" | "valueDecimal" => format_number(value),
        "valueRange" => format_range(value),
        "valueRatio" => format_ratio(value),
        "valuePeriod" => format_period(value),
        "valueDateTime" | "valueDate" => format_date(value.as_str().unwrap_or_default()),
        "valueSampledData" => sampled(value),
        _ => value.as_str().map(str::trim).unwrap_or_default().to_owned(),
    }
}

/// A waveform is named by its size; drawing it is not for a list.
fn sampled(value: &Value) -> String {
    let points = text(value, "data").split_whitespace().count();
    let period = value.get("period").map(format_number).unwrap_or_default();
    let every = if period.is_empty() { period } else { format!("one every {period} ms") };
    join([format!("Waveform of {points} points"), every], ", ")
}
