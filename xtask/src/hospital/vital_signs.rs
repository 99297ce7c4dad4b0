//! Vital signs at a visit: a person's own level, moved by age, problems and treatment, with noise.
//!
//! Codes, displays and units: US Core 9.0.0 examples (blood-pressure, heart-rate, respiratory-rate, temperature,
//! oxygen-saturation, weight, height, bmi). No reference ranges are written: the examples give none for adults.

use serde_json::{Value, json};

use super::chance::Chance;
use super::code::{Code, HL7, age, loinc, number, quantity};
use super::person::Person;
use super::problem::{Course, Problem, since};
use super::visit::{Kind, Visit};

const PRESSURE: Code = loinc("85354-9", "Blood pressure panel with all children optional");
const SYSTOLIC: Code = loinc("8480-6", "Systolic blood pressure");
const DIASTOLIC: Code = loinc("8462-4", "Diastolic blood pressure");
const HEART: Code = loinc("8867-4", "Heart Rate");
const BREATHING: Code = loinc("9279-1", "Respiratory rate");
const TEMPERATURE: Code = loinc("8310-5", "Body temperature");
const SATURATION: Code = loinc("2708-6", "Oxygen saturation in Arterial blood");
const OXIMETRY: Code = loinc("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry");
const WEIGHT: Code = loinc("29463-7", "Body Weight");
const HEIGHT: Code = loinc("8302-2", "Body height");
const INDEX: Code = loinc("39156-5", "Body mass index (BMI) [Ratio]");
/// Synthea R4 samples: 72166-2 with SNOMED CT answers.
const SMOKING: Code = loinc("72166-2", "Tobacco smoking status NHIS");

/// (up to this age, heart rate, breaths, systolic, diastolic): lowest and highest normal value.
/// Children: emedicinehealth.com "Pediatric Vital Signs" (after Nelson, 20th ed.). Adults: MedlinePlus, article 002341.
type Band = (f64, (f64, f64), (f64, f64), (f64, f64), (f64, f64));
const GROWN: Band = (200.0, (60.0, 100.0), (12.0, 18.0), (90.0, 120.0), (60.0, 80.0));
const BANDS: [Band; 7] = [
    (1.0, (100.0, 150.0), (30.0, 55.0), (80.0, 100.0), (55.0, 65.0)),
    (3.0, (70.0, 110.0), (20.0, 30.0), (90.0, 105.0), (55.0, 70.0)),
    (6.0, (65.0, 110.0), (20.0, 25.0), (95.0, 107.0), (60.0, 71.0)),
    (10.0, (60.0, 95.0), (14.0, 22.0), (95.0, 110.0), (60.0, 73.0)),
    (12.0, (60.0, 95.0), (14.0, 22.0), (100.0, 119.0), (65.0, 76.0)),
    (16.0, (55.0, 85.0), (12.0, 18.0), (110.0, 124.0), (70.0, 79.0)),
    GROWN,
];

/// Where in the band of normal values this person lives, 0 to 1.
pub(super) struct Level {
    heart: f64,
    breathing: f64,
    pressure: f64,
    quit: bool,
}

impl Level {
    pub(super) fn draw(chance: &mut Chance) -> Self {
        Self {
            heart: chance.between(0.15, 0.7),
            breathing: chance.between(0.2, 0.7),
            pressure: chance.between(0.3, 0.95),
            quit: chance.happens(0.3),
        }
    }
}

/// The measurements of one visit, as the notes quote them.
pub(super) struct Measured {
    pub(super) systolic: f64,
    pub(super) diastolic: f64,
    pub(super) heart: f64,
    pub(super) breathing: f64,
    pub(super) temperature: f64,
    pub(super) saturation: f64,
    pub(super) weight: f64,
    pub(super) height: f64,
}

pub(super) fn measure(
    visit: &Visit,
    person: &Person,
    level: &Level,
    courses: &[Course],
    chance: &mut Chance,
) -> Measured {
    let years_old = age(person.birth, visit.day);
    let (_, heart, breathing, systolic, diastolic) =
        BANDS.iter().find(|band| years_old < band.0).copied().unwrap_or(GROWN);
    let inside = |(low, high): (f64, f64), at: f64| low + (high - low) * at;
    let has = |problem: Problem| since(courses, problem, visit.day);
    let acute = matches!(visit.kind, Kind::Emergency | Kind::Admission);
    let fever = match visit.reason {
        Some(Problem::StrepThroat | Problem::Otitis | Problem::Appendicitis) => 1.4,
        Some(Problem::Pharyngitis | Problem::Sinusitis | Problem::Bronchitis) => 0.7,
        _ => 0.0,
    } * chance.between(0.3, 1.2);
    // Untreated pressure is high at first and comes down over the first year of treatment.
    let tension = has(Problem::Hypertension).map_or(0.0, |years| 16.0 + 26.0 / (1.0 + 3.0 * years));
    let ageing = (years_old - 50.0).max(0.0) * 0.3;
    let weak_heart = has(Problem::HeartFailure).map_or(0.0, |_| 8.0);
    let weak_lungs = has(Problem::Copd).map_or(0.0, |_| 3.2) + if acute { 1.5 } else { 0.0 };
    let rhythm = has(Problem::AtrialFibrillation).map_or(0.0, |years| 6.0 + 24.0 / (1.0 + 6.0 * years));
    Measured {
        systolic: inside(systolic, level.pressure) + tension + ageing - weak_heart + chance.noise() * 5.5,
        diastolic: inside(diastolic, level.pressure) + tension * 0.45 + ageing * 0.1 + chance.noise() * 4.0,
        heart: inside(heart, level.heart)
            + fever * 9.0
            + rhythm
            + if acute { 12.0 } else { 0.0 }
            + chance.noise() * 5.0,
        breathing: inside(breathing, level.breathing) + weak_lungs + fever * 1.5 + chance.noise() * 1.2,
        temperature: 36.8 + fever + chance.noise() * 0.2,
        saturation: (98.2 - weak_lungs + chance.noise() * 0.7).clamp(84.0, 100.0),
        weight: person.body.weight(years_old) * (1.0 + chance.noise() * 0.008),
        height: person.body.height(years_old) + chance.noise() * 0.2,
    }
}

/// The Observations of one visit; `short` leaves out what is not measured at every follow-up.
pub(super) fn observations(
    visit: &Visit,
    person: &Person,
    measured: &Measured,
    short: bool,
    chance: &mut Chance,
) -> Vec<Value> {
    let years_old = age(person.birth, visit.day);
    let mut found = Vec::new();
    let mut add = |code: Code, value: Value, chance: &mut Chance| {
        found.push(observation(visit, person, &code, value, chance));
    };
    if years_old >= 3.0 {
        let part = |code: Code, value: f64| json!({ "code": code.concept(), "valueQuantity": quantity(&number(value, 0), "mmHg", "mm[Hg]") });
        let components =
            json!({ "component": [part(SYSTOLIC, measured.systolic), part(DIASTOLIC, measured.diastolic)] });
        add(PRESSURE, components, chance);
    }
    let plain = |value: f64, decimals: u8, unit: &str, ucum: &str| json!({ "valueQuantity": quantity(&number(value, decimals), unit, ucum) });
    add(HEART, plain(measured.heart, 0, "beats/min", "/min"), chance);
    add(SATURATION, plain(measured.saturation, 0, "%", "%"), chance);
    add(WEIGHT, plain(measured.weight, 1, "kg", "kg"), chance);
    if short {
        return found;
    }
    add(BREATHING, plain(measured.breathing, 0, "breaths/min", "/min"), chance);
    add(TEMPERATURE, plain(measured.temperature, 1, "Cel", "Cel"), chance);
    add(HEIGHT, plain(measured.height, 1, "cm", "cm"), chance);
    if years_old >= 2.0 {
        let metres = measured.height / 100.0;
        add(INDEX, plain(measured.weight / (metres * metres), 1, "kg/m2", "kg/m2"), chance);
    }
    found
}

fn observation(visit: &Visit, person: &Person, code: &Code, value: Value, chance: &mut Chance) -> Value {
    let mut concept = code.concept();
    if let (true, Some(codings)) =
        (code.code == SATURATION.code, concept.get_mut("coding").and_then(Value::as_array_mut))
    {
        codings.push(json!({ "system": OXIMETRY.system, "code": OXIMETRY.code, "display": OXIMETRY.display }));
    }
    let mut resource = base(visit, person, ("vital-signs", "Vital Signs"), &concept, chance);
    if let (Some(fields), Value::Object(value)) = (resource.as_object_mut(), value) {
        fields.extend(value);
    }
    resource
}

fn base(visit: &Visit, person: &Person, (category, display): (&str, &str), code: &Value, chance: &mut Chance) -> Value {
    json!({
        "resourceType": "Observation", "id": chance.id(), "status": "final",
        "category": [{ "coding": [{ "system": format!("{HL7}/observation-category"), "code": category,
            "display": display }] }],
        "code": code,
        "subject": { "reference": format!("Patient/{}", person.id) },
        "encounter": visit.reference(),
        "effectiveDateTime": visit.at(5),
    })
}

/// Asked at adults' check-ups. SNOMED CT answers as in the Synthea R4 samples.
pub(super) fn smoking(visit: &Visit, person: &Person, level: &Level, chance: &mut Chance) -> Value {
    let (code, display) = match (person.smoker, level.quit) {
        (true, true) => ("8517006", "Former smoker"),
        (true, false) => ("449868002", "Current every day smoker"),
        (false, _) => ("266919005", "Never smoker"),
    };
    let answer =
        json!({ "coding": [{ "system": super::code::SNOMED, "code": code, "display": display }], "text": display });
    let mut resource = base(visit, person, ("social-history", "Social History"), &SMOKING.concept(), chance);
    if let Some(fields) = resource.as_object_mut() {
        fields.insert("valueCodeableConcept".to_owned(), answer);
    }
    resource
}
