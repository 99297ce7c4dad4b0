//! Entries in words in the real window: medicines, immunizations, procedures, family history, devices and goals, by keys, and what becomes of
//! them; the social history, the care team, a device by its UDI, a value beyond a hospital's own range, a note and its encounter.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;

use fantoccini::key::Key;
use vigil_tests::hospital::{ADMINISTRATOR, Hospital, PHYSICIAN, ana};
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

/// Not those of any hospital: numbers to try the program with.
const RANGES: &str = "loinc,unit,sex,age_from,age_to,possible_low,possible_high,reference_low,reference_high,critical_low,critical_high,source
8867-4,/min,,18 a,,25,220,60,100,40,140,Invented for a test
";

#[tokio::test]
async fn how_somebody_lives_who_cares_for_them_and_what_they_carry_is_written_and_a_critical_value_is_marked() {
    let hospital = hospital();
    let file = hospital.home.path().join("ranges.csv");
    fs::write(&file, RANGES.replace("8867-4", "8867-5")).unwrap();
    let import = ["ranges", "import", file.to_str().unwrap(), "--as", ADMINISTRATOR.username, "--password-stdin"];
    let refused = hospital.program.run(&import, &[ADMINISTRATOR.password]).unwrap();
    assert!(!refused.success, "a code that is none is refused");
    assert!(refused.err.contains("line 2"), "with its line: {}", refused.err);
    fs::write(&file, RANGES).unwrap();
    let said = hospital.program.must(&import, &[ADMINISTRATOR.password]).unwrap();
    assert!(said.contains("1 rows"), "{said}");

    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    window.sign_in(PHYSICIAN).await.unwrap();
    window.search_patients("waldstein", "WALDSTEIN").await.unwrap();
    window.open_chart("WALDSTEIN").await.unwrap();

    window.open_section("Social").await.unwrap();
    window.wait_for("field", "Of what").await.unwrap().select_by_label("Smoking: former").await.unwrap();
    window.look("lists-social-choice", &mut findings).await.unwrap();
    window.click("button", &format!("Add this observation for {WHOSE}")).await.unwrap();
    window.wait_for_words("Stored: Tobacco smoking status: Former smoker").await.unwrap();
    window.wait_for("field", "Of what").await.unwrap().select_by_label("Alcohol").await.unwrap();
    window.fill("Finding", "a glass of wine a week").await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: History of Alcohol use: a glass of wine a week").await.unwrap();
    window.click("row", "Tobacco smoking status").await.unwrap();
    window.click("button", "Change").await.unwrap();
    window.wait_for("field", "Smoking status").await.unwrap().select_by_label("Smoking: never").await.unwrap();
    window.look("lists-social-change", &mut findings).await.unwrap();
    window.click("button", &format!("Change this observation for {WHOSE}")).await.unwrap();
    window.wait_for_words("Never smoker").await.unwrap();

    window.open_section("Team").await.unwrap();
    window.wait_for("field", "Who").await.unwrap().select_by_label("Somebody outside, by name").await.unwrap();
    window.fill("Name", "M. Lee").await.unwrap();
    window.fill("Role", "podiatrist").await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: M. Lee").await.unwrap();
    window.click("row", "M. Lee").await.unwrap();
    window.look("lists-care-team", &mut findings).await.unwrap();
    window.click("button", "End").await.unwrap();
    window.fill("Why it ends", "retired").await.unwrap();
    window.click("button", &format!("End this member for {WHOSE}")).await.unwrap();
    window.wait_for_words("inactive").await.unwrap();

    window.open_section("Devices").await.unwrap();
    window.fill("Device", "Knee prosthesis").await.unwrap();
    window.fill("UDI, typed or scanned", "(01)51022222233335(10)A213B1").await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("at character 18, the check digit of (01) is 5 and should be 6").await.unwrap();
    window.look("lists-udi-wrong", &mut findings).await.unwrap();
    window.fill("UDI, typed or scanned", "(01)51022222233336(11)141231(17)150707(10)A213B1(21)1234").await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: Knee prosthesis, GS1 UDI, device identifier 51022222233336").await.unwrap();
    window.click("row", "Knee prosthesis").await.unwrap();
    window.wait_for_words("Issuing agency").await.unwrap();
    window.look("lists-device", &mut findings).await.unwrap();

    window.open_section("Vitals").await.unwrap();
    window.fill("Pulse", "150").await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: Heart rate 150 /min").await.unwrap();
    window.wait_for_words("HH critical").await.unwrap();
    window.look("lists-critical", &mut findings).await.unwrap();

    window.open_section("Encounters").await.unwrap();
    for class in ["Ambulatory", "Emergency"] {
        window.wait_for("field", "Class").await.unwrap().select_by_label(class).await.unwrap();
        window.click("button", &format!("Open this encounter for {WHOSE}")).await.unwrap();
        window.wait_for_words(&format!("Stored: {}", class.to_lowercase())).await.unwrap();
    }
    window.open_section("Documents").await.unwrap();
    window.press(&['n', '1']).await.unwrap();
    window.fill("Interval history", "Better.").await.unwrap();
    window.chord(&[Key::Control.into()], Key::Enter.into()).await.unwrap();
    window.wait_for_words("To which does this note belong?").await.unwrap();
    window.look("lists-note-encounter", &mut findings).await.unwrap();
    window.open_section("Summary").await.unwrap();
    window.wait_for_words("Never smoker").await.unwrap();
    window.look("lists-summary", &mut findings).await.unwrap();
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
}
