//! Writing in the chart, in the real window: vital signs, a correction, an allergy, a problem with its history, a lock in between, and never
//! in the chart of somebody else.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use fantoccini::key::Key;
use serde_json::{Value, json};
use vigil_tests::hospital::{Hospital, PHYSICIAN, SignIn, ana};
use vigil_tests::window::Window;

const NURSE: SignIn<'static> = SignIn { username: "virtanen", password: "slow-ferry-31-candles" };
const WHOSE: &str = "WALDSTEIN, Ana";

/// Two patients; the first has a weight from before and no allergy that is known.
fn hospital() -> Hospital {
    let hospital = Hospital::new().unwrap();
    hospital.user("nurse", NURSE, "S. VIRTANEN").unwrap();
    let weight = json!({ "resourceType": "Observation", "id": "w1", "status": "final", "subject": { "reference": "Patient/first" },
        "category": [{ "coding": [{ "code": "vital-signs" }] }], "effectiveDateTime": "2026-05-01T10:00:00Z",
        "code": { "coding": [{ "system": "http://loinc.org", "code": "29463-7" }], "text": "Body weight" },
        "valueQuantity": { "value": 71.0, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg" } });
    hospital.record(&[ana("first", "Waldstein"), ana("second", "Morgenrot"), weight]).unwrap();
    hospital
}

async fn open(window: &Window, search: &str, family: &str) {
    window.search_patients(search, family).await.unwrap();
    window.open_chart(family).await.unwrap();
}

#[tokio::test]
async fn a_physician_writes_corrects_and_restores_in_the_chart_on_the_screen_and_in_no_other() {
    let hospital = hospital();
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    window.sign_in(PHYSICIAN).await.unwrap();
    open(&window, "waldstein", "WALDSTEIN").await;

    // Vital signs: one line, and the plot shows them.
    window.open_section("Vitals").await.unwrap();
    window.fill("Blood pressure", "128/82").await.unwrap();
    window.fill("Pulse", "27").await.unwrap();
    window.fill("Temperature", "98.6").await.unwrap();
    window.click("button", &format!("Record vital signs for {WHOSE}")).await.unwrap();
    window.wait_for_words("outside of 26 to 45 °C").await.unwrap();
    window.wait_for("button", &format!("It is right: record it for {WHOSE}")).await.unwrap();
    window.look("writing-vitals-asked", &mut findings).await.unwrap();
    window.wait_for("field", "Unit of temperature").await.unwrap().select_by_label("°F").await.unwrap();
    window.fill("SpO2", "970").await.unwrap();
    window.look("writing-vitals-typed", &mut findings).await.unwrap();
    window.click("button", &format!("Record vital signs for {WHOSE}")).await.unwrap();
    window.wait_for_words("a saturation is at most 100 %").await.unwrap();
    window.fill("SpO2", "97").await.unwrap();
    window.chord(&[], Key::Enter.into()).await.unwrap();
    window.wait_for_words("Body temperature 37 °C (typed as 98.6 °F)").await.unwrap();
    window.wait_for("row", "Blood pressure").await.unwrap();
    window.look("writing-vitals-stored", &mut findings).await.unwrap();

    // A correction: the wrong value stays in sight.
    window.click("row", "Heart rate").await.unwrap();
    window.wait_for_plot().await.unwrap();
    window.click("button", "This value is wrong").await.unwrap();
    window.fill("What is right; empty if nothing was measured", "72").await.unwrap();
    window.fill("What went wrong", "digits swapped").await.unwrap();
    window.look("writing-vitals-correcting", &mut findings).await.unwrap();
    window.click("button", &format!("Correct heart rate for {WHOSE}")).await.unwrap();
    window.wait_for_words("Marked as entered in error; Heart rate 72 /min").await.unwrap();
    window.click("button", "Table (T)").await.unwrap();
    window.wait_for_words("entered in error").await.unwrap();
    window.wait_for_words("now 72").await.unwrap();
    window.look("writing-vitals-corrected", &mut findings).await.unwrap();

    // A known allergy, from anywhere in the chart, by keys alone.
    let mut keys = 2;
    window.chord(&[Key::Alt.into()], '4').await.unwrap();
    window.wait_for("field", "Allergy or intolerance to").await.unwrap();
    window.look("writing-allergies-none", &mut findings).await.unwrap();
    window.click("tab", "Allergies").await.unwrap();
    keys += window.press(&['n']).await.unwrap();
    window.press(&['l', 'a', 't', 'e', 'x']).await.unwrap();
    keys += window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: latex").await.unwrap();
    window.wait_for("row", "latex").await.unwrap();
    let banner = window.wait_for("region", "Patient").await.unwrap().text().await.unwrap();
    assert!(banner.contains("latex"), "the banner says at once what was written: {banner}");
    assert!(keys <= 10, "a known allergy takes {keys} keys besides its name");
    window.click("row", "latex").await.unwrap();
    window.click("button", "Refute").await.unwrap();
    window.look("writing-allergies-refuting", &mut findings).await.unwrap();
    window.click("button", &format!("Refute this allergy for {WHOSE}")).await.unwrap();
    window.wait_for_words("Allergies not recorded").await.unwrap();
    window.click("button", &format!("Record “No known allergies” for {WHOSE}")).await.unwrap();
    window.wait_for_words("Stored: No known allergies").await.unwrap();

    // A problem that ends and comes back from its history.
    window.open_section("Problems").await.unwrap();
    window.fill("Problem", "Eczema of both hands").await.unwrap();
    window.fill("Since, like 2019-05", "2019-05").await.unwrap();
    window.chord(&[], Key::Enter.into()).await.unwrap();
    window.wait_for_words("Stored: Eczema of both hands").await.unwrap();
    window.click("row", "Eczema").await.unwrap();
    window.click("button", "Resolve").await.unwrap();
    window.click("button", &format!("Resolve this problem for {WHOSE}")).await.unwrap();
    window.wait_for_words("Stored: Resolved").await.unwrap();
    window.click("button", "Show its history").await.unwrap();
    window.wait_for_words("abatementDateTime").await.unwrap();
    window.wait_for_words("Dr A. OKAFOR (physician)").await.unwrap();
    window.look("writing-problems-history", &mut findings).await.unwrap();
    window.click("button", &format!("Restore version 1 for {WHOSE}")).await.unwrap();
    window.wait_for_words("Stored: Version 1 restored").await.unwrap();
    window.wait_for_words("Version 3, as it stands").await.unwrap();

    // What was typed outlives a lock, and the chart takes it afterwards.
    window.open_section("Vitals").await.unwrap();
    window.fill("Pulse", "74").await.unwrap();
    // The place is told within two seconds; the lock by Ctrl+L tells it at once.
    window.lock(WHOSE).await.unwrap();
    let refused = window.forged("vital_signs_create", pulse("first", "first")).await.unwrap();
    assert_eq!(refused, "locked", "nothing is written over a lock");
    window.unlock(PHYSICIAN).await.unwrap();
    let typed = window.wait_for("field", "Pulse").await.unwrap().prop("value").await.unwrap();
    assert_eq!(typed.as_deref(), Some("74"), "what was typed is there");
    window.click("button", &format!("Record vital signs for {WHOSE}")).await.unwrap();
    window.wait_for_words("Stored: Heart rate 74 /min").await.unwrap();

    // Another chart stands on the screen: a call about the first is refused, whatever it says.
    open(&window, "morgenrot", "MORGENROT").await;
    window.open_section("Vitals").await.unwrap();
    for chart in ["first", "second"] {
        let refused = window.forged("vital_signs_create", pulse("first", chart)).await.unwrap();
        assert_eq!(refused, "other-patient", "the core knows that {chart} is not the first one's chart on the screen");
    }
    assert_eq!(
        window.forged("chart_show", json!({ "patientId": "nobody" })).await.unwrap(),
        "not-found",
        "nor by a claim"
    );

    // Who looks sees what was written, and what was refused.
    window.click("button", "Patients").await.unwrap();
    open(&window, "waldstein", "WALDSTEIN").await;
    window.open_section("Access").await.unwrap();
    window.wait_for_words("wrote in vitals").await.unwrap();
    window.wait_for_words("changed an entry of problems").await.unwrap();
    let words = window.words().await.unwrap();
    assert!(words.contains("refused"), "the refusals stand on the record of whoever was named:\n{words}");
    window.look("writing-access", &mut findings).await.unwrap();
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
    let verified = hospital.program.must(&["audit", "verify"], &[]).unwrap();
    assert!(verified.contains("intact"), "all of it is on a record that verifies: {verified}");
}

#[tokio::test]
async fn a_nurse_writes_vital_signs_by_keys_alone_and_is_offered_no_diagnosis() {
    let hospital = hospital();
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    window.sign_in(NURSE).await.unwrap();
    open(&window, "waldstein", "WALDSTEIN").await;
    window.open_section("Problems").await.unwrap();
    assert!(window.find("button", "Add this problem").await.unwrap().is_none(), "to diagnose is not a nurse's");
    let refused = window
        .forged(
            "condition_create",
            json!({ "patientId": "first", "chartOnScreen": "first", "text": "Eczema", "onset": "", "note": "" }),
        )
        .await
        .unwrap();
    assert_eq!(refused, "forbidden", "and the core says no");

    window.open_section("Vitals").await.unwrap();
    window.click("tab", "Vitals").await.unwrap();
    window.press(&['n']).await.unwrap();
    window.type_text("118/76").await.unwrap();
    window.press(&[Key::Tab.into(), '6', '8', Key::Tab.into(), '1', '4', Key::Enter.into()]).await.unwrap();
    window
        .wait_for_words("Stored: Blood pressure 118/76 mmHg; Heart rate 68 /min; Respiratory rate 14 /min")
        .await
        .unwrap();
    window.picture("writing-nurse").unwrap();
    window.open_plot("Vitals", "Blood pressure").await.unwrap();
    window.wait_for_words("118 / 76").await.unwrap();
    window.close().await.unwrap();
}

fn pulse(patient: &str, chart: &str) -> Value {
    json!({ "patientId": patient, "chartOnScreen": chart, "measuredAt": null, "confirmed": false,
        "entries": [{ "sign": "heart-rate", "value": "72", "unit": "/min" }] })
}
