//! FHIR `date`, `dateTime`, `instant` and `Period`: parsing, sorting and the unambiguous display of NHS CUI (`14-Jul-1945`).
//!
//! Times are shown as the clock on the wall of the place that wrote them said, which is how FHIR carries them
//! (`2026-11-21T10:42:00-05:00`). The offset counts for sorting and plotting only.

use chrono::{DateTime, Months, NaiveDate, NaiveTime, Utc};
use serde_json::Value;

use super::field::text;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A FHIR date or time, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FhirTime {
    first_day: NaiveDate,
    precision: Precision,
    time: Option<(NaiveTime, i32)>,
}

/// How much of a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// `1998`.
    Year,
    /// `1998-03`.
    Month,
    /// `1998-03-02`.
    Day,
    /// Date and time.
    Time,
}

impl FhirTime {
    /// Parses `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or a date with a time; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = match text.trim().split_once('T') {
            Some((date, time)) => (date, Some(time)),
            None => (text.trim(), None),
        };
        let mut parts = date.split('-');
        let year = digits(parts.next()?, 4)?;
        let month = parts.next().map(|part| digits(part, 2).ok_or(())).transpose().ok()?;
        let day = parts.next().map(|part| digits(part, 2).ok_or(())).transpose().ok()?;
        if parts.next().is_some() || (time.is_some() && day.is_none()) {
            return None;
        }
        let first_day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month.unwrap_or(1), day.unwrap_or(1))?;
        let time = time.map(|time| parse_time(time).ok_or(())).transpose().ok()?;
        let precision = match (month, day, time) {
            (_, _, Some(_)) => Precision::Time,
            (_, Some(_), None) => Precision::Day,
            (Some(_), None, None) => Precision::Month,
            (None, None, None) => Precision::Year,
        };
        Some(Self { first_day, precision, time })
    }

    /// How much is known.
    pub const fn precision(&self) -> Precision {
        self.precision
    }

    /// The day, or the first day of the month or year when that is all that is known.
    pub const fn first_day(&self) -> NaiveDate {
        self.first_day
    }

    /// Seconds since 1970 UTC of the beginning of this time.
    pub fn epoch_seconds(&self) -> i64 {
        let (time, offset) = self.time.unwrap_or((NaiveTime::MIN, 0));
        self.first_day.and_time(time).and_utc().timestamp().saturating_sub(i64::from(offset) * 60)
    }

    /// Seconds since 1970 UTC of the last second that belongs to this time: of a day 23:59:59, of a month its last day.
    pub fn last_second(&self) -> i64 {
        let after = match self.precision {
            Precision::Time => return self.epoch_seconds(),
            Precision::Day => self.first_day.succ_opt(),
            Precision::Month => self.first_day.checked_add_months(Months::new(1)),
            Precision::Year => self.first_day.checked_add_months(Months::new(12)),
        };
        let after = after.unwrap_or(self.first_day).and_time(NaiveTime::MIN).and_utc().timestamp();
        after.saturating_sub(1)
    }

    /// `14-Jul-1945`, `21-Nov-2026 10:42`, `Mar-1998` or `1998` (NHS CUI Date Display, Time Display: 24 hours, `HH:mm`).
    pub fn display(&self) -> String {
        use chrono::{Datelike, Timelike};
        let (year, day) = (self.first_day.year(), self.first_day.day());
        let month = MONTHS.get(self.first_day.month0() as usize).copied().unwrap_or_default();
        match (self.precision, self.time) {
            (Precision::Year, _) => format!("{year:04}"),
            (Precision::Month, _) => format!("{month}-{year:04}"),
            (Precision::Time, Some((time, _))) => {
                format!("{day:02}-{month}-{year:04} {:02}:{:02}", time.hour(), time.minute())
            }
            (Precision::Day | Precision::Time, _) => format!("{day:02}-{month}-{year:04}"),
        }
    }
}

/// How a FHIR date or time is shown. What cannot be parsed is shown as it is; empty stays empty.
pub fn format_date(text: &str) -> String {
    FhirTime::parse(text).map_or_else(|| text.trim().to_owned(), |time| time.display())
}

/// `21-Nov-2026 10:42` for a moment that Vigil itself recorded.
pub fn format_moment(moment: &DateTime<Utc>) -> String {
    moment.format("%d-%b-%Y %H:%M").to_string()
}

/// What a FHIR `Period` begins with, or ends with when the beginning is not known.
pub fn period_start(period: &Value) -> &str {
    match text(period, "start") {
        "" => text(period, "end"),
        start => start,
    }
}

/// `02-Mar-2020 to 09-Mar-2020`, `from 02-Mar-2020`, `until 09-Mar-2020`; empty when neither end is known.
pub fn format_period(period: &Value) -> String {
    match (text(period, "start"), text(period, "end")) {
        ("", "") => String::new(),
        (start, "") => format!("from {}", format_date(start)),
        ("", end) => format!("until {}", format_date(end)),
        (start, end) if start == end => format_date(start),
        (start, end) => format!("{} to {}", format_date(start), format_date(end)),
    }
}

fn digits(text: &str, length: usize) -> Option<u32> {
    let fits = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// The clock time and the offset in minutes. A time without an offset (not allowed, but seen) counts as UTC.
fn parse_time(text: &str) -> Option<(NaiveTime, i32)> {
    let split = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at_checked(split)?;
    let mut parts = clock.splitn(3, ':');
    let hour = digits(parts.next()?, 2)?;
    let minute = digits(parts.next()?, 2)?;
    let second = match parts.next() {
        None => 0,
        Some(second) => {
            let (whole, fraction) = second.split_once('.').unwrap_or((second, "0"));
            if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            // A leap second is the second before it: chrono has no 60, and a chart does not need it.
            digits(whole, 2)?.min(59)
        }
    };
    let offset = match zone.as_bytes() {
        [] | [b'Z' | b'z'] => 0,
        [sign, ..] => {
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            let minutes = digits(hours, 2)? * 60 + digits(minutes, 2)?;
            let minutes = i32::try_from(minutes).ok()?;
            if *sign == b'-' { -minutes } else { minutes }
        }
    };
    Some((NaiveTime::from_hms_opt(hour, minute, second)?, offset))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn dates_are_shown_unambiguously_and_only_as_far_as_known() {
        for (fhir, shown) in [
            ("1945-07-14", "14-Jul-1945"),
            ("1998-03", "Mar-1998"),
            ("1998", "1998"),
            ("2026-11-21T10:42:07-05:00", "21-Nov-2026 10:42"),
            ("2026-11-21T10:42:07.123456Z", "21-Nov-2026 10:42"),
            ("2026-11-21T00:00:00Z", "21-Nov-2026 00:00"),
            ("", ""),
            ("around Easter", "around Easter"),
            ("2026-02-30", "2026-02-30"),
        ] {
            assert_eq!(format_date(fhir), shown, "{fhir:?} is shown as it should be");
        }
    }

    #[test]
    fn the_same_instant_in_two_zones_is_one_point_in_time() {
        let first = FhirTime::parse("2026-11-21T10:42:00-05:00").unwrap();
        let second = FhirTime::parse("2026-11-21T15:42:00Z").unwrap();
        assert_eq!(first.epoch_seconds(), second.epoch_seconds(), "the offset counts for the time axis");
    }

    #[test]
    fn a_period_says_which_ends_are_known() {
        assert_eq!(format_period(&json!({ "start": "2020-03-02" })), "from 02-Mar-2020", "an open end is said");
        assert_eq!(format_period(&json!({ "end": "2020-03" })), "until Mar-2020", "an open start is said");
        assert_eq!(format_period(&json!({})), "", "nothing known is nothing shown");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_date_reader_panic(text in "[0-9TZ:+. -]{0,40}|.{0,20}") {
            let _ = format_date(&text);
        }

        #[test]
        fn every_real_day_can_be_read_back(days in 0i32..3_000_000) {
            let day = NaiveDate::from_num_days_from_ce_opt(days).unwrap_or_default();
            let text = day.format("%Y-%m-%d").to_string();
            if text.len() == 10 && !text.starts_with('-') && !text.starts_with('+') {
                prop_assert_eq!(FhirTime::parse(&text).map(|time| time.first_day()), Some(day));
            }
        }
    }
}
