//! Which values are held for possible: what lies outside is most likely a slip of the hand, and is asked about before it is recorded.
//!
//! Adults: `tables/possible-adult.txt`, the ranges that a benchmark of intensive care takes for valid. Children up to five years: the z-scores
//! beyond which WHO Anthro flags weight and length (`tables/possible-child.txt`). For everybody else no range is loaded.

use crate::Source;
use crate::growth::{Measure, Sex, Standard, centile};
use crate::table::{body, source};

/// From this age on the ranges of adults are meant.
pub const ADULT_YEARS: u32 = 18;

/// The last day of the WHO's standards of 2006, which the flags are for.
const LAST_DAY: u32 = 1856;

/// What is measured in adults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adult {
    /// Beats per minute.
    Pulse,
    /// Breaths per minute.
    Respiration,
    /// Degrees Celsius.
    Temperature,
    /// mmHg.
    Systolic,
    /// mmHg.
    Diastolic,
    /// kg.
    Weight,
    /// cm.
    Height,
}

/// A range, both ends within it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The lowest value.
    pub lowest: f64,
    /// The highest.
    pub highest: f64,
    /// Who says so.
    pub source: Source,
}

impl Range {
    /// Whether a value lies in it.
    pub fn holds(&self, value: f64) -> bool {
        (self.lowest..=self.highest).contains(&value)
    }
}

/// The range of adults.
pub fn of_adults(what: Adult) -> Option<Range> {
    let name = match what {
        Adult::Pulse => "pulse",
        Adult::Respiration => "respiration",
        Adult::Temperature => "temperature",
        Adult::Systolic => "systolic",
        Adult::Diastolic => "diastolic",
        Adult::Weight => "weight",
        Adult::Height => "height",
    };
    range(include_str!("../tables/possible-adult.txt"), name)
}

/// The range of z-scores of a child of this age that a value lies outside of; none where it lies within, or no range is loaded.
pub fn doubted_in_a_child(measure: Measure, sex: Sex, age_in_days: u32, value: f64) -> Option<Range> {
    let name = match measure {
        Measure::Weight => "weight",
        Measure::Stature(_) => "stature",
        Measure::Bmi | Measure::Head => return None,
    };
    if age_in_days > LAST_DAY {
        return None;
    }
    let z = centile(Standard::Who, measure, sex, age_in_days, value).ok()?.z;
    range(include_str!("../tables/possible-child.txt"), name).filter(|range| !range.holds(z))
}

fn range(table: &'static str, name: &str) -> Option<Range> {
    let source = source(table)?;
    body(table).find_map(|line| {
        let mut words = line.split_whitespace();
        let (what, lowest, highest) = (words.next()?, words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        (what == name && words.next().is_none()).then_some(Range { lowest, highest, source })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::growth::Posture;

    #[test]
    fn every_range_of_adults_is_there_and_names_its_source() {
        for what in [
            Adult::Pulse,
            Adult::Respiration,
            Adult::Temperature,
            Adult::Systolic,
            Adult::Diastolic,
            Adult::Weight,
            Adult::Height,
        ] {
            let range = of_adults(what).unwrap();
            assert!(range.lowest < range.highest, "{what:?} is a range");
            assert!(range.source.publisher.contains("Harutyunyan"), "{what:?} says whose it is");
        }
        let temperature = of_adults(Adult::Temperature).unwrap();
        assert!(temperature.holds(26.0) && temperature.holds(45.0), "both ends are within");
        assert!(!temperature.holds(98.6), "degrees Fahrenheit are not degrees Celsius");
    }

    #[test]
    fn a_child_is_compared_with_children_of_its_age_and_sex() {
        let doubted = |days, kilograms| doubted_in_a_child(Measure::Weight, Sex::Female, days, kilograms).is_some();
        assert!(!doubted(365, 9.0), "the median");
        assert!(doubted(365, 90.0) && doubted(365, 0.9), "a point that slipped");
        assert!(!doubted(1_900, 90.0), "beyond five years no flag is loaded");
        let stature = Measure::Stature(Posture::NotSaid);
        assert!(doubted_in_a_child(stature, Sex::Male, 365, 175.0).is_some(), "a father's height");
        assert!(doubted_in_a_child(stature, Sex::Male, 365, 75.0).is_none(), "a child's");
    }
}
