//! What the ranges of this hospital say of a value (`vigil_clinical::ranges`): critical, and normal where no range came with it.
//!
//! A value is compared in the unit of the range alone, or converted where the factor is exact by definition (`write/measure.rs`); what
//! cannot be converted is said and not compared. A row counts where it is surely for this patient at the time; of several the one with more
//! conditions, and where two have as many, none.

use serde_json::{Value, json};
use vigil_clinical::growth::Sex;
use vigil_clinical::ranges::{Row, Span};
use vigil_model::fhir::field::{at, items, text};
use vigil_model::fhir::quantity::{number, unit_key};

use super::flag::{Bounds, by_range};
use super::subject::{Fit, Subject};
use crate::view::Flag;
use crate::write::converted;

const LOINC: &str = "http://loinc.org";

/// What they say of one value.
#[derive(Default)]
pub(super) struct Judgement {
    /// Critically low or high, or none.
    pub(super) critical: Flag,
    /// By what is normal, for a value that came with no range of its own.
    pub(super) normal: Flag,
    /// What is normal.
    pub(super) bounds: Bounds,
    /// Why the value was not compared; empty where it was, or there is nothing to compare it with.
    pub(super) said: String,
}

/// What the ranges of this hospital say of this part of an observation; nothing where there are none for it.
pub(super) fn judged(part: &Value, subject: &Subject, made: &str) -> Judgement {
    let quantity = at(part, &["valueQuantity"]);
    let Some(row) = row_of(at(part, &["code"]), quantity, subject, made) else { return Judgement::default() };
    let own_unit = unit_key(quantity);
    let Some(value) = in_unit(quantity, &row.unit) else {
        let why = format!("this hospital’s ranges are in {}: not compared", row.unit);
        return Judgement { said: why, ..Judgement::default() };
    };
    let compared = |span: &Span| {
        let quantity = json!({ "value": value, "comparator": quantity.get("comparator") });
        by_range(&quantity, &Bounds { low: span.low, high: span.high, ..Bounds::default() })
    };
    let critical = match compared(&row.critical) {
        Flag::Low => Flag::CriticalLow,
        Flag::High => Flag::CriticalHigh,
        Flag::None
        | Flag::Normal
        | Flag::Abnormal
        | Flag::CriticalAbnormal
        | Flag::CriticalLow
        | Flag::CriticalHigh => Flag::None,
    };
    let same = own_unit == row.unit;
    let normal = words(&row.reference);
    let bounds = Bounds {
        // A plot has the unit of its values.
        low: row.reference.low.filter(|_| same),
        high: row.reference.high.filter(|_| same),
        text: match (normal.is_empty(), same) {
            (true, _) => String::new(),
            (false, true) => normal,
            (false, false) => format!("{normal} {}", row.unit),
        },
        source: format!("reference range of this hospital: {}", row.source),
        ..Bounds::default()
    };
    Judgement { critical, normal: compared(&row.reference), bounds, said: String::new() }
}

/// What is held for plausible of a value with this code and unit in this patient, and where that is from.
pub(crate) fn plausible<'s>(subject: &'s Subject, loinc: &str, unit: &str, made: &str) -> Option<(Span, &'s str)> {
    let rows = rows(subject, loinc, made).into_iter().filter(|row| row.unit == unit && !row.possible.is_empty());
    most_particular(rows.collect()).map(|row| (row.possible, row.source.as_str()))
}

/// The row that counts: one in the unit of the value, else one in another.
fn row_of<'s>(code: &Value, quantity: &Value, subject: &'s Subject, made: &str) -> Option<&'s Row> {
    quantity.get("value")?;
    let codes = items(code, "coding").iter().filter(|coding| text(coding, "system") == LOINC);
    let rows: Vec<&Row> = codes.flat_map(|coding| rows(subject, text(coding, "code"), made)).collect();
    let same: Vec<&Row> = rows.iter().copied().filter(|row| row.unit == unit_key(quantity)).collect();
    if same.is_empty() { most_particular(rows) } else { most_particular(same) }
}

/// Those that are surely for this patient.
fn rows<'s>(subject: &'s Subject, loinc: &str, made: &str) -> Vec<&'s Row> {
    let Some(house) = subject.house() else { return Vec::new() };
    house.of(loinc).filter(|row| subject.is_in(row, made) == Fit::Yes).collect()
}

fn most_particular(rows: Vec<&Row>) -> Option<&Row> {
    let conditions = |row: &Row| usize::from(row.sex.is_some()) + usize::from(row.from.is_some() || row.to.is_some());
    let most = rows.iter().map(|row| conditions(row)).max()?;
    let mut closest = rows.into_iter().filter(|row| conditions(row) == most);
    closest.next().filter(|_| closest.next().is_none())
}

/// The value of a Quantity in this unit of UCUM.
fn in_unit(quantity: &Value, unit: &str) -> Option<f64> {
    let value = at(quantity, &["value"]);
    let own = unit_key(quantity);
    if own == unit { number(value) } else { converted(&value.to_string(), own, unit) }
}

fn words(span: &Span) -> String {
    match (span.low, span.high) {
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("{low} or more"),
        (None, Some(high)) => format!("up to {high}"),
        (None, None) => String::new(),
    }
}

impl Subject {
    /// Whether a row is for this patient at the time `made`.
    fn is_in(&self, row: &Row, made: &str) -> Fit {
        let sex = match (self.sex(), row.sex) {
            (_, None) => Fit::Yes,
            (Some(own), Some(wanted)) if same(own, wanted) => Fit::Yes,
            (Some(_), Some(_)) => Fit::No,
            (None, Some(_)) => Fit::Unknown,
        };
        let quantity = |age: vigil_clinical::ranges::Age| json!({ "value": age.value, "system": "http://unitsofmeasure.org", "code": age.unit.code() });
        let from = row.from.map_or(Fit::Yes, |age| self.has_age(&quantity(age), made));
        let to = row.to.map_or(Fit::Yes, |age| self.has_age(&quantity(age), made).not());
        sex.and(from).and(to)
    }
}

const fn same(one: Sex, other: Sex) -> bool {
    matches!((one, other), (Sex::Female, Sex::Female) | (Sex::Male, Sex::Male))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use vigil_clinical::ranges::Ranges;

    use super::*;

    const RANGES: &str = "loinc,unit,sex,age_from,age_to,possible_low,possible_high,reference_low,reference_high,critical_low,critical_high,source\n\
        2823-3,mmol/L,,18 a,,1,12,3.5,5.1,2.8,6.2,Handbook\n\
        2823-3,mmol/L,,,18 a,1,12,3.4,4.7,2.5,6.5,Handbook\n\
        718-7,g/dL,,,,,,12,17,,,Handbook\n\
        718-7,g/dL,female,,,,,12,16,,,Handbook\n\
        8310-5,Cel,,,,30,43,36,37.5,34,40,Handbook\n";

    fn subject(born: &str) -> Subject {
        let ranges = Ranges::parse(RANGES, &mut |_| true).unwrap();
        Subject::of(&json!({ "gender": "female", "birthDate": born })).of_house(Some(Arc::new(ranges)))
    }

    fn judge(born: &str, code: &str, value: &Value, unit: &str) -> Judgement {
        let part = json!({
            "code": { "coding": [{ "system": LOINC, "code": code }] },
            "valueQuantity": { "value": value, "system": "http://unitsofmeasure.org", "code": unit, "unit": unit },
        });
        judged(&part, &subject(born), "2026-11-21T10:42:00Z")
    }

    #[test]
    fn a_value_is_critical_beyond_both_ends_and_not_at_them() {
        for (value, critical, normal) in [
            (json!(2.7), Flag::CriticalLow, Flag::Low),
            (json!(2.8), Flag::None, Flag::Low),
            (json!(5.1), Flag::None, Flag::Normal),
            (json!(6.2), Flag::None, Flag::High),
            (json!(6.3), Flag::CriticalHigh, Flag::High),
        ] {
            let judged = judge("1960-01-01", "2823-3", &value, "mmol/L");
            assert_eq!((judged.critical, judged.normal), (critical, normal), "{value}");
            assert_eq!(judged.bounds.text, "3.5 to 5.1");
            assert!(judged.bounds.source.ends_with("Handbook"), "and whose it is");
        }
        assert_eq!(
            judge("1960-01-01", "2951-2", &json!(1), "mmol/L").bounds.text,
            "",
            "of another observation nothing is said"
        );
    }

    #[test]
    fn children_have_their_own_and_the_eighteenth_birthday_is_that_of_an_adult() {
        let text = |born: &str| judge(born, "2823-3", &json!(4), "mmol/L").bounds.text;
        assert_eq!((text("2020-01-01").as_str(), text("2008-11-21").as_str()), ("3.4 to 4.7", "3.5 to 5.1"));
        assert_eq!(text("2008-11-22"), "3.4 to 4.7", "a day before it");
        assert_eq!(text("2008-11"), "", "who may be either is compared with none");
        assert_eq!(text(""), "", "nor is somebody of unknown age");
    }

    #[test]
    fn a_row_for_fewer_goes_before_one_for_all() {
        assert_eq!(judge("1960-01-01", "718-7", &json!(16.5), "g/dL").normal, Flag::High, "that of women");
    }

    #[test]
    fn a_unit_is_converted_exactly_or_said() {
        let fever = judge("1960-01-01", "8310-5", &json!(104.2), "[degF]");
        assert_eq!(
            (fever.critical, fever.bounds.text.as_str()),
            (Flag::CriticalHigh, "36 to 37.5 Cel"),
            "40.11 degrees Celsius"
        );
        assert_eq!((fever.bounds.low, fever.bounds.high), (None, None), "a plot in Fahrenheit has no range in Celsius");
        let other = judge("1960-01-01", "2823-3", &json!(16), "mg/dL");
        assert_eq!((other.critical, other.normal), (Flag::None, Flag::None), "not guessed");
        assert_eq!(other.said, "this hospital’s ranges are in mmol/L: not compared");
    }

    #[test]
    fn what_is_plausible_is_asked_of_the_same_rows() {
        let subject = subject("1960-01-01");
        let (span, source) = plausible(&subject, "8310-5", "Cel", "2026-11-21").unwrap();
        assert!(span.holds(43.0) && !span.holds(43.1) && source == "Handbook");
        assert!(plausible(&subject, "8310-5", "K", "2026-11-21").is_none(), "in another unit nothing is");
        assert!(plausible(&Subject::default(), "8310-5", "Cel", "2026-11-21").is_none(), "nor where nothing is loaded");
    }
}
