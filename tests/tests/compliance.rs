//! The tables in `docs/compliance` keep their word: the counts on top are those of the rows, no row stands twice or is missing, and whatever
//! a row names as its test is there.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use vigil_tests::data;

/// Stands in a cell in which there is nothing to say.
const NOTHING: &str = "–";

const TABLES: [Table; 2] = [CERTIFICATION, SAFETY];

/// Criteria of certification: 45 CFR 170.315 (a)(5), (a)(12), (a)(14), (d)(1) to (d)(13), and the SHALL criteria of the functions of the
/// profile.
const CERTIFICATION: Table = Table {
    file: "docs/compliance/certification.md",
    kinds: &[
        Kind { name: "shown", test: Ask::Needed, lack: Ask::Refused },
        Kind { name: "in part", test: Ask::Open, lack: Ask::Needed },
        Kind { name: "later", test: Ask::Refused, lack: Ask::Needed },
        Kind { name: "outside", test: Ask::Refused, lack: Ask::Needed },
    ],
    of_the_first: &["("],
    sizes: (16, 298),
};

/// Rules of safety for the screen: those of NHS CUI, and those of others.
const SAFETY: Table = Table {
    file: "docs/compliance/safety-rules.md",
    kinds: &[
        Kind { name: "shown", test: Ask::Needed, lack: Ask::Refused },
        Kind { name: "in part", test: Ask::Needed, lack: Ask::Needed },
        Kind { name: "no test", test: Ask::Refused, lack: Ask::Needed },
        Kind { name: "not built", test: Ask::Refused, lack: Ask::Needed },
        Kind { name: "outside", test: Ask::Refused, lack: Ask::Needed },
    ],
    of_the_first: &["PAB-", "MEDi-", "GTAB-", "PAL-", "MSP-", "RAD-"],
    sizes: (68, 36),
};

/// A file whose rows are held to what they say.
struct Table {
    file: &'static str,
    kinds: &'static [Kind],
    /// How the ids begin that the first column of the counts is about; the second is about all others.
    of_the_first: &'static [&'static str],
    /// How many rows either column has to count.
    sizes: (usize, usize),
}

/// What a row of one kind has to say.
struct Kind {
    name: &'static str,
    test: Ask,
    lack: Ask,
}

/// Whether something has to be there.
#[derive(Clone, Copy)]
enum Ask {
    Needed,
    Open,
    Refused,
}

impl Ask {
    const fn is_met(self, there: bool) -> bool {
        match self {
            Self::Needed => there,
            Self::Open => true,
            Self::Refused => !there,
        }
    }
}

impl Table {
    fn text(&self) -> String {
        fs::read_to_string(data::root().join(self.file)).unwrap()
    }

    /// How many of these rows either column counts.
    fn count<'r>(&self, rows: impl Iterator<Item = &'r Row>) -> (usize, usize) {
        let of_the_first = |row: &&Row| self.of_the_first.iter().any(|beginning| row.id.starts_with(beginning));
        let (first, second): (Vec<&Row>, Vec<&Row>) = rows.partition(of_the_first);
        (first.len(), second.len())
    }
}

/// One criterion, or one rule.
struct Row {
    id: String,
    kind: String,
    shown_by: String,
    missing: String,
}

/// The cells of a line of a table; none of any other line.
fn cells(line: &str) -> Vec<&str> {
    let inner = line.trim().strip_prefix('|').and_then(|rest| rest.strip_suffix('|'));
    inner.map(|inner| inner.split('|').map(str::trim).collect()).unwrap_or_default()
}

/// `(d)(1)`, `CP.1.2-01` or `PAB-0016`, and not the head of a table.
fn is_id(text: &str) -> bool {
    let numbered = text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.contains('-')
        && text.ends_with(|last: char| last.is_ascii_digit());
    text.starts_with('(') || numbered
}

fn rows(text: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    for line in text.lines() {
        let Ok([id, _, kind, shown_by, missing]) = <[&str; 5]>::try_from(cells(line)) else { continue };
        if is_id(id) {
            let [id, kind, shown_by, missing] = [id, kind, shown_by, missing].map(str::to_owned);
            rows.push(Row { id, kind, shown_by, missing });
        }
    }
    rows
}

/// What the top says of each kind: two numbers.
fn told(text: &str) -> BTreeMap<String, (usize, usize)> {
    let mut told = BTreeMap::new();
    for line in text.lines() {
        let Ok([kind, first, second]) = <[&str; 3]>::try_from(cells(line)) else { continue };
        if let (Ok(first), Ok(second)) = (first.parse(), second.parse()) {
            told.insert(kind.to_owned(), (first, second));
        }
    }
    told
}

fn counted(table: &Table, rows: &[Row]) -> BTreeMap<String, (usize, usize)> {
    let of_kind = |kind: &Kind| table.count(rows.iter().filter(|row| row.kind == kind.name));
    let mut counted: BTreeMap<_, _> = table.kinds.iter().map(|kind| (kind.name.to_owned(), of_kind(kind))).collect();
    counted.insert("all".to_owned(), table.count(rows.iter()));
    counted
}

/// The files that a row names, each with the tests in it: a path stands before the names of its tests.
fn tests_of(row: &Row) -> Vec<(&str, Vec<&str>)> {
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    // Every second part lies between two backticks.
    for span in row.shown_by.split('`').skip(1).step_by(2) {
        let is_path = !span.contains(' ') && (span.ends_with(".rs") || span.ends_with(".tsx") || span.ends_with(".ts"));
        if is_path {
            found.push((span, Vec::new()));
        } else if let Some((_, names)) = found.last_mut() {
            names.push(span);
        } else {
            found.push(("", vec![span]));
        }
    }
    found
}

/// Whether a test stands in the text of a file: `fn name` in Rust, the title in quotes in a test of the page.
fn is_there(path: &str, text: &str, name: &str) -> bool {
    if path.ends_with(".rs") {
        return text.contains(&format!("fn {name}("));
    }
    ["'", "\""].iter().any(|quote| text.contains(&format!("{quote}{name}{quote}")))
}

/// What rows name and is not there.
fn absent(root: &Path, rows: &[Row]) -> Vec<String> {
    let mut findings = Vec::new();
    for row in rows {
        for (path, names) in tests_of(row) {
            let inside = !path.is_empty() && !path.starts_with('/') && !path.contains("..");
            let Some(text) = inside.then(|| root.join(path)).and_then(|file| fs::read_to_string(file).ok()) else {
                findings.push(format!("{}: there is no file {path:?}", row.id));
                continue;
            };
            if names.is_empty() {
                findings.push(format!("{}: names no test in {path}", row.id));
            }
            let absent = names.iter().filter(|name| !is_there(path, &text, name));
            findings.extend(absent.map(|name| format!("{}: {path} has no test `{name}`", row.id)));
        }
    }
    findings
}

/// Rows that do not say what their kind asks them to say.
fn silent(table: &Table, rows: &[Row]) -> Vec<String> {
    let mut findings = Vec::new();
    for row in rows {
        let Some(kind) = table.kinds.iter().find(|kind| kind.name == row.kind) else {
            findings.push(format!("{} is of no kind that there is: {}", row.id, row.kind));
            continue;
        };
        let names_a_test = !tests_of(row).is_empty();
        let names_a_lack = row.missing != NOTHING && !row.missing.is_empty();
        if !kind.test.is_met(names_a_test) {
            let wrong = if names_a_test { "names a test for what is not there" } else { "names no test" };
            findings.push(format!("{} is {} and {wrong}", row.id, row.kind));
        }
        if !kind.lack.is_met(names_a_lack) {
            let wrong = if names_a_lack { "lacks something" } else { "does not say what is missing, or why" };
            findings.push(format!("{} is {} and {wrong}", row.id, row.kind));
        }
    }
    findings
}

#[test]
fn the_counts_on_top_are_those_of_the_rows() {
    for table in TABLES {
        let text = table.text();
        let counted = counted(&table, &rows(&text));
        assert_eq!(told(&text), counted, "left: what the top of {} says; right: its rows, by kind", table.file);
    }
}

#[test]
fn no_row_stands_twice_or_is_missing() {
    for table in TABLES {
        let rows = rows(&table.text());
        let mut seen = BTreeSet::new();
        let twice: Vec<&str> = rows.iter().map(|row| row.id.as_str()).filter(|id| !seen.insert(*id)).collect();
        assert!(twice.is_empty(), "these stand twice in {}: {twice:?}", table.file);
        assert_eq!(table.count(rows.iter()), table.sizes, "rows of {}", table.file);
    }
}

#[test]
fn every_test_that_a_row_names_is_there() {
    for table in TABLES {
        let findings = absent(&data::root(), &rows(&table.text()));
        assert!(findings.is_empty(), "{} names what is not there:\n{}", table.file, findings.join("\n"));
    }
}

#[test]
fn every_row_says_what_its_kind_asks() {
    for table in TABLES {
        let findings = silent(&table, &rows(&table.text()));
        assert!(findings.is_empty(), "{}:\n{}", table.file, findings.join("\n"));
    }
}

/// The ids that findings begin with.
fn named(findings: &[String]) -> Vec<&str> {
    findings.iter().filter_map(|one| one.split([' ', ':']).next()).collect()
}

#[test]
fn a_row_that_promises_too_much_is_noticed() {
    let here = "tests/tests/compliance.rs";
    let text = [
        "| Kind | 170.315 | EHR-S FM |",
        "| shown | 1 | 7 |",
        "| Criterion | What it asks | Kind | Shown by | What is missing |",
        "|---|---|---|---|---|",
        &format!("| (d)(1) | x | shown | `{here}` `a_row_that_promises_too_much_is_noticed` | – |"),
        &format!("| CP.1-01 | x | shown | `{here}` `nobody_wrote_this` | – |"),
        "| CP.1-02 | x | shown | `tests/tests/nowhere.rs` `x` | – |",
        "| CP.1-03 | x | shown | – | – |",
        "| CP.1-04 | x | later | – | – |",
        "| CP.1-05 | x | perhaps | – | – |",
    ]
    .join("\n");
    let rows = rows(&text);
    assert_eq!(told(&text).get("shown"), Some(&(1, 7)), "what the top says");
    assert_eq!(counted(&CERTIFICATION, &rows).get("shown"), Some(&(1, 3)), "what there is");
    assert_eq!(counted(&CERTIFICATION, &rows).get("all"), Some(&(1, 5)), "every criterion, and no head of a table");
    assert_eq!(named(&absent(&data::root(), &rows)), ["CP.1-01", "CP.1-02"], "no such test, no such file");
    assert_eq!(named(&silent(&CERTIFICATION, &rows)), ["CP.1-03", "CP.1-04", "CP.1-05"], "no test, no reason, no kind");
}

#[test]
fn a_rule_is_held_to_what_its_own_kind_asks() {
    let here = "`tests/tests/compliance.rs` `a_rule_is_held_to_what_its_own_kind_asks`";
    let text = [
        "| Rule | What it asks | Kind | Shown by | What is missing, or why |",
        &format!("| PAB-0001 | x | in part | {here} | the rest |"),
        "| PAB-0002 | x | in part | – | there is code |",
        &format!("| MEDi-003 | x | no test | {here} | there is one |"),
        "| SAFER-4 | x | not built | – | – |",
        "| WCAG-2.4.11 | x | later | – | later work |",
    ]
    .join("\n");
    let rows = rows(&text);
    assert_eq!(counted(&SAFETY, &rows).get("all"), Some(&(3, 2)), "those of NHS CUI and those of others");
    assert_eq!(
        named(&silent(&SAFETY, &rows)),
        ["PAB-0002", "MEDi-003", "SAFER-4", "WCAG-2.4.11"],
        "no test, a test too many, no reason, a kind of the other table"
    );
}
