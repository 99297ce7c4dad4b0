//! Reading a resource's JSON without losing what a sender wrote.
//!
//! FHIR R4 (datatypes, decimal): "Implementations SHALL handle decimal values in ways that preserve and respect the precision
//! of the value as represented for presentation purposes". A JSON number that becomes a binary one loses the zeros at its
//! end: 7.20 is 7.2. Such a number is therefore read as a text; [`super::quantity`] shows and compares both alike.

use std::borrow::Cow;

use serde_json::Value;
use zeroize::Zeroizing;

/// Stands before a number that is kept as text, where it has to be told from a text of the sender's: an import refuses it.
const MARK: &str = "\\u0000";

/// The JSON of a resource. A decimal that a binary number does not give back as it was written is a text.
///
/// # Errors
/// When `text` is no JSON.
pub fn read(text: &str) -> Result<Value, serde_json::Error> {
    match with_kept_numbers(text, "") {
        Cow::Borrowed(text) => serde_json::from_str(text),
        Cow::Owned(text) => serde_json::from_str(&Zeroizing::new(text)),
    }
}

/// The JSON of a resource for people to read: on several lines, numbers as they were written.
///
/// # Errors
/// When `text` is no JSON.
pub fn pretty(text: &str) -> Result<String, serde_json::Error> {
    pretty_of(text, |_| {})
}

/// The same, once `change` has taken out what is not to be read.
///
/// # Errors
/// When `text` is no JSON.
pub fn pretty_of(text: &str, change: impl FnOnce(&mut Value)) -> Result<String, serde_json::Error> {
    let mut value = marked(text)?;
    change(&mut value);
    Ok(unmarked(&Zeroizing::new(serde_json::to_string_pretty(&value)?)))
}

/// The JSON of a resource once `change` has changed it, on one line, and what `change` gave. Numbers that it leaves alone are as
/// they were written; [`number_as_written`] makes one.
///
/// # Errors
/// When `text` is no JSON.
pub fn changed<T>(text: &str, change: impl FnOnce(&mut Value) -> T) -> Result<(String, T), serde_json::Error> {
    let mut value = marked(text)?;
    let given = change(&mut value);
    Ok((unmarked(&Zeroizing::new(serde_json::to_string(&value)?)), given))
}

/// A number for [`changed`], with the zeros at its end. `text` has to be one of JSON.
pub fn number_as_written(text: &str) -> Value {
    Value::String(format!("\u{0}{text}"))
}

fn marked(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(&Zeroizing::new(with_kept_numbers(text, MARK).into_owned()))
}

fn unmarked(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut parts = json.split(concat!('"', "\\u0000"));
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (number, rest) = part.split_once('"').unwrap_or((part, ""));
        out.push_str(number);
        out.push_str(rest);
    }
    out
}

/// `text` with every number that would change in quotes, behind `mark`.
fn with_kept_numbers<'t>(text: &'t str, mark: &str) -> Cow<'t, str> {
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_string(bytes, at),
            b'-' | b'0'..=b'9' => {
                let rest = bytes.get(at..).unwrap_or_default();
                let end = at + rest.iter().take_while(|byte| is_of_number(**byte)).count();
                let number = text.get(at..end).unwrap_or_default();
                let names_a_member = bytes.get(end..).unwrap_or_default().trim_ascii_start().starts_with(b":");
                if changes(number) && !names_a_member {
                    for part in [text.get(copied..at).unwrap_or_default(), "\"", mark, number, "\""] {
                        out.push_str(part);
                    }
                    copied = end;
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// Where the string that begins at `at` is over.
fn end_of_string(bytes: &[u8], at: usize) -> usize {
    let mut rest = bytes.iter().enumerate().skip(at + 1);
    while let Some((at, byte)) = rest.next() {
        match byte {
            b'"' => return at + 1,
            b'\\' => _ = rest.next(),
            _ => {}
        }
    }
    bytes.len()
}

const fn is_of_number(byte: u8) -> bool {
    matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
}

/// Whether a binary number would print otherwise. What is no JSON number stays as it is, for the parser to refuse.
fn changes(number: &str) -> bool {
    let zeros = number.ends_with('0') && !number.ends_with(".0") || number.contains(".0000");
    let in_full = number.contains('.') && (zeros || number.len() > 15);
    (in_full || number.contains(['e', 'E'])) && is_number(number)
}

/// JSON's grammar of numbers (RFC 8259, 6).
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_decimal_keeps_the_zeros_at_its_end() {
        let value = read(r#"{"a":7.20,"b":[5.0,5.00,-0.10 , 120],"c":"7.20","d":7.2,"e":1.0e2,"f\"":"1.0, 2.00]"}"#);
        let expected = json!({
            "a": "7.20", "b": [5.0, "5.00", "-0.10", 120], "c": "7.20", "d": 7.2, "e": "1.0e2", "f\"": "1.0, 2.00]"
        });
        assert_eq!(value.unwrap(), expected, "numbers alone, and only those that would change");
    }

    #[test]
    fn what_is_no_json_stays_none() {
        for wrong in
            ["{\"a\":01.20}", "{\"a\":1.}", "{\"a\":.20}", "{\"a\":1.20.30}", "{\"a\":1e}", "[1.20", "{1.20 : 1}"]
        {
            assert!(read(wrong).is_err() && pretty(wrong).is_err(), "{wrong} must not become right");
        }
    }

    #[test]
    fn people_read_numbers_as_they_were_written() {
        let text = r#"{"n":7.20,"l":[1.500],"s":"7.20","e":{},"u":"\u00e9 \"1.20"}"#;
        let expected = "{\n  \"n\": 7.20,\n  \"l\": [\n    1.500\n  ],\n  \"s\": \"7.20\",\n  \"e\": {},\n  \"u\": \"é \\\"1.20\"\n}";
        assert_eq!(pretty(text).unwrap(), expected, "a text of the sender's stays a text");
    }

    #[test]
    fn a_change_leaves_other_numbers_as_they_were_written() {
        let text = r#"{ "a": 7.20, "b": { "c": 1.0 } }"#;
        let (made, given) = changed(text, |value| {
            value["b"]["d"] = number_as_written("37.0");
            value["e"] = json!("x");
            4
        })
        .unwrap();
        assert_eq!((made.as_str(), given), (r#"{"a":7.20,"b":{"c":1.0,"d":37.0},"e":"x"}"#, 4), "no zero is lost");
    }

    proptest! {
        #[test]
        fn every_decimal_comes_back_as_written(whole in 0_u32..100_000, decimals in "[0-9]{1,20}", sign in "-?") {
            let written = format!("{sign}{whole}.{decimals}");
            let read = read(&written).unwrap();
            let shown = read.as_str().map_or_else(|| read.to_string(), str::to_owned);
            prop_assert_eq!(shown, written);
        }
    }
}
