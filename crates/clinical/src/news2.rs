//! The National Early Warning Score 2 of the Royal College of Physicians (2017): seven parameters, their points, and the response that the
//! College asks for. For people of 16 years and older, and not in pregnancy.
//!
//! The bands stand in `tables/news2.txt`. Responses: Chart 4, "Clinical response to the NEWS trigger thresholds" (c) Royal College of Physicians
//! 2017 (text at scribd.com/document/538260233); the same thresholds in table 1 of rcpjournals.org/highwire/markup/14242 (5, 7, and 3 in one
//! parameter). The chart is in whole numbers and tenths of a degree: what was measured finer is rounded to that, halves up. A score of which
//! a part is missing is refused, never guessed.

use std::sync::LazyLock;

use crate::Source;
use crate::table::{body, source};

/// Which scale the saturation is read on. The second is for hypercapnic respiratory failure with a prescribed range of 88 to 92 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// For most people.
    #[default]
    One,
    /// Only where a clinician has prescribed it.
    Two,
}

/// ACVPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consciousness {
    /// Alert.
    Alert,
    /// New confusion.
    Confusion,
    /// Responds to voice.
    Voice,
    /// Responds to pain.
    Pain,
    /// Unresponsive.
    Unresponsive,
}

/// What is observed; none where it was not.
#[derive(Clone, Copy, Debug, Default)]
pub struct Observations {
    /// Breaths per minute.
    pub respiration: Option<f64>,
    /// Oxygen saturation in percent.
    pub saturation: Option<f64>,
    /// The scale for it.
    pub scale: Scale,
    /// Whether oxygen is given.
    pub oxygen: Option<bool>,
    /// Systolic blood pressure in mmHg.
    pub systolic: Option<f64>,
    /// Beats per minute.
    pub pulse: Option<f64>,
    /// The level of consciousness.
    pub consciousness: Option<Consciousness>,
    /// Temperature in degrees Celsius.
    pub temperature: Option<f64>,
}

/// One of the seven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Parameter {
    /// Respiration rate.
    Respiration,
    /// Oxygen saturation.
    Saturation,
    /// Air or oxygen.
    AirOrOxygen,
    /// Systolic blood pressure.
    Systolic,
    /// Pulse.
    Pulse,
    /// Consciousness.
    Consciousness,
    /// Temperature.
    Temperature,
}

impl Parameter {
    /// In the order of the chart.
    pub const ALL: [Self; 7] = [
        Self::Respiration,
        Self::Saturation,
        Self::AirOrOxygen,
        Self::Systolic,
        Self::Pulse,
        Self::Consciousness,
        Self::Temperature,
    ];
}

/// The points of one parameter; none where it is missing or cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub parameter: Parameter,
    /// 0 to 3.
    pub points: Option<u8>,
}

/// What the College asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Response {
    /// A total of 0.
    Routine,
    /// 1 to 4.
    Assess,
    /// 3 in a single parameter, below a total of 5.
    Review,
    /// 5 or 6: urgent.
    Urgent,
    /// 7 or more: emergency.
    Emergency,
}

/// A whole score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// 0 to 20.
    pub total: u8,
    /// The seven, in the order of the chart.
    pub parts: Vec<Part>,
    /// What it asks for.
    pub response: Response,
    /// Where the bands come from.
    pub source: Source,
}

/// Why there is no score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What was not observed, in the order of the chart.
    pub missing: Vec<Parameter>,
    /// What was, but cannot be: no number, below nothing, a saturation above 100 %.
    pub impossible: Vec<Parameter>,
}

/// One band of the chart.
struct Band {
    what: &'static str,
    points: u8,
    low: f64,
    high: f64,
}

struct Chart {
    source: Source,
    bands: Vec<Band>,
}

static CHART: LazyLock<Option<Chart>> = LazyLock::new(|| chart(include_str!("../tables/news2.txt")));

/// Where the bands come from; none when the table in the program cannot be read.
pub fn chart_source() -> Option<Source> {
    CHART.as_ref().map(|chart| chart.source)
}

/// The points of each parameter by itself, in the order of the chart.
pub fn parts(observed: &Observations) -> Vec<Part> {
    Parameter::ALL.map(|parameter| Part { parameter, points: points(observed, parameter) }).to_vec()
}

/// The score.
///
/// # Errors
/// [`Refused`], when one of the seven is missing or cannot be.
pub fn score(observed: &Observations) -> Result<Score, Refused> {
    let parts = parts(observed);
    let without = |present: bool| {
        let lacking =
            parts.iter().filter(|part| part.points.is_none() && is_given(observed, part.parameter) == present);
        lacking.map(|part| part.parameter).collect::<Vec<_>>()
    };
    let refused = Refused { missing: without(false), impossible: without(true) };
    let (Some(source), true, true) = (chart_source(), refused.missing.is_empty(), refused.impossible.is_empty()) else {
        return Err(refused);
    };
    let points = parts.iter().filter_map(|part| part.points);
    let total = points.clone().fold(0, u8::saturating_add);
    let single = points.clone().any(|points| points >= 3);
    let response = match total {
        7.. => Response::Emergency,
        5.. => Response::Urgent,
        _ if single => Response::Review,
        1.. => Response::Assess,
        0 => Response::Routine,
    };
    Ok(Score { total, parts, response, source })
}

fn is_given(observed: &Observations, parameter: Parameter) -> bool {
    match parameter {
        Parameter::Respiration => observed.respiration.is_some(),
        Parameter::Saturation => observed.saturation.is_some(),
        Parameter::AirOrOxygen => observed.oxygen.is_some(),
        Parameter::Systolic => observed.systolic.is_some(),
        Parameter::Pulse => observed.pulse.is_some(),
        Parameter::Consciousness => observed.consciousness.is_some(),
        Parameter::Temperature => observed.temperature.is_some(),
    }
}

fn points(observed: &Observations, parameter: Parameter) -> Option<u8> {
    match parameter {
        Parameter::Respiration => band("respiration", observed.respiration?),
        Parameter::Saturation => saturation(observed),
        Parameter::AirOrOxygen => Some(if observed.oxygen? { 2 } else { 0 }),
        Parameter::Systolic => band("systolic", observed.systolic?),
        Parameter::Pulse => band("pulse", observed.pulse?),
        Parameter::Consciousness => Some(if observed.consciousness? == Consciousness::Alert { 0 } else { 3 }),
        Parameter::Temperature => band("temperature", observed.temperature? * 10.0),
    }
}

/// On the second scale a saturation counts only when it is known whether oxygen is given.
fn saturation(observed: &Observations) -> Option<u8> {
    let value = observed.saturation.filter(|value| *value <= 100.0)?;
    match (observed.scale, observed.oxygen) {
        (Scale::One, _) => band("saturation-1", value),
        (Scale::Two, Some(false)) => band("saturation-2-air", value),
        (Scale::Two, Some(true)) => band("saturation-2-oxygen", value),
        (Scale::Two, None) => None,
    }
}

fn band(what: &str, value: f64) -> Option<u8> {
    if !value.is_finite() || value < 0.0 {
        return None;
    }
    // 38.05 degrees are 380.49999999999994 tenths in a double: what was written decides, not how it is stored.
    let value = (value + 1e-9).round();
    let chart = CHART.as_ref()?;
    let found = chart.bands.iter().find(|band| band.what == what && (band.low..=band.high).contains(&value));
    found.map(|band| band.points)
}

fn chart(text: &'static str) -> Option<Chart> {
    let bands = body(text).map(|line| {
        let words: Vec<&'static str> = line.split(' ').collect();
        let &[what, points, low, high] = words.as_slice() else { return None };
        let end = |word: &str, open: f64| if word == "-" { Some(open) } else { word.parse().ok() };
        let (low, high) = (end(low, f64::NEG_INFINITY)?, end(high, f64::INFINITY)?);
        Some(Band { what, points: points.parse().ok().filter(|points| *points <= 3)?, low, high })
    });
    Some(Chart { source: source(text)?, bands: bands.collect::<Option<_>>()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_falls_between_two_bands() {
        for what in [
            "respiration",
            "saturation-1",
            "saturation-2-air",
            "saturation-2-oxygen",
            "systolic",
            "pulse",
            "temperature",
        ] {
            for value in 0..600 {
                let fitting = CHART
                    .as_ref()
                    .unwrap()
                    .bands
                    .iter()
                    .filter(|band| band.what == what && (band.low..=band.high).contains(&f64::from(value)));
                assert_eq!(fitting.count(), 1, "{what} {value} is in one band");
            }
        }
    }
}
