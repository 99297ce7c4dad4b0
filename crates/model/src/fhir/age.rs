//! Age at a date, in the units that NHS CUI wants.

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};

use super::FhirTime;
use super::date::Precision;

/// The age at `at` of someone born on the FHIR date `birth_date`: `81y`, `4y 1m`, `13m 8d`, `4w 1d`, `27d`; empty when the birth date is
/// not known or later than `at`.
///
/// The units are those of NHS CUI Patient Banner 4.0, table 7 (days under 4 weeks, weeks and days under a year, months and days under two
/// years, years and months under 18), its examples are the test below. Minutes and hours are left out: FHIR birth dates carry no time.
/// A birth date without day or month gives whole years only, with `about` before it because it can be one year too many.
pub fn age(birth_date: &str, at: &DateTime<Utc>) -> String {
    let Some(birth) = FhirTime::parse(birth_date) else { return String::new() };
    let (born, today) = (birth.first_day(), at.date_naive());
    let Ok(days) = u32::try_from((today - born).num_days()) else { return String::new() };
    let months = whole_months(born, today);
    if birth.precision() < Precision::Day {
        return format!("about {}y", months / 12);
    }
    let over = |months: u32| {
        let since = born.checked_add_months(Months::new(months)).unwrap_or(born);
        u32::try_from((today - since).num_days()).unwrap_or_default()
    };
    match (days, months) {
        (0..28, _) => format!("{days}d"),
        (_, 0..12) => two(days / 7, 'w', days % 7, 'd'),
        (_, 12..24) => two(months, 'm', over(months), 'd'),
        (_, 24..216) => two(months / 12, 'y', months % 12, 'm'),
        _ => format!("{}y", months / 12),
    }
}

fn two(high: u32, high_unit: char, low: u32, low_unit: char) -> String {
    if low == 0 { format!("{high}{high_unit}") } else { format!("{high}{high_unit} {low}{low_unit}") }
}

fn whole_months(from: NaiveDate, to: NaiveDate) -> u32 {
    let months = (to.year() - from.year()) * 12 + i32::try_from(to.month()).unwrap_or(0)
        - i32::try_from(from.month()).unwrap_or(0);
    let months = u32::try_from(months).unwrap_or_default();
    // The last month counts only once its day has come; the 31st comes with the last day of a shorter month.
    let reached = from.checked_add_months(Months::new(months)).is_some_and(|day| day <= to);
    if reached { months } else { months.saturating_sub(1) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ages_match_the_table_of_nhs_cui() {
        for (birth, at, shown) in [
            ("2026-11-19", "2026-11-22", "3d"),
            ("2026-10-26", "2026-11-22", "27d"),
            ("2026-10-25", "2026-11-22", "4w"),
            ("2026-10-24", "2026-11-22", "4w 1d"),
            ("2025-11-21", "2026-11-22", "12m 1d"),
            ("2025-11-14", "2026-11-22", "12m 8d"),
            ("2025-10-14", "2026-11-22", "13m 8d"),
            ("2022-10-14", "2026-11-22", "4y 1m"),
            ("2008-11-23", "2026-11-22", "17y 11m"),
            ("2008-11-22", "2026-11-22", "18y"),
            ("1945-07-14", "2026-11-22", "81y"),
            ("1945-12-14", "2026-11-22", "80y"),
            ("2024-02-29", "2026-02-28", "2y"),
            ("1945", "2026-11-22", "about 81y"),
            ("2027-01-01", "2026-11-22", ""),
            ("", "2026-11-22", ""),
        ] {
            let at: DateTime<Utc> = format!("{at}T12:00:00Z").parse().unwrap();
            assert_eq!(age(birth, &at), shown, "born {birth}, seen {at}");
        }
    }

    proptest! {
        #[test]
        fn no_birth_date_makes_age_panic(birth in "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?|.{0,12}", at in -9_000_000_000_000i64..9_000_000_000_000) {
            let _ = age(&birth, &DateTime::from_timestamp_millis(at * 1000).unwrap_or_default());
        }
    }
}
