//! Entries of the lists that are no problems and no allergies: a medicine that is taken, an immunization, a procedure, the history
//! of a relative, a device, a goal, a flag, an encounter. Pure: what was typed in, the FHIR resource out.
//!
//! Elements and statuses: FHIR R4 MedicationStatement, Immunization, Procedure, FamilyMemberHistory, Device, Goal, Flag, Encounter.

mod change;
mod encounter;
mod flag;
mod relative;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use vigil_model::{PatientId, Section};

use super::draft::{Author, LONGEST_NAME, LONGEST_NOTE, concept, set, words};
use super::problem::{a_day, day, named};
pub(super) use change::Change;

use crate::view::{CodedKind, EncounterClass, EntryCreateRequest, EntryKind, FlagKind, Relative};
use crate::{AppError, clock};

impl EntryKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Medicine,
        Self::Immunization,
        Self::Procedure,
        Self::FamilyHistory,
        Self::Device,
        Self::Goal,
        Self::Flag,
        Self::Encounter,
    ];

    /// The page of the chart that shows it.
    pub(super) const fn section(self) -> Section {
        match self {
            Self::Medicine => Section::Medications,
            Self::Immunization => Section::Immunizations,
            Self::Procedure => Section::Procedures,
            Self::FamilyHistory => Section::FamilyHistory,
            Self::Device => Section::Devices,
            Self::Goal => Section::CarePlans,
            Self::Flag => Section::Flags,
            Self::Encounter => Section::Encounters,
        }
    }

    /// The FHIR resource type that it is written as.
    pub(super) const fn resource_type(self) -> &'static str {
        match self {
            Self::Medicine => "MedicationStatement",
            Self::Immunization => "Immunization",
            Self::Procedure => "Procedure",
            Self::FamilyHistory => "FamilyMemberHistory",
            Self::Device => "Device",
            Self::Goal => "Goal",
            Self::Flag => "Flag",
            Self::Encounter => "Encounter",
        }
    }

    /// What its code is chosen for; none of what is written in words alone.
    pub(super) const fn coded(self) -> Option<CodedKind> {
        match self {
            Self::Medicine => Some(CodedKind::Medicine),
            Self::Immunization => Some(CodedKind::Immunization),
            Self::Procedure => Some(CodedKind::Procedure),
            Self::FamilyHistory | Self::Device | Self::Goal | Self::Flag | Self::Encounter => None,
        }
    }

    /// The kind that is written as this type.
    pub(super) fn of_type(resource_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.resource_type() == resource_type)
    }

    /// The element that its status stands in.
    const fn status(self) -> &'static str {
        match self {
            Self::Goal => "lifecycleStatus",
            Self::Medicine
            | Self::Immunization
            | Self::Procedure
            | Self::FamilyHistory
            | Self::Device
            | Self::Flag
            | Self::Encounter => "status",
        }
    }

    /// Adds words of somebody: as its type has them.
    fn note(self, entry: &mut Value, author: &Author, words: &str, now: DateTime<Utc>) {
        match self {
            Self::Flag | Self::Encounter => author.note_beside(entry, words, now),
            Self::Medicine | Self::Immunization | Self::Procedure | Self::FamilyHistory | Self::Device | Self::Goal => {
                author.note(entry, words, now)
            }
        }
    }

    /// The status of what is over; none of what is an event and not a state.
    const fn over(self) -> Option<&'static str> {
        match self {
            Self::Medicine => Some("stopped"),
            Self::Device | Self::Flag => Some("inactive"),
            Self::Encounter => Some("finished"),
            Self::Goal => Some("completed"),
            Self::Immunization | Self::Procedure | Self::FamilyHistory => None,
        }
    }
}

/// An entry that is new.
pub(super) struct New {
    kind: EntryKind,
    text: String,
    coding: Option<Value>,
    day: String,
    detail: String,
    relative: Option<Relative>,
    flag: Option<FlagKind>,
    class: Option<EncounterClass>,
    note: String,
}

impl New {
    pub(super) fn parse(
        request: &EntryCreateRequest,
        coding: Option<Value>,
        now: DateTime<Utc>,
    ) -> Result<Self, AppError> {
        let kind = request.kind;
        let day = match kind {
            // A goal is for a day to come.
            EntryKind::Goal => a_day(&request.day)?.map(|_| request.day.trim().to_owned()).unwrap_or_default(),
            EntryKind::Encounter => encounter::began(&request.day, now)?,
            // Since today where nothing else is said.
            EntryKind::Flag if request.day.trim().is_empty() => clock::fhir_day(&now),
            EntryKind::Flag
            | EntryKind::Medicine
            | EntryKind::Immunization
            | EntryKind::Procedure
            | EntryKind::FamilyHistory
            | EntryKind::Device => day(&request.day, now)?,
        };
        if kind == EntryKind::FamilyHistory && request.relative.is_none() {
            return Err(AppError::invalid("say which relative it is about"));
        }
        let text = match (kind, request.flag) {
            (EntryKind::Flag, Some(flag)) => flag.words(&request.text)?,
            (EntryKind::Flag, None) => return Err(AppError::invalid("say of what the flag warns")),
            (EntryKind::Encounter, _) => words(&request.text, "the reason", LONGEST_NAME)?,
            _ => named(&request.text)?,
        };
        if kind == EntryKind::Encounter && request.class.is_none() {
            return Err(AppError::invalid("say of which class the encounter is"));
        }
        Ok(Self {
            kind,
            text,
            coding,
            day,
            detail: words(&request.detail, detail_of(kind), LONGEST_NAME)?,
            relative: request.relative,
            flag: request.flag,
            class: request.class,
            note: words(&request.note, "the note", LONGEST_NOTE)?,
        })
    }

    /// Whether this opens an encounter beside one of its class that goes on already.
    pub(super) fn is_open_beside(&self, other: &Value) -> bool {
        self.kind == EntryKind::Encounter && self.class.is_some_and(|class| class.goes_on(other))
    }

    pub(super) fn line(&self) -> String {
        if let Some(class) = self.class.filter(|_| self.kind == EntryKind::Encounter) {
            return format!("{} opened", class.display());
        }
        match self.relative.filter(|_| self.kind == EntryKind::FamilyHistory) {
            Some(relative) => format!("{}: {}", relative.code().1, self.text),
            None => self.text.clone(),
        }
    }

    pub(super) fn elements(&self, patient: &PatientId, author: &Author, now: DateTime<Utc>) -> Value {
        let whose = json!({ "reference": format!("Patient/{patient}") });
        let (name, moment) = (concept(&self.text, self.coding.as_ref()), clock::fhir_text(&now));
        let mut elements = match self.kind {
            EntryKind::Medicine => json!({
                "status": "active", "medicationCodeableConcept": name, "subject": whose, "dateAsserted": moment,
            }),
            EntryKind::Immunization => json!({
                "status": "completed", "vaccineCode": name, "patient": whose, "recorded": moment, "primarySource": true,
                "performer": [{ "actor": author.reference() }],
            }),
            EntryKind::Procedure => json!({
                "status": "completed", "code": name, "subject": whose, "recorder": author.reference(),
            }),
            EntryKind::FamilyHistory => json!({
                "status": "partial", "patient": whose, "date": moment,
                "relationship": self.relative.map(Relative::concept), "condition": [{ "code": name }],
            }),
            EntryKind::Device => json!({
                "status": "active", "patient": whose, "deviceName": [{ "name": self.text, "type": "user-friendly-name" }],
            }),
            EntryKind::Goal => json!({
                "lifecycleStatus": "active", "description": name, "subject": whose, "startDate": clock::fhir_day(&now),
                "expressedBy": author.reference(),
            }),
            EntryKind::Flag => json!({
                "status": "active", "category": self.flag.map(FlagKind::categories), "code": name, "subject": whose,
                "author": author.reference(),
            }),
            EntryKind::Encounter => encounter::elements(self.class, &self.text, &self.day, &whose, author),
        };
        self.dated(&mut elements);
        self.detailed(&mut elements);
        self.kind.note(&mut elements, author, &self.note, now);
        elements
    }

    fn dated(&self, elements: &mut Value) {
        let day = (!self.day.is_empty()).then(|| json!(self.day));
        match (self.kind, day) {
            // The one element of the six that FHIR asks for.
            (EntryKind::Immunization, None) => set(elements, "occurrenceString", json!("Not known")),
            (EntryKind::Immunization, Some(day)) => set(elements, "occurrenceDateTime", day),
            (EntryKind::Medicine, Some(day)) => set(elements, "effectivePeriod", json!({ "start": day })),
            (EntryKind::Flag, Some(day)) => set(elements, "period", json!({ "start": day })),
            (EntryKind::Procedure, Some(day)) => set(elements, "performedDateTime", day),
            (EntryKind::Goal, Some(day)) => set(elements, "target", json!([{ "dueDate": day }])),
            (EntryKind::Device, Some(day)) => set(elements, "manufactureDate", day),
            (EntryKind::FamilyHistory | EntryKind::Encounter, _) | (_, None) => {}
        }
    }

    fn detailed(&self, elements: &mut Value) {
        if self.detail.is_empty() {
            return;
        }
        match self.kind {
            EntryKind::Medicine => set(elements, "dosage", json!([{ "text": self.detail }])),
            EntryKind::Immunization => set(elements, "lotNumber", json!(self.detail)),
            EntryKind::Procedure => set(elements, "bodySite", json!([{ "text": self.detail }])),
            EntryKind::Device => set(elements, "serialNumber", json!(self.detail)),
            EntryKind::FamilyHistory => {
                if let Some(condition) = elements.get_mut("condition").and_then(|conditions| conditions.get_mut(0)) {
                    set(condition, "onsetString", json!(self.detail));
                }
            }
            EntryKind::Goal | EntryKind::Flag | EntryKind::Encounter => {}
        }
    }
}

const fn detail_of(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Medicine => "the dosage",
        EntryKind::Immunization => "the lot number",
        EntryKind::Procedure => "the site",
        EntryKind::FamilyHistory => "the age",
        EntryKind::Device => "the serial number",
        EntryKind::Goal | EntryKind::Flag | EntryKind::Encounter => "the detail",
    }
}

#[cfg(test)]
mod tests;
