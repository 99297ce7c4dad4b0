//! Quantity, Range, Ratio, Money: numbers as the sender wrote them, with units that people read.
//!
//! What [`super::json::read`] read keeps every digit of the sender's number, zeros at its end included: `7.20` says that it was measured to two
//! decimals. Numbers that a machine computed to more than six decimals are rounded for display; comparing uses the exact value.

use serde_json::{Number, Value};

use super::field::text;

/// Units whose UCUM code is no text for people, with the print symbol of the UCUM specification (ucum.org), as its FHIR supplements list them
/// (`mm[Hg]` mmHg, `Cel` °C).
const PRINT_SYMBOLS: [(&str, &str); 12] = [
    ("mm[Hg]", "mmHg"),
    ("cm[H2O]", "cmH2O"),
    ("Cel", "°C"),
    ("[degF]", "°F"),
    ("10*3/uL", "10³/uL"),
    ("10*6/uL", "10⁶/uL"),
    ("10*9/L", "10⁹/L"),
    ("10*12/L", "10¹²/L"),
    ("kg/m2", "kg/m²"),
    ("[lb_av]", "lb"),
    ("[in_i]", "in"),
    ("1", ""),
];

/// More decimals than these were computed by a machine.
const MOST_DECIMALS: usize = 6;

/// The exact number of a JSON number, also when a sender wrote it as text.
pub fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    number.filter(|number| number.is_finite())
}

/// A JSON number as text: `7.2`, `7.20`, `120`, `178.69` for `178.69452709041775`.
pub fn format_number(value: &Value) -> String {
    match value {
        Value::Number(number) => format_json_number(number),
        Value::String(text) => format_written(text.trim()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

fn format_json_number(number: &Number) -> String {
    let Some(exact) = number.as_f64().filter(|_| number.is_f64()) else { return number.to_string() };
    let plain = exact.to_string();
    match decimals(&plain) {
        0 => format!("{plain}.0"),
        1..=MOST_DECIMALS => plain,
        _ => rounded(exact, &plain),
    }
}

/// A number as it was written: its digits stay, an exponent is written out. A text that is no number stays as it is.
fn format_written(text: &str) -> String {
    let Some(exact) = text.parse::<f64>().ok().filter(|exact| exact.is_finite()) else { return text.to_owned() };
    let plain = without_exponent(text).unwrap_or_else(|| text.to_owned());
    if decimals(&plain) <= MOST_DECIMALS { plain } else { rounded(exact, &exact.to_string()) }
}

/// `1.20e2` as `120`, `7.20e-1` as `0.720`; `None` when there is no exponent, or one that no measurement has.
fn without_exponent(text: &str) -> Option<String> {
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let exponent: i32 = exponent.parse().ok().filter(|exponent: &i32| exponent.abs() <= 30)?;
    let (sign, digits) = mantissa.strip_prefix('-').map_or(("", mantissa), |digits| ("-", digits));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let point = i32::try_from(whole.len()).ok()? + exponent;
    let digits = [whole, decimals].concat();
    let before = usize::try_from(point).unwrap_or(0);
    let zeros = "0".repeat(usize::try_from(-point).unwrap_or(0));
    let (whole, decimals) = match digits.split_at_checked(before) {
        Some((whole, decimals)) => (whole.to_owned(), zeros + decimals),
        None => (format!("{digits:0<before$}"), String::new()),
    };
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    Some(if decimals.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{decimals}") })
}

fn decimals(plain: &str) -> usize {
    plain.split_once('.').map_or(0, |(_, decimals)| decimals.len())
}

fn rounded(exact: f64, plain: &str) -> String {
    // Two decimals, or as many as three digits need when the number is small.
    let leading_zeros = plain.split_once('.').map_or(0, |(whole, decimals)| {
        if whole.trim_start_matches('-') == "0" { decimals.bytes().take_while(|byte| *byte == b'0').count() } else { 0 }
    });
    let keep = if leading_zeros > 0 || exact.abs() < 1.0 { leading_zeros + 3 } else { 2 };
    format!("{exact:.keep$}")
}

/// A number for a dose: no trailing zero, a comma at thousands (NHS CUI MEDi-014 to 017, 042 to 044).
pub fn format_dose_number(value: &Value) -> String {
    let shown = format_number(value);
    let plain = match shown.split_once('.') {
        Some((whole, decimals)) if decimals.bytes().all(|byte| byte == b'0') => whole.to_owned(),
        Some(_) => shown.trim_end_matches('0').to_owned(),
        None => shown,
    };
    thousands(&plain)
}

/// `1234567.5` as `1,234,567.5`; anything that is no plain number stays as it is.
pub fn thousands(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, decimals) = digits.split_once('.').map_or((digits, None), |(whole, decimals)| (whole, Some(decimals)));
    if whole.len() < 4 || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let mut shown = sign.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    if let Some(decimals) = decimals {
        shown.push('.');
        shown.push_str(decimals);
    }
    shown
}

/// The unit of a Quantity for people: its `unit`, else its code, UCUM codes by their print symbol and annotations without braces.
pub fn unit(quantity: &Value) -> String {
    let unit = match text(quantity, "unit") {
        "" => text(quantity, "code"),
        unit => unit,
    };
    format_unit(unit)
}

/// See [`unit()`].
pub fn format_unit(unit: &str) -> String {
    match PRINT_SYMBOLS.iter().find(|(code, _)| *code == unit) {
        Some((_, symbol)) => (*symbol).to_owned(),
        // UCUM: braces hold annotations, which carry no meaning for the unit itself but do for people.
        None => unit.replace(['{', '}'], "").replace("1.73_m2", "1.73 m²"),
    }
}

/// The unit that says whether two values are comparable: the coded unit, else the text.
pub fn unit_key(quantity: &Value) -> &str {
    match text(quantity, "code") {
        "" => text(quantity, "unit"),
        code => code,
    }
}

/// The value of a Quantity with its comparator: `7.2`, `<0.3`; empty when it has none.
pub fn value_text(quantity: &Value) -> String {
    let value = quantity.get("value").map(format_number).unwrap_or_default();
    if value.is_empty() { value } else { format!("{}{value}", text(quantity, "comparator")) }
}

/// `7.2 mmol/L`, `45%`; empty when there is no value.
pub fn format_quantity(quantity: &Value) -> String {
    with_unit(value_text(quantity), &unit(quantity))
}

/// A value and its unit with one space between; `%` follows without.
pub fn with_unit(value: String, unit: &str) -> String {
    match (value.is_empty(), unit) {
        (true, _) | (_, "") => value,
        (_, "%") => format!("{value}%"),
        (_, unit) => format!("{value} {unit}"),
    }
}

/// `3.5 to 5.1`, `3.5 or more`, `5.1 or less`; empty when there is neither end.
pub fn format_bounds(low: &Value, high: &Value) -> String {
    match (value_text(low), value_text(high)) {
        (low, high) if low.is_empty() && high.is_empty() => String::new(),
        (low, high) if high.is_empty() => format!("{low} or more"),
        (low, high) if low.is_empty() => format!("{high} or less"),
        (low, high) => format!("{low} to {high}"),
    }
}

/// A FHIR Range with the unit of its ends.
pub fn format_range(range: &Value) -> String {
    let (low, high) = (range.get("low").unwrap_or(&Value::Null), range.get("high").unwrap_or(&Value::Null));
    let unit = match unit(low) {
        empty if empty.is_empty() => unit(high),
        unit => unit,
    };
    with_unit(format_bounds(low, high), &unit)
}

/// A FHIR Ratio: `1:128`, `5 mg per 10 mL`.
pub fn format_ratio(ratio: &Value) -> String {
    let (numerator, denominator) =
        (ratio.get("numerator").unwrap_or(&Value::Null), ratio.get("denominator").unwrap_or(&Value::Null));
    let (above, below) = (format_quantity(numerator), format_quantity(denominator));
    match (above.is_empty(), below.is_empty()) {
        (true, true) => String::new(),
        (_, true) => above,
        _ if unit(numerator).is_empty() && unit(denominator).is_empty() => format!("{above}:{below}"),
        _ if number(denominator.get("value").unwrap_or(&Value::Null)) == Some(1.0) => {
            format!("{above} per {}", unit(denominator))
        }
        _ => format!("{above} per {below}"),
    }
}

/// FHIR Money: `1,234.50 USD`; empty when there is no amount.
pub fn format_money(money: &Value) -> String {
    let Some(amount) = money.get("value").and_then(number) else { return String::new() };
    let amount = thousands(&format!("{amount:.2}"));
    match text(money, "currency") {
        "" => amount,
        currency => format!("{amount} {currency}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        for (json, shown) in [
            ("7.2", "7.2"),
            ("7.20", "7.20"),
            ("5.0", "5.0"),
            ("5.00", "5.00"),
            ("-0.10", "-0.10"),
            ("120", "120"),
            ("0.000123", "0.000123"),
            ("178.69452709041775", "178.69"),
            ("-0.00012345678", "-0.000123"),
            ("0.12345678", "0.123"),
            ("178.694527090417750000", "178.69"),
            ("0.000012", "0.000012"),
            ("1e3", "1000"),
            ("1.20e2", "120"),
            ("7.20e-1", "0.720"),
            ("-1.2345e1", "-12.345"),
            ("2.50E+4", "25000"),
        ] {
            assert_eq!(format_number(&crate::fhir::json::read(json).unwrap()), shown, "{json} is shown as {shown}");
        }
    }

    #[test]
    fn doses_have_no_trailing_zero_and_a_comma_at_thousands() {
        for (json, shown) in [
            ("1.0", "1"),
            ("0.5", "0.5"),
            ("1000", "1,000"),
            ("12500.5", "12,500.5"),
            ("10", "10"),
            ("100.0", "100"),
            ("7.20", "7.2"),
            ("2.00", "2"),
        ] {
            assert_eq!(
                format_dose_number(&crate::fhir::json::read(json).unwrap()),
                shown,
                "{json} is shown as {shown}"
            );
        }
    }

    #[test]
    fn units_are_shown_for_people() {
        for (ucum, shown) in [
            ("mm[Hg]", "mmHg"),
            ("Cel", "°C"),
            ("{score}", "score"),
            ("mL/min/{1.73_m2}", "mL/min/1.73 m²"),
            ("mmol/L", "mmol/L"),
        ] {
            assert_eq!(unit(&json!({ "code": ucum })), shown, "{ucum} is shown as {shown}");
        }
        assert_eq!(unit(&json!({ "unit": "beats/min", "code": "/min" })), "beats/min", "the sender's own text wins");
    }

    #[test]
    fn ranges_ratios_and_money_read_as_words() {
        assert_eq!(
            format_range(&json!({ "low": { "value": 3.5, "unit": "mmol/L" }, "high": { "value": 5.1 } })),
            "3.5 to 5.1 mmol/L",
            "both ends"
        );
        assert_eq!(format_range(&json!({ "low": { "value": 60 } })), "60 or more", "an open end");
        assert_eq!(
            format_ratio(&json!({ "numerator": { "value": 1 }, "denominator": { "value": 128 } })),
            "1:128",
            "a titre"
        );
        assert_eq!(
            format_ratio(
                &json!({ "numerator": { "value": 5, "unit": "mg" }, "denominator": { "value": 1, "unit": "mL" } })
            ),
            "5 mg per mL",
            "a strength"
        );
        assert_eq!(
            format_money(&json!({ "value": 1234.5, "currency": "USD" })),
            "1,234.50 USD",
            "two decimals, comma at thousands"
        );
        assert_eq!(
            format_quantity(&json!({ "value": 0.3, "comparator": "<", "unit": "mg/dL" })),
            "<0.3 mg/dL",
            "the comparator is part of the value"
        );
    }

    proptest! {
        #[test]
        fn a_finite_number_is_shown_close_to_what_it_is(exact in -1e9f64..1e9) {
            let shown: f64 = format_number(&json!(exact)).parse().unwrap();
            prop_assert!((shown - exact).abs() <= 0.005_000_1_f64.min(exact.abs() * 0.01 + 1e-12).max(exact.abs() * 1e-2 * f64::from(exact.abs() < 1.0)),
                "{} shown as {}", exact, shown);
        }
    }
}
