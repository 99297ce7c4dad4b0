//! How long the window takes from a key to its last changed pixel, on the display itself: nothing is asked of the program.
//!
//! `drawn [FOLDER]` measures the program that `VIGIL_BINARY` names: rows of a search in 100,000 patients, two sections of a
//! chart with 5,000 observations and 5,000 encounters, and in a chart of 10,000 observations and 1,000 encounters the nine sections that have a
//! key and a letter in a note. It writes a Markdown table, and a picture of each section into FOLDER.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::thread;
use std::time::Duration;
use vigil_tests::hospital::{Hospital, PHYSICIAN};
use vigil_tests::seen::Seen;
use vigil_tests::xvfb::Part;

const PATIENTS: usize = 100_000;
/// Observations and encounters of the chart whose long sections are drawn.
const LONG: Size = Size { id: "long", family: "Longchart", observations: 5_000, encounters: 5_000 };
/// Those of the chart that is worked in.
const WORKED: Size = Size { id: "worked", family: "Workchart", observations: 10_000, encounters: 1_000 };
/// So many tests, each with as many values.
const TESTS: usize = 200;
/// Alt and one of these opens a section.
const SECTION_KEYS: [&str; 9] = ["alt+2", "alt+3", "alt+4", "alt+5", "alt+6", "alt+7", "alt+8", "alt+9", "alt+1"];
const ROUNDS: usize = 7;
/// The page waits so long after the last key before it asks (ui/src/features/patient/PatientSearchPage.tsx).
const PAUSE: Duration = Duration::from_millis(200);
/// What was read stays so long in the page after it was shown last (ui/src/api/queries.ts).
const KEPT: Duration = Duration::from_secs(6);

/// The inside of the field of the search.
const FIELD: Part = Part { left: 100, top: 160, right: 545, bottom: 184 };
/// Where the rows of a search stand: under the field with its blinking caret.
const SEARCH_ROWS: Part = Part { left: 60, top: 195, right: 1260, bottom: 790 };
/// Where the rows of a section stand: under the tabs and the line that counts them, which changes with the rest of a long section, and beside
/// the scroll bar that fades.
const SECTION_ROWS: Part = Part { left: 60, top: 315, right: 1260, bottom: 790 };
/// Where a note is written.
const NOTE: Part = Part { left: 60, top: 225, right: 1260, bottom: 790 };

fn main() -> Result<()> {
    let hospital = Hospital::new()?;
    let folder = hospital.home.path().join("tmp");
    let (people, chart) = (folder.join("patients.ndjson"), folder.join("chart.ndjson"));
    fs::write(&people, patients()?)?;
    fs::write(&chart, [LONG.lines()?, WORKED.lines()?].concat())?;
    hospital.import(&[&people, &chart])?;
    let mut window = Seen::open(&hospital.launch(&[])?)?;
    window.wait_for_gate()?;
    window.type_text(PHYSICIAN.username)?;
    window.press("Tab")?;
    window.type_text(PHYSICIAN.password)?;
    window.press("Return")?;
    window.wait_for_frame()?;

    let (mut letters, mut rows) = (Vec::new(), Vec::new());
    // The palette goes to the page of the patients.
    window.press("ctrl+k")?;
    window.type_text("Patients")?;
    thread::sleep(Duration::from_secs(1));
    window.press("Return")?;
    thread::sleep(Duration::from_secs(1));
    // Each letter leaves fewer rows.
    for word in ["rolo", "mile", "tosa", "bena"] {
        window.press("ctrl+a")?;
        for letter in word.chars() {
            letters.push(window.until_changed(&letter.to_string(), &FIELD)?);
            thread::sleep(Duration::from_secs(1));
        }
        window.press("ctrl+a")?;
        for letter in word.chars() {
            rows.push(window.until_drawn(&letter.to_string(), &SEARCH_ROWS)?);
        }
    }
    open_chart(&mut window, &LONG)?;
    let (mut results, mut timeline) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for (key, figures) in [("alt+7", &mut results), ("alt+2", &mut timeline)] {
            figures.push(window.until_drawn(key, &SECTION_ROWS)?);
            window.press("alt+4")?;
            thread::sleep(KEPT);
        }
    }
    if let Some(folder) = std::env::args().nth(1) {
        for (key, name) in [("alt+7", "drawn-results.png"), ("alt+2", "drawn-timeline.png")] {
            window.until_drawn(key, &SECTION_ROWS)?;
            window.screenshot(&std::path::Path::new(&folder).join(name))?;
        }
    }
    open_chart(&mut window, &WORKED)?;
    let (sections, typed) = work(&mut window)?;
    window.close()?;
    report(letters, rows, results, timeline, sections, typed)
}

/// By the search of the top line.
fn open_chart(window: &mut Seen, size: &Size) -> Result<()> {
    window.press("ctrl+k")?;
    window.type_text(size.family)?;
    thread::sleep(Duration::from_secs(1));
    window.press("Return")?;
    thread::sleep(Duration::from_secs(2));
    Ok(())
}

/// One section after the other, each read anew since it was drawn last, and then letters in a new note.
fn work(window: &mut Seen) -> Result<(Vec<Duration>, Vec<Duration>)> {
    let (mut sections, mut typed) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for key in SECTION_KEYS {
            sections.push(window.until_drawn(key, &SECTION_ROWS)?);
        }
    }
    window.press("alt+n")?;
    thread::sleep(Duration::from_secs(2));
    window.press("1")?;
    thread::sleep(Duration::from_secs(2));
    for letter in "thepatientfeelsbetter".chars() {
        typed.push(window.until_changed(&letter.to_string(), &NOTE)?);
    }
    Ok((sections, typed))
}

fn report(
    letters: Vec<Duration>,
    rows: Vec<Duration>,
    results: Vec<Duration>,
    timeline: Vec<Duration>,
    sections: Vec<Duration>,
    typed: Vec<Duration>,
) -> Result<()> {
    let after = rows.iter().map(|took| took.saturating_sub(PAUSE)).collect();
    let mut out = std::io::stdout();
    writeln!(
        out,
        "| from a key to the last changed pixel | median, ms | slowest, ms | rounds | goal |\n|---|---|---|---|---|"
    )?;
    for (what, figures, goal) in [
        ("a letter in the field of the search: what the display and the web view take for themselves", letters, ""),
        ("rows of a search, 100,000 patients, with the pause of 200 ms", rows, ""),
        ("the same, counted from the end of the pause", after, "1 frame (16.7 ms) and patient_search"),
        ("Results with 5,000 observations of 200 tests", results, "<= 100 ms"),
        ("Timeline with 5,000 encounters, a row each", timeline, "<= 100 ms"),
        (
            "a section of a chart with 10,000 observations and 1,000 encounters, each of nine in turn",
            sections,
            "<= 50 ms",
        ),
        ("a letter in a note of that chart, its first changed pixel", typed, "<= 16 ms"),
    ] {
        let mut milliseconds: Vec<f64> = figures.iter().map(|took: &Duration| took.as_secs_f64() * 1e3).collect();
        milliseconds.sort_unstable_by(f64::total_cmp);
        let middle = milliseconds.get(milliseconds.len() / 2).context("nothing was measured")?;
        let slowest = milliseconds.last().context("nothing was measured")?;
        writeln!(out, "| {what} | {middle:.1} | {slowest:.1} | {} | {goal} |", milliseconds.len())?;
    }
    Ok(())
}

/// Patients alone, with names of three syllables, so that every further letter leaves fewer of them.
fn patients() -> Result<String> {
    const SYLLABLES: [&str; 20] = [
        "ka", "ro", "mi", "le", "to", "sa", "be", "na", "du", "vi", "po", "ga", "ri", "lo", "me", "ta", "so", "bi",
        "ne", "da",
    ];
    let syllable = |number: usize| SYLLABLES.get(number % SYLLABLES.len()).copied().unwrap_or_default();
    let mut lines = String::new();
    for number in 0..PATIENTS {
        let family = [syllable(number), syllable(number / 20), syllable(number / 400)].concat();
        let given = [syllable(number / 7), syllable(number / 90)].concat();
        let (month, day) = (number % 12 + 1, number % 28 + 1);
        let born = format!("{}-{month:02}-{day:02}", 1930 + number % 90);
        let patient = json!({
            "resourceType": "Patient", "id": format!("p{number}"), "birthDate": born,
            "name": [{ "family": family, "given": [given] }],
        });
        writeln!(lines, "{patient}")?;
    }
    Ok(lines)
}

/// A chart of so many resources.
struct Size {
    id: &'static str,
    family: &'static str,
    observations: usize,
    encounters: usize,
}

impl Size {
    fn lines(&self) -> Result<String> {
        let mut lines = String::new();
        let subject = format!("Patient/{}", self.id);
        let patient = json!({
            "resourceType": "Patient", "id": self.id, "birthDate": "1950-05-05",
            "name": [{ "family": self.family, "given": ["Un"] }],
        });
        writeln!(lines, "{patient}")?;
        for number in 0..self.observations {
            let test = number % TESTS;
            let observation = json!({
                "resourceType": "Observation", "id": format!("{}-o{number}", self.id), "status": "final",
                "subject": { "reference": subject },
                "category": [{ "coding": [{
                    "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory",
                }] }],
                "code": { "coding": [{ "system": "http://example.org/tests", "code": format!("T{test}") }], "text": format!("Invented test {test}") },
                "effectiveDateTime": day(number),
                "valueQuantity": { "value": (number * 37 % 1000) as f64 / 10.0, "unit": "mg/L" },
            });
            writeln!(lines, "{observation}")?;
        }
        for number in 0..self.encounters {
            let encounter = json!({
                "resourceType": "Encounter", "id": format!("{}-e{number}", self.id), "status": "finished",
                "class": { "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB" },
                "subject": { "reference": subject }, "type": [{ "text": format!("Invented visit {number}") }],
                "period": { "start": day(number), "end": day(number) },
            });
            writeln!(lines, "{encounter}")?;
        }
        ensure!(lines.lines().count() == self.observations + self.encounters + 1, "every resource is a line");
        Ok(lines)
    }
}

fn day(number: usize) -> String {
    let (test, turn) = (number % TESTS, number / TESTS % 25);
    format!("20{turn:02}-{:02}-{:02}T08:{:02}:00Z", test % 12 + 1, number % 28 + 1, number % 60)
}
