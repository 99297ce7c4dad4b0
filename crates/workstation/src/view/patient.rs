//! Finding a patient.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What was typed: name parts in any order, MRN, or a birth date.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatientSearchRequest {
    /// The text; at most 200 characters.
    pub text: String,
}

/// The list that was shown.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PatientSearchView {
    /// At most 50 rows, best first.
    pub rows: Vec<PatientRow>,
    /// How many match in all.
    pub total: u32,
    /// How many patients this workstation holds.
    pub searched: u32,
}

/// One patient in a list.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PatientRow {
    /// The id.
    pub patient_id: String,
    /// `SMITH, Jane (Ms)`.
    pub name: String,
    /// `14-Jul-1945`, or `Not known`.
    pub birth_date: String,
    /// `81y`; empty when the birth date is not known.
    pub age: String,
    /// `female`, or `Not known`.
    pub gender: String,
    /// The medical record number, or `Not known`.
    pub mrn: String,
    /// Whether another patient has the same or a similar name: look twice.
    pub look_alike: bool,
    /// Whether the record is restricted: the chart does not open without emergency access.
    pub restricted: bool,
    /// Whether the patient has died.
    pub deceased: bool,
    /// When this user last opened the chart, `21-Nov 10:42`.
    pub last_opened: Option<String>,
}

/// Who looked at a chart.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessRow {
    /// The entry's number in the audit log.
    pub sequence: u32,
    /// `21-Nov-2026 10:42:07`.
    pub recorded: String,
    /// Who, by display name; `unknown user` if the user is gone.
    pub who: String,
    /// The role at the time.
    pub role: String,
    /// What in words: `opened the chart`, `read medications`, `listed in a search`.
    pub what: String,
    /// The purpose of use in words.
    pub purpose: String,
    /// `done` or `refused`.
    pub outcome: String,
}
