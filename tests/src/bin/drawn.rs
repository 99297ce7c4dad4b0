//! How long the window takes from a key to its last changed pixel, on the display itself: nothing is asked of the program.
//!
//! `drawn [FOLDER]` measures the program that `VIGIL_BINARY` names: rows of a search in 100,000 patients, and two sections of a
//! chart with 5,000 observations and 5,000 encounters. It writes a Markdown table, and a picture of each section into FOLDER.

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
/// So many observations, and as many encounters.
const RESOURCES: usize = 5_000;
/// So many tests, each with 25 values.
const TESTS: usize = 200;
const ROUNDS: usize = 7;
/// The page waits so long after the last key before it asks (ui/src/features/patient/PatientSearchPage.tsx).
const PAUSE: Duration = Duration::from_millis(200);
/// What was read stays so long in the page after it was shown last (ui/src/api/queries.ts).
const KEPT: Duration = Duration::from_secs(6);

/// The inside of the field of the search.
const FIELD: Part = Part { left: 100, top: 160, right: 545, bottom: 184 };
/// Where the rows of a search stand: under the field with its blinking caret.
const SEARCH_ROWS: Part = Part { left: 60, top: 195, right: 1260, bottom: 790 };
/// Where the rows of a section stand: under the tabs, beside the scroll bar that fades.
const SECTION_ROWS: Part = Part { left: 60, top: 225, right: 1260, bottom: 790 };

fn main() -> Result<()> {
    let hospital = Hospital::new()?;
    let folder = hospital.home.path().join("tmp");
    let (people, chart) = (folder.join("patients.ndjson"), folder.join("chart.ndjson"));
    fs::write(&people, patients()?)?;
    fs::write(&chart, long_chart()?)?;
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
    window.press("ctrl+a")?;
    window.type_text("Longchart")?;
    thread::sleep(Duration::from_secs(1));
    window.press("Down")?;
    window.press("Return")?;
    thread::sleep(Duration::from_secs(2));
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
    window.close()?;
    report(letters, rows, results, timeline)
}

fn report(letters: Vec<Duration>, rows: Vec<Duration>, results: Vec<Duration>, timeline: Vec<Duration>) -> Result<()> {
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

fn long_chart() -> Result<String> {
    let mut lines = String::new();
    let patient = json!({
        "resourceType": "Patient", "id": "long", "birthDate": "1950-05-05",
        "name": [{ "family": "Longchart", "given": ["Un"] }],
    });
    writeln!(lines, "{patient}")?;
    for number in 0..RESOURCES {
        let (test, turn) = (number % TESTS, number / TESTS);
        let day = format!("20{turn:02}-{:02}-{:02}T08:{:02}:00Z", test % 12 + 1, number % 28 + 1, number % 60);
        let observation = json!({
            "resourceType": "Observation", "id": format!("o{number}"), "status": "final",
            "subject": { "reference": "Patient/long" },
            "category": [{ "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory",
            }] }],
            "code": { "coding": [{ "system": "http://example.org/tests", "code": format!("T{test}") }], "text": format!("Invented test {test}") },
            "effectiveDateTime": day,
            "valueQuantity": { "value": (number * 37 % 1000) as f64 / 10.0, "unit": "mg/L" },
        });
        let encounter = json!({
            "resourceType": "Encounter", "id": format!("e{number}"), "status": "finished",
            "class": { "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB" },
            "subject": { "reference": "Patient/long" }, "type": [{ "text": format!("Invented visit {number}") }],
            "period": { "start": day, "end": day },
        });
        writeln!(lines, "{observation}\n{encounter}")?;
    }
    ensure!(lines.lines().count() == 2 * RESOURCES + 1, "every resource is a line");
    Ok(lines)
}
