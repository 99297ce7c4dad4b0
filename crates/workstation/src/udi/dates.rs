//! Dates as UDIs have them, made into those of FHIR.

use chrono::NaiveDate;

/// The year of two digits that is nearest to `now`: from 49 years before it to 50 after (GS1 General Specifications, "determination of century
/// in dates").
fn full_year(digits: i32, now: i32) -> i32 {
    let this = now - now.rem_euclid(100) + digits;
    match digits - now.rem_euclid(100) {
        51.. => this - 100,
        ..=-50 => this + 100,
        _ => this,
    }
}

fn number(text: &str) -> Option<i32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn part(text: &str, from: usize, length: usize) -> Option<i32> {
    number(text.get(from..from + length)?)
}

fn day(year: i32, month: i32, day: i32) -> Option<String> {
    let known = NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?;
    Some(known.to_string())
}

fn month(year: i32, month: i32) -> Option<String> {
    day(year, month, 1).map(|first| first.chars().take(7).collect())
}

/// `YYMMDD`; a day of `00` says the month and no more.
pub(super) fn yymmdd(text: &str, now: i32) -> Option<String> {
    let (year, of_year, of_month) = (full_year(part(text, 0, 2)?, now), part(text, 2, 2)?, part(text, 4, 2)?);
    if text.len() != 6 {
        return None;
    }
    if of_month == 0 { month(year, of_year) } else { day(year, of_year, of_month) }
}

/// `MMDDYY`.
pub(super) fn mmddyy(text: &str, now: i32) -> Option<String> {
    (text.len() == 6).then_some(())?;
    day(full_year(part(text, 4, 2)?, now), part(text, 0, 2)?, part(text, 2, 2)?)
}

/// `MMYY`.
pub(super) fn mmyy(text: &str, now: i32) -> Option<String> {
    (text.len() == 4).then_some(())?;
    month(full_year(part(text, 2, 2)?, now), part(text, 0, 2)?)
}

/// `YYYYMMDD`.
pub(super) fn yyyymmdd(text: &str) -> Option<String> {
    (text.len() == 8).then_some(())?;
    day(part(text, 0, 4)?, part(text, 4, 2)?, part(text, 6, 2)?)
}

/// `YYJJJ`: the day of the year.
pub(super) fn yyjjj(text: &str, now: i32) -> Option<String> {
    (text.len() == 5).then_some(())?;
    of_year(full_year(part(text, 0, 2)?, now), part(text, 2, 3)?)
}

/// `YYYJJJ`: the year without its thousands, the day of the year. No device has a UDI of before 2000 or after 2099.
pub(super) fn yyyjjj(text: &str) -> Option<String> {
    (text.len() == 6).then_some(())?;
    let year = part(text, 0, 3).filter(|year| *year < 100)?;
    of_year(2000 + year, part(text, 3, 3)?)
}

fn of_year(year: i32, day: i32) -> Option<String> {
    NaiveDate::from_yo_opt(year, u32::try_from(day).ok()?).map(|known| known.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_of_two_digits_is_the_nearest_one() {
        for (digits, year) in [(26, 2026), (76, 2076), (77, 1977), (0, 2000), (99, 1999)] {
            assert_eq!(full_year(digits, 2026), year, "{digits} in 2026");
        }
        assert_eq!((full_year(40, 2095), full_year(50, 2095)), (2140, 2050), "and so at the end of a century");
    }

    #[test]
    fn a_day_that_no_calendar_has_is_none() {
        assert_eq!(yymmdd("141231", 2026).as_deref(), Some("2014-12-31"));
        assert_eq!(yymmdd("141200", 2026).as_deref(), Some("2014-12"), "the month is all that is said");
        assert_eq!(yymmdd("140230", 2026), None, "February has no 30th");
        assert_eq!(yyjjj("16060", 2026).as_deref(), Some("2016-02-29"), "of a leap year");
        assert_eq!(yyyjjj("014032").as_deref(), Some("2014-02-01"));
        assert_eq!((yyyjjj("999032"), yyjjj("15366", 2026), mmyy("1320", 2026)), (None, None, None));
    }
}
