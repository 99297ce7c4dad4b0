//! Finding a patient: the index answers, the list that is shown is one audit entry.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::json;
use vigil_model::fhir;
use vigil_policy::{Interaction, is_allowed};

use crate::act::Present;
use crate::index::Entry;
use crate::view::{PatientRow, PatientSearchRequest, PatientSearchView};
use crate::{AppError, Workstation, clock};

/// Rows of a list.
const MOST_ROWS: usize = 50;
/// Charts on the home page.
const MOST_RECENT: u32 = 12;
/// A search is a few words.
const LONGEST_SEARCH: usize = 200;

/// When a user last opened which chart.
pub(crate) type Opened = HashMap<vigil_model::PatientId, DateTime<Utc>>;

impl Workstation {
    /// Searches patients by name, number or birth date.
    ///
    /// # Errors
    /// A denial, or that the audit entry could not be written: then no list is given.
    pub fn patient_search(&self, request: PatientSearchRequest) -> Result<PatientSearchView, AppError> {
        if request.text.chars().count() > LONGEST_SEARCH {
            return Err(AppError::invalid(format!("a search has at most {LONGEST_SEARCH} characters")));
        }
        let today = self.clock.now().utc;
        self.act(Interaction::PatientSearch, None, |tx, present| {
            let index = &present.unlocked.index;
            let mut found = index.search(&request.text, MOST_ROWS);
            found.best.retain(|entry| self.lists(present, entry));
            tx.listed(found.best.iter().map(|entry| entry.patient.clone()));
            tx.detail(json!({ "query": request.text, "total": found.total }));
            let opened: Opened = tx.last_opened(present.user, 500)?.into_iter().collect();
            let rows = found.best.iter().map(|entry| row(entry, present, &opened, today)).collect();
            Ok(PatientSearchView { rows, total: found.total, searched: index.len() })
        })
    }

    /// The charts that the user opened lately.
    ///
    /// # Errors
    /// As [`Self::patient_search`].
    pub fn patient_recent(&self) -> Result<Vec<PatientRow>, AppError> {
        let today = self.clock.now().utc;
        self.act(Interaction::PatientSearch, None, |tx, present| {
            let opened = tx.last_opened(present.user, MOST_RECENT)?;
            let entries = opened.iter().filter_map(|(patient, _)| present.unlocked.index.get(patient));
            let entries: Vec<&Entry> = entries.filter(|entry| self.lists(present, entry)).collect();
            tx.listed(entries.iter().map(|entry| entry.patient.clone()));
            tx.detail(json!({ "list": "recently opened" }));
            let opened: Opened = opened.into_iter().collect();
            Ok(entries.into_iter().map(|entry| row(entry, present, &opened, today)).collect())
        })
    }

    /// Whether the policies let this patient stand in a list of this user.
    pub(crate) fn lists(&self, present: &Present, entry: &Entry) -> bool {
        is_allowed(&self.request(present, Interaction::PatientSearch, Some(&entry.patient)))
    }
}

/// A patient as a line of a list.
pub(crate) fn row(entry: &Entry, present: &Present, opened: &Opened, today: DateTime<Utc>) -> PatientRow {
    let person = &entry.demographics;
    PatientRow {
        patient_id: entry.patient.to_string(),
        name: name(entry),
        birth_date: fhir::format_date(&person.birth_date),
        age: fhir::age(&person.birth_date, &today),
        gender: known(&person.gender),
        mrn: known(&person.mrn),
        look_alike: present.unlocked.index.has_look_alike(entry),
        restricted: person.restricted,
        deceased: !person.deceased.is_empty(),
        last_opened: opened.get(&entry.patient).map(clock::text),
    }
}

/// The name as lists and the banner show it; never blank.
pub(crate) fn name(entry: &Entry) -> String {
    if entry.undecodable {
        return "Name unreadable".to_owned();
    }
    let person = &entry.demographics;
    fhir::name::banner(&person.family, &person.given, &person.prefix)
}

/// `Not known` instead of a blank (NHS CUI PAB-0019).
pub(crate) fn known(text: &str) -> String {
    if text.is_empty() { "Not known".to_owned() } else { text.to_owned() }
}

/// `SMITH, Jane (Ms), born 14-Jul-1945, MRN 004217`.
pub(crate) fn identity(entry: &Entry) -> String {
    let person = &entry.demographics;
    format!("{}, born {}, MRN {}", name(entry), fhir::format_date(&person.birth_date), known(&person.mrn))
}
