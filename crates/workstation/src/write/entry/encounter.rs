//! An encounter as FHIR has it.
//!
//! Elements and statuses: FHIR R4 Encounter. Classes: HL7 v3 ActCode, value set ActEncounterCode
//! (terminology.hl7.org/ValueSet/v3-ActEncounterCode), with the displays that stand in `chart/encounters.rs`.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use vigil_model::fhir::field::{at, text};

use super::super::measured_at;
use super::super::problem::day;
use crate::view::EncounterClass;
use crate::{AppError, chart, clock};

impl EncounterClass {
    /// The code.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Ambulatory => "AMB",
            Self::Emergency => "EMER",
            Self::Inpatient => "IMP",
            Self::HomeHealth => "HH",
            Self::Virtual => "VR",
        }
    }

    /// The code in words.
    pub(super) fn display(self) -> &'static str {
        chart::encounter_class(self.code()).unwrap_or_default()
    }

    /// Whether an encounter of this class goes on.
    pub(super) fn goes_on(self, encounter: &Value) -> bool {
        text(at(encounter, &["class"]), "code") == self.code() && chart::is_open_encounter(text(encounter, "status"))
    }
}

/// When it began, for FHIR, a day where no more is known; now where nothing was said.
pub(super) fn began(typed: &str, now: DateTime<Utc>) -> Result<String, AppError> {
    let typed = Some(typed.trim()).filter(|typed| !typed.is_empty());
    match typed.filter(|typed| !typed.contains('T')) {
        Some(typed) => day(typed, now),
        None => measured_at(typed, now).map(|began| clock::fhir_text(&began)),
    }
}

/// Its elements, with those who take part: whoever opens it, and whom it is with.
pub(super) fn elements(
    class: Option<EncounterClass>,
    reason: &str,
    began: &str,
    whose: &Value,
    individuals: &[Value],
) -> Value {
    let coding = class.map(|class| {
        let system = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
        json!({ "system": system, "code": class.code(), "display": class.display() })
    });
    let mut elements = json!({
        "status": "in-progress", "class": coding, "subject": whose,
        "participant": individuals.iter().map(|one| json!({ "individual": one })).collect::<Vec<_>>(), "period": { "start": began },
    });
    if let Some(elements) = elements.as_object_mut().filter(|_| !reason.is_empty()) {
        elements.insert("reasonCode".to_owned(), json!([{ "text": reason }]));
    }
    elements
}
