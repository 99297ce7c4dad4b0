//! Words of people about people, sealed under the key of cases.

use vigil_model::wire::BreachAssessment;

use super::IncidentError;
use crate::keyring::CaseKey;

const LENGTH: std::ops::RangeInclusive<usize> = 10..=2_000;
/// Of each factor of an assessment.
const FACTOR: std::ops::RangeInclusive<usize> = 10..=4_000;

/// The words without what surrounds them.
pub(super) fn checked(words: &str) -> Result<&str, IncidentError> {
    let words = words.trim();
    if LENGTH.contains(&words.chars().count()) { Ok(words) } else { Err(IncidentError::Words) }
}

/// Whether every factor of an assessment says something.
pub(super) fn complete(assessment: &BreachAssessment) -> bool {
    let BreachAssessment { nature, recipient, acquired, mitigated, .. } = assessment;
    [nature, recipient, acquired, mitigated].iter().all(|text| FACTOR.contains(&text.trim().chars().count()))
}

/// Seals the words of a step.
pub(super) fn seal(key: &CaseKey, incident: u64, what: &str, at: i64, words: &str) -> Result<Vec<u8>, IncidentError> {
    Ok(key.seal(&place(incident, what, at), words.as_bytes())?)
}

/// The words of a step; what does not open is said to.
pub(super) fn open(key: &CaseKey, incident: u64, what: &str, at: i64, sealed: &[u8]) -> String {
    let opened = key.open(&place(incident, what, at), sealed).and_then(|text| String::from_utf8(text.to_vec()).ok());
    opened.unwrap_or_else(|| "Not readable: these words were changed, or written under another key".to_owned())
}

fn place(incident: u64, what: &str, at: i64) -> String {
    format!("incident/{incident}/{what}/{at}")
}
