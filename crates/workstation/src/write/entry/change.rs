//! What is done with an entry that stands: it becomes another, ends, goes on again, or was a mistake.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use vigil_model::fhir::field::{self, items};

use super::super::draft::{Author, LONGEST_NOTE, set, words};
use super::super::problem::without;
use super::edit::Edit;
use crate::view::{EntryKind, EntryStep, EntryUpdateRequest};
use crate::{AppError, chart, clock};

/// What is done with an entry.
pub(in super::super) struct Change {
    kind: EntryKind,
    step: EntryStep,
    edit: Option<Edit>,
    reason: String,
}

impl Change {
    pub(in super::super) fn parse(
        request: &EntryUpdateRequest,
        coding: Option<Value>,
        now: DateTime<Utc>,
    ) -> Result<Self, AppError> {
        let reason = words(&request.text, "the reason", LONGEST_NOTE)?;
        let kind = request.kind;
        let edit = match (request.step, &request.edit) {
            (EntryStep::Edit, Some(edit)) => Some(Edit::parse(kind, edit, coding, now)?),
            (EntryStep::Edit, None) => return Err(AppError::invalid("say what becomes another")),
            (EntryStep::End | EntryStep::Resume | EntryStep::EnterInError, None) => None,
            (EntryStep::End | EntryStep::Resume | EntryStep::EnterInError, Some(_)) => {
                return Err(AppError::invalid("an entry is changed by itself; end it after that"));
            }
        };
        Ok(Self { kind, step: request.step, edit, reason })
    }

    pub(in super::super) const fn line(&self) -> &'static str {
        match self.step {
            EntryStep::Edit => "Changed",
            EntryStep::End => "Ended",
            EntryStep::Resume => "In use again",
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
        if self.kind == EntryKind::SocialHistory && !chart::is_social_history(entry) {
            return Err(AppError::invalid("this is no social history; it is changed on the page where it stands"));
        }
        if self.kind == EntryKind::CareTeamMember && items(entry, "participant").len() != 1 {
            return Err(AppError::invalid(
                "this team came from elsewhere with several members; who sent it changes it",
            ));
        }
        match self.step {
            EntryStep::EnterInError => set(entry, element, json!("entered-in-error")),
            EntryStep::Edit => {
                let edit = self.edit.as_ref().ok_or_else(|| AppError::invalid("say what becomes another"))?;
                edit.make(self.kind, entry)?;
            }
            EntryStep::Resume => {
                if self.kind != EntryKind::Device || stands != "inactive" {
                    return Err(AppError::invalid("only a device that was taken out of use is in use again"));
                }
                set(entry, element, json!("active"));
            }
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
                    EntryKind::CareTeamMember => {
                        until(entry, &today);
                        if let Some(participant) = entry.get_mut("participant").and_then(|list| list.get_mut(0)) {
                            until(participant, &today);
                        }
                    }
                    EntryKind::Immunization
                    | EntryKind::Procedure
                    | EntryKind::FamilyHistory
                    | EntryKind::SocialHistory
                    | EntryKind::Device => {}
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
