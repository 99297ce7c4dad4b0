//! Normal or not: as the sender interpreted it, else as the result's own reference range shows.

use serde_json::Value;
use vigil_model::fhir::coding;
use vigil_model::fhir::field::{at, items, text};
use vigil_model::fhir::quantity::{format_bounds, format_quantity, number, unit, unit_key, with_unit};

use super::reader::{join, qualified};
use super::subject::{Fit, Subject};
use crate::view::Flag;

/// The range that a value is compared with.
#[derive(Clone, Default)]
pub(super) struct Bounds {
    pub(super) low: Option<f64>,
    pub(super) high: Option<f64>,
    /// How it reads, with whom it is for; all ranges of the value where it is compared with none.
    pub(super) text: String,
    /// Whom it is for; empty for everybody.
    pub(super) applies_to: String,
    /// How the ranges read that the record has besides.
    pub(super) others: String,
    /// Where it is from, of one that did not come with the value.
    pub(super) source: String,
}

/// The interpretation of an observation or component; none when it says nothing about normality.
///
/// Codes: HL7 `v3-ObservationInterpretation` (terminology.hl7.org/CodeSystem-v3-ObservationInterpretation.html), which the codes of v2 table 0078 follow.
/// The most urgent of several counts.
pub(super) fn interpreted(observation: &Value) -> Option<Flag> {
    let of_one = |concept: &Value| {
        let coded = items(concept, "coding").iter().filter_map(|coding| from_code(text(coding, "code"))).max();
        coded.or_else(|| from_words(coding::display(concept)))
    };
    items(observation, "interpretation").iter().filter_map(of_one).max()
}

/// Compares a Quantity with its range. A value with a comparator is flagged only where that is certain.
pub(super) fn by_range(quantity: &Value, bounds: &Bounds) -> Flag {
    let Some(value) = number(at(quantity, &["value"])) else { return Flag::None };
    let (low, high) = (bounds.low, bounds.high);
    if low.is_none() && high.is_none() {
        return Flag::None;
    }
    match text(quantity, "comparator") {
        "" if low.is_some_and(|low| value < low) => Flag::Low,
        "" if high.is_some_and(|high| value > high) => Flag::High,
        "" => Flag::Normal,
        "<" | "<=" if low.is_some_and(|low| value < low) => Flag::Low,
        "<" | "<=" if low.is_none() && high.is_some_and(|high| value <= high) => Flag::Normal,
        ">" | ">=" if high.is_some_and(|high| value > high) => Flag::High,
        ">" | ">=" if high.is_none() && low.is_some_and(|low| value >= low) => Flag::Normal,
        _ => Flag::None,
    }
}

/// The range of a value with this quantity's unit, for this patient at the time `made`.
///
/// FHIR says that several ranges are for different people and lets a sender give only the one that matters (Observation.referenceRange). So
/// the only normal range counts unless it is surely for somebody else; of several, the one with the most conditions of those that surely
/// fit. Where that leaves none or two, all are shown with whom they are for, and the value is compared with none.
pub(super) fn bounds(observation: &Value, quantity: &Value, subject: &Subject, made: &str) -> Bounds {
    let ranges = items(observation, "referenceRange");
    let shown = |range: &Value| range_text(range, quantity);
    let normal: Vec<&Value> =
        ranges.iter().filter(|range| is_normal(range) && has_same_unit(range, quantity)).collect();
    let Some(chosen) = chosen(&normal, subject, made) else {
        return Bounds { text: join(ranges.iter().map(shown), "; "), ..Bounds::default() };
    };
    let end = |key| number(at(chosen, &[key, "value"]));
    let others = ranges.iter().filter(|range| !std::ptr::eq(*range, chosen)).map(shown);
    Bounds {
        low: end("low"),
        high: end("high"),
        text: shown(chosen),
        applies_to: applicability(chosen),
        others: join(others, "; "),
        source: String::new(),
    }
}

fn chosen<'v>(normal: &[&'v Value], subject: &Subject, made: &str) -> Option<&'v Value> {
    if let [only] = normal {
        return Some(*only).filter(|range| subject.fits(range, made) != Fit::No);
    }
    let fitting: Vec<&Value> = normal.iter().copied().filter(|range| subject.fits(range, made) == Fit::Yes).collect();
    let most = fitting.iter().map(|range| conditions(range)).max()?;
    let mut closest = fitting.into_iter().filter(|range| conditions(range) == most);
    closest.next().filter(|_| closest.next().is_none())
}

/// How many things have to hold for a range to be for somebody.
fn conditions(range: &Value) -> usize {
    items(range, "appliesTo").len() + usize::from(range.get("age").is_some())
}

/// `3.5 to 5.1`, with the unit only when it is not the value's, and with whom it is for.
fn range_text(range: &Value, quantity: &Value) -> String {
    let (low, high) = (at(range, &["low"]), at(range, &["high"]));
    let bounds = format_bounds(low, high);
    let own_unit = if unit(low).is_empty() { unit(high) } else { unit(low) };
    let shown = if own_unit == unit(quantity) { bounds } else { with_unit(bounds, &own_unit) };
    let shown = if shown.is_empty() { text(range, "text").to_owned() } else { shown };
    let meaning = if is_normal(range) { "" } else { coding::display(at(range, &["type"])) };
    qualified(&shown, &join([meaning, &applicability(range)], ", "))
}

/// Whom a range is for: `female, age 18 to 65 years`; empty for everybody.
fn applicability(range: &Value) -> String {
    let age = at(range, &["age"]);
    let (low, high) = (format_quantity(at(age, &["low"])), format_quantity(at(age, &["high"])));
    let age = match (low.is_empty(), high.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!("age {low} or more"),
        (true, false) => format!("age up to {high}"),
        (false, false) => format!("age {low} to {high}"),
    };
    join([join(items(range, "appliesTo").iter().map(coding::display), ", "), age], ", ")
}

/// Ranges for treatment goals and the like (`referencerange-meaning` other than normal) say nothing about normality.
fn is_normal(range: &Value) -> bool {
    matches!(coding::code(at(range, &["type"])), "" | "normal" | "recommended")
}

fn has_same_unit(range: &Value, quantity: &Value) -> bool {
    ["low", "high"].into_iter().all(|end| {
        let end = at(range, &[end]);
        let key = unit_key(end);
        key.is_empty() || key == unit_key(quantity) || unit(end) == unit(quantity)
    })
}

fn from_code(code: &str) -> Option<Flag> {
    match code {
        "N" => Some(Flag::Normal),
        "A" => Some(Flag::Abnormal),
        "L" | "LU" | "<" => Some(Flag::Low),
        "H" | "HU" | ">" => Some(Flag::High),
        "AA" => Some(Flag::CriticalAbnormal),
        "LL" => Some(Flag::CriticalLow),
        "HH" => Some(Flag::CriticalHigh),
        _ => None,
    }
}

fn from_words(words: &str) -> Option<Flag> {
    match words.to_ascii_lowercase().as_str() {
        "normal" => Some(Flag::Normal),
        "abnormal" => Some(Flag::Abnormal),
        "low" => Some(Flag::Low),
        "high" => Some(Flag::High),
        "critical" | "critical abnormal" => Some(Flag::CriticalAbnormal),
        "critical low" | "critically low" => Some(Flag::CriticalLow),
        "critical high" | "critically high" => Some(Flag::CriticalHigh),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_flagged_by_its_own_range() {
        let quantity = |value: f64| json!({ "value": value, "unit": "mmol/L", "code": "mmol/L" });
        let observation = json!({ "referenceRange": [{ "low": quantity(3.5), "high": quantity(5.1) }] });
        for (value, flag) in [(3.4, Flag::Low), (3.5, Flag::Normal), (5.1, Flag::Normal), (5.2, Flag::High)] {
            let bounds = bounds(&observation, &quantity(value), &Subject::default(), "");
            assert_eq!(by_range(&quantity(value), &bounds), flag, "{value} against 3.5 to 5.1");
            assert_eq!(bounds.text, "3.5 to 5.1", "the unit is the value's own");
        }
    }

    #[test]
    fn a_range_in_another_unit_flags_nothing_but_is_shown() {
        let observation = json!({ "referenceRange": [{ "low": { "value": 63, "unit": "mg/dL" }, "high": { "value": 99, "unit": "mg/dL" } }] });
        let value = json!({ "value": 5.0, "unit": "mmol/L" });
        let bounds = bounds(&observation, &value, &Subject::default(), "");
        assert_eq!(
            (by_range(&value, &bounds), bounds.text.as_str()),
            (Flag::None, "63 to 99 mg/dL"),
            "numbers of two units are not compared"
        );
    }

    #[test]
    fn ranges_for_different_people_are_shown_and_not_guessed_between() {
        let observation = json!({ "referenceRange": [
            { "low": { "value": 13.5 }, "high": { "value": 17.5 }, "appliesTo": [{ "text": "male" }] },
            { "low": { "value": 12 }, "high": { "value": 16 }, "appliesTo": [{ "text": "female" }], "age": { "low": { "value": 18, "unit": "years" } } },
        ] });
        let value = json!({ "value": 12.5 });
        let nobody = bounds(&observation, &value, &Subject::default(), "2020-01-01");
        assert_eq!(
            nobody.text, "13.5 to 17.5 (male); 12 to 16 (female, age 18 years or more)",
            "with whom they are for"
        );
        assert_eq!(by_range(&value, &nobody), Flag::None, "nobody knows whom the patient belongs to");

        let born = |gender: &str| Subject::of(&json!({ "gender": gender, "birthDate": "1960-03-15" }));
        for (gender, made, flag, text, others) in [
            ("female", "2020-01-01", Flag::Normal, "12 to 16 (female, age 18 years or more)", "13.5 to 17.5 (male)"),
            ("male", "2020-01-01", Flag::Low, "13.5 to 17.5 (male)", "12 to 16 (female, age 18 years or more)"),
            ("female", "1970-01-01", Flag::None, "13.5 to 17.5 (male); 12 to 16 (female, age 18 years or more)", ""),
        ] {
            let bounds = bounds(&observation, &value, &born(gender), made);
            let found = (by_range(&value, &bounds), bounds.text.as_str(), bounds.others.as_str());
            assert_eq!(found, (flag, text, others), "{gender} at {made}");
        }
    }

    #[test]
    fn the_only_range_counts_unless_it_is_for_somebody_else_and_the_closer_of_two_that_fit() {
        let value = json!({ "value": 12.5 });
        let male = json!({ "low": { "value": 13.5 }, "appliesTo": [{ "text": "male" }] });
        let everybody = json!({ "low": { "value": 10 } });
        let pregnant = json!({ "low": { "value": 11 }, "appliesTo": [{ "text": "pregnant" }] });
        let female = json!({ "low": { "value": 13 }, "appliesTo": [{ "text": "female" }] });
        let jane = Subject::of(&json!({ "gender": "female" }));
        for (ranges, flag, why) in [
            (vec![&male], Flag::None, "a range for somebody else says nothing"),
            (vec![&pregnant], Flag::Normal, "the sender chose the only one it gave"),
            (vec![&everybody, &female], Flag::Low, "the closer one"),
            (vec![&everybody, &male], Flag::Normal, "the one that is for everybody"),
            (vec![&everybody, &pregnant], Flag::Normal, "what is not known is not assumed"),
            (vec![&female, &female], Flag::None, "two that fit as well"),
            (vec![&pregnant, &male], Flag::None, "none that surely fits"),
        ] {
            let bounds = bounds(&json!({ "referenceRange": ranges }), &value, &jane, "2020-01-01");
            assert_eq!(by_range(&value, &bounds), flag, "{why}");
        }
    }

    #[test]
    fn a_comparator_flags_only_what_is_certain() {
        let bounds = Bounds { low: Some(3.0), high: Some(5.0), ..Bounds::default() };
        let value = |comparator: &str, value: f64| json!({ "value": value, "comparator": comparator });
        assert_eq!(by_range(&value("<", 2.0), &bounds), Flag::Low, "less than 2 is below 3");
        assert_eq!(by_range(&value("<", 4.0), &bounds), Flag::None, "less than 4 can be normal or low");
        assert_eq!(by_range(&value(">", 6.0), &bounds), Flag::High, "more than 6 is above 5");
    }

    #[test]
    fn the_most_urgent_interpretation_counts() {
        let observation =
            json!({ "interpretation": [{ "coding": [{ "code": "H" }] }, { "coding": [{ "code": "HH" }] }] });
        assert_eq!(interpreted(&observation), Some(Flag::CriticalHigh), "critical wins");
        assert_eq!(
            interpreted(&json!({ "interpretation": [{ "text": "High" }] })),
            Some(Flag::High),
            "words count when there is no code"
        );
        assert_eq!(
            interpreted(&json!({ "interpretation": [{ "coding": [{ "code": "POS" }] }] })),
            None,
            "positive is not abnormal by itself"
        );
    }
}
