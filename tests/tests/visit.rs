//! A day with people's own charts, from a cold start: a visit to the clinic with a Synthea patient, and a ward round with the patients of
//! US Core. Reception, nurse and physician follow each other at one workstation, and each works by keys where hands are busy.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::path::Path;

use fantoccini::key::Key;
use vigil_tests::data;
use vigil_tests::hospital::{self, FRONT_DESK, Hospital, PHYSICIAN, SignIn};
use vigil_tests::window::Window;

const NURSE: SignIn<'static> = SignIn { username: "silva", password: "green-lantern-58-boats" };

/// A hospital with the charts of these files, and a nurse.
fn hospital(files: &[&Path]) -> Hospital {
    let hospital = Hospital::new().unwrap();
    hospital.user("nurse", NURSE, "R. SILVA").unwrap();
    hospital.import(files).unwrap();
    hospital
}

/// Somebody comes to the workstation and opens the chart of the patient who is with them.
async fn come(window: &Window, who: SignIn<'_>, search: &str, name: &str) {
    window.sign_in(who).await.unwrap();
    window.search_patients(search, name).await.unwrap();
    window.open_chart(name).await.unwrap();
}

async fn leave(window: &Window) {
    window.click("button", "Sign out").await.unwrap();
}

/// Words in the fields from where the focus is, one after the other; the keys between them.
async fn type_in_turn(window: &Window, words: &[&str]) -> usize {
    let mut keys = 0;
    for word in words {
        window.type_text(word).await.unwrap();
        keys += window.press(&[Key::Tab.into()]).await.unwrap();
    }
    keys
}

/// How wide the page is for its own elements: less when everything is larger.
async fn width(window: &Window) -> f64 {
    window.client.execute("return window.innerWidth", Vec::new()).await.unwrap().as_f64().unwrap()
}

/// A note with the password of whoever signs it, from anywhere in the chart; the keys besides its text.
async fn note(window: &Window, who: SignIn<'_>, subjective: &str) -> usize {
    let mut keys = 2;
    window.chord(&[Key::Alt.into()], 'n').await.unwrap();
    window.wait_for("group", "New note").await.unwrap();
    window.wait_for_words("a digit or Enter begins").await.unwrap();
    keys += 1;
    window.type_text("2").await.unwrap();
    window.wait_for("field", "Subjective").await.unwrap();
    window.type_text(subjective).await.unwrap();
    window.wait_for_words("Draft stored").await.unwrap();
    keys += 2;
    window.chord(&[Key::Control.into()], Key::Enter.into()).await.unwrap();
    // Where several encounters are open, one key says which.
    let asked = async |window: &Window| {
        if window.find("form", "Authenticate again").await?.is_some() {
            return Ok(Some(false));
        }
        Ok(window.words().await?.contains("To which does this note belong?").then_some(true))
    };
    if window.wait_until("the signature", asked).await.unwrap() {
        keys += window.press(&['1']).await.unwrap();
        window.wait_for("form", "Authenticate again").await.unwrap();
    }
    window.fill("Your password, again", who.password).await.unwrap();
    keys += window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Progress note (SOAP), signed").await.unwrap();
    keys
}

#[tokio::test]
async fn a_visit_goes_from_the_reception_over_the_nurse_to_the_physician_and_is_closed() {
    let Some(folder) = data::folder("synthea-r4") else { return };
    let files = hospital::synthea(&folder, 3).unwrap();
    let hospital = hospital(&files.iter().map(AsRef::as_ref).collect::<Vec<&Path>>());
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    let name = "ANDERSON, Antony";

    come(&window, FRONT_DESK, "anderson antony", name).await;
    window.open_section("Encounters").await.unwrap();
    window.press(&['n']).await.unwrap();
    type_in_turn(&window, &["Amb"]).await;
    window.type_text("Cough for two weeks").await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: ambulatory opened").await.unwrap();
    window.look("visit-reception", &mut findings).await.unwrap();
    leave(&window).await;

    // Vital signs in one line, an allergy in ten keys.
    come(&window, NURSE, "anderson antony", name).await;
    window.open_section("Vitals").await.unwrap();
    window.wait_for("form", "Record vital signs").await.unwrap();
    window.press(&['n']).await.unwrap();
    type_in_turn(&window, &["132/84", "78", "16"]).await;
    window.type_text("37.1").await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: Blood pressure").await.unwrap();
    window.look("visit-vitals", &mut findings).await.unwrap();
    window.open_section("Allergies").await.unwrap();
    let mut keys = window.press(&['n']).await.unwrap();
    window.type_text("latex").await.unwrap();
    keys += window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: latex").await.unwrap();
    assert!(keys <= 10, "a known allergy takes {keys} keys besides its name");
    leave(&window).await;

    // The physician likes it larger, takes a slip back, and signs a note.
    come(&window, PHYSICIAN, "anderson antony", name).await;
    let usual = width(&window).await;
    window.chord(&[Key::Control.into()], '=').await.unwrap();
    window.chord(&[Key::Control.into()], '=').await.unwrap();
    window
        .wait_until("a larger page", async |window: &Window| Ok((width(window).await < usual).then_some(())))
        .await
        .unwrap();
    // The driver's clicks miss their aim in a page that is larger.
    window.chord(&[Key::Control.into()], '0').await.unwrap();
    window
        .wait_until("the usual size", async |window: &Window| Ok((width(window).await >= usual).then_some(())))
        .await
        .unwrap();
    window.look("visit-summary", &mut findings).await.unwrap();
    window.open_section("Problems").await.unwrap();
    window.press(&['n']).await.unwrap();
    window.type_text("Acute bronchiolitis").await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: Acute bronchiolitis").await.unwrap();
    window.click("button", "Undo").await.unwrap();
    window.wait_for_words("Taken back. What was before stands again.").await.unwrap();
    window.wait_for_words("entered in error").await.unwrap();
    window.look("visit-taken-back", &mut findings).await.unwrap();
    window.fill("Problem", "Acute bronchitis").await.unwrap();
    window.chord(&[], Key::Enter.into()).await.unwrap();
    window.wait_for_words("Stored: Acute bronchitis").await.unwrap();
    let keys = note(&window, PHYSICIAN, "Coughs at night, no fever").await;
    assert!(keys <= 25, "a note takes {keys} keys besides its text and the password");
    window.open_section("Encounters").await.unwrap();
    window.click("row", "ambulatory").await.unwrap();
    window.click("button", "Close").await.unwrap();
    window.click("button", &format!("Close this encounter for {name}")).await.unwrap();
    window.wait_for_words("Stored: Ended").await.unwrap();
    window.look("visit-closed", &mut findings).await.unwrap();
    leave(&window).await;

    // Dark at the next sign-in, and as it was for everybody else.
    window.sign_in(PHYSICIAN).await.unwrap();
    window.click("button", "My screen").await.unwrap();
    window.click("button", "Move Results up").await.unwrap();
    window.look("visit-my-screen", &mut findings).await.unwrap();
    window.click("radio", "Dark").await.unwrap();
    window.wait_for("button", "Light").await.unwrap();
    leave(&window).await;
    window.sign_in(PHYSICIAN).await.unwrap();
    window.wait_for("button", "Light").await.unwrap();
    leave(&window).await;
    window.sign_in(NURSE).await.unwrap();
    window.wait_for("button", "Dark").await.unwrap();
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
    let verified = hospital.program.must(&["audit", "verify"], &[]).unwrap();
    assert!(verified.contains("intact"), "all of it is on a record that verifies: {verified}");
}

#[tokio::test]
async fn a_round_goes_over_the_ward_list_from_chart_to_chart_by_keys() {
    let Some(folder) = data::folder("us-core-examples") else { return };
    let hospital = hospital(&[&folder]);
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    let inpatients = [("baxter", "BAXTER, Amy"), ("example infant", "EXAMPLE, Infant")];

    // Both are admitted, and one of them may fall.
    window.sign_in(NURSE).await.unwrap();
    for (search, name) in inpatients {
        window.search_patients(search, name).await.unwrap();
        window.open_chart(name).await.unwrap();
        window.open_section("Encounters").await.unwrap();
        window.press(&['n']).await.unwrap();
        type_in_turn(&window, &["Inp"]).await;
        window.type_text("For observation").await.unwrap();
        window.press(&[Key::Enter.into()]).await.unwrap();
        window.wait_for_words("Stored: inpatient encounter opened").await.unwrap();
    }
    window.open_section("Flags").await.unwrap();
    window.press(&['n']).await.unwrap();
    window.type_text("Fall").await.unwrap();
    window.press(&[Key::Tab.into(), Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: Fall risk").await.unwrap();
    leave(&window).await;

    window.sign_in(PHYSICIAN).await.unwrap();
    window.click("button", "Ward list").await.unwrap();
    for (_, name) in inpatients {
        window.wait_for("button", &format!("Open the chart of {name}")).await.unwrap();
    }
    window.look("round-ward", &mut findings).await.unwrap();
    let mut notes = 0;
    for (_, name) in inpatients {
        window.click("button", "Home").await.unwrap();
        window.click("button", "Ward list").await.unwrap();
        window.open_chart(name).await.unwrap();
        // Results, vital signs, then the note, without a hand on the mouse.
        for digit in ['7', '6', '1'] {
            window.chord(&[Key::Alt.into()], digit).await.unwrap();
        }
        let keys = note(&window, PHYSICIAN, "Slept well").await;
        assert!(keys <= 25, "a note takes {keys} keys besides its text and the password");
        notes += 1;
        window.look(&format!("round-note-{notes}"), &mut findings).await.unwrap();
    }
    // Two charts are open, and the way back to the first is one chord.
    window.chord(&[Key::Control.into()], '1').await.unwrap();
    window.wait_for_banner(inpatients[0].1).await.unwrap();
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
}
