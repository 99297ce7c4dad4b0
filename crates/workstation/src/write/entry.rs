//! Entries of the lists that are no problems and no allergies: a medicine that is taken, an immunization, a procedure, the history
//! of a relative, a device, a goal. Pure: what was typed in, the FHIR resource out.
//!
//! Elements and statuses: FHIR R4 MedicationStatement, Immunization, Procedure, FamilyMemberHistory, Device, Goal. Relatives: HL7 v3
//! RoleCode, value set v3-FamilyMember (terminology.hl7.org/ValueSet/v3-FamilyMember).

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use vigil_model::fhir::field;
use vigil_model::{PatientId, Section};

use super::draft::{Author, LONGEST_NAME, LONGEST_NOTE, concept, set, words};
use super::problem::{a_day, day, named, without};
use crate::view::{CodedKind, EntryCreateRequest, EntryKind, EntryStep, EntryUpdateRequest, Relative};
use crate::{AppError, clock};

impl EntryKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Medicine, Self::Immunization, Self::Procedure, Self::FamilyHistory, Self::Device, Self::Goal];

    /// The page of the chart that shows it.
    pub(super) const fn section(self) -> Section {
        match self {
            Self::Medicine => Section::Medications,
            Self::Immunization => Section::Immunizations,
            Self::Procedure => Section::Procedures,
            Self::FamilyHistory => Section::FamilyHistory,
            Self::Device => Section::Devices,
            Self::Goal => Section::CarePlans,
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
        }
    }

    /// What its code is chosen for; none of what is written in words alone.
    pub(super) const fn coded(self) -> Option<CodedKind> {
        match self {
            Self::Medicine => Some(CodedKind::Medicine),
            Self::Immunization => Some(CodedKind::Immunization),
            Self::Procedure => Some(CodedKind::Procedure),
            Self::FamilyHistory | Self::Device | Self::Goal => None,
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
            Self::Medicine | Self::Immunization | Self::Procedure | Self::FamilyHistory | Self::Device => "status",
        }
    }

    /// The status of what is over; none of what is an event and not a state.
    const fn over(self) -> Option<&'static str> {
        match self {
            Self::Medicine => Some("stopped"),
            Self::Device => Some("inactive"),
            Self::Goal => Some("completed"),
            Self::Immunization | Self::Procedure | Self::FamilyHistory => None,
        }
    }
}

impl Relative {
    /// Code and display of HL7 v3 RoleCode.
    const fn code(self) -> (&'static str, &'static str) {
        match self {
            Self::Mother => ("MTH", "mother"),
            Self::Father => ("FTH", "father"),
            Self::Sister => ("SIS", "sister"),
            Self::Brother => ("BRO", "brother"),
            Self::Daughter => ("DAUC", "daughter"),
            Self::Son => ("SONC", "son"),
            Self::Grandmother => ("GRMTH", "grandmother"),
            Self::Grandfather => ("GRFTH", "grandfather"),
            Self::Aunt => ("AUNT", "aunt"),
            Self::Uncle => ("UNCLE", "uncle"),
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
    note: String,
}

impl New {
    pub(super) fn parse(
        request: &EntryCreateRequest,
        coding: Option<Value>,
        now: DateTime<Utc>,
    ) -> Result<Self, AppError> {
        let kind = request.kind;
        // A goal is for a day to come.
        let day = if kind == EntryKind::Goal {
            a_day(&request.day)?.map(|_| request.day.trim().to_owned()).unwrap_or_default()
        } else {
            day(&request.day, now)?
        };
        if kind == EntryKind::FamilyHistory && request.relative.is_none() {
            return Err(AppError::invalid("say which relative it is about"));
        }
        Ok(Self {
            kind,
            text: named(&request.text)?,
            coding,
            day,
            detail: words(&request.detail, detail_of(kind), LONGEST_NAME)?,
            relative: request.relative,
            note: words(&request.note, "the note", LONGEST_NOTE)?,
        })
    }

    pub(super) fn line(&self) -> String {
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
            EntryKind::FamilyHistory => {
                let (code, display) = self.relative.map(Relative::code).unwrap_or_default();
                let system = "http://terminology.hl7.org/CodeSystem/v3-RoleCode";
                json!({
                    "status": "partial", "patient": whose, "date": moment,
                    "relationship": { "coding": [{ "system": system, "code": code, "display": display }], "text": display },
                    "condition": [{ "code": name }],
                })
            }
            EntryKind::Device => json!({
                "status": "active", "patient": whose, "deviceName": [{ "name": self.text, "type": "user-friendly-name" }],
            }),
            EntryKind::Goal => json!({
                "lifecycleStatus": "active", "description": name, "subject": whose, "startDate": clock::fhir_day(&now),
                "expressedBy": author.reference(),
            }),
        };
        self.dated(&mut elements);
        self.detailed(&mut elements);
        author.note(&mut elements, &self.note, now);
        elements
    }

    fn dated(&self, elements: &mut Value) {
        let day = (!self.day.is_empty()).then(|| json!(self.day));
        match (self.kind, day) {
            // The one element of the six that FHIR asks for.
            (EntryKind::Immunization, None) => set(elements, "occurrenceString", json!("Not known")),
            (EntryKind::Immunization, Some(day)) => set(elements, "occurrenceDateTime", day),
            (EntryKind::Medicine, Some(day)) => set(elements, "effectivePeriod", json!({ "start": day })),
            (EntryKind::Procedure, Some(day)) => set(elements, "performedDateTime", day),
            (EntryKind::Goal, Some(day)) => set(elements, "target", json!([{ "dueDate": day }])),
            (EntryKind::Device, Some(day)) => set(elements, "manufactureDate", day),
            (EntryKind::FamilyHistory, _) | (_, None) => {}
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
            EntryKind::Goal => {}
        }
    }
}

/// What is done with an entry.
pub(super) struct Change {
    kind: EntryKind,
    step: EntryStep,
    reason: String,
}

impl Change {
    pub(super) fn parse(request: &EntryUpdateRequest) -> Result<Self, AppError> {
        let reason = words(&request.text, "the reason", LONGEST_NOTE)?;
        Ok(Self { kind: request.kind, step: request.step, reason })
    }

    pub(super) const fn line(&self) -> &'static str {
        match self.step {
            EntryStep::End => "Ended",
            EntryStep::EnterInError => "Marked as entered in error",
        }
    }

    pub(super) fn make(&self, entry: &mut Value, author: &Author, now: DateTime<Utc>) -> Result<(), AppError> {
        let element = self.kind.status();
        let stands = field::text(entry, element);
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
                if self.kind == EntryKind::Medicine {
                    ended(entry, &clock::fhir_day(&now));
                }
                if self.kind == EntryKind::Goal {
                    set(entry, "statusDate", json!(clock::fhir_day(&now)));
                }
            }
        }
        author.note(entry, &self.reason, now);
        Ok(())
    }
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

const fn detail_of(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Medicine => "the dosage",
        EntryKind::Immunization => "the lot number",
        EntryKind::Procedure => "the site",
        EntryKind::FamilyHistory => "the age",
        EntryKind::Device => "the serial number",
        EntryKind::Goal => "the detail",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000, 0).unwrap()
    }

    fn author() -> Author {
        Author::new("E. OKAFOR".to_owned(), None)
    }

    fn request(kind: EntryKind, day: &str) -> EntryCreateRequest {
        EntryCreateRequest {
            patient_id: String::new(),
            chart_on_screen: String::new(),
            kind,
            text: "What it is".to_owned(),
            day: day.to_owned(),
            detail: "more".to_owned(),
            relative: Some(Relative::Mother),
            note: String::new(),
            code: None,
        }
    }

    fn made(kind: EntryKind, day: &str) -> Value {
        let new = New::parse(&request(kind, day), None, now()).unwrap();
        new.elements(&PatientId::parse("p").unwrap(), &author(), now())
    }

    fn changed(kind: EntryKind, entry: &mut Value, step: EntryStep) -> Result<(), AppError> {
        Change { kind, step, reason: "why".to_owned() }.make(entry, &author(), now())
    }

    #[test]
    fn each_kind_has_what_fhir_asks_for() {
        let medicine = made(EntryKind::Medicine, "2026-03");
        assert_eq!(medicine["medicationCodeableConcept"], json!({ "text": "What it is" }), "words, not coded");
        assert_eq!(
            (&medicine["effectivePeriod"]["start"], &medicine["dosage"][0]["text"]),
            (&json!("2026-03"), &json!("more"))
        );
        let undated = made(EntryKind::Immunization, "");
        assert_eq!(undated["occurrenceString"], "Not known", "an occurrence is required");
        assert_eq!(made(EntryKind::Immunization, "2020")["occurrenceDateTime"], "2020", "and a day where it is known");
        let history = made(EntryKind::FamilyHistory, "");
        assert_eq!(history["relationship"]["coding"][0]["code"], "MTH", "a coded relative");
        assert_eq!(history["condition"][0]["onsetString"], "more", "and at what age");
        assert_eq!(made(EntryKind::Goal, "2030-01-01")["target"][0]["dueDate"], "2030-01-01", "a goal is to come");
        for kind in EntryKind::ALL {
            let entry = made(kind, "");
            let whose = [&entry["subject"], &entry["patient"]].into_iter().find(|whose| whose.is_object());
            assert_eq!(whose.unwrap()["reference"], "Patient/p", "{kind:?} is somebody's");
            assert!(!field::text(&entry, kind.status()).is_empty(), "{kind:?} has a status");
        }
    }

    #[test]
    fn what_was_is_not_to_come_and_a_relative_has_a_name() {
        assert!(New::parse(&request(EntryKind::Procedure, "2099"), None, now()).is_err(), "no procedure of tomorrow");
        let nobody = EntryCreateRequest { relative: None, ..request(EntryKind::FamilyHistory, "") };
        assert!(New::parse(&nobody, None, now()).is_err(), "whose history it is");
    }

    #[test]
    fn what_goes_on_can_end_and_what_happened_cannot() {
        for (kind, over) in
            [(EntryKind::Medicine, "stopped"), (EntryKind::Device, "inactive"), (EntryKind::Goal, "completed")]
        {
            let mut entry = made(kind, "");
            changed(kind, &mut entry, EntryStep::End).unwrap();
            assert_eq!(field::text(&entry, kind.status()), over, "{kind:?} is over");
            assert!(changed(kind, &mut entry, EntryStep::End).is_err(), "once");
        }
        let mut medicine = made(EntryKind::Medicine, "2026-03");
        changed(EntryKind::Medicine, &mut medicine, EntryStep::End).unwrap();
        assert_eq!(medicine["effectivePeriod"]["start"], "2026-03", "since when it was taken stays");
        assert!(medicine["effectivePeriod"]["end"].is_string(), "and until when");
        assert!(
            changed(EntryKind::Procedure, &mut made(EntryKind::Procedure, ""), EntryStep::End).is_err(),
            "an event"
        );
    }

    #[test]
    fn a_mistake_stays_one() {
        for kind in EntryKind::ALL {
            let mut entry = made(kind, "");
            changed(kind, &mut entry, EntryStep::EnterInError).unwrap();
            assert_eq!(field::text(&entry, kind.status()), "entered-in-error", "{kind:?}");
            assert!(changed(kind, &mut entry, EntryStep::EnterInError).is_err(), "once");
            assert_eq!(entry["note"][0]["text"], "why", "and says why");
        }
    }
}
