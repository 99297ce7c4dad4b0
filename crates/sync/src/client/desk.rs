//! The calls of the desk over the fleet. Each names the audit entry that records it; all but the one that opens the desk show its token.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Utc};
use hyper::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use vigil_model::DeviceId;
use vigil_model::wire::{
    DeskSession, DeskSessionRequest, FleetActivity, FleetDevice, Incident, IncidentAct, IncidentList, IncidentState,
    RuleSetUpdate, RuleSets,
};

use super::answer::Answer;
use super::calls::{JSON, get, post};
use super::{Ask, Client};
use crate::Failure;

/// The longest list or incident, in bytes.
const LIST: usize = 16 * 1024 * 1024;
/// The longest evidence.
const EVIDENCE: usize = 256 * 1024 * 1024;
/// The media types of a search and of what it finds.
const FORM: &str = "application/x-www-form-urlencoded";
const FHIR_JSON: &str = "application/fhir+json";
/// The media type of evidence.
const TAR: &str = "application/x-tar";

/// What every call of an open desk carries.
#[derive(Clone, Copy)]
pub struct DeskCall<'a> {
    /// The workstation's own log.
    pub log: DeviceId,
    /// The number of the entry in it that records the call.
    pub entry: u64,
    /// As the server gave it.
    pub token: &'a str,
}

/// Why the desk says no, in the server's words for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeskRefusal {
    /// The token, or name and password, do not hold (401).
    Unknown,
    /// Not in this role, or not in one's own case (403).
    Forbidden(String),
    /// There is none of this number (404).
    Missing(String),
    /// It does not fit how the incident or the rules stand (409).
    State(String),
    /// What was sent does not do: words, days, rules (400, 422).
    Content(String),
}

/// What the desk answers, or why it says no.
pub type DeskAnswer<T> = Result<Result<T, DeskRefusal>, Failure>;

impl Client {
    /// Opens the desk for whoever shows their password.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn desk_open(
        &mut self,
        log: DeviceId,
        entry: u64,
        request: &DeskSessionRequest,
    ) -> DeskAnswer<DeskSession> {
        let ask = post("/v1/desk/session", JSON, request)?.about(log, entry);
        judged(self.call(&ask).await?, |answer| answer.json())
    }

    /// The incidents, of one state where it is named.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn desk_incidents(
        &mut self,
        call: DeskCall<'_>,
        state: Option<IncidentState>,
    ) -> DeskAnswer<IncidentList> {
        self.desk_read(call, incidents(state)).await
    }

    /// One incident.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn desk_incident(&mut self, call: DeskCall<'_>, id: u64) -> DeskAnswer<Incident> {
        self.desk_read(call, format!("/v1/desk/incidents/{id}")).await
    }

    /// Does something about an incident; how it stands then.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn desk_incident_act(&mut self, call: DeskCall<'_>, id: u64, act: &IncidentAct) -> DeskAnswer<Incident> {
        self.desk_write(call, format!("/v1/desk/incidents/{id}"), act).await
    }

    /// The signed evidence of an incident: a tar archive.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn desk_evidence(&mut self, call: DeskCall<'_>, id: u64) -> DeskAnswer<Vec<u8>> {
        let ask = Ask { most: EVIDENCE, ..get(format!("/v1/desk/incidents/{id}/evidence")) };
        judged(self.call(&ask.at_the_desk(call)).await?, |answer| answer.bytes(TAR))
    }

    /// The workstations of the fleet.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn desk_devices(&mut self, call: DeskCall<'_>) -> DeskAnswer<Vec<FleetDevice>> {
        self.desk_read(call, "/v1/desk/devices").await
    }

    /// Figures from one moment (inclusive) until another (exclusive), at most 93 days later.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn desk_activity(
        &mut self,
        call: DeskCall<'_>,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> DeskAnswer<FleetActivity> {
        self.desk_read(call, activity(from, until)).await
    }

    /// Finds audit events of every log: a page of a FHIR `searchset` (IHE ITI-81). The parameters go in the body, for a patient's number stands
    /// in no address.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn desk_search(&mut self, call: DeskCall<'_>, query: &[(&str, String)]) -> DeskAnswer<serde_json::Value> {
        let body = serde_urlencoded::to_string(query).map_err(|_| Failure::Unusable)?.into();
        let headers = vec![("content-type", FORM.to_owned())];
        let path = Cow::Borrowed("/v1/desk/AuditEvent/_search");
        let ask = Ask { method: Method::POST, path, headers, body, most: LIST };
        judged(self.call(&ask.at_the_desk(call)).await?, |answer| {
            serde_json::from_slice(&answer.bytes(FHIR_JSON)?).map_err(|_| Failure::Malformed)
        })
    }

    /// The rules that decide, and their versions.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn desk_rules(&mut self, call: DeskCall<'_>) -> DeskAnswer<RuleSets> {
        self.desk_read(call, "/v1/desk/rules").await
    }

    /// Lets other rules decide.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn desk_rules_put(&mut self, call: DeskCall<'_>, rules: &RuleSetUpdate) -> DeskAnswer<RuleSets> {
        self.desk_write(call, "/v1/desk/rules", rules).await
    }

    async fn desk_read<T: DeserializeOwned>(
        &mut self,
        call: DeskCall<'_>,
        path: impl Into<Cow<'static, str>>,
    ) -> DeskAnswer<T> {
        let ask = Ask { most: LIST, ..get(path) };
        judged(self.call(&ask.at_the_desk(call)).await?, |answer| answer.json())
    }

    async fn desk_write<T: DeserializeOwned>(
        &mut self,
        call: DeskCall<'_>,
        path: impl Into<Cow<'static, str>>,
        body: &impl Serialize,
    ) -> DeskAnswer<T> {
        let ask = Ask { most: LIST, ..post(path, JSON, body)? };
        judged(self.call(&ask.at_the_desk(call)).await?, |answer| answer.json())
    }
}

impl Ask {
    fn at_the_desk(mut self, call: DeskCall<'_>) -> Self {
        self.headers.push(("authorization", format!("Bearer {}", call.token)));
        self.about(call.log, call.entry)
    }
}

/// A refusal that the desk gives its reasons for is an answer; whatever else is not good is a failure.
fn judged<T>(answer: Answer, good: impl FnOnce(Answer) -> Result<T, Failure>) -> DeskAnswer<T> {
    let words = || answer.words().unwrap_or_else(|| answer.failure().to_string());
    Ok(Err(match answer.status {
        StatusCode::UNAUTHORIZED => DeskRefusal::Unknown,
        StatusCode::FORBIDDEN => DeskRefusal::Forbidden(words()),
        StatusCode::NOT_FOUND => DeskRefusal::Missing(words()),
        StatusCode::CONFLICT => DeskRefusal::State(words()),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => DeskRefusal::Content(words()),
        _ => return good(answer).map(Ok),
    }))
}

fn incidents(state: Option<IncidentState>) -> &'static str {
    match state {
        None => "/v1/desk/incidents",
        Some(IncidentState::Open) => "/v1/desk/incidents?state=open",
        Some(IncidentState::Acknowledged) => "/v1/desk/incidents?state=acknowledged",
        Some(IncidentState::Closed) => "/v1/desk/incidents?state=closed",
    }
}

fn activity(from: DateTime<Utc>, until: DateTime<Utc>) -> String {
    // With `Z` and without a fraction: nothing in it has to be escaped.
    let text = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    format!("/v1/desk/activity?from={}&until={}", text(from), text(until))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, body: &str) -> DeskAnswer<Vec<FleetDevice>> {
        judged(Answer::of(status, body), |answer| answer.json())
    }

    #[test]
    fn a_refusal_comes_with_the_words_of_the_server() {
        let outcome = |text: &str| {
            serde_json::json!({ "resourceType": "OperationOutcome", "issue": [{ "details": { "text": text } }] })
                .to_string()
        };
        let own = "The incident is about you; somebody else works on it";
        assert_eq!(refused(403, &outcome(own)), Ok(Err(DeskRefusal::Forbidden(own.to_owned()))));
        let closed = "The incident is closed already";
        assert_eq!(refused(409, &outcome(closed)), Ok(Err(DeskRefusal::State(closed.to_owned()))));
        assert_eq!(refused(401, &outcome("The token does not hold")), Ok(Err(DeskRefusal::Unknown)));
        let Ok(Err(DeskRefusal::Content(words))) = refused(422, &outcome(&"x\n".repeat(1000))) else {
            panic!("it is refused")
        };
        assert!(words.chars().count() <= 400 && !words.contains(char::is_control), "bounded: {words}");
    }

    #[test]
    fn what_is_no_answer_of_the_desk_is_a_failure() {
        assert_eq!(refused(200, "[]"), Ok(Ok(Vec::new())));
        assert_eq!(refused(503, ""), Err(Failure::Status(503)));
        assert_eq!(refused(200, "{}"), Err(Failure::Malformed), "another shape");
        assert_eq!(
            refused(404, "<html>"),
            Ok(Err(DeskRefusal::Missing("the server answered with status 404".to_owned())))
        );
    }

    #[test]
    fn a_period_stands_in_the_address_as_it_is() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(
            activity(at("2026-11-29T10:00:00.123Z"), at("2026-11-30T10:00:00Z")),
            "/v1/desk/activity?from=2026-11-29T10:00:00Z&until=2026-11-30T10:00:00Z"
        );
    }
}
