//! Chooses the patient whom the tour looks up: someone with medicines, known
//! allergies, a long course of one laboratory value, and nothing restricted.

use super::lines;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;

/// The laboratory value whose plot the tour opens; its reference range has two ends.
pub(crate) const VALUE: &str = "Potassium";

/// What the tour types and what it waits for.
pub(crate) struct Guide {
    /// Parts of the name, in the other order.
    pub(crate) typed: String,
    /// How the row and the banner begin.
    pub(crate) shown: String,
}

impl Guide {
    /// Reads the generated files.
    pub(crate) fn read(files: &Path) -> Result<Self> {
        let medicines = by_patient(&lines(&files.join("MedicationRequest.ndjson"))?, |_| true);
        let courses = by_patient(&lines(&files.join("Observation.ndjson"))?, |observation| {
            observation.pointer("/code/text").and_then(Value::as_str) == Some(VALUE)
        });
        let allergies = known_allergies(&lines(&files.join("AllergyIntolerance.ndjson"))?);
        let patients = lines(&files.join("Patient.ndjson"))?;
        let open = patients.iter().filter(|patient| {
            let restricted = patient.pointer("/meta/security").is_some();
            let dead = patient.get("deceasedDateTime").is_some() || patient.get("deceasedBoolean").is_some();
            !restricted
                && !dead
                && courses.get(&reference(patient)).is_some_and(|values| *values >= 4)
                && allergies.contains_key(&reference(patient))
        });
        let patient = open
            .max_by_key(|patient| (medicines.get(&reference(patient)).copied().unwrap_or(0), reference(patient)))
            .context("no patient of the demo hospital has a course to plot")?;
        let family = text(patient, "/name/0/family")?;
        let given = text(patient, "/name/0/given/0")?;
        let start = given.chars().take(4).collect::<String>();
        Ok(Self {
            typed: format!("{} {}", start.to_lowercase(), family.to_lowercase()),
            shown: format!("{}, {given}", family.to_uppercase()),
        })
    }
}

fn known_allergies(allergies: &[Value]) -> HashMap<String, usize> {
    let known = allergies.iter().filter(|allergy| allergy.get("reaction").is_some());
    let mut found = HashMap::new();
    for patient in known.filter_map(|allergy| allergy.pointer("/patient/reference").and_then(Value::as_str)) {
        *found.entry(patient.to_owned()).or_default() += 1;
    }
    found
}

fn by_patient(resources: &[Value], counts: impl Fn(&Value) -> bool) -> HashMap<String, usize> {
    let mut found = HashMap::new();
    for resource in resources.iter().filter(|resource| counts(resource)) {
        if let Some(patient) = resource.pointer("/subject/reference").and_then(Value::as_str) {
            *found.entry(patient.to_owned()).or_default() += 1;
        }
    }
    found
}

fn reference(patient: &Value) -> String {
    format!("Patient/{}", patient.get("id").and_then(Value::as_str).unwrap_or_default())
}

fn text<'a>(patient: &'a Value, place: &str) -> Result<&'a str> {
    patient.pointer(place).and_then(Value::as_str).with_context(|| format!("a patient has no {place}"))
}
