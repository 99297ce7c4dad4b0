//! The early-warning score NEWS2 as the page of vital signs shows it.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::When;

/// NEWS2 from the latest set of vital signs that is whole, or what is missing.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EarlyWarningView {
    /// The latest value of the set.
    pub when: When,
    /// The score; none when a part is missing or the score is not for this patient.
    pub total: Option<u32>,
    /// What the score asks for.
    pub level: EarlyWarningLevel,
    /// The level in words: `Urgent response threshold`.
    pub band: String,
    /// The response that the source asks for, in its words.
    pub response: String,
    /// How often it asks to look again.
    pub monitoring: String,
    /// The seven parameters in the order of the chart; empty when the score is not for this patient.
    pub parts: Vec<EarlyWarningPart>,
    /// What is missing within the hour, in words.
    pub missing: Vec<String>,
    /// Why the score is not for this patient; empty when it is.
    pub not_assessed: String,
    /// What was measured after this set, in words; empty when nothing was.
    pub newer: String,
    /// What the score does not know: the scale of the saturation, pregnancy.
    pub notes: Vec<String>,
    /// Where the score comes from.
    pub source: String,
}

/// What a score asks for, least first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum EarlyWarningLevel {
    /// There is no score.
    #[default]
    None,
    /// 0.
    Routine,
    /// 1 to 4.
    Assess,
    /// 3 in a single parameter.
    Review,
    /// 5 or 6.
    Urgent,
    /// 7 or more.
    Emergency,
}

/// One of the seven parameters.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EarlyWarningPart {
    /// `Respiration rate`.
    pub name: String,
    /// The value as text with its unit; empty when it is missing.
    pub value: String,
    /// When it was measured.
    pub when: When,
    /// 0 to 3; none when it is missing or cannot be.
    pub points: Option<u32>,
}
