//! The ranges of this hospital.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What there is of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum RangesState {
    /// They were imported.
    Loaded,
    /// None.
    NotLoaded,
    /// They were imported and are not used: their file is gone or another one.
    Refused,
}

/// The ranges of this hospital at this workstation.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RangesView {
    /// What there is of them.
    pub state: RangesState,
    /// How many rows.
    pub rows: u32,
    /// The file that they were read from; empty where there is none.
    pub source: String,
    /// When they were imported; empty where they were not.
    pub imported: String,
    /// All of that in words, and what to do.
    pub words: String,
}
