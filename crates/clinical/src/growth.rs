//! Growth: z-scores, percentiles and curves of the WHO and the CDC by the LMS method.
//!
//! *LMS* (Cole TJ, Green PJ: Smoothing reference centile curves, Stat Med 1992;11:1305-19; the formula as CDC prints it at
//! cdc.gov/growthcharts/who-data-files.htm: X = M (1 + LSZ)^(1/L), or M exp(SZ) for L = 0).
//!
//! *WHO.* To 1856 days the row of the completed day, as igrowup has it (R/z-score-helper.R of github.com/WorldHealthOrganization/anthro); from
//! 61 months on linear between the months, as the WHO's own program does (R/zscore-computation.R of .../anthroplus; that program takes month
//! 60 from the Reference 2007 too, of which the package that was read has no row). Of measures that rest on weight, scores beyond three
//! standard deviations are counted in steps of the distance from the second to the third ("Computation of centiles and z-scores" of the
//! report on methods, chapter 7; `compute_zscore_adjusted` in the first program). To 730 days a child is measured lying, from 731 on
//! standing; one that was measured the other way is 0.7 cm longer lying (`adjust_lenhei` there).
//!
//! *CDC.* The rows stand at half months; "to obtain L, M, and S values at finer age [...] interpolation could be used" (the page above), and
//! CDC's own SAS program keeps each row beside the next one for it (CDCref_d.csv). From 24 months on the tables for 2 to 20 years hold.
//!
//! A month is 365.25 / 12 days.

mod place;

use crate::table::Lms;
use crate::{Source, normal};
use place::{Age, place};

/// Days of a month: 365.25 / 12.
pub const DAYS_OF_A_MONTH: f64 = 30.4375;
/// Beyond so many standard deviations the WHO counts weight in steps.
const RESTRICTED_FROM: f64 = 3.0;

/// Whose tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    /// Child Growth Standards 2006 and Reference 2007 of the World Health Organization.
    Who,
    /// Growth Charts 2000 of the Centers for Disease Control and Prevention.
    Cdc,
}

/// The sex that a table is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// Girls.
    Female,
    /// Boys.
    Male,
}

/// How somebody was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posture {
    /// Recumbent length.
    Lying,
    /// Standing height.
    Standing,
    /// The record does not say: taken to be the way in which the standard measures at that age.
    NotSaid,
}

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Body weight in kg.
    Weight,
    /// Length or height in cm.
    Stature(Posture),
    /// Body mass index in kg/m2.
    Bmi,
    /// Head circumference in cm.
    Head,
}

/// Where a value stands among children of the same age and sex.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Centile {
    /// Standard deviations from the median.
    pub z: f64,
    /// The percentage of children below.
    pub percentile: f64,
    /// The table.
    pub source: Source,
}

/// Why there is no percentile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAssessed {
    /// The standard has no table for this measure at this age.
    Age,
    /// The value is no number above nothing.
    Value,
    /// The child was measured in a way that the standard has no table for at this age.
    Posture,
    /// The table in the program cannot be read.
    Table,
}

/// One line of a growth chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The percentage of children below it.
    pub percentile: f64,
    /// One value for each month that was asked for; none where the standard has no table.
    pub values: Vec<Option<f64>>,
}

impl Standard {
    /// The percentiles that this standard's charts draw: WHO 3, 15, 50, 85, 97; CDC 3 to 97.
    pub const fn percentiles(self) -> &'static [f64] {
        match self {
            Self::Who => &[3.0, 15.0, 50.0, 85.0, 97.0],
            Self::Cdc => &[3.0, 5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 97.0],
        }
    }
}

impl Measure {
    /// Whether the measure rests on weight, so that the WHO restricts its scores.
    const fn rests_on_weight(self) -> bool {
        matches!(self, Self::Weight | Self::Bmi)
    }
}

/// Where `value` stands among children of one sex at an age in days.
///
/// # Errors
/// [`NotAssessed`], where the standard has no table or the value is none; never a guess.
pub fn centile(
    standard: Standard,
    measure: Measure,
    sex: Sex,
    age_in_days: u32,
    value: f64,
) -> Result<Centile, NotAssessed> {
    if !value.is_finite() || value <= 0.0 {
        return Err(NotAssessed::Value);
    }
    let place = place(standard, measure, Age::of_days(age_in_days))?;
    let lms = place.lms(sex).ok_or(NotAssessed::Age)?;
    let value = value + place.longer;
    let plain = lms.z(value);
    let z = if standard == Standard::Who && measure.rests_on_weight() { restricted(lms, value, plain) } else { plain };
    if !z.is_finite() {
        return Err(NotAssessed::Value);
    }
    Ok(Centile { z, percentile: normal::percentile(z), source: place.table.source })
}

/// The lines of a chart over ages in months. A curve has no value where the standard has no table.
pub fn curves(standard: Standard, measure: Measure, sex: Sex, months: &[f64], percentiles: &[f64]) -> Vec<Curve> {
    let places: Vec<_> =
        months.iter().map(|age| place(standard, measure, Age::of_months(*age)).ok()?.lms(sex)).collect();
    let curve = |percentile: &f64| {
        let z = normal::z(*percentile);
        Curve { percentile: *percentile, values: places.iter().map(|lms| lms.map(|lms| lms.value(z))).collect() }
    };
    percentiles.iter().map(curve).collect()
}

/// The tables that a chart of this measure draws from, each once.
pub fn sources(standard: Standard, measure: Measure, months: &[f64]) -> Vec<Source> {
    let mut found = Vec::new();
    for age in months {
        if let Ok(place) = place(standard, measure, Age::of_months(*age))
            && !found.contains(&place.table.source)
        {
            found.push(place.table.source);
        }
    }
    found
}

impl Lms {
    fn z(self, value: f64) -> f64 {
        let Self { l, m, s } = self;
        if l.abs() < 1e-9 { (value / m).ln() / s } else { ((value / m).powf(l) - 1.0) / (l * s) }
    }

    fn value(self, z: f64) -> f64 {
        let Self { l, m, s } = self;
        if l.abs() < 1e-9 { m * (s * z).exp() } else { m * (1.0 + l * s * z).powf(1.0 / l) }
    }
}

/// A score beyond three standard deviations, counted in steps of the distance from the second to the third.
fn restricted(lms: Lms, value: f64, z: f64) -> f64 {
    if z > RESTRICTED_FROM {
        let (third, second) = (lms.value(3.0), lms.value(2.0));
        3.0 + (value - third) / (third - second)
    } else if z < -RESTRICTED_FROM {
        let (third, second) = (lms.value(-3.0), lms.value(-2.0));
        -3.0 + (value - third) / (second - third)
    } else {
        z
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANDARDS: [Standard; 2] = [Standard::Who, Standard::Cdc];
    const SEXES: [Sex; 2] = [Sex::Female, Sex::Male];
    const MEASURES: [Measure; 4] = [Measure::Weight, Measure::Stature(Posture::NotSaid), Measure::Bmi, Measure::Head];

    #[test]
    fn a_higher_value_has_a_higher_percentile() {
        for standard in STANDARDS {
            for sex in SEXES {
                for measure in MEASURES {
                    for age in (0..7400).step_by(97) {
                        let mut before = f64::NEG_INFINITY;
                        for step in 1..400 {
                            let Ok(found) = centile(standard, measure, sex, age, f64::from(step) * 0.5) else {
                                continue;
                            };
                            assert!(
                                found.z >= before && (0.0..=100.0).contains(&found.percentile),
                                "{standard:?} {measure:?} {sex:?} day {age}, value {}",
                                f64::from(step) * 0.5
                            );
                            before = found.z;
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn the_median_is_the_fiftieth_and_a_curve_is_where_its_percentile_is() {
        let days: Vec<u32> = (0..7320).step_by(61).collect();
        let months: Vec<f64> = days.iter().map(|days| f64::from(*days) / DAYS_OF_A_MONTH).collect();
        for standard in STANDARDS {
            for sex in SEXES {
                for measure in MEASURES {
                    for curve in curves(standard, measure, sex, &months, standard.percentiles()) {
                        for (day, value) in days.iter().zip(&curve.values) {
                            let Some(value) = value else { continue };
                            let found = centile(standard, measure, sex, *day, *value).unwrap();
                            assert!(
                                (found.percentile - curve.percentile).abs() < 1e-6,
                                "{standard:?} {measure:?} {sex:?} day {day}: {} on the curve of {}",
                                found.percentile,
                                curve.percentile
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_no_table_covers_is_refused_and_says_why() {
        use NotAssessed::{Age, Posture as Way, Value};
        let stature = |posture| Measure::Stature(posture);
        for (standard, measure, days, value, why) in [
            (Standard::Who, Measure::Weight, 3700, 40.0, Age),
            (Standard::Who, Measure::Head, 1857, 50.0, Age),
            (Standard::Who, Measure::Bmi, 6970, 20.0, Age),
            (Standard::Cdc, Measure::Bmi, 700, 16.0, Age),
            (Standard::Cdc, Measure::Head, 1100, 50.0, Age),
            (Standard::Cdc, Measure::Weight, 7400, 60.0, Age),
            (Standard::Cdc, stature(Posture::Standing), 700, 85.0, Way),
            (Standard::Cdc, stature(Posture::Lying), 1300, 95.0, Way),
            (Standard::Who, stature(Posture::Lying), 2000, 110.0, Way),
            (Standard::Who, Measure::Weight, 30, 0.0, Value),
            (Standard::Who, Measure::Weight, 30, f64::NAN, Value),
            (Standard::Cdc, Measure::Weight, 30, -4.0, Value),
        ] {
            assert_eq!(
                centile(standard, measure, Sex::Female, days, value),
                Err(why),
                "{standard:?} {measure:?} {days}"
            );
        }
    }

    #[test]
    fn the_ages_at_the_seams_are_covered() {
        for (standard, measure, days) in [
            (Standard::Who, Measure::Weight, 1856),
            (Standard::Who, Measure::Weight, 1857),
            (Standard::Who, Measure::Weight, 3652),
            (Standard::Who, Measure::Bmi, 6939),
            (Standard::Cdc, Measure::Weight, 730),
            (Standard::Cdc, Measure::Weight, 731),
            (Standard::Cdc, Measure::Weight, 7305),
        ] {
            assert!(centile(standard, measure, Sex::Male, days, 20.0).is_ok(), "{standard:?} {measure:?} day {days}");
        }
    }

    #[test]
    fn how_a_child_was_measured_counts() {
        let z = |posture, days| centile(Standard::Who, Measure::Stature(posture), Sex::Female, days, 86.0).unwrap().z;
        assert!(z(Posture::Standing, 700) > z(Posture::NotSaid, 700), "a small child is longer lying");
        assert!(z(Posture::Lying, 800) < z(Posture::NotSaid, 800), "an older one is shorter standing");
        assert!((z(Posture::Lying, 700) - z(Posture::NotSaid, 700)).abs() < 1e-12, "lying is what the table means");
    }

    #[test]
    fn a_chart_names_each_table_once() {
        let months: Vec<f64> = (0..=228).map(f64::from).collect();
        let titles: Vec<_> = sources(Standard::Who, Measure::Weight, &months).iter().map(|one| one.title).collect();
        assert_eq!(
            titles,
            [
                "WHO Child Growth Standards 2006, weight-for-age, 0 to 1856 days",
                "WHO Reference 2007, weight-for-age, 61 to 120 months"
            ],
            "both that the curve runs through"
        );
    }
}
