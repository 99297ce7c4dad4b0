//! The level of consciousness on the scale ACVPU (alert, new confusion, voice, pain, unresponsive), as FHIR has it.
//!
//! SNOMED CT 1104441000000107 (ACVPU scale score) with the values of the value set Care Connect ACVPU of HL7 UK.

use serde_json::Value;
use vigil_clinical::news2::Consciousness;
use vigil_model::fhir::coding;

pub(crate) const SNOMED: &str = "http://snomed.info/sct";
/// The observation.
pub(crate) const ACVPU: &str = "1104441000000107";

/// One level.
pub(crate) struct Level {
    /// The letter of the scale, as it is typed.
    pub(crate) letter: &'static str,
    /// In SNOMED CT.
    pub(crate) code: &'static str,
    pub(crate) words: &'static str,
    pub(crate) level: Consciousness,
}

const fn level(letter: &'static str, code: &'static str, words: &'static str, level: Consciousness) -> Level {
    Level { letter, code, words, level }
}

const LEVELS: [Level; 5] = [
    level("A", "248234008", "Alert", Consciousness::Alert),
    level("C", "130987000", "New confusion", Consciousness::Confusion),
    level("V", "300202002", "Responds to voice", Consciousness::Voice),
    level("P", "450847001", "Responds to pain", Consciousness::Pain),
    level("U", "422768004", "Unresponsive", Consciousness::Unresponsive),
];

impl Level {
    /// By its letter.
    pub(crate) fn typed(letter: &str) -> Option<&'static Self> {
        LEVELS.iter().find(|level| level.letter.eq_ignore_ascii_case(letter.trim()))
    }

    /// What an Observation, or a component of one, says; none where it is of something else or of a level that is not known.
    pub(crate) fn observed(part: &Value) -> Option<&'static Self> {
        if !coding::has_code(part.get("code")?, SNOMED, ACVPU) {
            return None;
        }
        let value = part.get("valueCodeableConcept")?;
        LEVELS.iter().find(|level| coding::has_code(value, SNOMED, level.code))
    }
}
