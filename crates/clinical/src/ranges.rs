//! The ranges of one hospital: what it holds for plausible, for normal and for critical, by observation, sex and age. Nothing of it comes with
//! the program: a hospital writes it down and imports it.
//!
//! A file is CSV (RFC 4180) in UTF-8 with these names in its first line, in any order:
//!
//! ```text
//! loinc,unit,sex,age_from,age_to,possible_low,possible_high,reference_low,reference_high,critical_low,critical_high,source
//! 2823-3,mmol/L,,18 a,,1.0,12.0,3.5,5.1,2.8,6.2,"Laboratory handbook 2026, p. 12"
//! ```
//!
//! `loinc` is a code of LOINC, `unit` the UCUM code in which the numbers are, `sex` `female`, `male` or empty for both. Ages are a number and `d`,
//! `wk`, `mo` or `a`: from `age_from` on and before `age_to`. A number that is empty sets no bound. What lies below a low or above a
//! high is outside; both ends are within. `source` says where a row is from and may not be empty.

use std::collections::HashMap;
use std::fmt;

use crate::growth::Sex;

/// The columns, in the order in which they are written.
const COLUMNS: [&str; 12] = [
    "loinc",
    "unit",
    "sex",
    "age_from",
    "age_to",
    "possible_low",
    "possible_high",
    "reference_low",
    "reference_high",
    "critical_low",
    "critical_high",
    "source",
];

/// More rows has no hospital: a file of more is something else.
const MOST_ROWS: usize = 100_000;
/// So many bad rows are named, and how many more there are.
const NAMED: usize = 20;
/// So many characters has a source at most.
const LONGEST_SOURCE: usize = 300;

/// In which unit an age is: UCUM `d`, `wk`, `mo`, `a`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgeUnit {
    /// Days.
    Days,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
    /// Years.
    Years,
}

impl AgeUnit {
    const ALL: [Self; 4] = [Self::Days, Self::Weeks, Self::Months, Self::Years];

    /// The code of UCUM.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Days => "d",
            Self::Weeks => "wk",
            Self::Months => "mo",
            Self::Years => "a",
        }
    }

    /// Days in one, to see whether one age is before another; whom a range is for is counted by the calendar.
    const fn about_days(self) -> f64 {
        match self {
            Self::Days => 1.0,
            Self::Weeks => 7.0,
            Self::Months => 30.437,
            Self::Years => 365.25,
        }
    }
}

/// An age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age {
    /// How many.
    pub value: u32,
    /// Of which.
    pub unit: AgeUnit,
}

impl Age {
    fn parse(text: &str) -> Option<Self> {
        let (value, unit) = text.split_once(' ')?;
        let unit = AgeUnit::ALL.into_iter().find(|known| known.code() == unit.trim())?;
        Some(Self { value: value.parse().ok()?, unit })
    }

    fn about_days(self) -> f64 {
        f64::from(self.value) * self.unit.about_days()
    }
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, self.unit.code())
    }
}

/// A lowest and a highest value, both within; none sets no bound.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Span {
    /// The lowest.
    pub low: Option<f64>,
    /// The highest.
    pub high: Option<f64>,
}

impl Span {
    /// Whether it bounds nothing.
    pub const fn is_empty(&self) -> bool {
        self.low.is_none() && self.high.is_none()
    }

    /// Whether a value lies within.
    pub fn holds(&self, value: f64) -> bool {
        self.low.is_none_or(|low| value >= low) && self.high.is_none_or(|high| value <= high)
    }

    /// Whether everything within `inner` is within this too.
    fn surrounds(&self, inner: &Self) -> bool {
        let low = self.low.zip(inner.low).is_none_or(|(outer, inner)| outer <= inner);
        low && self.high.zip(inner.high).is_none_or(|(outer, inner)| outer >= inner)
    }
}

/// The ranges of one observation in some people.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The code of LOINC.
    pub loinc: String,
    /// The UCUM code in which the numbers are.
    pub unit: String,
    /// Whom it is for; none for both.
    pub sex: Option<Sex>,
    /// From this age on.
    pub from: Option<Age>,
    /// Before this age.
    pub to: Option<Age>,
    /// What is held for plausible.
    pub possible: Span,
    /// What is held for normal.
    pub reference: Span,
    /// What lies outside of it is critical.
    pub critical: Span,
    /// Where it is from.
    pub source: String,
}

/// All of them.
#[derive(Debug, Default)]
pub struct Ranges {
    /// By code of LOINC.
    rows: Vec<Row>,
}

/// Why a file is not taken.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// Its first line, or all of it.
    File(String),
    /// Rows of it: the line of each from 1, and why. How many more there are.
    Rows(Vec<(u64, String)>, usize),
    /// Whoever imports it stopped.
    Stopped,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(why) => f.write_str(why),
            Self::Rows(rows, more) => {
                let named: Vec<String> = rows.iter().map(|(line, why)| format!("line {line}: {why}")).collect();
                f.write_str(&named.join("\n"))?;
                if *more > 0 { write!(f, "\nand {more} more rows") } else { Ok(()) }
            }
            Self::Stopped => f.write_str("it was stopped; nothing was changed"),
        }
    }
}

impl Ranges {
    /// Reads a file, all of it or nothing. `go_on` is told how many rows were read, and stops it with `false`.
    ///
    /// # Errors
    /// [`Fault`]: every bad row with its line and the reason.
    pub fn parse(text: &str, go_on: &mut dyn FnMut(usize) -> bool) -> Result<Self, Fault> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| Fault::File(error.to_string()))?.clone();
        let places = places(&header)?;
        let mut rows: Vec<(u64, Row)> = Vec::new();
        let mut bad: Vec<(u64, String)> = Vec::new();
        let mut more = 0_usize;
        // Each row is held against those of its own observation alone.
        let mut by_code: HashMap<String, Vec<usize>> = HashMap::new();
        for record in reader.records() {
            let read = rows.len() + bad.len() + more;
            if read >= MOST_ROWS {
                return Err(Fault::File(format!("it has more than {MOST_ROWS} rows")));
            }
            if read.is_multiple_of(1_000) && !go_on(read) {
                return Err(Fault::Stopped);
            }
            let (line, row) = match record {
                Ok(record) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    (line, row(&record, &places, header.len()))
                }
                Err(error) => (error.position().map_or(0, csv::Position::line), Err(error.to_string())),
            };
            let row = row.and_then(|row| {
                let known =
                    of_code(&by_code, &rows, &row.loinc).find(|(_, known)| meet(known, &row)).map(|(line, _)| *line);
                match known {
                    Some(other) => {
                        Err(format!("it is for people whom line {other} is for too, and neither is for fewer of them"))
                    }
                    None => Ok(row),
                }
            });
            match row {
                Ok(row) => {
                    by_code.entry(row.loinc.clone()).or_default().push(rows.len());
                    rows.push((line, row));
                }
                Err(why) if bad.len() < NAMED => bad.push((line, why)),
                Err(_) => more += 1,
            }
        }
        if !bad.is_empty() {
            return Err(Fault::Rows(bad, more));
        }
        if rows.is_empty() {
            return Err(Fault::File("there is no row in it".to_owned()));
        }
        let mut rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
        rows.sort_by(|a, b| a.loinc.cmp(&b.loinc));
        Ok(Self { rows })
    }

    /// The same as a file.
    pub fn to_text(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
        let age = |age: Option<Age>| age.map(|age| age.to_string()).unwrap_or_default();
        let sex = |sex| match sex {
            Some(Sex::Female) => "female",
            Some(Sex::Male) => "male",
            None => "",
        };
        // Into memory nothing fails.
        let _ = writer.write_record(COLUMNS);
        for row in &self.rows {
            let Row { loinc, unit, possible, reference, critical, source, .. } = row;
            let spans = [possible, reference, critical];
            let [pl, ph, rl, rh, cl, ch] = [0, 1, 2, 3, 4, 5].map(|at| {
                let span = spans.get(at / 2).copied().copied().unwrap_or_default();
                number(if at % 2 == 0 { span.low } else { span.high })
            });
            let (from, to) = (age(row.from), age(row.to));
            let _ = writer.write_record([loinc, unit, sex(row.sex), &from, &to, &pl, &ph, &rl, &rh, &cl, &ch, source]);
        }
        String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows of an observation.
    pub fn of(&self, loinc: &str) -> impl Iterator<Item = &Row> {
        let from = self.rows.partition_point(|row| row.loinc.as_str() < loinc);
        self.rows.iter().skip(from).take_while(move |row| row.loinc == loinc)
    }
}

fn of_code<'r>(
    by_code: &'r HashMap<String, Vec<usize>>,
    rows: &'r [(u64, Row)],
    loinc: &str,
) -> impl Iterator<Item = &'r (u64, Row)> {
    by_code.get(loinc).into_iter().flatten().filter_map(|at| rows.get(*at))
}

/// The place of each column in the file.
fn places(header: &csv::StringRecord) -> Result<Vec<usize>, Fault> {
    let named = |name: &str| header.iter().position(|column| column.eq_ignore_ascii_case(name));
    let missing: Vec<&str> = COLUMNS.into_iter().filter(|name| named(name).is_none()).collect();
    let unknown: Vec<&str> =
        header.iter().filter(|column| !COLUMNS.iter().any(|name| column.eq_ignore_ascii_case(name))).collect();
    match (missing.as_slice(), unknown.as_slice()) {
        ([], []) => Ok(COLUMNS.into_iter().filter_map(named).collect()),
        ([], _) => Err(Fault::File(format!("the first line names columns that are not known: {}", unknown.join(", ")))),
        _ => Err(Fault::File(format!("the first line names the columns; these are missing: {}", missing.join(", ")))),
    }
}

fn row(record: &csv::StringRecord, places: &[usize], columns: usize) -> Result<Row, String> {
    if record.len() != columns {
        return Err(format!("it has {} values, and the first line names {columns} columns", record.len()));
    }
    let value = |column: &str| {
        let at = COLUMNS.iter().position(|name| *name == column).and_then(|at| places.get(at));
        at.and_then(|at| record.get(*at)).unwrap_or_default()
    };
    let number = |column: &str| match value(column) {
        "" => Ok(None),
        text => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => Err(format!("{column} is no number with a point: {text:?}")),
        },
    };
    let age = |column: &str| match value(column) {
        "" => Ok(None),
        text => Age::parse(text)
            .map(Some)
            .ok_or_else(|| format!("{column} is written like 18 a, 6 mo, 2 wk or 28 d: {text:?}")),
    };
    let span = |kind: &str| {
        let span = Span { low: number(&format!("{kind}_low"))?, high: number(&format!("{kind}_high"))? };
        match (span.low, span.high) {
            (Some(low), Some(high)) if low > high => Err(format!("{kind}_low is above {kind}_high")),
            _ => Ok(span),
        }
    };
    let (loinc, unit, source) = (value("loinc"), value("unit"), value("source"));
    if !is_loinc(loinc) {
        return Err(format!("{loinc:?} is no code of LOINC: its check digit does not fit, or it has another form"));
    }
    if unit.is_empty() || unit.len() > 40 || !unit.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(format!("unit is a code of UCUM, like mmol/L, [degF] or 1: {unit:?}"));
    }
    if source.is_empty() || source.chars().count() > LONGEST_SOURCE || source.chars().any(char::is_control) {
        return Err(format!("source says in 1 to {LONGEST_SOURCE} characters where the row is from"));
    }
    let sex = match value("sex") {
        "" => None,
        "female" => Some(Sex::Female),
        "male" => Some(Sex::Male),
        other => return Err(format!("sex is female, male or empty for both: {other:?}")),
    };
    let row = Row {
        loinc: loinc.to_owned(),
        unit: unit.to_owned(),
        sex,
        from: age("age_from")?,
        to: age("age_to")?,
        possible: span("possible")?,
        reference: span("reference")?,
        critical: span("critical")?,
        source: source.to_owned(),
    };
    if row.from.zip(row.to).is_some_and(|(from, to)| from.about_days() >= to.about_days()) {
        return Err("age_from is not before age_to".to_owned());
    }
    if row.possible.is_empty() && row.reference.is_empty() && row.critical.is_empty() {
        return Err("there is no range in it".to_owned());
    }
    if !row.possible.surrounds(&row.critical) || !row.critical.surrounds(&row.reference) {
        return Err(
            "what is normal lies within what is not critical, and that within what is plausible; here it does not"
                .to_owned(),
        );
    }
    Ok(row)
}

/// Whether two rows of one observation and unit claim the same people, so that nobody could say which counts. A row for one sex goes before
/// one for both.
fn meet(one: &Row, other: &Row) -> bool {
    let same = one.loinc == other.loinc && one.unit == other.unit && one.sex == other.sex;
    let begins_before =
        |a: &Row, b: &Row| a.from.zip(b.to).is_none_or(|(from, to)| from.about_days() < to.about_days());
    same && begins_before(one, other) && begins_before(other, one)
}

/// A code of LOINC: digits, a hyphen, and the check digit over them (LOINC Users' Guide, appendix "Calculating mod 10 check digits").
fn is_loinc(code: &str) -> bool {
    let Some((digits, check)) = code.split_once('-') else { return false };
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let weighted = digits.chars().rev().enumerate().map(|(at, digit)| {
        let digit = digit.to_digit(10)?;
        Some(if at % 2 == 0 { doubled(digit) } else { digit })
    });
    let sum: Option<u32> = weighted.sum();
    let right = sum.map(|sum| (10 - sum % 10) % 10);
    (1..=7).contains(&digits.len()) && check.len() == 1 && check.parse().ok() == right
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "loinc,unit,sex,age_from,age_to,possible_low,possible_high,reference_low,reference_high,critical_low,critical_high,source\n";

    fn read(rows: &str) -> Result<Ranges, Fault> {
        Ranges::parse(&format!("{HEADER}{rows}"), &mut |_| true)
    }

    #[test]
    fn a_row_is_read_and_written_as_it_was() {
        let rows = "2823-3,mmol/L,,18 a,,1,12,3.5,5.1,2.8,6.2,\"Handbook 2026, p. 12\"\n";
        let ranges = read(rows).unwrap();
        let row = ranges.of("2823-3").next().unwrap();
        assert_eq!((row.unit.as_str(), row.from.unwrap().value, row.to), ("mmol/L", 18, None), "adults");
        assert!(row.critical.holds(2.8) && !row.critical.holds(2.7), "both ends are within");
        assert_eq!(row.source, "Handbook 2026, p. 12", "with its comma");
        let text = ranges.to_text();
        assert_eq!(text, format!("{HEADER}{rows}"), "and back");
        assert_eq!(Ranges::parse(&text, &mut |_| true).unwrap().to_text(), text);
        assert_eq!(ranges.of("2951-2").count(), 0, "of another observation there is none");
    }

    #[test]
    fn columns_stand_in_any_order_and_a_mark_of_the_editor_is_no_column() {
        let text = "\u{feff}source,LOINC,unit,sex,age_from,age_to,critical_low,critical_high,reference_low,reference_high,possible_low,possible_high\n\
            x,2823-3,mmol/L,,,,2.8,,,,,\n";
        assert_eq!(Ranges::parse(text, &mut |_| true).unwrap().of("2823-3").next().unwrap().critical.low, Some(2.8));
    }

    #[test]
    fn every_bad_row_is_refused_with_its_line_and_why() {
        for (row, why) in [
            ("2823-4,mmol/L,,,,,,3.5,5.1,,,x", "check digit"),
            ("potassium,mmol/L,,,,,,3.5,5.1,,,x", "no code of LOINC"),
            ("2823-3,,,,,,,3.5,5.1,,,x", "UCUM"),
            ("2823-3,mmol / L,,,,,,3.5,5.1,,,x", "UCUM"),
            ("2823-3,mmol/L,f,,,,,3.5,5.1,,,x", "sex is female"),
            ("2823-3,mmol/L,,18,,,,3.5,5.1,,,x", "like 18 a"),
            ("2823-3,mmol/L,,18 a,6 mo,,,3.5,5.1,,,x", "not before"),
            ("2823-3,mmol/L,,,,,,\"3,5\",5.1,,,x", "no number"),
            ("2823-3,mmol/L,,,,,,NaN,5.1,,,x", "no number"),
            ("2823-3,mmol/L,,,,,,5.1,3.5,,,x", "above"),
            ("2823-3,mmol/L,,,,,,3.5,5.1,3.6,,x", "lies within"),
            ("2823-3,mmol/L,,,,,,,,,,x", "no range"),
            ("2823-3,mmol/L,,,,,,3.5,5.1,,,", "source"),
            ("2823-3,mmol/L,,,,,,3.5,5.1,x", "10 values"),
        ] {
            let good = "2951-2,mmol/L,,,,,,136,145,,,x\n";
            let Err(Fault::Rows(bad, 0)) = read(&format!("{good}{row}\n")) else { panic!("{row} is bad") };
            assert!(bad.len() == 1 && bad[0].0 == 3 && bad[0].1.contains(why), "{row}: {bad:?}");
        }
        assert!(matches!(read(""), Err(Fault::File(_))), "nothing");
        assert!(matches!(Ranges::parse("a,b\n1,2\n", &mut |_| true), Err(Fault::File(_))), "another table");
    }

    #[test]
    fn two_rows_for_the_same_people_are_refused_and_neighbours_are_not() {
        let row = |sex: &str, from: &str, to: &str| format!("2823-3,mmol/L,{sex},{from},{to},,,3.5,5.1,,,x\n");
        assert!(read(&(row("", "", "18 a") + &row("", "18 a", ""))).is_ok(), "children and adults");
        assert!(read(&(row("", "", "") + &row("female", "", ""))).is_ok(), "one of them is for fewer");
        assert!(matches!(read(&(row("", "", "") + &row("", "18 a", ""))), Err(Fault::Rows(..))), "adults twice");
    }

    #[test]
    fn whoever_imports_can_stop_and_many_bad_rows_are_counted() {
        let good = "2951-2,mmol/L,,,,,,136,145,,,x\n";
        assert_eq!(Ranges::parse(&format!("{HEADER}{good}"), &mut |_| false).err(), Some(Fault::Stopped));
        let Err(Fault::Rows(named, more)) = read(&"x,y\n".repeat(50)) else { panic!("all are bad") };
        assert_eq!((named.len(), more), (20, 30), "twenty are named, the rest is counted");
    }
}
