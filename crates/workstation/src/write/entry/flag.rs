//! A patient flag as FHIR has it.
//!
//! Elements and statuses: FHIR R4 Flag. Categories: its code system flag-category (hl7.org/fhir/R4/codesystem-flag-category.html): `safety`
//! "flags related to safety precautions", `contact` "flags related to coming into contact with the patient", `advance-directive` "flags
//! related to subject's advance directives", `clinical` "flags related to the subject's clinical data". No code for what a flag
//! says was loaded, so that stays words.

use serde_json::{Value, json};

use super::super::draft::{LONGEST_NAME, words};
use super::super::problem::named;
use crate::AppError;
use crate::view::FlagKind;

impl FlagKind {
    /// What it is called; of some only whoever sets it knows.
    const fn name(self) -> Option<&'static str> {
        match self {
            Self::FallRisk => Some("Fall risk"),
            Self::ContactIsolation => Some("Contact isolation"),
            Self::DropletIsolation => Some("Droplet isolation"),
            Self::AirborneIsolation => Some("Airborne isolation"),
            Self::Precaution | Self::CodeStatus | Self::Other => None,
        }
    }

    /// Code and display of its category.
    const fn category(self) -> (&'static str, &'static str) {
        match self {
            Self::FallRisk | Self::Precaution => ("safety", "Safety"),
            Self::ContactIsolation | Self::DropletIsolation | Self::AirborneIsolation => ("contact", "Subject Contact"),
            Self::CodeStatus => ("advance-directive", "Advance Directive"),
            Self::Other => ("clinical", "Clinical"),
        }
    }

    /// What the flag says: its name, with the words that were typed behind it.
    pub(super) fn words(self, typed: &str) -> Result<String, AppError> {
        let Some(name) = self.name() else { return named(typed) };
        let typed = words(typed, "what the flag says", LONGEST_NAME)?;
        if typed.contains('\n') {
            return Err(AppError::invalid("write what the flag says on one line"));
        }
        Ok(if typed.is_empty() { name.to_owned() } else { format!("{name}, {typed}") })
    }

    /// A list of one CodeableConcept.
    pub(super) fn categories(self) -> Value {
        let (code, display) = self.category();
        let system = "http://terminology.hl7.org/CodeSystem/flag-category";
        json!([{ "coding": [{ "system": system, "code": code, "display": display }], "text": display }])
    }
}
