//! One observation as readings: what was measured, the value as text and number, its flag and range.

use serde_json::Value;
use vigil_model::fhir::coding;
use vigil_model::fhir::date::FhirTime;
use vigil_model::fhir::date::{format_date, format_period};
use vigil_model::fhir::field::{at, first, items, text};
use vigil_model::fhir::quantity::{format_number, format_range, format_ratio, number, unit, unit_key, value_text};

use super::Record;
use super::flag::{Bounds, bounds, by_range, interpreted};
use super::reader::{NOT_KNOWN, earliest_known, is_error, join, status, title, when, when_choice};
use crate::view::{Flag, When};

const LOINC: &str = "http://loinc.org";

/// Components that are one blood pressure: FHIR R4 profile bp (8480-6, 8462-4) and US Core average blood pressure (96608-5, 96609-3).
const PRESSURES: [(&str, &str); 2] = [("8480-6", "8462-4"), ("96608-5", "96609-3")];

/// One value of one kind at one moment.
pub(super) struct Reading<'a> {
    pub(super) record: &'a Record,
    /// Code and system, without the unit.
    pub(super) kind: String,
    pub(super) unit_key: &'a str,
    pub(super) unit: String,
    pub(super) name: String,
    pub(super) code: String,
    pub(super) value: String,
    /// One number, or systolic and diastolic.
    pub(super) numbers: Vec<Option<f64>>,
    pub(super) flag: Flag,
    pub(super) bounds: Bounds,
    pub(super) when: When,
    pub(super) epoch: Option<i64>,
    pub(super) status: String,
}

impl Reading<'_> {
    /// Whether the record was a mistake: shown, never counted as a value.
    pub(super) fn is_error(&self) -> bool {
        is_error(&self.status)
    }

    /// Whether there is neither number nor unit (a missing value, a comment in words): it then joins the numbers of its kind.
    pub(super) fn has_no_number(&self) -> bool {
        self.unit_key.is_empty() && self.numbers.iter().all(Option::is_none)
    }
}

/// Every reading of one observation, at least one. Blood pressure is one reading with two numbers; other components are readings of their own.
pub(super) fn readings(record: &Record) -> Vec<Reading<'_>> {
    let observation = &record.json;
    let components = items(observation, "component");
    let pressure = PRESSURES.iter().find_map(|(systolic, diastolic)| Some((component(components, systolic)?, component(components, diastolic)?)));
    let mut readings = Vec::with_capacity(1);
    if let Some((systolic, diastolic)) = pressure {
        readings.push(pressure_reading(record, systolic, diastolic));
    }
    let has_own_value = observation.as_object().is_some_and(|fields| fields.keys().any(|key| key.starts_with("value") || key == "dataAbsentReason"));
    if has_own_value || components.is_empty() {
        readings.push(reading(record, observation, None));
    }
    let in_pressure = |part: &Value| pressure.is_some_and(|(systolic, diastolic)| std::ptr::eq(part, systolic) || std::ptr::eq(part, diastolic));
    readings.extend(components.iter().filter(|part| !in_pressure(part)).map(|part| reading(record, part, Some(observation))));
    readings
}

/// When an observation was made, else when it was issued.
pub(super) fn made(observation: &Value) -> When {
    let timed = first(at(observation, &["effectiveTiming"]), "event").as_str().unwrap_or_default();
    earliest_known([when_choice(observation, "effective"), when(timed), when(text(observation, "issued"))])
}

fn component<'a>(components: &'a [Value], code: &str) -> Option<&'a Value> {
    components.iter().find(|part| coding::has_code(at(part, &["code"]), LOINC, code))
}

fn reading<'a>(record: &'a Record, part: &'a Value, panel: Option<&'a Value>) -> Reading<'a> {
    let code = at(part, &["code"]);
    let quantity = at(part, &["valueQuantity"]);
    let bounds = bounds(part, quantity);
    let value = value(part);
    let flag = interpreted(part).unwrap_or_else(|| by_range(quantity, &bounds));
    let plain_number = [quantity.get("value"), part.get("valueInteger")].into_iter().flatten().find_map(number);
    let name = title(part, [coding::display(code)]);
    let panel_kind = panel.map(|panel| format!("{} > ", kind(at(panel, &["code"])))).unwrap_or_default();
    let when = made(&record.json);
    Reading {
        record,
        kind: panel_kind + &kind(code),
        unit_key: unit_key(quantity),
        unit: unit(quantity),
        name: match panel.map(|panel| coding::display(at(panel, &["code"]))) {
            Some(panel) if !panel.is_empty() && name == NOT_KNOWN => panel.to_owned(),
            _ => name,
        },
        code: coding::code_label(code),
        value,
        numbers: vec![plain_number],
        flag,
        bounds,
        epoch: FhirTime::parse(&when.iso).map(|time| time.epoch_seconds()),
        when,
        status: status(&record.json),
    }
}

fn pressure_reading<'a>(record: &'a Record, systolic: &'a Value, diastolic: &'a Value) -> Reading<'a> {
    let observation = &record.json;
    let code = at(observation, &["code"]);
    let parts = [systolic, diastolic];
    let quantities = parts.map(|part| at(part, &["valueQuantity"]));
    let part_bounds = [0, 1].map(|index| match (parts.get(index), quantities.get(index)) {
        (Some(part), Some(quantity)) => bounds(part, quantity),
        _ => Bounds::default(),
    });
    let flags = parts.iter().zip(quantities).zip(&part_bounds).map(|((part, quantity), bounds)| interpreted(part).unwrap_or_else(|| by_range(quantity, bounds)));
    let flag = interpreted(observation).or_else(|| flags.max()).unwrap_or_default();
    let [first_bounds, second_bounds] = part_bounds;
    let text = match (first_bounds.text.is_empty(), second_bounds.text.is_empty()) {
        (true, true) => bounds(observation, &Value::Null).text,
        _ => format!("{} / {}", or_dash(&first_bounds.text), or_dash(&second_bounds.text)),
    };
    let measured = quantities.into_iter().find(|quantity| !quantity.is_null()).unwrap_or(&Value::Null);
    let when = made(observation);
    Reading {
        record,
        kind: kind(code),
        unit_key: unit_key(measured),
        unit: unit(measured),
        name: title(observation, [coding::display(code), "Blood pressure"]),
        code: coding::code_label(code),
        value: parts.map(value).join(" / "),
        numbers: quantities.iter().map(|quantity| number(at(quantity, &["value"]))).collect(),
        flag,
        bounds: Bounds { text, ..Bounds::default() },
        epoch: FhirTime::parse(&when.iso).map(|time| time.epoch_seconds()),
        when,
        status: status(observation),
    }
}

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "not given" } else { text }
}

/// What a code is kept apart by: system and code, else its text.
fn kind(code: &Value) -> String {
    match coding::preferred(code) {
        Some(coding) => format!("{}|{}", text(coding, "system"), text(coding, "code")),
        None => format!("|{}", coding::display(code)),
    }
}

/// The value as text without its unit; a missing value says why, never blank.
fn value(part: &Value) -> String {
    let stated = stated_value(part);
    if !stated.is_empty() {
        return stated;
    }
    match coding::display(at(part, &["dataAbsentReason"])) {
        "" => match items(part, "hasMember").len() {
            0 => "No value recorded".to_owned(),
            1 => "Panel of 1 result".to_owned(),
            count => format!("Panel of {count} results"),
        },
        reason => format!("No value ({})", reason.to_lowercase()),
    }
}

fn stated_value(part: &Value) -> String {
    let Some((key, value)) = part.as_object().and_then(|fields| fields.iter().find(|(key, _)| key.starts_with("value"))) else {
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
