//! The `date` parameter: a prefix and a time that may be known to the year, month, day, minute or second alone.

use chrono::{DateTime, Months, NaiveDate, NaiveTime, TimeDelta, Utc};

/// Bounds in microseconds since 1970: from the first, below the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) from: Option<i64>,
    pub(super) below: Option<i64>,
}

/// The bounds of `ge2026-11` and its like; `None` for another form.
pub(super) fn bounds(text: &str) -> Option<Bounds> {
    let (prefix, time) = match text.get(..2) {
        Some(prefix) if prefix.bytes().all(|byte| byte.is_ascii_lowercase()) => (prefix, text.get(2..)?),
        _ => ("eq", text),
    };
    let (begins, ends) = range(time)?;
    let (from, below) = match prefix {
        "eq" => (Some(begins), Some(ends)),
        "ge" => (Some(begins), None),
        "gt" | "sa" => (Some(ends), None),
        "le" => (None, Some(ends)),
        "lt" | "eb" => (None, Some(begins)),
        _ => return None,
    };
    Some(Bounds { from, below })
}

/// Where the time that is named begins and ends. Without an offset it is UTC.
fn range(text: &str) -> Option<(i64, i64)> {
    let of = |begins: DateTime<Utc>, length: TimeDelta| {
        Some((begins.timestamp_micros(), begins.checked_add_signed(length)?.timestamp_micros()))
    };
    let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc();
    let Some((date, time)) = text.split_once('T') else {
        let (date, months) = match text.len() {
            4 => (NaiveDate::parse_from_str(&format!("{text}-01-01"), "%Y-%m-%d").ok()?, 12),
            7 => (NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok()?, 1),
            10 => return of(midnight(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?), TimeDelta::days(1)),
            _ => return None,
        };
        let ends = midnight(date.checked_add_months(Months::new(months))?);
        return Some((midnight(date).timestamp_micros(), ends.timestamp_micros()));
    };
    // A plus in a query that was not escaped is a space by now.
    let at = time.find(['Z', '+', '-', ' ']).unwrap_or(time.len());
    let (clock, offset) = time.split_at_checked(at)?;
    let offset = if offset.is_empty() { "Z".to_owned() } else { offset.replace(' ', "+") };
    let (clock, length) = match clock.len() {
        5 => (format!("{clock}:00"), TimeDelta::minutes(1)),
        8 => (clock.to_owned(), TimeDelta::seconds(1)),
        // As exact as it is said.
        12 => (clock.to_owned(), TimeDelta::milliseconds(1)),
        9..=15 => (clock.to_owned(), TimeDelta::microseconds(1)),
        _ => return None,
    };
    of(DateTime::parse_from_rfc3339(&format!("{date}T{clock}{offset}")).ok()?.to_utc(), length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(text: &str) -> i64 {
        text.parse::<DateTime<Utc>>().unwrap().timestamp_micros()
    }

    #[test]
    fn a_time_that_is_known_in_part_is_a_range() {
        for (text, from, below) in [
            ("2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            ("2026-12", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            ("2026-11-29", "2026-11-29T00:00:00Z", "2026-11-30T00:00:00Z"),
            ("2026-11-29T10:42", "2026-11-29T10:42:00Z", "2026-11-29T10:43:00Z"),
            ("2026-11-29T10:42:07+02:00", "2026-11-29T08:42:07Z", "2026-11-29T08:42:08Z"),
            ("2026-11-29T10:42:07 02:00", "2026-11-29T08:42:07Z", "2026-11-29T08:42:08Z"),
            ("2026-11-29T10:42:07.123Z", "2026-11-29T10:42:07.123Z", "2026-11-29T10:42:07.124Z"),
        ] {
            let expected = Bounds { from: Some(micros(from)), below: Some(micros(below)) };
            assert_eq!(bounds(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_prefix_takes_the_right_end_of_the_range() {
        let (begins, ends) = (Some(micros("2026-11-29T00:00:00Z")), Some(micros("2026-11-30T00:00:00Z")));
        for (prefix, from, below) in
            [("eq", begins, ends), ("ge", begins, None), ("gt", ends, None), ("le", None, ends), ("lt", None, begins)]
        {
            assert_eq!(bounds(&format!("{prefix}2026-11-29")), Some(Bounds { from, below }), "{prefix}");
        }
    }

    #[test]
    fn another_form_is_refused() {
        for text in ["", "ge", "ap2026", "2026-13", "2026-11-29T", "yesterday", "xx2026", "2026-11-29T25:00Z"] {
            assert_eq!(bounds(text), None, "{text}");
        }
    }
}
