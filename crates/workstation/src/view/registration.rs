//! Registering a patient, and changing who they are.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::PatientRow;

/// FHIR R4 `administrative-gender`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum Gender {
    /// `female`.
    Female,
    /// `male`.
    Male,
    /// `other`.
    Other,
    /// `unknown`.
    Unknown,
}

/// Who somebody is, as a form shows it; what is not known is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonFields {
    /// Family name.
    pub family: String,
    /// Given names, separated by spaces.
    pub given: String,
    /// `1961-02-03`, `1961-02` or `1961`.
    pub birth_date: String,
    /// Administrative gender.
    pub gender: Option<Gender>,
    /// Telephone number.
    pub phone: String,
    /// Street and number.
    pub street: String,
    /// City.
    pub city: String,
    /// State or region.
    pub state: String,
    /// Postal code.
    pub postal_code: String,
    /// Country.
    pub country: String,
    /// The medical record number; it is given once, when somebody is registered.
    pub mrn: String,
}

/// A patient is registered.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatientCreateRequest {
    /// Who.
    pub person: PersonFields,
    /// The patients who were shown as maybe the same person, and are not.
    pub despite: Vec<String>,
}

/// Why somebody may be the same person; the likeliest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum DuplicateReason {
    /// One identifier is the same.
    SameNumber,
    /// The name sounds alike, the birth date is the same.
    SimilarNameSameBirthDate,
    /// Family name and birth date are the same.
    SameFamilyNameAndBirthDate,
    /// The name sounds alike, and the birth date does not tell them apart.
    SimilarName,
}

/// Somebody who may be the same person.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DuplicateRow {
    /// Who.
    pub patient: PatientRow,
    /// Why.
    pub why: DuplicateReason,
}

/// What came of it.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PatientCreateView {
    /// The new patient; none: somebody may be the same person, and nothing was stored.
    pub patient_id: Option<String>,
    /// Who may be the same person.
    pub duplicates: Vec<DuplicateRow>,
}

/// Who a patient is.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PatientDemographicsView {
    /// The version that this was read from: a change is based on it.
    pub version: u32,
    /// Who.
    pub person: PersonFields,
}

/// Who a patient is changes.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatientUpdateRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// The version that was read.
    pub version: u32,
    /// All of it; the record number stays as it is.
    pub person: PersonFields,
}
