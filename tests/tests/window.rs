//! The main job in the real window, with the Synthea patients: sign in, search, read, plot, lock, unlock.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use anyhow::{Context, Result};
use std::path::Path;
use std::time::{Duration, Instant};
use vigil_tests::clock::TestClock;
use vigil_tests::data;
use vigil_tests::hospital::{self, ADMINISTRATOR, FRONT_DESK, Hospital, PHYSICIAN};
use vigil_tests::journey::SECTIONS;
use vigil_tests::window::Window;

const PATIENT: &str = "CASTELLANOS, Antonio";

#[tokio::test]
async fn a_physician_finds_a_patient_reads_the_chart_and_comes_back_to_it_after_a_lock() {
    let Some(hospital) = with_synthea() else { return };
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    window.sign_in(PHYSICIAN).await.unwrap();
    window.search_patients("anton castel", "CASTELLANOS").await.unwrap();
    window.open_chart("CASTELLANOS").await.unwrap();
    let tabs = "return [...document.querySelectorAll('[role=tab]')].map((tab) => tab.firstChild.textContent.trim())";
    let tabs = window.client.execute(tabs, vec![]).await.unwrap();
    assert_eq!(tabs, serde_json::json!(SECTIONS), "no tab is passed by");
    let mut with_rows = Vec::new();
    for section in SECTIONS {
        if window.open_section(section).await.unwrap() {
            with_rows.push(section);
        }
    }
    for section in ["Summary", "Timeline", "Vitals", "Results", "Encounters", "Coverage", "Access"] {
        assert!(with_rows.contains(&section), "this patient has {section}, but only these had rows: {with_rows:?}");
    }
    window.open_plot("Vitals", "Body Weight").await.unwrap();
    window.lock(PATIENT).await.unwrap();
    window.unlock(PHYSICIAN).await.unwrap();
    window.wait_for_banner("CASTELLANOS").await.unwrap();
    let selected = "return document.querySelector('[role=tab][aria-selected=true]')?.textContent ?? ''";
    let tab = window.client.execute(selected, vec![]).await.unwrap();
    assert!(tab.as_str().unwrap().starts_with("Vitals"), "the unlock brings back the same section, and not {tab}");
    window.close().await.unwrap();
    let verified = hospital.program.must(&["audit", "verify"], &[]).unwrap();
    assert!(verified.contains("intact"), "everything that was read is on a record that verifies: {verified}");
}

#[tokio::test]
async fn the_front_desk_is_shown_no_clinical_section() {
    let Some(hospital) = with_synthea() else { return };
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    window.sign_in(FRONT_DESK).await.unwrap();
    window.search_patients("Castellanos", "CASTELLANOS").await.unwrap();
    window.open_chart("CASTELLANOS").await.unwrap();
    for section in ["Results", "Documents", "Problems", "Meds"] {
        let tab = window.find("tab", section).await.unwrap();
        assert!(tab.is_none(), "the front desk registers and schedules, and must not be offered {section}");
    }
    assert!(window.open_section("Encounters").await.unwrap(), "visits it sees");
    window.wait_for_words("Not shown to your role: reasons, diagnoses and services").await.unwrap();
    window.close().await.unwrap();
}

/// Warned from 14:00, locked at 15:00, not before.
#[tokio::test]
async fn the_screen_locks_after_fifteen_minutes_without_input_and_not_a_second_earlier() {
    let Some(hospital) = with_synthea() else { return };
    let clock = TestClock::new(hospital.home.path()).unwrap();
    let window =
        Window::open(&hospital.launch(&["--test-clock", clock.file().to_str().unwrap()]).unwrap()).await.unwrap();
    window.sign_in(PHYSICIAN).await.unwrap();
    window.search_patients("Castellanos", "CASTELLANOS").await.unwrap();
    window.open_chart("CASTELLANOS").await.unwrap();

    let warned = "return document.querySelector('[role=timer]') !== null";
    let (before_input, _) = real_input(&window).await.unwrap();
    jump_to(&clock, before_input, minutes(13, 50)).unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(window.client.execute(warned, vec![]).await.unwrap(), false, "at 13:52 nobody is disturbed");
    jump_to(&clock, before_input, minutes(14, 30)).unwrap();
    window.wait_for("timer", "Locks in").await.unwrap();
    let (before_input, after_input) = real_input(&window).await.unwrap();
    window.wait_without_words("Locks in").await.unwrap();

    // The clock goes ahead already: idle time counts from the input, wherever the clock stood then.
    let stood = clock.by().unwrap();
    let ahead = jump_to(&clock, before_input, stood + minutes(14, 50)).unwrap() - stood;
    window.wait_for("timer", "Locks in").await.unwrap();
    // The rest runs in real time, so that no look of the program at its clock can be missed.
    loop {
        let at_most = before_input.elapsed() + ahead;
        let locked = window.find("heading", "Locked").await.unwrap().is_some();
        let at_least = after_input.elapsed() + ahead;
        if locked {
            assert!(before_input.elapsed() + ahead >= minutes(15, 0), "locked at {at_most:?}, which is too early");
            break;
        }
        assert!(at_least < minutes(15, 3), "still open at {at_least:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    window.wait_for_lock(PATIENT).await.unwrap();
    window.unlock(PHYSICIAN).await.unwrap();
    window.wait_for_banner("CASTELLANOS").await.unwrap();
    window.close().await.unwrap();
}

#[tokio::test]
async fn axe_finds_nothing_on_any_screen_in_light_and_dark() {
    let Some(hospital) = with_synthea() else { return };
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    window.wait_for("heading", "Sign in").await.unwrap();
    look(&window, "sign-in", &mut findings).await.unwrap();
    window.sign_in(PHYSICIAN).await.unwrap();
    for colours in ["Dark", "Light"] {
        // The button is named after what it changes to.
        if window.find("button", colours).await.unwrap().is_some() {
            window.click("button", colours).await.unwrap();
        }
        window.click("button", "Home").await.unwrap();
        look(&window, &format!("home, {colours}"), &mut findings).await.unwrap();
        window.search_patients("Castellanos", "CASTELLANOS").await.unwrap();
        look(&window, &format!("search, {colours}"), &mut findings).await.unwrap();
        window.open_chart("CASTELLANOS").await.unwrap();
        for section in SECTIONS {
            window.open_section(section).await.unwrap();
            look(&window, &format!("{section}, {colours}"), &mut findings).await.unwrap();
        }
        window.open_plot("Vitals", "Body Weight").await.unwrap();
        look(&window, &format!("plot, {colours}"), &mut findings).await.unwrap();
        window.lock(PATIENT).await.unwrap();
        look(&window, &format!("lock, {colours}"), &mut findings).await.unwrap();
        window.unlock(PHYSICIAN).await.unwrap();
    }
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
}

#[tokio::test]
async fn axe_finds_nothing_on_the_first_start_and_on_the_pages_of_an_administrator() {
    let hospital = Hospital::new().unwrap();
    let mut findings = Vec::new();
    let empty = tempfile::tempdir().unwrap();
    let mut first_start = hospital.launch(&[]).unwrap();
    first_start.arguments = vec!["--data".to_owned(), empty.path().join("data").to_str().unwrap().to_owned()];
    let window = Window::open(&first_start).await.unwrap();
    window.wait_for("heading", "First start").await.unwrap();
    look(&window, "first start", &mut findings).await.unwrap();
    window.close().await.unwrap();

    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    window.sign_in(ADMINISTRATOR).await.unwrap();
    assert!(window.find("button", "Patients").await.unwrap().is_none(), "an administrator is offered no patient list");
    for colours in ["Dark", "Light"] {
        if window.find("button", colours).await.unwrap().is_some() {
            window.click("button", colours).await.unwrap();
        }
        for (page, heading) in
            [("Users", "Users"), ("Import", "Import"), ("Device", "Workstation"), ("Audit", "Audit log")]
        {
            window.click("button", page).await.unwrap();
            window.wait_for("heading", heading).await.unwrap();
            look(&window, &format!("{page}, {colours}"), &mut findings).await.unwrap();
        }
    }
    window.click("button", "Check the audit log").await.unwrap();
    window.wait_for_words("intact").await.unwrap();
    look(&window, "the audit log, checked", &mut findings).await.unwrap();
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
}

#[tokio::test]
async fn a_data_folder_that_does_not_open_is_said_so_in_the_window_and_left_as_it_is() {
    let hospital = Hospital::new().unwrap();
    let database = hospital.home.data().join("vigil.db");
    let mut damaged = std::fs::read(&database).unwrap();
    // Behind the salt: with another salt it would be the database of another installation.
    damaged.iter_mut().skip(16).for_each(|byte| *byte ^= 0x5a);
    std::fs::write(&database, &damaged).unwrap();
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    window.wait_for_words("is damaged and was left as it is").await.unwrap();
    assert!(window.find("heading", "First start").await.unwrap().is_none(), "nobody is asked to start over");
    window.close().await.unwrap();
    assert_eq!(std::fs::read(&database).unwrap(), damaged, "not a byte was changed");
}

fn with_synthea() -> Option<Hospital> {
    let folder = data::folder("synthea-r4")?;
    let hospital = Hospital::new().unwrap();
    let files = hospital::synthea(&folder, 4).unwrap();
    hospital.import(&files.iter().map(AsRef::as_ref).collect::<Vec<&Path>>()).unwrap();
    Some(hospital)
}

/// Moves the pointer as a hand does, through the display; what the driver does reaches the page without passing the window system.
async fn real_input(window: &Window) -> Result<(Instant, Instant)> {
    let before = Instant::now();
    window.move_pointer()?;
    // Nothing says when the program has taken it, and it has to before the clock is moved.
    tokio::time::sleep(Duration::from_millis(700)).await;
    Ok((before, Instant::now()))
}

/// Puts the program's clock so that at most `idle` has passed for it since `input`; returns how far it now goes ahead.
fn jump_to(clock: &TestClock, input: Instant, idle: Duration) -> Result<Duration> {
    let ahead = idle.checked_sub(input.elapsed()).context("the test took longer than the time it wants to jump to")?;
    clock.ahead(ahead)?;
    Ok(ahead)
}

const fn minutes(minutes: u64, seconds: u64) -> Duration {
    Duration::from_secs(minutes * 60 + seconds)
}

async fn look(window: &Window, screen: &str, findings: &mut Vec<String>) -> Result<()> {
    findings.extend(window.axe().await?.into_iter().map(|finding| format!("{screen}: {finding}")));
    Ok(())
}
