//! PQ, IVL_PQ and RTO as Quantity, Range and Ratio (C-CDA on FHIR, mappingGuidance, "CDA to FHIR Quantity" and "Ranges of Physical
//! Quantities"). Numbers stay as they were written: 7.20 is not 7.2.

use serde_json::{Value, json};
use vigil_model::fhir::json::number_as_written;

use crate::entry::set;
use crate::xml::Element;

const UCUM: &str = "http://unitsofmeasure.org";

/// A quantity; `None` where there is no number.
pub(crate) fn quantity(pq: &Element) -> Option<Value> {
    if let Some(number) = number(pq.attribute("value")) {
        let mut quantity = json!({ "value": number });
        // `1` is UCUM for what has no unit.
        let unit = pq.attribute("unit").trim();
        if !unit.is_empty() && unit != "1" {
            set(&mut quantity, "unit", json!(unit));
            set(&mut quantity, "system", json!(UCUM));
            set(&mut quantity, "code", json!(unit));
        }
        return Some(quantity);
    }
    // A unit that UCUM does not have stands in a translation.
    let translation = pq.all("translation").find(|translation| number(translation.attribute("value")).is_some())?;
    let mut quantity = json!({ "value": number(translation.attribute("value"))? });
    let unit = translation.child("originalText").map(|text| text.text(100)).filter(|text| !text.is_empty());
    let unit = unit.or_else(|| Some(translation.attribute("code").to_owned())).filter(|unit| !unit.is_empty());
    if let Some(unit) = unit {
        set(&mut quantity, "unit", json!(unit));
    }
    Some(quantity)
}

/// An interval as a Range, or as a Quantity with a comparator where one end is open; with the name of the FHIR type.
pub(crate) fn interval(interval: &Element) -> Option<(&'static str, Value)> {
    let end = |name: &str| interval.child(name).and_then(|end| Some((end, quantity(end)?)));
    let exclusive = |end: &Element| end.attribute("inclusive") == "false";
    match (end("low"), end("high")) {
        (Some((low, value)), None) => Some(("Quantity", compared(value, if exclusive(low) { ">" } else { ">=" }))),
        (None, Some((high, value))) => Some(("Quantity", compared(value, if exclusive(high) { "<" } else { "<=" }))),
        (Some((_, low)), Some((_, high))) => Some(("Range", json!({ "low": low, "high": high }))),
        (None, None) => quantity(interval).map(|value| ("Quantity", value)),
    }
}

/// The ends of a reference range, as they are there.
pub(crate) fn ends(interval: &Element) -> Vec<(&'static str, Value)> {
    ["low", "high"].into_iter().filter_map(|name| Some((name, quantity(interval.child(name)?)?))).collect()
}

/// A Ratio; `None` unless both parts have numbers.
pub(crate) fn ratio(rto: &Element) -> Option<Value> {
    Some(
        json!({ "numerator": quantity(rto.child("numerator")?)?, "denominator": quantity(rto.child("denominator")?)? }),
    )
}

fn compared(mut quantity: Value, comparator: &str) -> Value {
    set(&mut quantity, "comparator", json!(comparator));
    quantity
}

/// A number as it is written, if it is one that JSON can have.
pub(crate) fn number(text: &str) -> Option<Value> {
    let text = text.trim();
    let text = text.strip_prefix('+').unwrap_or(text);
    // JSON has no `.5`, `5.` and `05`.
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let nothing = whole.is_empty() && fraction.is_none_or(str::is_empty);
    if nothing || text.len() > 30 || !all_digits(whole) || !fraction.is_none_or(all_digits) {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let fraction = fraction.filter(|fraction| !fraction.is_empty()).map(|fraction| format!(".{fraction}"));
    Some(number_as_written(&format!("{sign}{whole}{}", fraction.unwrap_or_default())))
}

/// A number for people: without the mark that keeps it.
pub(crate) fn shown(quantity: &Value) -> String {
    let value = quantity.get("value").and_then(Value::as_str).unwrap_or_default().trim_start_matches('\0');
    let unit = quantity.get("unit").and_then(Value::as_str).unwrap_or_default();
    let comparator = quantity.get("comparator").and_then(Value::as_str).unwrap_or_default();
    format!("{comparator}{value} {unit}").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_kept_as_it_is_written() {
        for (written, kept) in [("7.20", "7.20"), (".5", "0.5"), ("05", "5"), ("-3.", "-3"), ("+1", "1"), ("0", "0")] {
            assert_eq!(number(written), Some(number_as_written(kept)), "{written}");
        }
        for none in ["", "-", ".", "1e9", "1,5", "NaN", "0x1", "1 2", "9999999999999999999999999999999"] {
            assert_eq!(number(none), None, "{none}");
        }
    }
}
