//! Importing files.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Files and folders to import.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportStartRequest {
    /// Absolute paths.
    pub paths: Vec<String>,
}

/// How far an import is.
#[derive(Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportProgress {
    /// `scanning`, `storing`, `done`, `cancelled` or `failed`.
    pub phase: String,
    /// Files done.
    pub files_done: u32,
    /// Files in all.
    pub files_total: u32,
    /// Resources stored or found unchanged so far.
    pub resources_done: u32,
    /// Resources in all, once scanned.
    pub resources_total: u32,
    /// Seconds left by the rate so far.
    pub seconds_left: Option<u32>,
    /// The report, once the import has ended.
    pub report: Option<ImportReport>,
}

/// What became of every resource.
#[derive(Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// Counts per resource type, sorted by name.
    pub types: Vec<ImportTypeCount>,
    /// What could not be stored; each names file, line or entry, and reason.
    pub problems: Vec<ImportProblem>,
    /// Patients touched.
    pub patients: u32,
    /// Files read.
    pub files: u32,
    /// Whether the user stopped it; what was stored before stays.
    pub cancelled: bool,
    /// Whether it stopped before its end because nothing more could be stored; the last problem says why.
    pub failed: bool,
}

/// One resource type's counts.
#[derive(Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportTypeCount {
    /// The FHIR resource type.
    pub resource_type: String,
    /// New.
    pub created: u32,
    /// Stored as a new version of what was there.
    pub updated: u32,
    /// The same as what was there.
    pub unchanged: u32,
    /// Refused; named in the problems.
    pub refused: u32,
}

/// One thing that could not be stored.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportProblem {
    /// The file as it was named on the command line or found in a folder.
    pub file: String,
    /// `line 12`, `entry 3`, or empty for the whole file.
    pub place: String,
    /// Why, without naming a patient.
    pub reason: String,
}
