//! Clinical numbers in the real window: a child's values among the curves of growth, and the early-warning score of an adult.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use fantoccini::key::Key;
use serde_json::{Value, json};
use vigil_tests::hospital::{Hospital, PHYSICIAN, ana};
use vigil_tests::window::Window;

/// A weight that has its code and no words.
fn weight(id: &str, when: &str, kilograms: f64) -> Value {
    json!({
        "resourceType": "Observation", "id": id, "status": "final", "effectiveDateTime": when, "subject": { "reference": "Patient/girl" },
        "category": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs" }] }],
        "code": { "coding": [{ "system": "http://loinc.org", "code": "29463-7" }] },
        "valueQuantity": { "value": kilograms, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg" },
    })
}

/// A girl of one year, whose last weight is the worked example of `vigil_clinical`.
fn girl() -> Vec<Value> {
    vec![
        json!({ "resourceType": "Patient", "id": "girl", "name": [{ "family": "Morgenrot", "given": ["Mia"] }],
            "birthDate": "2024-05-01", "gender": "female" }),
        weight("w0", "2024-05-01", 3.2),
        weight("w1", "2024-08-01", 5.9),
        weight("w2", "2024-11-01", 7.3),
        weight("w3", "2025-05-01", 9.0),
    ]
}

#[tokio::test]
async fn a_childs_weight_stands_among_both_curves_and_an_adult_has_a_score() {
    let hospital = Hospital::new().unwrap();
    hospital.record(&[girl(), vec![ana("adult", "Waldstein")]].concat()).unwrap();
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    window.sign_in(PHYSICIAN).await.unwrap();

    window.search_patients("morgenrot", "MORGENROT").await.unwrap();
    window.open_chart("MORGENROT").await.unwrap();
    window.open_plot("Vitals", "Body weight").await.unwrap();
    window.wait_for("region", "Growth").await.unwrap();
    window.wait_for_words("Percentile 52").await.unwrap();
    window.wait_for_words("z +0.05").await.unwrap();
    window.wait_for("slider", "Weight for age (kg), WHO").await.unwrap();
    window.look("growth-who", &mut findings).await.unwrap();
    window.click("button", "CDC").await.unwrap();
    window.wait_for("slider", "Weight for age (kg), CDC").await.unwrap();
    window.look("growth-cdc", &mut findings).await.unwrap();

    window.search_patients("waldstein", "WALDSTEIN").await.unwrap();
    window.open_chart("WALDSTEIN").await.unwrap();
    window.open_section("Vitals").await.unwrap();
    // Respiration 22 (2 points), saturation 95 % (1) on air (0), systolic 118 (0), pulse 95 (1), alert (0), 38.2 °C (1).
    window.wait_for("form", "Record vital signs").await.unwrap();
    let tab = || Key::Tab.into();
    window.press(&['n']).await.unwrap();
    for typed in ["118/70", "95", "22", "38.2"] {
        window.type_text(typed).await.unwrap();
        window.press(&[tab()]).await.unwrap();
    }
    window.press(&[tab()]).await.unwrap();
    for typed in ["95", "0"] {
        window.type_text(typed).await.unwrap();
        window.press(&[tab()]).await.unwrap();
    }
    window.press(&['a']).await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for("region", "Early warning score").await.unwrap();
    window.wait_for_words("Urgent response threshold (5 or more)").await.unwrap();
    window.look("early-warning", &mut findings).await.unwrap();

    // From another section, by keys alone.
    window.open_section("Problems").await.unwrap();
    window.chord(&[Key::Control.into()], 'k').await.unwrap();
    window.type_text("last pulse").await.unwrap();
    window.wait_for_words("No patient matches.").await.unwrap();
    window.type_text(&"\u{e003}".repeat(5)).await.unwrap();
    window.type_text("heart").await.unwrap();
    window.wait_for("option", "Heart rate").await.unwrap();
    window.wait_for_words("No patient matches.").await.unwrap();
    window.picture("chart-search").unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for("heading", "Heart rate").await.unwrap();
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
}
