//! Entries in words in the real window: medicines, immunizations, procedures, family history, devices and goals, by keys, and what becomes of
//! them.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use fantoccini::key::Key;
use vigil_tests::hospital::{Hospital, PHYSICIAN, ana};
use vigil_tests::window::Window;

const WHOSE: &str = "WALDSTEIN, Ana";

fn hospital() -> Hospital {
    let hospital = Hospital::new().unwrap();
    hospital.record(&[ana("first", "Waldstein")]).unwrap();
    hospital
}

#[tokio::test]
async fn each_kind_is_added_in_its_list_and_ends_or_turns_out_a_mistake() {
    let hospital = hospital();
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    window.sign_in(PHYSICIAN).await.unwrap();
    window.search_patients("waldstein", "WALDSTEIN").await.unwrap();
    window.open_chart("WALDSTEIN").await.unwrap();

    // A medicine, from anywhere in the chart, by keys alone.
    let mut keys = 2;
    window.chord(&[Key::Alt.into()], '5').await.unwrap();
    window.wait_for("field", "Medicine").await.unwrap();
    window.click("tab", "Meds").await.unwrap();
    keys += window.press(&['n']).await.unwrap();
    window.type_text("warfarin").await.unwrap();
    keys += window.press(&[Key::Tab.into()]).await.unwrap();
    window.type_text("5 mg once a day").await.unwrap();
    keys += window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: warfarin").await.unwrap();
    assert!(keys <= 10, "a medicine with its dosage takes {keys} keys besides its words");
    window.look("entries-medicine", &mut findings).await.unwrap();
    window.click("row", "arfarin").await.unwrap();
    window.click("button", "Stop").await.unwrap();
    window.fill("Why it is stopped", "bleeding gums").await.unwrap();
    window.look("entries-stopping", &mut findings).await.unwrap();
    window.click("button", &format!("Stop this medicine for {WHOSE}")).await.unwrap();
    window.wait_for_words("stopped").await.unwrap();
    window.wait_for_words("bleeding gums").await.unwrap();

    for (section, field, words, button) in [
        ("Imms", "Vaccine", "Tetanus", "Add this immunization"),
        ("Procedures", "Procedure", "Appendectomy", "Add this procedure"),
        ("Devices", "Device", "Pacemaker", "Add this device"),
        ("Care plans", "Goal", "Walk a mile", "Add this goal"),
    ] {
        window.open_section(section).await.unwrap();
        window.fill(field, words).await.unwrap();
        window.click("button", &format!("{button} for {WHOSE}")).await.unwrap();
        window.wait_for_words(&format!("Stored: {words}")).await.unwrap();
        window.wait_for("row", words).await.unwrap();
        window.look(&format!("entries-{}", section.to_lowercase().replace(' ', "-")), &mut findings).await.unwrap();
    }

    // A relative has to be named; a mistake stays in sight.
    window.open_section("Family").await.unwrap();
    window.fill("What the relative had", "Stroke").await.unwrap();
    window.wait_for("field", "Relative").await.unwrap().select_by_label("Mother").await.unwrap();
    window.fill("At what age, like 55", "61").await.unwrap();
    window.click("button", &format!("Add this family history for {WHOSE}")).await.unwrap();
    window.wait_for_words("Stored: mother: Stroke").await.unwrap();
    window.click("row", "mother").await.unwrap();
    window.click("button", "Entered in error").await.unwrap();
    window.fill("What went wrong", "her aunt").await.unwrap();
    window.click("button", &format!("Mark this family history as entered in error for {WHOSE}")).await.unwrap();
    window.wait_for_words("it changes no more").await.unwrap();
    window.look("entries-mistake", &mut findings).await.unwrap();
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
}
