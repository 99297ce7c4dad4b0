//! A table of L, M and S as it stands in `tables`: a header of `# key: value` lines, then one row for each age.

use crate::Source;

/// The Box-Cox power, the median and the coefficient of variation of one sex at one age.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Lms {
    pub(crate) l: f64,
    pub(crate) m: f64,
    pub(crate) s: f64,
}

/// One row: the age in the unit of the table, and what holds for boys and girls.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) age: f64,
    pub(crate) boys: Lms,
    pub(crate) girls: Lms,
}

/// A table and its source.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) source: Source,
    /// By age, rising.
    pub(crate) rows: Vec<Row>,
}

/// The value of a header line; none when the header does not have it.
pub(crate) fn header(text: &'static str, key: &str) -> Option<&'static str> {
    text.lines()
        .map_while(|line| line.strip_prefix("# "))
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(": ").map(str::trim))
}

/// What the header says about where the numbers come from; none when it does not say all of it.
pub(crate) fn source(text: &'static str) -> Option<Source> {
    Some(Source { title: header(text, "title")?, publisher: header(text, "publisher")?, read: header(text, "read")? })
}

/// The lines that are no header.
pub(crate) fn body(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty())
}

impl Table {
    /// Reads a table; none when a line is not what the header promises, so that no half table is ever used.
    pub(crate) fn parse(text: &'static str) -> Option<Self> {
        let rows: Vec<Row> = body(text).map(row).collect::<Option<_>>()?;
        let rising = rows.windows(2).all(|pair| matches!(pair, [one, next] if one.age < next.age));
        (rising && rows.len() > 1).then_some(Self { source: source(text)?, rows })
    }

    pub(crate) fn first_age(&self) -> f64 {
        self.rows.first().map_or(f64::INFINITY, |row| row.age)
    }

    pub(crate) fn last_age(&self) -> f64 {
        self.rows.last().map_or(f64::NEG_INFINITY, |row| row.age)
    }

    /// The rows on both sides of an age, and how far it lies between them; the row itself twice where there is one.
    pub(crate) fn around(&self, age: f64) -> Option<(&Row, &Row, f64)> {
        let above = self.rows.partition_point(|row| row.age < age);
        let after = self.rows.get(above)?;
        if (after.age - age).abs() < 1e-9 {
            return Some((after, after, 0.0));
        }
        let before = self.rows.get(above.checked_sub(1)?)?;
        Some((before, after, (age - before.age) / (after.age - before.age)))
    }
}

fn row(line: &str) -> Option<Row> {
    let numbers: Vec<f64> = line.split(' ').map(|word| word.parse().ok()).collect::<Option<_>>()?;
    let &[age, bl, bm, bs, gl, gm, gs] = numbers.as_slice() else { return None };
    let lms = |l: f64, m: f64, s: f64| (l.is_finite() && m > 0.0 && s > 0.0).then_some(Lms { l, m, s });
    Some(Row { age, boys: lms(bl, bm, bs)?, girls: lms(gl, gm, gs)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "# title: T\n# publisher: P\n# read: R\n";

    fn parsed(rows: &str) -> Option<Table> {
        Table::parse(Box::leak(format!("{HEADER}{rows}").into_boxed_str()))
    }

    #[test]
    fn a_table_that_is_not_whole_is_no_table() {
        assert!(parsed("0 1 2 0.1 1 2 0.1\n1 1 2 0.1 1 2 0.1\n").is_some(), "two whole rows");
        for (rows, why) in [
            ("0 1 2 0.1 1 2 0.1\n", "one row has nothing to lie between"),
            ("0 1 2 0.1 1 2 0.1\n1 1 2 0.1 1 2\n", "a column is missing"),
            ("0 1 2 0.1 1 2 0.1\n1 1 2 0.1 1 2 x\n", "a number is none"),
            ("1 1 2 0.1 1 2 0.1\n0 1 2 0.1 1 2 0.1\n", "ages fall"),
            ("0 1 2 0.1 1 2 0.1\n1 1 -2 0.1 1 2 0.1\n", "a median below nothing"),
        ] {
            assert!(parsed(rows).is_none(), "{why}");
        }
        assert!(
            Table::parse("0 1 2 0.1 1 2 0.1\n1 1 2 0.1 1 2 0.1\n").is_none(),
            "numbers without a source are not used"
        );
    }

    #[test]
    fn an_age_between_two_rows_has_both() {
        let table = parsed("0 1 2 0.1 1 2 0.1\n4 1 4 0.1 1 4 0.1\n").unwrap();
        let (before, after, share) = table.around(1.0).unwrap();
        assert!((before.age, after.age, share) == (0.0, 4.0, 0.25), "a quarter of the way");
        assert!(table.around(4.0).is_some_and(|(one, other, _)| one.age == other.age), "on a row there is that row");
        assert!(table.around(4.1).is_none() && table.around(-0.1).is_none(), "nothing beyond the ends");
    }
}
