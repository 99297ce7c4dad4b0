//! Codes, dates and quantities as FHIR writes them.

use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};

pub(super) const SNOMED: &str = "http://snomed.info/sct";
pub(super) const LOINC: &str = "http://loinc.org";
pub(super) const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
pub(super) const CVX: &str = "http://hl7.org/fhir/sid/cvx";
pub(super) const UCUM: &str = "http://unitsofmeasure.org";
pub(super) const HL7: &str = "http://terminology.hl7.org/CodeSystem";

/// A code of one of the systems above with the display that its source gives.
#[derive(Clone, Copy)]
pub(super) struct Code {
    pub(super) system: &'static str,
    pub(super) code: &'static str,
    pub(super) display: &'static str,
}

pub(super) const fn sct(code: &'static str, display: &'static str) -> Code {
    Code { system: SNOMED, code, display }
}

pub(super) const fn loinc(code: &'static str, display: &'static str) -> Code {
    Code { system: LOINC, code, display }
}

pub(super) const fn rxnorm(code: &'static str, display: &'static str) -> Code {
    Code { system: RXNORM, code, display }
}

impl Code {
    /// The display without SNOMED CT's tag: `Asthma (disorder)` is read as `Asthma`.
    pub(super) fn text(&self) -> &'static str {
        self.display.rsplit_once(" (").filter(|(_, tag)| tag.ends_with(')')).map_or(self.display, |(text, _)| text)
    }

    pub(super) fn concept(&self) -> Value {
        json!({
            "coding": [{ "system": self.system, "code": self.code, "display": self.display }],
            "text": self.text(),
        })
    }
}

/// A concept of one of HL7's own small code systems.
pub(super) fn hl7(system: &str, code: &str) -> Value {
    json!({ "coding": [{ "system": format!("{HL7}/{system}"), "code": code }] })
}

pub(super) fn reference(resource_type: &str, id: &str) -> Value {
    json!({ "reference": format!("{resource_type}/{id}") })
}

/// A number with at most `decimals` decimals, written without a tail of zeros.
pub(super) fn number(value: f64, decimals: u8) -> Value {
    let rounded = round(value, decimals);
    if rounded.fract() == 0.0 {
        // Laboratory and vital sign values are far below the whole numbers that f64 cannot hold.
        json!(rounded as i64)
    } else {
        json!(rounded)
    }
}

pub(super) fn round(value: f64, decimals: u8) -> f64 {
    let factor = 10_f64.powi(i32::from(decimals));
    (value * factor).round() / factor
}

pub(super) fn quantity(value: &Value, unit: &str, ucum: &str) -> Value {
    json!({ "value": value, "unit": unit, "system": UCUM, "code": ucum })
}

pub(super) fn moment(date: NaiveDate, minutes: i64) -> String {
    format!("{date}T{:02}:{:02}:00+00:00", (minutes / 60) % 24, minutes % 60)
}

pub(super) fn years(count: f64) -> Duration {
    Duration::days((count * 365.25) as i64)
}

pub(super) fn age(birth: NaiveDate, on: NaiveDate) -> f64 {
    (on - birth).num_days() as f64 / 365.25
}
