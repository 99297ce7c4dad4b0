//! `docs/compliance/certification.md` keeps its word: the counts on top are those of the rows, no criterion stands twice or is missing, and
//! whatever a row names as its test is there.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use vigil_tests::data;

const FILE: &str = "docs/compliance/certification.md";
const KINDS: [&str; 4] = ["shown", "in part", "later", "outside"];
/// Stands in a cell in which there is nothing to say.
const NOTHING: &str = "–";
/// 45 CFR 170.315 (a)(5), (a)(12), (a)(14), (d)(1) to (d)(13).
const OF_THE_REGULATION: usize = 16;
/// The SHALL criteria of the functions of the profile.
const OF_THE_MODEL: usize = 298;

/// One criterion.
struct Row {
    id: String,
    kind: String,
    shown_by: String,
    missing: String,
}

impl Row {
    fn is_of_the_regulation(&self) -> bool {
        self.id.starts_with('(')
    }
}

/// The cells of a line of a table; none of any other line.
fn cells(line: &str) -> Vec<&str> {
    let inner = line.trim().strip_prefix('|').and_then(|rest| rest.strip_suffix('|'));
    inner.map(|inner| inner.split('|').map(str::trim).collect()).unwrap_or_default()
}

/// `(d)(1)` or `CP.1.2-01`, and not the head of a table.
fn is_id(text: &str) -> bool {
    let of_the_model = text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.contains('-')
        && text.ends_with(|last: char| last.is_ascii_digit());
    text.starts_with('(') || of_the_model
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

/// What the top says of each kind: how many of the regulation, how many of the model.
fn told(text: &str) -> BTreeMap<String, (usize, usize)> {
    let mut told = BTreeMap::new();
    for line in text.lines() {
        let Ok([kind, regulation, model]) = <[&str; 3]>::try_from(cells(line)) else { continue };
        if let (Ok(regulation), Ok(model)) = (regulation.parse(), model.parse()) {
            told.insert(kind.to_owned(), (regulation, model));
        }
    }
    told
}

fn counted(rows: &[Row]) -> BTreeMap<String, (usize, usize)> {
    let count = |is: &dyn Fn(&Row) -> bool| {
        let of_the_regulation = rows.iter().filter(|row| is(row) && row.is_of_the_regulation()).count();
        let all = rows.iter().filter(|row| is(row)).count();
        (of_the_regulation, all - of_the_regulation)
    };
    let mut counted: BTreeMap<_, _> =
        KINDS.into_iter().map(|kind| (kind.to_owned(), count(&|row: &Row| row.kind == kind))).collect();
    counted.insert("all".to_owned(), count(&|_: &Row| true));
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
fn silent(rows: &[Row]) -> Vec<String> {
    let mut findings = Vec::new();
    for row in rows {
        let (names_a_test, names_a_lack) =
            (!tests_of(row).is_empty(), row.missing != NOTHING && !row.missing.is_empty());
        let wrong = match row.kind.as_str() {
            "shown" if !names_a_test => "is shown and names no test",
            "shown" if names_a_lack => "is shown and lacks something",
            "in part" | "later" | "outside" if !names_a_lack => "does not say what is missing, or why",
            "later" | "outside" if names_a_test => "names a test for what is not there",
            "shown" | "in part" | "later" | "outside" => continue,
            _ => "is of no kind that there is",
        };
        findings.push(format!("{} {wrong}", row.id));
    }
    findings
}

#[test]
fn the_counts_on_top_are_those_of_the_rows() {
    let text = fs::read_to_string(data::root().join(FILE)).unwrap();
    assert_eq!(told(&text), counted(&rows(&text)), "left: what the top of {FILE} says; right: its rows, by kind");
}

#[test]
fn no_criterion_stands_twice_or_is_missing() {
    let rows = rows(&fs::read_to_string(data::root().join(FILE)).unwrap());
    let mut seen = BTreeSet::new();
    let twice: Vec<&str> = rows.iter().map(|row| row.id.as_str()).filter(|id| !seen.insert(*id)).collect();
    assert!(twice.is_empty(), "these stand twice in {FILE}: {twice:?}");
    let of_the_regulation = rows.iter().filter(|row| row.is_of_the_regulation()).count();
    assert_eq!(
        (of_the_regulation, rows.len() - of_the_regulation),
        (OF_THE_REGULATION, OF_THE_MODEL),
        "rows of {FILE}"
    );
}

#[test]
fn every_test_that_a_row_names_is_there() {
    let root = data::root();
    let rows = rows(&fs::read_to_string(root.join(FILE)).unwrap());
    let findings = absent(&root, &rows);
    assert!(findings.is_empty(), "{FILE} names what is not there:\n{}", findings.join("\n"));
}

#[test]
fn every_row_says_what_its_kind_asks() {
    let findings = silent(&rows(&fs::read_to_string(data::root().join(FILE)).unwrap()));
    assert!(findings.is_empty(), "{FILE}:\n{}", findings.join("\n"));
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
    assert_eq!(counted(&rows).get("shown"), Some(&(1, 3)), "what there is");
    assert_eq!(counted(&rows).get("all"), Some(&(1, 5)), "every criterion, and no head of a table");
    let named =
        |findings: Vec<String>| findings.iter().map(|one| one.chars().take(7).collect()).collect::<Vec<String>>();
    assert_eq!(named(absent(&data::root(), &rows)), ["CP.1-01", "CP.1-02"], "no such test, no such file");
    assert_eq!(named(silent(&rows)), ["CP.1-03", "CP.1-04", "CP.1-05"], "no test, no reason, no kind");
}
