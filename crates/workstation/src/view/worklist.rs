//! Worklists: what each role begins the day with.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::PatientRow;

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum Worklist {
    /// The patients with whom the user has to do.
    Panel,
    /// Those who are in the house.
    Ward,
    /// The appointments of a day.
    Schedule,
    /// Prescriptions of the last days.
    Prescriptions,
    /// Claims that are open.
    Claims,
}

/// Which list is asked for.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorklistSearchRequest {
    /// The list.
    pub worklist: Worklist,
    /// For the schedule: the day, `2026-11-29`, as the calendar on the wall says it.
    pub day: Option<String>,
}

/// A list as it was shown.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WorklistView {
    /// At most 200 lines.
    pub rows: Vec<WorklistRow>,
    /// Whether there are more.
    pub more: bool,
    /// Whether the account is linked to a Practitioner, so that it is known whose the patients are.
    pub linked: bool,
}

/// One line: who, and why they are on the list.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WorklistRow {
    /// A key for the line.
    pub key: String,
    /// Who.
    pub patient: PatientRow,
    /// `29-Nov-2026 10:00`, `since 24-Nov-2026 08:00`; empty when not known.
    pub when: String,
    /// `In the house: inpatient encounter`, `Appointment, booked`, `3 prescriptions`.
    pub what: String,
    /// `Ward 4 East`; empty when not known.
    pub place: String,
    /// `Dr. Miriam Okafor-Lindqvist, MD`; empty when not known.
    pub with: String,
    /// Whether the user, or a team of theirs, takes part.
    pub own: bool,
    /// Whether place and persons are kept back because the record is restricted.
    pub kept_back: bool,
}
