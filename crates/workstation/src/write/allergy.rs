//! An allergy or intolerance as FHIR has it. Pure: what was typed in, the AllergyIntolerance out.
//!
//! Statuses: FHIR R4 allergyintolerance-clinical and allergyintolerance-verification. Its rules ait-1 and ait-2 (a clinical status unless it
//! was entered in error): hl7.org/fhir/R4/allergyintolerance.html.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use vigil_model::PatientId;

use super::draft::{Author, LONGEST_NAME, LONGEST_NOTE, concept, set, status, words};
use super::problem::{becomes, changeable, line, named, only_beside_words, rename, without};
use crate::chart::NO_KNOWN_ALLERGY;
use crate::view::{AllergyIntoleranceCreateRequest, AllergyIntoleranceUpdateRequest, Criticality, EntryChange};
use crate::{AppError, clock};

const CLINICAL: &str = "allergyintolerance-clinical";
const VERIFICATION: &str = "allergyintolerance-verification";

/// An allergy that is new.
pub(super) struct New {
    agent: String,
    coding: Option<Value>,
    reaction: String,
    criticality: Option<Criticality>,
}

impl New {
    pub(super) fn parse(request: &AllergyIntoleranceCreateRequest, coding: Option<Value>) -> Result<Self, AppError> {
        Ok(Self {
            agent: named(&request.agent)?,
            coding,
            reaction: words(&request.reaction, "the reaction", LONGEST_NAME)?,
            criticality: request.criticality,
        })
    }

    pub(super) fn line(&self) -> String {
        self.agent.clone()
    }

    pub(super) fn elements(&self, patient: &PatientId, author: &Author, now: DateTime<Utc>) -> Value {
        let mut elements = standing(concept(&self.agent, self.coding.as_ref()), patient, author, now);
        if let Some(criticality) = self.criticality {
            set(&mut elements, "criticality", json!(code(criticality)));
        }
        if !self.reaction.is_empty() {
            set(&mut elements, "reaction", json!([{ "manifestation": [{ "text": self.reaction }] }]));
        }
        elements
    }
}

/// That there is no known allergy.
pub(super) fn none_known(patient: &PatientId, author: &Author, now: DateTime<Utc>) -> Value {
    let [snomed, ..] = NO_KNOWN_ALLERGY;
    let code =
        json!({ "coding": [{ "system": "http://snomed.info/sct", "code": snomed }], "text": "No known allergies" });
    standing(code, patient, author, now)
}

/// A statement that there is none no longer holds.
pub(super) fn end(allergy: &mut Value) {
    set(allergy, "clinicalStatus", status(CLINICAL, "inactive"));
}

fn standing(code: Value, patient: &PatientId, author: &Author, now: DateTime<Utc>) -> Value {
    json!({
        "clinicalStatus": status(CLINICAL, "active"),
        "verificationStatus": status(VERIFICATION, "confirmed"),
        "code": code,
        "patient": { "reference": format!("Patient/{patient}") },
        "recordedDate": clock::fhir_text(&now),
        "recorder": author.reference(),
    })
}

/// What is done with an allergy.
pub(super) struct Change {
    kind: EntryChange,
    text: String,
    coding: Option<Value>,
    criticality: Option<Criticality>,
}

impl Change {
    pub(super) fn parse(request: &AllergyIntoleranceUpdateRequest, coding: Option<Value>) -> Result<Self, AppError> {
        let kind = request.change;
        let text = if kind == EntryChange::Edit {
            named(&request.text)?
        } else {
            words(&request.text, "the reason", LONGEST_NOTE)?
        };
        only_beside_words(kind, coding.as_ref())?;
        Ok(Self { kind, text, coding, criticality: request.criticality })
    }

    pub(super) const fn line(&self) -> &'static str {
        line(self.kind)
    }

    pub(super) fn make(&self, allergy: &mut Value, author: &Author, now: DateTime<Utc>) -> Result<(), AppError> {
        changeable(allergy)?;
        match self.kind {
            EntryChange::Edit => {
                rename(allergy, "code", &self.text, self.coding.as_ref())?;
                if let Some(criticality) = self.criticality {
                    set(allergy, "criticality", json!(code(criticality)));
                }
                return Ok(());
            }
            EntryChange::Resolve => becomes(allergy, CLINICAL, "resolved")?,
            EntryChange::Reactivate => becomes(allergy, CLINICAL, "active")?,
            EntryChange::Refute => {
                set(allergy, "verificationStatus", status(VERIFICATION, "refuted"));
                set(allergy, "clinicalStatus", status(CLINICAL, "inactive"));
            }
            EntryChange::EnterInError => {
                set(allergy, "verificationStatus", status(VERIFICATION, "entered-in-error"));
                without(allergy, "clinicalStatus");
            }
        }
        author.note(allergy, &self.text, now);
        Ok(())
    }
}

const fn code(criticality: Criticality) -> &'static str {
    match criticality {
        Criticality::Low => "low",
        Criticality::High => "high",
        Criticality::UnableToAssess => "unable-to-assess",
    }
}

#[cfg(test)]
mod tests {
    use vigil_model::fhir::coding;

    use super::*;
    use crate::chart::{Record, allergy_banner};
    use crate::view::AllergyBanner;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000, 0).unwrap()
    }

    fn author() -> Author {
        Author::new("E. OKAFOR".to_owned(), None)
    }

    fn patient() -> PatientId {
        PatientId::parse("p").unwrap()
    }

    fn record(mut json: Value) -> Record {
        json["resourceType"] = json!("AllergyIntolerance");
        Record { resource_type: "AllergyIntolerance".to_owned(), id: "a".to_owned(), version: 1, json }
    }

    fn penicillin() -> Value {
        let request = AllergyIntoleranceCreateRequest {
            patient_id: String::new(),
            chart_on_screen: String::new(),
            agent: "penicillin".to_owned(),
            reaction: "hives".to_owned(),
            criticality: Some(Criticality::High),
            code: None,
        };
        New::parse(&request, None).unwrap().elements(&patient(), &author(), now())
    }

    fn made(mut allergy: Value, kind: EntryChange) -> Value {
        let change = Change { kind, text: "penicillin".to_owned(), coding: None, criticality: Some(Criticality::Low) };
        change.make(&mut allergy, &author(), now()).map(|()| allergy).unwrap()
    }

    #[test]
    fn the_banner_says_what_was_written() {
        let banner = |json: Value| allergy_banner(&[record(json)]);
        assert!(
            banner(penicillin()) == AllergyBanner::Known { items: vec!["penicillin (hives)".into()] },
            "a known allergy"
        );
        assert!(
            banner(none_known(&patient(), &author(), now())) == AllergyBanner::NoKnown,
            "somebody recorded that there is none"
        );
        let mut ended = none_known(&patient(), &author(), now());
        end(&mut ended);
        assert!(banner(ended) == AllergyBanner::NotRecorded, "what no longer holds says nothing");
        for (kind, state) in [
            (EntryChange::Resolve, AllergyBanner::Known { items: vec!["penicillin (resolved, hives)".into()] }),
            (EntryChange::Refute, AllergyBanner::NotRecorded),
            (EntryChange::EnterInError, AllergyBanner::NotRecorded),
            (EntryChange::Edit, AllergyBanner::Known { items: vec!["penicillin (hives)".into()] }),
        ] {
            assert!(banner(made(penicillin(), kind)) == state, "after {kind:?}");
        }
        let again = made(made(penicillin(), EntryChange::Refute), EntryChange::Reactivate);
        assert!(matches!(banner(again), AllergyBanner::Known { .. }), "what was refuted and is one after all");
    }

    #[test]
    fn a_mistake_has_no_clinical_status() {
        let wrong = made(penicillin(), EntryChange::EnterInError);
        assert!(wrong.get("clinicalStatus").is_none(), "ait-2");
        assert_eq!(coding::code(&wrong["verificationStatus"]), "entered-in-error", "a mistake");
        assert_eq!(made(penicillin(), EntryChange::Edit)["criticality"], "low", "assessed anew");
    }
}
