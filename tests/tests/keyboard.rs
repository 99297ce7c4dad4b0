//! The journeys without a pointer, in the real window: only keys are pressed, what is wanted is found by Tab and arrows, and every stop on the
//! way has to be in sight and marked. On each kind of page Tab comes to everything that a pointer could press, there and back.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::path::Path;

use fantoccini::key::Key;
use vigil_tests::data;
use vigil_tests::hospital::{self, Hospital, PHYSICIAN, SignIn};
use vigil_tests::journey::SECTIONS;
use vigil_tests::keyboard::Keyboard;

/// A person of the Synthea data.
const NAME: &str = "ANDERSON, Antony";

async fn open() -> Option<(Hospital, Keyboard)> {
    let folder = data::folder("synthea-r4")?;
    let hospital = Hospital::new().unwrap();
    let files = hospital::synthea(&folder, 3).unwrap();
    hospital.import(&files.iter().map(AsRef::as_ref).collect::<Vec<&Path>>()).unwrap();
    let hands = Keyboard::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    Some((hospital, hands))
}

async fn sign_in(hands: &Keyboard, who: SignIn<'_>) {
    hands.is_at("field", "User name").await.unwrap();
    hands.type_text(who.username).await.unwrap();
    hands.tab_to("field", "Password").await.unwrap();
    hands.type_text(who.password).await.unwrap();
    hands.press(Key::Enter).await.unwrap();
    hands.sees("button", "Lock").await.unwrap();
}

/// Searches in the top line and opens the chart.
async fn open_chart(hands: &Keyboard) {
    hands.choose("anderson antony", NAME).await.unwrap();
    hands.sees_banner(NAME).await.unwrap();
    hands.is_at("tab", "Summary").await.unwrap();
}

/// Opens a section from wherever the focus is in the chart.
async fn section(hands: &Keyboard, name: &str) {
    hands.back_to("tab", "").await.unwrap();
    hands.step_to(Key::Right, "tab", name).await.unwrap();
    hands.press(Key::Enter).await.unwrap();
    hands.opened(name).await.unwrap();
}

async fn authenticate(hands: &Keyboard, who: SignIn<'_>) {
    hands.is_at("field", "Your password, again").await.unwrap();
    hands.type_text(who.password).await.unwrap();
    hands.press(Key::Enter).await.unwrap();
}

#[tokio::test]
async fn every_page_of_the_main_job_is_reached_and_left_by_keys() {
    let Some((hospital, hands)) = open().await else { return };
    hands.is_at("field", "User name").await.unwrap();
    hands.round("sign in").await.unwrap();
    hands.tab_to("field", "User name").await.unwrap();
    sign_in(&hands, PHYSICIAN).await;
    hands.round("home").await.unwrap();

    // The first stop leads over the rail and the top line.
    hands.tab_to("link", "Skip to the page").await.unwrap();
    hands.press(Key::Enter).await.unwrap();
    hands.is_at("main", "").await.unwrap();

    hands.back_to("button", "Patients").await.unwrap();
    hands.press(Key::Enter).await.unwrap();
    hands.is_at("field", "Find a patient").await.unwrap();
    hands.type_text("anderson antony").await.unwrap();
    hands.sees("button", &format!("Open the chart of {NAME}")).await.unwrap();
    hands.round("patients").await.unwrap();
    hands.tab_to("field", "Find a patient").await.unwrap();
    hands.press(Key::Down).await.unwrap();
    hands.is_at("button", &format!("Open the chart of {NAME}")).await.unwrap();
    hands.press(Key::Enter).await.unwrap();
    hands.sees_banner(NAME).await.unwrap();
    hands.is_at("tab", "Summary").await.unwrap();

    for name in SECTIONS {
        section(&hands, name).await;
        hands.round(name).await.unwrap();
    }
    for page in ["My screen", "My sign-in"] {
        hands.tab_to("button", page).await.unwrap();
        hands.press(Key::Enter).await.unwrap();
        hands.sees("heading", page).await.unwrap();
        hands.round(page).await.unwrap();
    }

    // The sheet of keys holds the focus while it is open and gives it back.
    hands.tab_to("button", "Patients").await.unwrap();
    hands.press(Key::F1).await.unwrap();
    hands.sees("heading", "Keyboard").await.unwrap();
    hands.round("keys").await.unwrap();
    hands.press(Key::Escape).await.unwrap();
    hands.is_at("button", "Patients").await.unwrap();
    hands.chord(Key::Control, 'k').await.unwrap();
    hands.is_at("field", "Search patients").await.unwrap();
    hands.press(Key::Escape).await.unwrap();
    hands.is_at("button", "Patients").await.unwrap();

    hands.push("Lock").await.unwrap();
    hands.sees_lock(NAME).await.unwrap();
    hands.is_at("field", "Password").await.unwrap();
    hands.round("lock").await.unwrap();
    hands.tab_to("field", "Password").await.unwrap();
    hands.type_text(PHYSICIAN.password).await.unwrap();
    hands.press(Key::Enter).await.unwrap();
    hands.sees("button", "Lock").await.unwrap();
    hands.push("Sign out").await.unwrap();
    hands.is_at("field", "User name").await.unwrap();
    hands.close().await.unwrap();
    let verified = hospital.program.must(&["audit", "verify"], &[]).unwrap();
    assert!(verified.contains("intact"), "all of it is on a record that verifies: {verified}");
}

#[tokio::test]
async fn a_visit_a_correction_and_an_amendment_are_written_without_a_pointer() {
    let Some((_hospital, hands)) = open().await else { return };
    let mut findings = Vec::new();
    sign_in(&hands, PHYSICIAN).await;
    open_chart(&hands).await;

    // Admitted, so that the ward list has a line.
    section(&hands, "Encounters").await;
    hands.press('n').await.unwrap();
    hands.is_at("field", "Class").await.unwrap();
    hands.type_text("Inp").await.unwrap();
    hands.fill("Reason", "For observation").await.unwrap();
    hands.press(Key::Enter).await.unwrap();
    hands.reads("Stored: inpatient encounter opened").await.unwrap();

    // Vital signs, one of them wrong.
    section(&hands, "Vitals").await;
    hands.press('n').await.unwrap();
    hands.is_at("field", "Blood pressure").await.unwrap();
    hands.type_text("128/82").await.unwrap();
    hands.fill("Pulse", "87").await.unwrap();
    hands.press(Key::Enter).await.unwrap();
    hands.reads("Stored: Blood pressure 128/82").await.unwrap();
    hands.is_at("field", "Blood pressure").await.unwrap();

    // The correction of the pulse.
    hands.tab_to("grid", "Vital signs").await.unwrap();
    hands.step_to('j', "row", "Heart rate").await.unwrap();
    hands.press(Key::Enter).await.unwrap();
    hands.sees("slider", "Plot of").await.unwrap();
    hands.round("a plot").await.unwrap();
    hands.push("This value is wrong").await.unwrap();
    hands.is_at("field", "What is right").await.unwrap();
    hands.type_text("78").await.unwrap();
    hands.fill("What went wrong", "digits swapped").await.unwrap();
    hands.look("keyboard-correcting", &mut findings).await.unwrap();
    hands.is_at("field", "What went wrong").await.unwrap();
    hands.push(&format!("Correct heart rate for {NAME}")).await.unwrap();
    hands.reads("Marked as entered in error; Heart rate 78 /min").await.unwrap();
    hands.is_at("region", "Heart rate").await.unwrap();
    hands.press('t').await.unwrap();
    hands.reads("now 78").await.unwrap();
    hands.press(Key::Escape).await.unwrap();
    hands.is_at("grid", "Vital signs").await.unwrap();

    // A note, signed.
    hands.chord(Key::Alt, 'n').await.unwrap();
    hands.is_at("button", "Progress note").await.unwrap();
    hands.press('2').await.unwrap();
    hands.is_at("field", "Subjective").await.unwrap();
    hands.type_text("Coughs at night").await.unwrap();
    hands.reads("Draft stored").await.unwrap();
    hands.round("note editor").await.unwrap();
    hands.tab_to("field", "Subjective").await.unwrap();
    hands.chord(Key::Control, Key::Enter).await.unwrap();
    hands.sees("form", "Authenticate again").await.unwrap();
    hands.round("authenticate again").await.unwrap();
    hands.tab_to("field", "Your password, again").await.unwrap();
    authenticate(&hands, PHYSICIAN).await;
    hands.reads("Progress note (SOAP), signed").await.unwrap();

    // What the patient asks to be amended, and the decision.
    section(&hands, "Amendments").await;
    hands.press('n').await.unwrap();
    hands.is_at("field", "What it is about").await.unwrap();
    hands.type_text("Smoking").await.unwrap();
    hands.fill("What the patient asks for, and why", "I never smoked.").await.unwrap();
    hands.push(&format!("Record this request for {NAME}")).await.unwrap();
    hands.reads("Stored: Amendment request").await.unwrap();
    hands.tab_to("grid", "Amendments").await.unwrap();
    hands.step_to('j', "row", "Smoking").await.unwrap();
    hands.press(Key::Enter).await.unwrap();
    hands.is_at("region", "Smoking").await.unwrap();
    hands.push("Deny").await.unwrap();
    hands.is_at("field", "Ground").await.unwrap();
    hands.fill("Why that is so, in plain words", "You told us so on two visits.").await.unwrap();
    hands
        .fill("Whom the patient writes or complains to: name or title, telephone", "Privacy officer, 555-0100")
        .await
        .unwrap();
    hands.round("a decision").await.unwrap();
    hands.push(&format!("Deny this request for {NAME}")).await.unwrap();
    hands.reads("You told us so on two visits.").await.unwrap();
    hands.is_at("region", "Smoking").await.unwrap();
    hands.look("keyboard-denied", &mut findings).await.unwrap();
    hands.press(Key::Escape).await.unwrap();
    hands.is_at("grid", "Amendments").await.unwrap();

    // From the ward list back into the chart.
    hands.command("Home").await.unwrap();
    hands.push("Ward list").await.unwrap();
    hands.sees("button", &format!("Open the chart of {NAME}")).await.unwrap();
    hands.look("keyboard-ward", &mut findings).await.unwrap();
    hands.round("ward list").await.unwrap();
    hands.push(&format!("Open the chart of {NAME}")).await.unwrap();
    hands.sees_banner(NAME).await.unwrap();
    hands.is_at("tab", "Amendments").await.unwrap();

    // A lock in the middle of a word, and back to it.
    section(&hands, "Vitals").await;
    hands.press('n').await.unwrap();
    hands.fill("Pulse", "74").await.unwrap();
    hands.chord(Key::Control, 'l').await.unwrap();
    hands.sees_lock(NAME).await.unwrap();
    hands.is_at("field", "Password").await.unwrap();
    hands.type_text(PHYSICIAN.password).await.unwrap();
    hands.press(Key::Enter).await.unwrap();
    hands.is_at("field", "Pulse").await.unwrap();
    assert_eq!(hands.typed().await.unwrap(), "74", "and to what was typed");
    hands.back_to("button", "Sign out").await.unwrap();
    hands.press(Key::Enter).await.unwrap();
    hands.is_at("field", "User name").await.unwrap();
    hands.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
}

/// The page at twice its size: whose chart it is stands in sight, nothing is cut off, and nothing runs beyond the window.
#[tokio::test]
async fn at_twice_the_size_the_banner_stays_and_nothing_is_cut_off() {
    let Some((_hospital, hands)) = open().await else { return };
    let mut findings = Vec::new();
    sign_in(&hands, PHYSICIAN).await;
    // Ten steps of ten percent each.
    for _ in 0..10 {
        hands.chord(Key::Control, '=').await.unwrap();
    }
    hands.is_wide(640).await.unwrap();
    see_whole(&hands, "home", &mut findings).await;
    hands.chord(Key::Control, 'k').await.unwrap();
    hands.is_at("field", "Search patients").await.unwrap();
    see_whole(&hands, "palette", &mut findings).await;
    hands.press(Key::Escape).await.unwrap();
    open_chart(&hands).await;
    for name in ["Summary", "Vitals", "Meds", "Documents", "Encounters"] {
        section(&hands, name).await;
        see_whole(&hands, name, &mut findings).await;
        let banner = hands.measure(BANNER).await.unwrap();
        assert_eq!(banner, true, "{name}: the banner is in sight");
    }
    section(&hands, "Vitals").await;
    hands.press('n').await.unwrap();
    hands.fill("Pulse", "78").await.unwrap();
    hands.press(Key::Enter).await.unwrap();
    hands.reads("Stored: Heart rate 78 /min").await.unwrap();
    see_whole(&hands, "stored", &mut findings).await;
    hands.tab_to("grid", "Vital signs").await.unwrap();
    hands.step_to('j', "row", "Heart rate").await.unwrap();
    hands.press(Key::Enter).await.unwrap();
    hands.sees("slider", "Plot of").await.unwrap();
    see_whole(&hands, "plot", &mut findings).await;
    hands.chord(Key::Control, 'l').await.unwrap();
    hands.sees_lock(NAME).await.unwrap();
    see_whole(&hands, "lock", &mut findings).await;
    hands.close().await.unwrap();
    assert!(findings.is_empty(), "at twice the size:\n{}", findings.join("\n"));
}

async fn see_whole(hands: &Keyboard, page: &str, findings: &mut Vec<String>) {
    hands.picture(&format!("zoom-{}", page.to_lowercase())).unwrap();
    findings.extend(hands.cut_off(page).await.unwrap());
    findings.extend(hands.axe(page).await.unwrap());
}

/// Whether the name in the banner is in the window with nothing before it.
const BANNER: &str = "
    const name = document.querySelector('section[aria-label=Patient] strong');
    const box = name.getBoundingClientRect();
    const hit = document.elementFromPoint(box.left + Math.min(box.width, 80) / 2, box.top + Math.min(box.height, 20) / 2);
    return box.top >= 0 && box.bottom <= innerHeight && hit !== null && (name.contains(hit) || hit.contains(name));
";
