//! What a patient list and the banner show.

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// The demographics that search and the banner need, taken from a FHIR Patient. Sealed at rest; wiped when dropped.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
#[zeroize(drop)]
pub struct Demographics {
    /// Family name of the official or usual name; empty when not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub family: String,
    /// Given names, joined by a space.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub given: String,
    /// Title (`Ms`).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// Every other name the patient has or had (maiden, nickname), each as one text: searched, not shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_names: Vec<String>,
    /// FHIR `date`: `1945-07-14`, `1945-07` or `1945`; empty when not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub birth_date: String,
    /// FHIR administrative gender code; empty when not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub gender: String,
    /// The medical record number: the identifier of type MR, else the first; empty when there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mrn: String,
    /// Every identifier value, the record number included: searched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<String>,
    /// Addresses, each as [`crate::fhir::address::key`] makes of it: compared with those of users, not shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// Date or date-time of death as FHIR has it; `true` when only the fact is known; empty when alive.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub deceased: String,
    /// Whether `meta.security` carries confidentiality R or V (HL7 v3 Confidentiality).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub restricted: bool,
    /// Whether `meta.security` says very important person: CEL or VIP, both "celebrity information sensitivity" (HL7 v3 ActCode).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub vip: bool,
    /// Whether `meta.security` says that the patient works here: EMP, "employee information sensitivity" (HL7 v3 ActCode).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub employee: bool,
}
