//! Which table holds for a measure at an age.

use std::sync::LazyLock;

use super::{DAYS_OF_A_MONTH, Measure, NotAssessed, Posture, Sex, Standard};
use crate::table::{Lms, Row, Table};

/// The first day of which the WHO's table is of standing height.
const STANDS_FROM: u32 = 731;
/// How much longer a child is lying than standing, in cm, where the WHO converts one to the other.
const LONGER_LYING: f64 = 0.7;
/// From this age on CDC's tables for 2 to 20 years hold.
const CDC_CHILD_FROM: f64 = 24.0;

type Loaded = LazyLock<Option<Table>>;

macro_rules! loaded {
    ($($name:ident = $file:literal;)*) => {
        $(static $name: Loaded = LazyLock::new(|| Table::parse(include_str!(concat!("../../tables/", $file))));)*
        /// Every table, for the tests that look at all of them.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, &Loaded)] = &[$(($file, &$name)),*];
    };
}

loaded! {
    WHO_WEIGHT = "who-2006-weight.txt";
    WHO_STATURE = "who-2006-stature.txt";
    WHO_BMI = "who-2006-bmi.txt";
    WHO_HEAD = "who-2006-head.txt";
    WHO_WEIGHT_SCHOOL = "who-2007-weight.txt";
    WHO_STATURE_SCHOOL = "who-2007-stature.txt";
    WHO_BMI_SCHOOL = "who-2007-bmi.txt";
    CDC_WEIGHT_INFANT = "cdc-2000-weight-infant.txt";
    CDC_WEIGHT = "cdc-2000-weight.txt";
    CDC_LENGTH = "cdc-2000-length.txt";
    CDC_STATURE = "cdc-2000-stature.txt";
    CDC_BMI = "cdc-2000-bmi.txt";
    CDC_HEAD = "cdc-2000-head.txt";
}

/// An age in the units of the tables.
#[derive(Clone, Copy)]
pub(super) struct Age {
    days: u32,
    months: f64,
}

impl Age {
    pub(super) fn of_days(days: u32) -> Self {
        Self { days, months: f64::from(days) / DAYS_OF_A_MONTH }
    }

    pub(super) fn of_months(months: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates; below nothing is day 0"
        )]
        let days = (months * DAYS_OF_A_MONTH).round() as u32;
        Self { days, months }
    }
}

/// A table, the age in its own unit, and by how much the value has to be made longer.
pub(super) struct Place {
    pub(super) table: &'static Table,
    age: f64,
    pub(super) longer: f64,
}

impl Place {
    pub(super) fn lms(&self, sex: Sex) -> Option<Lms> {
        let (before, after, share) = self.table.around(self.age)?;
        let of = |row: &Row| match sex {
            Sex::Male => row.boys,
            Sex::Female => row.girls,
        };
        let (one, next) = (of(before), of(after));
        let between = |one: f64, next: f64| one + share * (next - one);
        Some(Lms { l: between(one.l, next.l), m: between(one.m, next.m), s: between(one.s, next.s) })
    }
}

pub(super) fn place(standard: Standard, measure: Measure, age: Age) -> Result<Place, NotAssessed> {
    match standard {
        Standard::Who => who(measure, age),
        Standard::Cdc => cdc(measure, age.months),
    }
}

fn who(measure: Measure, age: Age) -> Result<Place, NotAssessed> {
    let (young, school) = match measure {
        Measure::Weight => (&WHO_WEIGHT, Some(&WHO_WEIGHT_SCHOOL)),
        Measure::Stature(_) => (&WHO_STATURE, Some(&WHO_STATURE_SCHOOL)),
        Measure::Bmi => (&WHO_BMI, Some(&WHO_BMI_SCHOOL)),
        Measure::Head => (&WHO_HEAD, None),
    };
    let young = read(young)?;
    let days = f64::from(age.days);
    if days <= young.last_age() {
        let longer = match measure {
            Measure::Stature(Posture::Standing) if age.days < STANDS_FROM => LONGER_LYING,
            Measure::Stature(Posture::Lying) if age.days >= STANDS_FROM => -LONGER_LYING,
            Measure::Weight | Measure::Stature(_) | Measure::Bmi | Measure::Head => 0.0,
        };
        return Ok(Place { table: young, age: days, longer });
    }
    if measure == Measure::Stature(Posture::Lying) {
        return Err(NotAssessed::Posture);
    }
    within(read(school.ok_or(NotAssessed::Age)?)?, age.months)
}

fn cdc(measure: Measure, months: f64) -> Result<Place, NotAssessed> {
    let infant = months < CDC_CHILD_FROM;
    let table = match measure {
        Measure::Weight if infant => &CDC_WEIGHT_INFANT,
        Measure::Weight => &CDC_WEIGHT,
        Measure::Stature(Posture::Standing) if infant => return Err(NotAssessed::Posture),
        Measure::Stature(Posture::NotSaid) if infant => &CDC_LENGTH,
        Measure::Stature(Posture::Lying) => {
            let table = read(&CDC_LENGTH)?;
            return if months > table.last_age() { Err(NotAssessed::Posture) } else { within(table, months) };
        }
        Measure::Stature(_) => &CDC_STATURE,
        Measure::Bmi => &CDC_BMI,
        Measure::Head => &CDC_HEAD,
    };
    within(read(table)?, months)
}

fn read(table: &'static Loaded) -> Result<&'static Table, NotAssessed> {
    table.as_ref().ok_or(NotAssessed::Table)
}

fn within(table: &'static Table, months: f64) -> Result<Place, NotAssessed> {
    let covered = (table.first_age()..=table.last_age()).contains(&months);
    if covered { Ok(Place { table, age: months, longer: 0.0 }) } else { Err(NotAssessed::Age) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    #[test]
    fn every_table_is_read_whole_and_says_where_it_comes_from() {
        for (file, table) in ALL {
            let table = table.as_ref().unwrap_or_else(|| panic!("{file} is a table"));
            let Source { title, publisher, read } = table.source;
            assert!(!title.is_empty() && !publisher.is_empty() && read.contains("PyPI"), "{file} names its source");
        }
        for (table, rows) in [(&WHO_WEIGHT, 1857), (&WHO_STATURE_SCHOOL, 168), (&CDC_BMI, 219), (&CDC_HEAD, 38)] {
            assert_eq!(table.as_ref().unwrap().rows.len(), rows, "no row is lost");
        }
    }
}
