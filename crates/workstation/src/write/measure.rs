//! Numbers as people type them, and units converted without loss.
//!
//! The factors are exact by definition: 1 `[lb_av]` is 0.45359237 kg, 1 `[in_i]` is 2.54 cm, `[degF]` is 5/9 of a kelvin from
//! 459.67 K below zero, so that Celsius is (Fahrenheit - 32) * 5/9 (NIST Special Publication 811, appendix B.8 and its footnote 22;
//! UCUM, table of units `[lb_av]`, `[in_i]`, `[degF]`). A converted value is rounded to two decimals, half up, which is finer than
//! what was measured; what was typed stays beside it.

/// A number with at most two decimals, and how it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Measured {
    hundredths: i64,
    pub(super) text: String,
}

impl Measured {
    /// Reads `72` or `36.8`: no sign, no more than four digits before the point and two behind it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !digits(whole, 4) || !digits(decimals, 2) {
            return None;
        }
        let hundredths = format!("{whole}{decimals:0<2}").parse().ok()?;
        // `007` is no number of FHIR.
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            rest => rest,
        };
        let text = if text.contains('.') { format!("{whole}.{decimals}") } else { whole.to_owned() };
        Some(Self { hundredths, text })
    }

    pub(super) fn is_whole(&self) -> bool {
        !self.text.contains('.')
    }

    pub(super) fn number(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "at most six digits")]
        let hundredths = self.hundredths as f64;
        hundredths / 100.0
    }

    pub(super) const fn is_zero(&self) -> bool {
        self.hundredths == 0
    }

    pub(super) const fn exceeds(&self, other: &Self) -> bool {
        self.hundredths > other.hundredths
    }

    /// More than a hundred.
    pub(super) const fn exceeds_all(&self) -> bool {
        self.hundredths > 100 * 100
    }

    /// What it is in the unit that is stored; `None` for a unit that is not known, or a temperature below that of ice.
    pub(super) fn converted(&self, unit: &str) -> Option<Self> {
        let value = self.hundredths;
        let hundredths = match unit {
            "[degF]" => divided(value.checked_sub(3_200)?.checked_mul(5)?, 9)?,
            "[lb_av]" => divided(value.checked_mul(45_359_237)?, 100_000_000)?,
            "[in_i]" => divided(value.checked_mul(254)?, 100)?,
            _ => return None,
        };
        let (whole, rest) = (hundredths / 100, hundredths % 100);
        let text =
            if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:02}").trim_end_matches('0').to_owned() };
        Some(Self { hundredths, text })
    }
}

/// A number in another unit of UCUM, where the factor is exact by definition; `None` for every other pair of units, and for a number of
/// more digits than are typed here.
pub(crate) fn converted(number: &str, from: &str, to: &str) -> Option<f64> {
    let is_known = matches!((from, to), ("[degF]", "Cel") | ("[lb_av]", "kg") | ("[in_i]", "cm"));
    Measured::parse(number).filter(|_| is_known)?.converted(from).map(|value| value.number())
}

/// Rounded half up; `None` below zero.
fn divided(value: i64, by: i64) -> Option<i64> {
    if value < 0 { None } else { value.checked_mul(2)?.checked_add(by)?.checked_div(by.checked_mul(2)?) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(text: &str, unit: &str) -> String {
        Measured::parse(text).unwrap().converted(unit).map_or_else(String::new, |value| value.text)
    }

    #[test]
    fn a_number_is_what_has_digits_and_a_point_and_nothing_else() {
        for (typed, written) in
            [("72", "72"), (" 36.8 ", "36.8"), ("37.0", "37.0"), ("007", "7"), ("0", "0"), ("0.5", "0.5")]
        {
            assert_eq!(
                Measured::parse(typed).unwrap().text,
                written,
                "{typed:?} is taken, with the decimals that it has"
            );
        }
        for wrong in
            ["", " ", "-5", "+5", "36,8", "1e2", "7 2", "72bpm", "12345", "36.801", ".5", "36.", "NaN", "\u{663}"]
        {
            assert_eq!(Measured::parse(wrong), None, "{wrong:?} is no number, and is not guessed at");
        }
    }

    #[test]
    fn units_are_converted_by_the_factors_that_define_them() {
        // The fixed points: water freezes at 32 and boils at 212 degrees Fahrenheit.
        for (fahrenheit, celsius) in
            [("32", "0"), ("212", "100"), ("98.6", "37"), ("98.7", "37.06"), ("104", "40"), ("31.99", "")]
        {
            assert_eq!(converted(fahrenheit, "[degF]"), celsius, "{fahrenheit} degrees Fahrenheit");
        }
        for (pounds, kilograms) in [("100", "45.36"), ("1", "0.45"), ("154.5", "70.08"), ("2204.62", "1000")] {
            assert_eq!(converted(pounds, "[lb_av]"), kilograms, "{pounds} pounds");
        }
        for (inches, centimetres) in [("1", "2.54"), ("70", "177.8"), ("70.25", "178.44"), ("100", "254")] {
            assert_eq!(converted(inches, "[in_i]"), centimetres, "{inches} inches");
        }
        assert_eq!(converted("70", "[ft_i]"), "", "another unit is not guessed at");
    }

    #[test]
    fn two_readings_that_differ_stay_different() {
        for (one, other, unit) in
            [("98.6", "98.7", "[degF]"), ("154.4", "154.5", "[lb_av]"), ("70.1", "70.2", "[in_i]")]
        {
            assert_ne!(converted(one, unit), converted(other, unit), "{one} and {other} {unit}");
        }
    }
}
