//! An amendment request as FHIR: a Task, and a second one for the patient's statement of disagreement.
//!
//! Codes and shape: HL7 Patient Request for Corrections 1.0.0 (hl7.org/fhir/uv/patient-corrections), profile PatientCorrectionTask and
//! its code systems. The day by which to decide stands in `Task.restriction.period` of FHIR R4, whose end "is the due date"; that guide
//! leaves it out, so its profile is not claimed.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::{Value, json};
use vigil_model::PatientId;

use crate::view::DenialGround;
use crate::write::draft::{Author, LONGEST_NAME, LONGEST_NOTE, set, words};
use crate::write::problem::a_day;
use crate::{AppError, clock};

pub(super) const TASK: &str = "Task";

const GUIDE: &str = "http://hl7.org/fhir/uv/patient-corrections/CodeSystem";
/// 45 CFR 164.526(b)(2)(i): "no later than 60 days after receipt of such a request".
const DAYS: u64 = 60;
/// (b)(2)(ii): "by no more than 30 days", and "only one such extension".
const DAYS_MORE: u64 = 30;

/// What is asked.
pub(super) struct Asked {
    pub(super) about: String,
    asked: String,
    received: NaiveDate,
}

impl Asked {
    pub(super) fn parse(about: &str, asked: &str, received: &str, now: DateTime<Utc>) -> Result<Self, AppError> {
        let about = words(about, "what it is about", LONGEST_NAME)?;
        Ok(Self { about, asked: said(asked, "what the patient asks for")?, received: day(received, now)? })
    }

    /// By which day it has to be decided.
    pub(super) fn due(&self) -> Result<NaiveDate, AppError> {
        later(self.received, DAYS)
    }

    pub(super) fn elements(
        &self,
        patient: &PatientId,
        focus: Option<Value>,
        now: DateTime<Utc>,
    ) -> Result<Value, AppError> {
        let mut task = task(patient, self.received, now, ("medRecCxReq", "Correction Request"), &self.asked);
        set(&mut task, "status", json!("requested"));
        set(&mut task, "businessStatus", business("queued"));
        set(&mut task, "description", json!(self.about));
        set(&mut task, "restriction", json!({ "period": { "end": fhir_day(self.due()?) } }));
        if let Some(focus) = focus {
            set(&mut task, "focus", focus);
        }
        Ok(task)
    }
}

/// The patient's statement against a denial.
pub(super) struct Disagreement {
    statement: String,
    received: NaiveDate,
}

impl Disagreement {
    pub(super) fn parse(statement: &str, received: &str, now: DateTime<Utc>) -> Result<Self, AppError> {
        Ok(Self { statement: said(statement, "the statement")?, received: day(received, now)? })
    }

    /// About the same as `request`, which was denied.
    pub(super) fn elements(&self, patient: &PatientId, (id, request): (&str, &Value), now: DateTime<Utc>) -> Value {
        let mut task = task(patient, self.received, now, ("medRecCxDenialDisagree", "Disagreement"), &self.statement);
        set(&mut task, "status", json!("received"));
        set(&mut task, "businessStatus", business("disagreement-logged"));
        set(&mut task, "reasonReference", json!({ "reference": format!("{TASK}/{id}") }));
        for same in ["focus", "description"] {
            if let Some(value) = request.get(same) {
                set(&mut task, same, value.clone());
            }
        }
        task
    }
}

fn task(
    patient: &PatientId,
    received: NaiveDate,
    now: DateTime<Utc>,
    (code, display): (&str, &str),
    said: &str,
) -> Value {
    let whose = json!({ "reference": format!("Patient/{patient}") });
    let kind = json!({ "coding": [{ "system": format!("{GUIDE}/PatientCorrectionTaskTypes"), "code": code, "display": display }] });
    json!({
        "intent": "order", "code": kind, "for": whose, "requester": whose, "authoredOn": fhir_day(received),
        "lastModified": clock::fhir_text(&now), "input": [{ "type": kind, "valueString": said }],
    })
}

/// What is done with a request that is open, or with a statement that was not answered.
pub(super) enum Step {
    Extend { until: NaiveDate, delay: String },
    Accept { done: String, amendment: Option<Value> },
    Deny { ground: DenialGround, letter: String },
    Rebut { rebuttal: String },
}

impl Step {
    pub(super) fn extend(until: &str, delay: &str) -> Result<Self, AppError> {
        let until = NaiveDate::parse_from_str(until.trim(), "%Y-%m-%d");
        let until =
            until.map_err(|_| AppError::invalid("the day until which it is extended is written like 2026-11-21"))?;
        Ok(Self::Extend { until, delay: said(delay, "the reason for the delay")? })
    }

    pub(super) fn accept(done: &str, amendment: Option<Value>) -> Result<Self, AppError> {
        Ok(Self::Accept { done: said(done, "what was done")?, amendment })
    }

    pub(super) fn deny(
        ground: DenialGround,
        (basis, contact): (&str, &str),
        organization: &str,
    ) -> Result<Self, AppError> {
        let (basis, contact) = (said(basis, "the basis of the denial")?, said(contact, "whom the patient writes to")?);
        Ok(Self::Deny { ground, letter: letter(ground, &basis, &contact, organization) })
    }

    pub(super) fn rebut(rebuttal: &str) -> Result<Self, AppError> {
        Ok(Self::Rebut { rebuttal: said(rebuttal, "the rebuttal")? })
    }

    /// Changes the Task.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] when it was decided or answered already, and for a time that cannot be extended so.
    pub(super) fn take(&self, task: &mut Value, author: &Author, now: DateTime<Utc>) -> Result<(), AppError> {
        let status = task.get("status").and_then(Value::as_str).unwrap_or_default().to_owned();
        let open = match self {
            Self::Rebut { .. } => status == "received",
            Self::Extend { .. } | Self::Accept { .. } | Self::Deny { .. } => {
                matches!(status.as_str(), "requested" | "in-progress")
            }
        };
        if !open {
            return Err(AppError::invalid("this was decided or answered already; read it again"));
        }
        set(task, "lastModified", json!(clock::fhir_text(&now)));
        match self {
            Self::Extend { until, delay } => {
                if status == "in-progress" {
                    return Err(AppError::invalid(
                        "the time was extended once already, and no more than once is allowed",
                    ));
                }
                let due = due(task).ok_or_else(|| AppError::invalid("this request says no day to extend"))?;
                if clock::day(&now) > due {
                    return Err(AppError::invalid("the time is over; it could be extended only before that"));
                }
                if *until <= due || *until > later(due, DAYS_MORE)? {
                    return Err(AppError::invalid(format!("the time can be extended by 1 to {DAYS_MORE} days")));
                }
                set(task, "status", json!("in-progress"));
                set(task, "businessStatus", business("in-review"));
                set(task, "restriction", json!({ "period": { "end": fhir_day(*until) } }));
                author.note(task, delay, now);
                return Ok(());
            }
            Self::Accept { done, amendment } => {
                set(task, "status", json!("completed"));
                set(task, "businessStatus", business("amendment-completed"));
                let mut outputs = vec![resolution(done)];
                outputs.extend(
                    amendment.as_ref().map(|note| json!({ "type": { "text": "Amendment" }, "valueReference": note })),
                );
                set(task, "output", json!(outputs));
            }
            Self::Deny { ground, letter } => {
                set(task, "status", json!("rejected"));
                set(task, "businessStatus", business("denied"));
                set(task, "statusReason", json!({ "text": ground.words() }));
                set(task, "output", json!([resolution(letter)]));
            }
            Self::Rebut { rebuttal } => {
                set(task, "status", json!("completed"));
                set(task, "businessStatus", business("completed"));
                set(task, "output", json!([resolution(rebuttal)]));
            }
        }
        set(task, "owner", author.reference());
        Ok(())
    }
}

impl DenialGround {
    /// In plain words: 45 CFR 164.526(a)(2), in its order.
    const fn words(self) -> &'static str {
        match self {
            Self::NotCreatedHere => "It was not created here, and whoever created it can still be asked.",
            Self::NotPartOfTheRecord => {
                "It is not part of the records that are kept about you to decide about your care."
            }
            Self::NotOpenToInspection => "It is of a kind that the law does not open to be inspected.",
            Self::AccurateAndComplete => "It is accurate and complete.",
        }
    }
}

/// The denial as the patient is given it: 45 CFR 164.526(d)(1)(i) to (iv), in plain language.
fn letter(ground: DenialGround, basis: &str, contact: &str, organization: &str) -> String {
    format!(
        "{organization} does not make the amendment that you asked for.\n\
         The basis for this: {} {basis}\n\
         You may send a written statement that you disagree, and why, to: {contact}. It is then kept with your record.\n\
         If you send none, you may ask that your request and this denial are given along whenever what they are about is disclosed.\n\
         You may complain to {organization} ({contact}), or to the Secretary of Health and Human Services as 45 CFR 160.306 says.",
        ground.words()
    )
}

/// By which day the Task has to be decided.
pub(super) fn due(task: &Value) -> Option<NaiveDate> {
    let end = task.pointer("/restriction/period/end").and_then(Value::as_str)?;
    NaiveDate::parse_from_str(end, "%Y-%m-%d").ok()
}

fn resolution(text: &str) -> Value {
    let coding = json!({ "system": format!("{GUIDE}/PatientCorrectionOutputTypes"), "code": "medRecCxReqResolution" });
    json!({ "type": { "coding": [coding] }, "valueString": text })
}

fn business(code: &str) -> Value {
    json!({ "coding": [{ "system": format!("{GUIDE}/PatientCorrectionBusinessStatus"), "code": code }] })
}

fn said(text: &str, what: &str) -> Result<String, AppError> {
    let text = words(text, what, LONGEST_NOTE)?;
    if text.is_empty() { Err(AppError::invalid(format!("{what} is missing; write it down"))) } else { Ok(text) }
}

/// The day on which something was received; today where nothing was typed.
fn day(text: &str, now: DateTime<Utc>) -> Result<NaiveDate, AppError> {
    let today = clock::day(&now);
    if a_day(text)?.is_none() {
        return Ok(today);
    }
    let day = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d");
    let day = day.map_err(|_| AppError::invalid("the day on which it was received is written like 2026-11-21"))?;
    if day > today { Err(AppError::invalid("the day on which it was received is still to come")) } else { Ok(day) }
}

fn later(day: NaiveDate, days: u64) -> Result<NaiveDate, AppError> {
    day.checked_add_days(Days::new(days)).ok_or_else(|| AppError::invalid("this day is out of reach"))
}

pub(super) fn fhir_day(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(&format!("{text}T12:00:00Z")).unwrap().to_utc()
    }

    fn request() -> Value {
        let asked = Asked::parse("Smoking", "I never smoked", "2026-11-01", at("2026-11-20")).unwrap();
        asked.elements(&PatientId::parse("p1").unwrap(), None, at("2026-11-20")).unwrap()
    }

    fn author() -> Author {
        Author::new("Dr A".to_owned(), None)
    }

    #[test]
    fn a_request_is_due_sixty_days_after_the_day_on_which_it_was_received() {
        assert_eq!(due(&request()), NaiveDate::from_ymd_opt(2026, 12, 31), "not after the day on which it was typed");
        for wrong in ["2026-11-21", "soon", "2026-11"] {
            assert!(Asked::parse("", "x", wrong, at("2026-11-20")).is_err(), "{wrong} is no day that was");
        }
        assert!(Asked::parse("Smoking", " ", "", at("2026-11-20")).is_err(), "nothing was asked");
    }

    #[test]
    fn the_time_is_extended_once_by_thirty_days_and_before_it_is_over() {
        let extend = |task: &mut Value, until: &str, now: &str| {
            Step::extend(until, "The author is away").unwrap().take(task, &author(), at(now))
        };
        for (until, now) in [("2027-01-31", "2026-12-01"), ("2026-12-31", "2026-12-01"), ("2027-01-15", "2027-01-01")] {
            assert!(extend(&mut request(), until, now).is_err(), "until {until} on {now}");
        }
        let mut task = request();
        extend(&mut task, "2027-01-30", "2026-12-31").unwrap();
        assert_eq!(due(&task), NaiveDate::from_ymd_opt(2027, 1, 30), "thirty days more");
        assert!(extend(&mut task, "2027-02-10", "2027-01-01").is_err(), "no second time");
    }

    #[test]
    fn a_denial_says_what_the_law_has_it_say_and_is_the_last_word_on_the_request() {
        let mut task = request();
        let ground = DenialGround::AccurateAndComplete;
        let deny = Step::deny(ground, ("You told us so twice.", "Privacy officer, 555-0100"), "St. Elsewhere").unwrap();
        deny.take(&mut task, &author(), at("2026-12-01")).unwrap();
        let said = task["output"][0]["valueString"].as_str().unwrap();
        for part in ["accurate and complete", "You told us so twice.", "disagree", "555-0100", "given along", "160.306"]
        {
            assert!(said.contains(part), "{part} is missing in: {said}");
        }
        assert_eq!((&task["status"], &task["owner"]["display"]), (&json!("rejected"), &json!("Dr A")), "and by whom");
        assert!(deny.take(&mut task, &author(), at("2026-12-02")).is_err(), "it is not decided twice");
        assert!(Step::deny(ground, (" ", "x"), "x").is_err() && Step::deny(ground, ("x", ""), "x").is_err(), "in full");
    }
}
