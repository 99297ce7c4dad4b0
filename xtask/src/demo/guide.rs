//! Chooses the patient whom the tour looks up: someone whom the demo's physician treats, with medicines, known
//! allergies, a long course of one laboratory value, and nothing restricted. Finds who of the staff the users are.

use super::lines;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;

/// The laboratory value whose plot the tour opens; its reference range has two ends.
pub(crate) const VALUE: &str = "Potassium";

/// The family names of the members of staff who are users of the demo.
pub(crate) const PHYSICIAN: &str = "Okafor";
pub(crate) const NURSE: &str = "Virtanen";

/// The reference to the Practitioner of this family name.
pub(crate) fn practitioner(files: &Path, family: &str) -> Result<String> {
    let text = std::fs::read_to_string(files.join("hospital.json")).context("could not read the demo's staff")?;
    let bundle: Value = serde_json::from_str(&text).context("the demo's staff is no JSON")?;
    let entries = bundle.get("entry").and_then(Value::as_array).context("the demo's staff is no bundle")?;
    let found = entries.iter().filter_map(|entry| entry.get("resource")).find(|resource| {
        resource.get("resourceType").and_then(Value::as_str) == Some("Practitioner")
            && resource.pointer("/name/0/family").and_then(Value::as_str) == Some(family)
    });
    let id = found.and_then(|resource| resource.get("id")?.as_str());
    Ok(format!("Practitioner/{}", id.with_context(|| format!("nobody of the staff is called {family}"))?))
}

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
        let physician = practitioner(files, PHYSICIAN)?;
        let open = patients.iter().filter(|patient| {
            let restricted = patient.pointer("/meta/security").is_some();
            let dead = patient.get("deceasedDateTime").is_some() || patient.get("deceasedBoolean").is_some();
            let treated = patient.pointer("/generalPractitioner/0/reference").and_then(Value::as_str);
            !restricted
                && !dead
                && treated == Some(physician.as_str())
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
