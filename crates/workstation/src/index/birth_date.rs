//! Birth dates in the usual notations: `14-Jul-1945`, `14 July 1945`, `1945-07-14`, `14.07.1945`, `07/14/1945`,
//! `14/07/1945`, `19450714`, `14071945`, and a year alone. Where day and month could be either, both are looked for.

use chrono::NaiveDate;

/// What a text can mean as a birth date.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Any of these days, as `yyyymmdd`.
    Days(Vec<u32>),
    /// Any day of this year.
    Year(u32),
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A FHIR date as a number; month and day are 0 where they are not known.
pub(super) fn stored(fhir: &str) -> Option<u32> {
    let mut parts = fhir.get(..10).unwrap_or(fhir).splitn(3, '-').map(str::parse::<u32>);
    let year = parts.next()?.ok()?;
    let month = parts.next().transpose().ok()?.unwrap_or(0);
    let day = parts.next().transpose().ok()?.unwrap_or(0);
    Some(year * 10_000 + month * 100 + day)
}

/// Reads `term` as a birth date, if it is one.
pub(super) fn parse(term: &str) -> Option<Wanted> {
    let parts: Vec<&str> = term.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [digits] if digits.bytes().all(|b| b.is_ascii_digit()) => solid(digits),
        [first, second, third] => {
            let days: Vec<u32> = readings(first, second, third).into_iter().flatten().collect();
            if days.is_empty() { None } else { Some(Wanted::Days(days)) }
        }
        _ => None,
    }
}

/// `1945`, `19450714`, `14071945` or `07141945`.
fn solid(digits: &str) -> Option<Wanted> {
    let number = digits.parse::<u32>().ok()?;
    match digits.len() {
        4 if (1880..=2200).contains(&number) => Some(Wanted::Year(number)),
        8 => {
            let (high, low) = (digits.get(..4)?, digits.get(4..)?);
            let year_first = day(high, low.get(..2)?, low.get(2..)?);
            let day_first = day(low, high.get(2..)?, high.get(..2)?);
            let month_first = day(low, high.get(..2)?, high.get(2..)?);
            let mut days: Vec<u32> = [year_first, day_first, month_first].into_iter().flatten().collect();
            days.dedup();
            if days.is_empty() { None } else { Some(Wanted::Days(days)) }
        }
        _ => None,
    }
}

fn readings(first: &str, second: &str, third: &str) -> [Option<u32>; 2] {
    if first.len() == 4 {
        return [day(first, second, third), None];
    }
    if third.len() != 4 {
        return [None, None];
    }
    let day_first = day(third, second, first);
    let month_first = day(third, first, second);
    [day_first, if month_first == day_first { None } else { month_first }]
}

fn day(year: &str, month: &str, day: &str) -> Option<u32> {
    let year = year.parse::<i32>().ok()?;
    let month = match month.parse::<u32>() {
        Ok(number) => number,
        Err(_) => month_by_name(month)?,
    };
    let day = day.parse::<u32>().ok()?;
    NaiveDate::from_ymd_opt(year, month, day)?;
    Some(u32::try_from(year).ok()? * 10_000 + month * 100 + day)
}

fn month_by_name(name: &str) -> Option<u32> {
    let name = name.to_lowercase();
    let start = name.get(..3)?;
    (1_u32..).zip(MONTHS).find(|(_, month)| *month == start).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_notation_means_the_same_day() {
        for text in [
            "14-Jul-1945",
            "14 July 1945",
            "1945-07-14",
            "14.07.1945",
            "14/07/1945",
            "07/14/1945",
            "19450714",
            "14071945",
            "07141945",
        ] {
            assert_eq!(parse(text), Some(Wanted::Days(vec![19_450_714])), "{text} is 14 July 1945");
        }
    }

    #[test]
    fn an_ambiguous_date_means_both_days() {
        assert_eq!(parse("02/03/1950"), Some(Wanted::Days(vec![19_500_302, 19_500_203])), "either could be the month");
    }

    #[test]
    fn a_year_alone_means_any_day_of_it_and_nonsense_is_no_date() {
        assert_eq!(parse("1945"), Some(Wanted::Year(1945)), "a year is often all that is known");
        for text in ["31-Feb-1945", "4217", "smith", "1-2", "99999999"] {
            assert_eq!(parse(text), None, "{text} is no birth date");
        }
    }
}
