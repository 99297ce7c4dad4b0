//! What of a chart matches what was typed.

use serde::{Deserialize, Serialize};
use specta::Type;
use vigil_model::Section;

use super::{Flag, When};

/// A search in one chart.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChartSearchRequest {
    /// The patient.
    pub patient_id: String,
    /// Words that each begin a word of a name: `potassium`; `last potassium` means the same, since the latest value is what is found.
    pub text: String,
}

/// What matches, best first.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChartSearchView {
    /// The first of them.
    pub hits: Vec<ChartHit>,
    /// How many there are.
    pub total: u32,
    /// How many records could not be opened or understood, and therefore were not searched.
    pub unread: u32,
}

/// One row of a section.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChartHit {
    /// The section that shows it.
    pub section: Section,
    /// The key of its row there.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// The latest value with its unit, or how it stands: `4.2 mmol/L`, `resolved`.
    pub detail: String,
    /// Normal or not.
    pub flag: Flag,
    /// When it was measured, or began.
    pub when: When,
}
