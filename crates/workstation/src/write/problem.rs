//! A problem as FHIR has it. Pure: what was typed in, the Condition out.
//!
//! Statuses: FHIR R4 condition-clinical and condition-ver-status. Its rules con-4 (what has ended has a clinical status that says so) and
//! con-5 (what was entered in error has none): hl7.org/fhir/R4/condition.html.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use vigil_model::PatientId;
use vigil_model::fhir::coding;
use vigil_model::fhir::date::FhirTime;
use vigil_model::fhir::field::{self, at, items};

use super::draft::{Author, LONGEST_NAME, LONGEST_NOTE, concept, set, status, words};
use crate::view::{ConditionCreateRequest, ConditionUpdateRequest, EntryChange};
use crate::{AppError, clock};

const CLINICAL: &str = "condition-clinical";
const VERIFICATION: &str = "condition-ver-status";

/// A problem that is new.
pub(super) struct New {
    text: String,
    coding: Option<Value>,
    onset: String,
    note: String,
}

impl New {
    pub(super) fn parse(
        request: &ConditionCreateRequest,
        coding: Option<Value>,
        now: DateTime<Utc>,
    ) -> Result<Self, AppError> {
        let text = named(&request.text)?;
        let note = words(&request.note, "the note", LONGEST_NOTE)?;
        Ok(Self { text, coding, onset: day(&request.onset, now)?, note })
    }

    pub(super) fn line(&self) -> String {
        self.text.clone()
    }

    pub(super) fn elements(&self, patient: &PatientId, author: &Author, now: DateTime<Utc>) -> Value {
        let mut elements = json!({
            "clinicalStatus": status(CLINICAL, "active"),
            "verificationStatus": status(VERIFICATION, "confirmed"),
            "category": [status("condition-category", "problem-list-item")],
            "code": concept(&self.text, self.coding.as_ref()),
            "subject": { "reference": format!("Patient/{patient}") },
        });
        if !self.onset.is_empty() {
            set(&mut elements, "onsetDateTime", json!(self.onset));
        }
        set(&mut elements, "recordedDate", json!(clock::fhir_text(&now)));
        set(&mut elements, "recorder", author.reference());
        author.note(&mut elements, &self.note, now);
        elements
    }
}

/// What is done with a problem.
pub(super) struct Change {
    kind: EntryChange,
    text: String,
    coding: Option<Value>,
    day: String,
}

impl Change {
    pub(super) fn parse(
        request: &ConditionUpdateRequest,
        coding: Option<Value>,
        now: DateTime<Utc>,
    ) -> Result<Self, AppError> {
        let kind = request.change;
        let text = if kind == EntryChange::Edit {
            named(&request.text)?
        } else {
            words(&request.text, "the reason", LONGEST_NOTE)?
        };
        let day = day(&request.day, now)?;
        let day = if kind == EntryChange::Resolve && day.is_empty() { clock::fhir_day(&now) } else { day };
        only_beside_words(kind, coding.as_ref())?;
        Ok(Self { kind, text, coding, day })
    }

    pub(super) const fn line(&self) -> &'static str {
        line(self.kind)
    }

    pub(super) fn make(&self, condition: &mut Value, author: &Author, now: DateTime<Utc>) -> Result<(), AppError> {
        changeable(condition)?;
        match self.kind {
            EntryChange::Edit => {
                rename(condition, "code", &self.text, self.coding.as_ref())?;
                let known = field::text(condition, "onsetDateTime").to_owned();
                // An age, a period or a time of day that the form does not show stays as it is.
                let stays = if self.day.is_empty() { known.is_empty() } else { known.starts_with(&self.day) };
                if !stays {
                    without(condition, "onset");
                    if !self.day.is_empty() {
                        set(condition, "onsetDateTime", json!(self.day));
                    }
                }
                return Ok(());
            }
            EntryChange::Resolve => {
                becomes(condition, CLINICAL, "resolved")?;
                without(condition, "abatement");
                set(condition, "abatementDateTime", json!(self.day));
            }
            EntryChange::Reactivate => {
                becomes(condition, CLINICAL, "active")?;
                without(condition, "abatement");
            }
            EntryChange::Refute => {
                set(condition, "verificationStatus", status(VERIFICATION, "refuted"));
                set(condition, "clinicalStatus", status(CLINICAL, "inactive"));
            }
            EntryChange::EnterInError => {
                set(condition, "verificationStatus", status(VERIFICATION, "entered-in-error"));
                without(condition, "clinicalStatus");
                without(condition, "abatement");
            }
        }
        author.note(condition, &self.text, now);
        Ok(())
    }
}

/// What was done, in words.
pub(super) const fn line(kind: EntryChange) -> &'static str {
    match kind {
        EntryChange::Edit => "Changed",
        EntryChange::Resolve => "Resolved",
        EntryChange::Reactivate => "Active again",
        EntryChange::Refute => "Refuted",
        EntryChange::EnterInError => "Marked as entered in error",
    }
}

/// What was a mistake is not made better; an earlier version can be restored.
pub(super) fn changeable(resource: &Value) -> Result<(), AppError> {
    match coding::code(at(resource, &["verificationStatus"])) {
        "entered-in-error" => Err(AppError::invalid(
            "this was marked as entered in error; restore an earlier version from its history instead",
        )),
        _ => Ok(()),
    }
}

/// A clinical status that is not there yet. What was refuted before is confirmed by it.
pub(super) fn becomes(resource: &mut Value, system: &str, code: &str) -> Result<(), AppError> {
    let refuted = coding::code(at(resource, &["verificationStatus"])) == "refuted";
    if coding::code(at(resource, &["clinicalStatus"])) == code && !refuted {
        return Err(AppError::invalid("it stands so already"));
    }
    set(resource, "clinicalStatus", status(system, code));
    if refuted {
        let verification = if system == CLINICAL { VERIFICATION } else { "allergyintolerance-verification" };
        set(resource, "verificationStatus", status(verification, "confirmed"));
    }
    Ok(())
}

/// Another name under `element`, with the code that was chosen for it. That of a coded entry is its code's: other words beside it would say
/// something else than the code, so they come with a code of their own.
pub(super) fn rename(resource: &mut Value, element: &str, text: &str, coding: Option<&Value>) -> Result<(), AppError> {
    let known = at(resource, &[element]);
    if coding.is_none() && coding::display(known) == text {
        return Ok(());
    }
    if coding.is_none() && !items(known, "coding").is_empty() {
        return Err(AppError::invalid(
            "this entry is coded, so other words need a code of their own; choose one, or add a new entry",
        ));
    }
    set(resource, element, concept(text, coding));
    Ok(())
}

/// A code comes with other words alone.
pub(super) fn only_beside_words(kind: EntryChange, coding: Option<&Value>) -> Result<(), AppError> {
    match (kind, coding) {
        (EntryChange::Edit, _) | (_, None) => Ok(()),
        (_, Some(_)) => Err(AppError::invalid("a code is chosen where the words change; leave it out")),
    }
}

/// Takes out an element and every choice of it: `onset`, `onsetDateTime`, `onsetAge`.
pub(super) fn without(resource: &mut Value, element: &str) {
    if let Some(elements) = resource.as_object_mut() {
        elements.retain(|name, _| name.strip_prefix(element).is_none_or(|rest| rest.starts_with(char::is_lowercase)));
    }
}

pub(super) fn named(text: &str) -> Result<String, AppError> {
    let text = words(text, "the name", LONGEST_NAME)?;
    if text.is_empty() || text.contains('\n') {
        return Err(AppError::invalid("write what it is, on one line"));
    }
    Ok(text)
}

/// A day as far as it is known, not one to come; may be empty.
pub(super) fn day(text: &str, now: DateTime<Utc>) -> Result<String, AppError> {
    match a_day(text)? {
        Some(day) if day.first_day() > clock::day(&now) => Err(AppError::invalid("this day is still to come")),
        Some(_) | None => Ok(text.trim().to_owned()),
    }
}

/// A day as far as it is known; none where nothing was typed.
pub(super) fn a_day(text: &str) -> Result<Option<FhirTime>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || AppError::invalid("a day is written like 2019, 2019-05 or 2019-05-03");
    FhirTime::parse(text).filter(|_| !text.contains('T')).ok_or_else(wrong).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000, 0).unwrap()
    }

    fn author() -> Author {
        Author::new("E. OKAFOR".to_owned(), Some("Practitioner/dr".to_owned()))
    }

    fn asthma() -> Value {
        let request = ConditionCreateRequest {
            patient_id: String::new(),
            chart_on_screen: String::new(),
            text: " Asthma ".to_owned(),
            onset: "2019-05".to_owned(),
            note: String::new(),
            code: None,
        };
        New::parse(&request, None, now()).unwrap().elements(&PatientId::parse("p").unwrap(), &author(), now())
    }

    fn change(kind: EntryChange, text: &str, day: &str) -> Result<Change, AppError> {
        let request = ConditionUpdateRequest {
            patient_id: String::new(),
            chart_on_screen: String::new(),
            id: String::new(),
            version: 1,
            change: kind,
            text: text.to_owned(),
            day: day.to_owned(),
            code: None,
        };
        Change::parse(&request, None, now())
    }

    fn made(mut condition: Value, kind: EntryChange, text: &str, day: &str) -> Result<Value, AppError> {
        change(kind, text, day)?.make(&mut condition, &author(), now()).map(|()| condition)
    }

    #[test]
    fn a_problem_is_active_confirmed_and_uncoded() {
        let asthma = asthma();
        assert_eq!(asthma["code"], json!({ "text": "Asthma" }), "words, and no code that nobody chose");
        assert_eq!(coding::code(&asthma["clinicalStatus"]), "active", "it goes on");
        assert_eq!(asthma["onsetDateTime"], "2019-05", "as far as it is known");
        assert_eq!(
            asthma["recorder"],
            json!({ "reference": "Practitioner/dr", "display": "E. OKAFOR" }),
            "who wrote it"
        );
    }

    #[test]
    fn what_ends_says_when_and_what_begins_again_has_no_end() {
        let resolved = made(asthma(), EntryChange::Resolve, "outgrown", "2024").unwrap();
        assert_eq!(
            (coding::code(&resolved["clinicalStatus"]), &resolved["abatementDateTime"]),
            ("resolved", &json!("2024")),
            "con-4"
        );
        assert_eq!(resolved["note"][0]["text"], "outgrown", "why");
        assert!(made(resolved.clone(), EntryChange::Resolve, "", "").is_err(), "not twice");
        let again = made(resolved, EntryChange::Reactivate, "", "").unwrap();
        assert_eq!(coding::code(&again["clinicalStatus"]), "active", "it goes on");
        assert!(again.get("abatementDateTime").is_none(), "and has no end");
    }

    #[test]
    fn a_mistake_has_no_clinical_status_and_stays_one() {
        let wrong = made(asthma(), EntryChange::EnterInError, "other patient", "").unwrap();
        assert_eq!(coding::code(&wrong["verificationStatus"]), "entered-in-error", "a mistake");
        assert!(wrong.get("clinicalStatus").is_none(), "con-5");
        for kind in [EntryChange::Edit, EntryChange::Resolve, EntryChange::Refute, EntryChange::EnterInError] {
            assert!(made(wrong.clone(), kind, "Asthma", "").is_err(), "{kind:?} makes nothing of a mistake");
        }
    }

    #[test]
    fn what_was_refuted_can_be_confirmed_again() {
        let refuted = made(asthma(), EntryChange::Refute, "spirometry normal", "").unwrap();
        assert_eq!(coding::code(&refuted["verificationStatus"]), "refuted", "it was none");
        let again = made(refuted, EntryChange::Reactivate, "", "").unwrap();
        assert_eq!(coding::code(&again["verificationStatus"]), "confirmed", "it is one after all");
    }

    #[test]
    fn a_coded_problem_keeps_its_name() {
        let mut coded = asthma();
        coded["code"] = json!({ "coding": [{ "code": "195967001" }], "text": "Asthma" });
        assert!(made(coded.clone(), EntryChange::Edit, "Eczema", "").is_err(), "the code would say something else");
        let dated = made(coded, EntryChange::Edit, "Asthma", "2018").unwrap();
        assert_eq!(dated["onsetDateTime"], "2018", "the rest can change");
        let renamed = made(asthma(), EntryChange::Edit, "Eczema", "").unwrap();
        assert_eq!(renamed["code"]["text"], "Eczema", "words can");
        assert!(renamed.get("onsetDateTime").is_none(), "a day that was taken out is gone");
    }

    #[test]
    fn what_the_form_does_not_show_of_an_onset_stays() {
        let edited = |onset: Value, day: &str| {
            let mut problem = asthma();
            without(&mut problem, "onset");
            problem.as_object_mut().unwrap().extend(onset.as_object().unwrap().clone());
            made(problem, EntryChange::Edit, "Eczema", day).unwrap()
        };
        let age = edited(json!({ "onsetAge": { "value": 30 } }), "");
        assert_eq!(age["onsetAge"]["value"], 30, "an age");
        let timed = edited(json!({ "onsetDateTime": "2019-05-03T10:00:00Z" }), "2019-05-03");
        assert_eq!(timed["onsetDateTime"], "2019-05-03T10:00:00Z", "a time of day");
        let dated = edited(json!({ "onsetAge": { "value": 30 } }), "2020");
        assert!(dated["onsetDateTime"] == "2020" && dated.get("onsetAge").is_none(), "and one of two, never both");
    }

    #[test]
    fn a_day_that_is_none_or_to_come_is_refused() {
        for wrong in ["soon", "2019-13", "2026-11-21T10:00:00Z", "2099"] {
            assert!(change(EntryChange::Resolve, "", wrong).is_err(), "{wrong} is no day that was");
        }
    }
}
