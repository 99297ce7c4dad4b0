//! Entries of the lists that are no problems and no allergies: a medicine that is taken, an immunization, a procedure, the history
//! of a relative, a device, a goal, a flag, an encounter, the social history, a member of the care team. Pure: what was typed in, the FHIR
//! resource out.
//!
//! Elements and statuses: FHIR R4 MedicationStatement, Immunization, Procedure, FamilyMemberHistory, Device, Goal, Flag, Encounter,
//! Observation, CareTeam.

mod change;
mod device;
mod edit;
mod encounter;
mod flag;
mod member;
mod relative;
mod social;

use chrono::{DateTime, Datelike as _, Utc};
use serde_json::{Value, json};
use vigil_model::{PatientId, Section};

use self::device::Carrier;
use super::draft::{Author, LONGEST_NAME, LONGEST_NOTE, concept, set, words};
use super::problem::{a_day, day, named};
pub(super) use change::Change;
pub(crate) use member::colleagues_of;
pub(super) use member::{Member, member_of, user_id};

use crate::view::{CodedKind, EncounterClass, EntryCreateRequest, EntryKind, FlagKind, Relative, SocialTopic};
use crate::{AppError, clock};

impl EntryKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Medicine,
        Self::Immunization,
        Self::Procedure,
        Self::FamilyHistory,
        Self::Device,
        Self::Goal,
        Self::Flag,
        Self::Encounter,
        Self::SocialHistory,
        Self::CareTeamMember,
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
            Self::SocialHistory => Section::SocialHistory,
            Self::CareTeamMember => Section::CareTeam,
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
            Self::SocialHistory => "Observation",
            Self::CareTeamMember => "CareTeam",
        }
    }

    /// What its code is chosen for; none of what is written in words alone.
    pub(super) const fn coded(self) -> Option<CodedKind> {
        match self {
            Self::Medicine => Some(CodedKind::Medicine),
            Self::Immunization => Some(CodedKind::Immunization),
            Self::Procedure => Some(CodedKind::Procedure),
            Self::SocialHistory => Some(CodedKind::Observation),
            Self::FamilyHistory | Self::Device | Self::Goal | Self::Flag | Self::Encounter | Self::CareTeamMember => {
                None
            }
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
            | Self::Encounter
            | Self::SocialHistory
            | Self::CareTeamMember => "status",
        }
    }

    /// Adds words of somebody: as its type has them.
    fn note(self, entry: &mut Value, author: &Author, words: &str, now: DateTime<Utc>) {
        match self {
            Self::Flag | Self::Encounter => author.note_beside(entry, words, now),
            Self::Medicine
            | Self::Immunization
            | Self::Procedure
            | Self::FamilyHistory
            | Self::Device
            | Self::Goal
            | Self::SocialHistory
            | Self::CareTeamMember => author.note(entry, words, now),
        }
    }

    /// The status of what is over; none of what is an event and not a state.
    const fn over(self) -> Option<&'static str> {
        match self {
            Self::Medicine => Some("stopped"),
            Self::Device | Self::Flag | Self::CareTeamMember => Some("inactive"),
            Self::Encounter => Some("finished"),
            Self::Goal => Some("completed"),
            Self::Immunization | Self::Procedure | Self::FamilyHistory | Self::SocialHistory => None,
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
    social: Option<SocialTopic>,
    member: Option<Member>,
    udi: Option<Carrier>,
    note: String,
}

impl New {
    pub(super) fn parse(
        request: &EntryCreateRequest,
        coding: Option<Value>,
        now: DateTime<Utc>,
    ) -> Result<Self, AppError> {
        let kind = request.kind;
        let day = day_of(kind, &request.day, now)?;
        if kind == EntryKind::FamilyHistory && request.relative.is_none() {
            return Err(AppError::invalid("say which relative it is about"));
        }
        let text = match (kind, request.flag) {
            (EntryKind::Flag, Some(flag)) => flag.words(&request.text)?,
            (EntryKind::Flag, None) => return Err(AppError::invalid("say of what the flag warns")),
            (EntryKind::Encounter, _) => words(&request.text, "the reason", LONGEST_NAME)?,
            (EntryKind::SocialHistory, _) if request.social != Some(SocialTopic::Other) => {
                if !request.text.trim().is_empty() || coding.is_some() {
                    return Err(AppError::invalid("what is observed was chosen already; write what was found"));
                }
                String::new()
            }
            // Named by the account.
            (EntryKind::CareTeamMember, _) if request.member.is_some() => String::new(),
            _ => named(&request.text)?,
        };
        if kind == EntryKind::Encounter && request.class.is_none() {
            return Err(AppError::invalid("say of which class the encounter is"));
        }
        let detail = words(&request.detail, detail_of(kind), LONGEST_NAME)?;
        let typed = request.udi.as_deref().filter(|_| kind == EntryKind::Device).unwrap_or_default();
        let udi = Carrier::parse(typed, now.year())?;
        if let Some(udi) = &udi {
            udi.stands_alone(&detail, &day)?;
        }
        let mut note = words(&request.note, "the note", LONGEST_NOTE)?;
        if kind == EntryKind::SocialHistory {
            let topic = request.social.ok_or_else(|| AppError::invalid("say what was observed"))?;
            if detail.is_empty() && topic.finding().is_none() {
                return Err(AppError::invalid("write what was found"));
            }
            // A smoking status is its code; words beside it are not lost.
            if topic.finding().is_some() && !detail.is_empty() {
                note = if note.is_empty() { detail.clone() } else { format!("{detail}; {note}") };
            }
        }
        Ok(Self {
            kind,
            text,
            coding,
            day,
            detail,
            relative: request.relative,
            flag: request.flag,
            class: request.class,
            social: request.social,
            member: None,
            udi,
            note,
        })
    }

    /// The same, of this user.
    #[must_use]
    pub(super) fn of_member(self, member: Option<Member>) -> Self {
        Self { member, ..self }
    }

    /// Whether this opens an encounter beside one of its class that goes on already.
    pub(super) fn is_open_beside(&self, other: &Value) -> bool {
        self.kind == EntryKind::Encounter && self.class.is_some_and(|class| class.goes_on(other))
    }

    pub(super) fn line(&self) -> String {
        if let Some(class) = self.class.filter(|_| self.kind == EntryKind::Encounter) {
            let with = self.member.as_ref().map(|member| format!(", with {}", member.name)).unwrap_or_default();
            return format!("{} opened{with}", class.display());
        }
        if let Some(topic) = self.social.filter(|_| self.kind == EntryKind::SocialHistory) {
            return topic.line(&self.text, &self.detail);
        }
        if let Some(udi) = &self.udi {
            return udi.line(&self.text);
        }
        if let Some(member) = &self.member {
            return format!("{} joins the care team", member.name);
        }
        match self.relative.filter(|_| self.kind == EntryKind::FamilyHistory) {
            Some(relative) => format!("{}: {}", relative.code().1, self.text),
            None => self.text.clone(),
        }
    }

    /// `receives`: whoever writes it takes no part in an encounter that names somebody who does.
    pub(super) fn elements(&self, patient: &PatientId, author: &Author, receives: bool, now: DateTime<Utc>) -> Value {
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
                "type": name,
            }),
            EntryKind::Goal => json!({
                "lifecycleStatus": "active", "description": name, "subject": whose, "startDate": clock::fhir_day(&now),
                "expressedBy": author.reference(),
            }),
            EntryKind::Flag => json!({
                "status": "active", "category": self.flag.map(FlagKind::categories), "code": name, "subject": whose,
                "author": author.reference(),
            }),
            EntryKind::Encounter => {
                let with = self.member.as_ref().map(|_| self.participant());
                let own = Some(author.reference()).filter(|_| with.is_none() || !receives);
                let individuals = with.into_iter().chain(own).collect::<Vec<_>>();
                encounter::elements(self.class, &self.text, &self.day, &whose, &individuals)
            }
            EntryKind::SocialHistory => json!({
                "status": "final", "category": social::categories(), "subject": whose,
                "code": self.social.and_then(SocialTopic::code).unwrap_or(name), "issued": moment,
                "performer": [author.reference()],
            }),
            EntryKind::CareTeamMember => {
                let period = json!({ "start": self.day });
                json!({
                    "status": "active", "subject": whose, "period": period,
                    "participant": [{ "member": self.participant(), "period": period }],
                })
            }
        };
        self.dated(&mut elements);
        self.detailed(&mut elements);
        if let Some(udi) = &self.udi {
            udi.put(&mut elements);
        }
        self.kind.note(&mut elements, author, &self.note, now);
        elements
    }

    /// Whom a care team has as a member, or an encounter is with: a Reference.
    fn participant(&self) -> Value {
        match &self.member {
            Some(Member { reference, name, .. }) => json!({ "reference": reference, "display": name }),
            None => json!({ "display": self.text }),
        }
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
            (EntryKind::SocialHistory, Some(day)) => set(elements, "effectiveDateTime", day),
            (EntryKind::FamilyHistory | EntryKind::Encounter | EntryKind::CareTeamMember, _) | (_, None) => {}
        }
    }

    fn detailed(&self, elements: &mut Value) {
        if let (EntryKind::SocialHistory, Some(finding)) = (self.kind, self.social.and_then(SocialTopic::finding)) {
            set(elements, "valueCodeableConcept", finding);
            return;
        }
        let role = self.member.as_ref().map(|member| member.role).filter(|_| self.detail.is_empty());
        let detail = role.unwrap_or(&self.detail);
        if detail.is_empty() {
            return;
        }
        match self.kind {
            EntryKind::SocialHistory => set(elements, "valueString", json!(detail)),
            EntryKind::CareTeamMember => {
                if let Some(participant) = elements.get_mut("participant").and_then(|list| list.get_mut(0)) {
                    set(participant, "role", json!([{ "text": detail }]));
                }
            }
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

/// A day as whoever writes this kind means it.
fn day_of(kind: EntryKind, typed: &str, now: DateTime<Utc>) -> Result<String, AppError> {
    match kind {
        // A goal is for a day to come.
        EntryKind::Goal => Ok(a_day(typed)?.map(|_| typed.trim().to_owned()).unwrap_or_default()),
        EntryKind::Encounter => encounter::began(typed, now),
        // Since today where nothing else is said.
        EntryKind::Flag | EntryKind::SocialHistory | EntryKind::CareTeamMember if typed.trim().is_empty() => {
            Ok(clock::fhir_day(&now))
        }
        EntryKind::Flag
        | EntryKind::Medicine
        | EntryKind::Immunization
        | EntryKind::Procedure
        | EntryKind::FamilyHistory
        | EntryKind::Device
        | EntryKind::SocialHistory
        | EntryKind::CareTeamMember => day(typed, now),
    }
}

const fn detail_of(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Medicine => "the dosage",
        EntryKind::Immunization => "the lot number",
        EntryKind::Procedure => "the site",
        EntryKind::FamilyHistory => "the age",
        EntryKind::Device => "the serial number",
        EntryKind::SocialHistory => "the finding",
        EntryKind::CareTeamMember => "the role",
        EntryKind::Goal | EntryKind::Flag | EntryKind::Encounter => "the detail",
    }
}

#[cfg(test)]
mod tests;
