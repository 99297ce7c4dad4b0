//! The value of an observation, by its `xsi:type` (C-CDA on FHIR, pages CF-results and CF-social).

use serde_json::{Value, json};

use super::code;
use super::quantity::{interval, number, quantity, ratio, shown};
use crate::entry::Context;
use crate::xml::Element;

/// The longest value in words.
const LONGEST: usize = 8_000;

/// A value.
pub(crate) struct Read {
    /// The element of FHIR, like `valueQuantity`.
    pub(crate) element: &'static str,
    /// What stands in it.
    pub(crate) value: Value,
    /// In words.
    pub(crate) words: String,
}

/// What `value` says; `Ok(None)` where it says nothing, and as an error the data type that nobody maps.
pub(crate) fn read(value: &Element, context: &Context<'_>) -> Result<Option<Read>, String> {
    let named = |element: &'static str, value: Value, words: String| Some(Read { element, value, words });
    let text = || value.text(LONGEST);
    Ok(match value.data_type() {
        "PQ" | "MO" => quantity(value).and_then(|quantity| {
            let words = shown(&quantity);
            named("valueQuantity", quantity, words)
        }),
        "REAL" => number(value.attribute("value")).and_then(|number| {
            let quantity = json!({ "value": number });
            let words = shown(&quantity);
            named("valueQuantity", quantity, words)
        }),
        "INT" => value
            .attribute("value")
            .parse::<i32>()
            .ok()
            .and_then(|number| named("valueInteger", json!(number), number.to_string())),
        "IVL_PQ" | "IVL_REAL" | "IVL_INT" => interval(value).and_then(|(kind, read)| match kind {
            "Range" => {
                let words = ["low", "high"].map(|end| read.get(end).map(shown).unwrap_or_default()).join(" to ");
                named("valueRange", read, words)
            }
            _ => {
                let words = shown(&read);
                named("valueQuantity", read, words)
            }
        }),
        "RTO" | "RTO_PQ_PQ" | "RTO_QTY_QTY" => ratio(value).and_then(|ratio| {
            let words =
                ["numerator", "denominator"].map(|part| ratio.get(part).map(shown).unwrap_or_default()).join(" / ");
            named("valueRatio", ratio, words)
        }),
        "CD" | "CE" | "CV" | "CO" | "CS" => code::concept(value, context).and_then(|concept| {
            let words = code::words(&concept);
            named("valueCodeableConcept", concept, words)
        }),
        "ST" | "ED" | "SC" => {
            let words = context.resolved(value, LONGEST).unwrap_or_else(text);
            if words.is_empty() { None } else { named("valueString", json!(words), words) }
        }
        "BL" => match value.attribute("value") {
            "true" => named("valueBoolean", json!(true), "yes".to_owned()),
            "false" => named("valueBoolean", json!(false), "no".to_owned()),
            _ => None,
        },
        "TS" => context
            .zone
            .date_time(value.attribute("value"))
            .and_then(|at| named("valueDateTime", json!(at), at.clone())),
        "IVL_TS" => context.zone.period(value).and_then(|period| named("valuePeriod", period, String::new())),
        // Untyped, as some senders leave it: what it has says what it is.
        "" if !value.attribute("code").is_empty() => code::concept(value, context).and_then(|concept| {
            let words = code::words(&concept);
            named("valueCodeableConcept", concept, words)
        }),
        "" if number(value.attribute("value")).is_some() => quantity(value).and_then(|quantity| {
            let words = shown(&quantity);
            named("valueQuantity", quantity, words)
        }),
        "" => {
            let words = text();
            if words.is_empty() { None } else { named("valueString", json!(words), words) }
        }
        other => return Err(other.chars().filter(char::is_ascii_alphanumeric).take(30).collect()),
    })
}
