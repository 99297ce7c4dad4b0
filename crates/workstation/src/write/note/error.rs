//! A signed note that was entered in error: written in the wrong chart, or about the wrong event.
//!
//! The note stays as it was signed. A Provenance of its own says that it does not count: its activity is NULLIFY ("Mark Entered-in-error",
//! HL7 v3 `DataOperation`, as FHIR's `provenance-history-record-activity` uses it), with the reason, and with a signature over the text of
//! the note, who, when and the reason. Each reading looks at it again. Only a mark that holds takes a note out: one that somebody put
//! into the database or brought by an import does not.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use vigil_model::fhir::date::format_date;
use vigil_model::fhir::field::{at, first, items, text};
use vigil_model::{PatientId, UserId};
use vigil_vault::{Stored, Tx};

use super::reading::provenances;
use super::signature::{Meaning, PROVENANCE, about};
use super::{COMPOSITION, Read};
use crate::view::{NoteErrorView, SignatureCheck};
use crate::write::draft::{Author, Draft, LONGEST_NOTE, set, words};
use crate::{AppError, Workstation};

const DATA_OPERATION: &str = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";
const NULLIFY: &str = "NULLIFY";

/// Which notes of a record were entered in error.
pub(crate) struct InError(HashSet<String>);

impl InError {
    /// Says so in what is shown or exported in place of the note: whoever reads no Provenance takes it for valid else.
    pub(crate) fn tell(&self, resource_type: &str, id: &str, json: &mut Value) {
        if self.holds(resource_type, id) {
            set(json, "status", json!("entered-in-error"));
        }
    }

    /// Whether it is one of them.
    pub(crate) fn holds(&self, resource_type: &str, id: &str) -> bool {
        resource_type == COMPOSITION && self.0.contains(id)
    }
}

/// A mark that was read.
pub(super) struct Mark {
    by: String,
    when: String,
    reason: String,
    pub(super) check: SignatureCheck,
}

impl Mark {
    pub(super) fn view(&self) -> NoteErrorView {
        NoteErrorView {
            who: if self.by.is_empty() { "Not known".to_owned() } else { self.by.clone() },
            when: format_date(&self.when),
            reason: self.reason.clone(),
            check: self.check,
        }
    }
}

/// Why a note does not count, as it was typed.
///
/// # Errors
/// When nothing was typed, or nothing that can be shown.
pub(super) fn reason(typed: &str) -> Result<String, AppError> {
    let reason = words(typed, "the reason", LONGEST_NOTE)?;
    if reason.is_empty() {
        return Err(AppError::invalid("say why this note was entered in error; whoever reads it is told"));
    }
    Ok(reason)
}

impl Workstation {
    /// The mark of a user on a note.
    pub(super) fn mark(
        &self,
        note: &Draft,
        (user, author): (UserId, &Author),
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<Draft, AppError> {
        let signature = self.signature_over(note, user, &meaning(reason), now)?;
        let mut elements = signature.elements(author, Meaning::Nullifier);
        let coding = json!({ "system": DATA_OPERATION, "code": NULLIFY, "display": "Mark Entered-in-error" });
        set(&mut elements, "activity", json!({ "coding": [coding] }));
        set(&mut elements, "reason", json!([{ "text": reason }]));
        Draft::new(PROVENANCE, now, elements)
    }

    /// The notes among these that were entered in error, by their ids. A mark that does not hold counts for nothing.
    pub(crate) fn notes_in_error(
        &self,
        tx: &Tx<'_>,
        patient: &PatientId,
        stored: &[Stored],
    ) -> Result<InError, AppError> {
        if !stored.iter().any(is_composition) {
            return Ok(InError(HashSet::new()));
        }
        let mut marks = provenances(tx, patient)?;
        marks.retain(is_mark);
        if marks.is_empty() {
            return Ok(InError(HashSet::new()));
        }
        let key = self.vault()?.log_verifier_key();
        let notes = stored.iter().filter(|stored| is_composition(stored)).filter_map(|stored| Read::new(stored).ok());
        let in_error = notes.filter(|note| {
            let mark = mark_on(&marks, note.id().as_str(), note.text(), &key);
            mark.is_some_and(|mark| mark.check == SignatureCheck::Intact)
        });
        Ok(InError(in_error.map(|note| note.id().to_string()).collect()))
    }
}

fn is_composition(stored: &Stored) -> bool {
    stored.resource_type.as_str() == COMPOSITION
}

/// Whether a Provenance says that something was entered in error.
pub(super) fn is_mark(provenance: &Value) -> bool {
    let codings = items(at(provenance, &["activity"]), "coding");
    codings.iter().any(|coding| text(coding, "system") == DATA_OPERATION && text(coding, "code") == NULLIFY)
}

/// The mark on a note: one that holds, where there is one.
pub(super) fn mark_on(provenances: &[Value], id: &str, note: &str, key: &str) -> Option<Mark> {
    let marks = provenances.iter().filter(|provenance| is_mark(provenance)).filter_map(|provenance| {
        let reason = text(first(provenance, "reason"), "text");
        let found = about(provenance, id, note, &meaning(reason), key)?;
        Some(Mark { by: found.by.name, when: found.when, reason: reason.to_owned(), check: found.check })
    });
    marks.min_by_key(|mark| mark.check != SignatureCheck::Intact)
}

/// As what the mark is signed. **Do not modify**: marks are signed over this text.
fn meaning(reason: &str) -> String {
    format!("{NULLIFY}\nsha256 {}", hex::encode(Sha256::digest(reason.as_bytes())))
}
