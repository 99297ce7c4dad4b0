//! Clinical numbers in the real window: a child's values among the curves of growth, and the early-warning score of an adult.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use serde_json::{Value, json};
use vigil_tests::hospital::{Hospital, PHYSICIAN, ana};
use vigil_tests::window::Window;

const LOINC: &str = "http://loinc.org";
const SNOMED: &str = "http://snomed.info/sct";

fn code(system: &str, code: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code }] })
}

fn measured(loinc: &str, value: f64, unit: &str) -> Value {
    json!({ "code": code(LOINC, loinc), "valueQuantity": { "value": value, "unit": unit, "code": unit } })
}

/// A vital sign of a patient at a time, with what `rest` says of it.
fn vital_sign(id: &str, patient: &str, when: &str, rest: Value) -> Value {
    let mut observation = json!({ "resourceType": "Observation", "id": id, "status": "final", "effectiveDateTime": when,
        "subject": { "reference": format!("Patient/{patient}") },
        "category": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs" }] }] });
    let Value::Object(rest) = rest else { panic!("{rest} is no object") };
    observation.as_object_mut().unwrap().extend(rest);
    observation
}

/// A girl of one year, whose last weight is the worked example of `vigil_clinical`.
fn girl() -> Vec<Value> {
    let weight =
        |id: &str, when: &str, kilograms: f64| vital_sign(id, "girl", when, measured("29463-7", kilograms, "kg"));
    vec![
        json!({ "resourceType": "Patient", "id": "girl", "name": [{ "family": "Morgenrot", "given": ["Mia"] }],
            "birthDate": "2024-05-01", "gender": "female" }),
        weight("w0", "2024-05-01", 3.2),
        weight("w1", "2024-08-01", 5.9),
        weight("w2", "2024-11-01", 7.3),
        weight("w3", "2025-05-01", 9.0),
    ]
}

/// A whole set: respiration 22 (2 points), saturation 95 % (1) on air (0), systolic 118 (0), pulse 95 (1), alert (0), 38.2 °C (1).
fn whole_set() -> Vec<Value> {
    let sign =
        |id: &str, minute: u32, rest: Value| vital_sign(id, "adult", &format!("2026-11-21T10:{minute:02}:00Z"), rest);
    let air = json!({ "code": code(LOINC, "2708-6"), "valueQuantity": { "value": 95, "unit": "%", "code": "%" },
        "component": [measured("3151-8", 0.0, "L/min")] });
    let pressure = json!({ "code": code(LOINC, "85354-9"),
        "component": [measured("8480-6", 118.0, "mm[Hg]"), measured("8462-4", 70.0, "mm[Hg]")] });
    let alert = json!({ "code": code(SNOMED, "1104441000000107"), "valueCodeableConcept": code(SNOMED, "248234008") });
    vec![
        ana("adult", "Waldstein"),
        sign("rr", 0, measured("9279-1", 22.0, "/min")),
        sign("spo2", 1, air),
        sign("bp", 2, pressure),
        sign("hr", 3, measured("8867-4", 95.0, "/min")),
        sign("temp", 4, measured("8310-5", 38.2, "Cel")),
        sign("acvpu", 5, alert),
    ]
}

#[tokio::test]
async fn a_childs_weight_stands_among_both_curves_and_an_adult_has_a_score() {
    let hospital = Hospital::new().unwrap();
    hospital.record(&[girl(), whole_set()].concat()).unwrap();
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    window.sign_in(PHYSICIAN).await.unwrap();

    window.search_patients("morgenrot", "MORGENROT").await.unwrap();
    window.open_chart("MORGENROT").await.unwrap();
    window.open_plot("Vitals", "9.0").await.unwrap();
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
    window.wait_for("region", "Early warning score").await.unwrap();
    window.wait_for_words("Urgent response threshold (5 or more)").await.unwrap();
    window.look("early-warning", &mut findings).await.unwrap();
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
}
