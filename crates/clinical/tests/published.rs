//! The numbers against those that the publishers computed themselves.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use vigil_clinical::growth::{Measure, Posture, Sex, Standard, centile, curves};

fn sex(word: &str) -> Sex {
    if word == "male" { Sex::Male } else { Sex::Female }
}

/// igrowup for R and for Stata round to two decimals.
#[test]
fn scores_are_those_of_the_programs_of_the_who() {
    let (mut seen, mut restricted) = (0, 0);
    for line in include_str!("data/who-scores.txt").lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split(' ').collect();
        let posture = match words[2] {
            "lying" => Posture::Lying,
            "standing" => Posture::Standing,
            _ => Posture::NotSaid,
        };
        let measure = match words[0] {
            "weight" => Measure::Weight,
            "stature" => Measure::Stature(posture),
            "bmi" => Measure::Bmi,
            _ => Measure::Head,
        };
        let number = |at: usize| words[at].parse::<f64>().unwrap();
        let found = centile(Standard::Who, measure, sex(words[1]), words[3].parse().unwrap(), number(4)).unwrap();
        // Half of the last decimal, and what the age in days and the value lost when they were written down.
        assert!((found.z - number(5)).abs() < 0.006, "{line}: {}", found.z);
        seen += 1;
        restricted += usize::from(number(5).abs() > 3.0);
    }
    assert!(seen > 350 && restricted > 60, "{seen} children, {restricted} of them beyond three standard deviations");
}

/// figshare.com/articles/dataset/data_anthro_for_deposit_pdf/4294085: "Female, 9kg, 365 days => L = -0.2022, M = 8.9462, S = 0.12267 [...]
/// 0.04885 Z-scores".
#[test]
fn a_worked_example_comes_out() {
    let found = centile(Standard::Who, Measure::Weight, Sex::Female, 365, 9.0).unwrap();
    assert!((found.z - 0.048_85).abs() < 0.000_01, "{}", found.z);
    assert!((found.percentile - 51.95).abs() < 0.01, "{}", found.percentile);
    assert!(found.source.title.starts_with("WHO Child Growth Standards 2006, weight-for-age"), "and names its table");
}

/// CDC prints nine or ten percentiles beside each L, M and S; recomputed they agree to 0.05 g, 0.0005 mm and 0.00005 kg/m2.
#[test]
fn percentiles_are_those_that_cdc_printed() {
    let mut seen = 0;
    for line in include_str!("data/cdc-percentiles.txt").lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split(' ').collect();
        let months: f64 = words[2].parse().unwrap();
        let measure = match words[0] {
            "weight" | "weight-infant" => Measure::Weight,
            "length" => Measure::Stature(Posture::Lying),
            "stature" => Measure::Stature(Posture::Standing),
            "bmi" => Measure::Bmi,
            _ => Measure::Head,
        };
        // From 24 months on weights are read from the table for children, which differs from that for infants in the last digits alone.
        // At 36 months that for infants ends with a row of its own, where the other lies between two.
        let most = if words[0] == "weight-infant" && months > 35.5 { 0.001 } else { 0.000_05 };
        for word in &words[3..] {
            let (percentile, printed) = word.split_once('=').unwrap();
            let (percentile, printed): (f64, f64) = (percentile.parse().unwrap(), printed.parse().unwrap());
            let drawn = curves(Standard::Cdc, measure, sex(words[1]), &[months], &[percentile]);
            let value = drawn[0].values[0].unwrap();
            assert!((value - printed).abs() < most, "{line}: {percentile} is {value}");
            seen += 1;
        }
    }
    assert!(seen > 2_500, "{seen} printed percentiles were compared");
}
