//! What is done with an entry that stands: it ends, or it was a mistake.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use vigil_model::fhir::field;

use super::super::draft::{Author, LONGEST_NOTE, set, words};
use super::super::problem::without;
use crate::view::{EntryKind, EntryStep, EntryUpdateRequest};
use crate::{AppError, chart, clock};

/// What is done with an entry.
pub(in super::super) struct Change {
    kind: EntryKind,
    step: EntryStep,
    reason: String,
}

impl Change {
    pub(in super::super) fn parse(request: &EntryUpdateRequest) -> Result<Self, AppError> {
        let reason = words(&request.text, "the reason", LONGEST_NOTE)?;
        Ok(Self { kind: request.kind, step: request.step, reason })
    }

    pub(in super::super) const fn line(&self) -> &'static str {
        match self.step {
            EntryStep::End => "Ended",
            EntryStep::EnterInError => "Marked as entered in error",
        }
    }

    pub(in super::super) fn make(
        &self,
        entry: &mut Value,
        author: &Author,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let element = self.kind.status();
        let stands = field::text(entry, element).to_owned();
        if stands == "entered-in-error" {
            return Err(AppError::invalid("this was marked as entered in error already"));
        }
        match self.step {
            EntryStep::EnterInError => set(entry, element, json!("entered-in-error")),
            EntryStep::End => {
                let over = self.kind.over().ok_or_else(|| {
                    AppError::invalid("this happened once and does not end; mark it as entered in error if it is wrong")
                })?;
                if stands == over {
                    return Err(AppError::invalid("it is over already"));
                }
                set(entry, element, json!(over));
                if self.kind == EntryKind::Encounter && !chart::is_open_encounter(&stands) {
                    return Err(AppError::invalid("this encounter does not go on, so it cannot be closed"));
                }
                let today = clock::fhir_day(&now);
                match self.kind {
                    EntryKind::Medicine => ended(entry, &today),
                    EntryKind::Goal => set(entry, "statusDate", json!(today)),
                    EntryKind::Flag => until(entry, &today),
                    EntryKind::Encounter => until(entry, &clock::fhir_text(&now)),
                    EntryKind::Immunization | EntryKind::Procedure | EntryKind::FamilyHistory | EntryKind::Device => {}
                }
            }
        }
        self.kind.note(entry, author, &self.reason, now);
        Ok(())
    }
}

/// Its period ends; when it began stays.
fn until(entry: &mut Value, end: &str) {
    let mut period = entry.get("period").filter(|period| period.is_object()).cloned().unwrap_or_else(|| json!({}));
    set(&mut period, "end", json!(end));
    set(entry, "period", period);
}

/// A medicine is taken until this day; a moment becomes the period that it began.
fn ended(statement: &mut Value, day: &str) {
    let period = statement.get("effectivePeriod").cloned();
    let start = match field::text(statement, "effectiveDateTime") {
        "" => None,
        start => Some(json!({ "start": start })),
    };
    let mut period = period.or(start).unwrap_or_else(|| json!({}));
    set(&mut period, "end", json!(day));
    without(statement, "effective");
    set(statement, "effectivePeriod", period);
}
