//! The desk over the fleet.

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use vigil_model::wire::{
    DeskSession, DeskSessionRequest, FleetActivity, FleetDevice, Incident, IncidentAct, IncidentList, IncidentState,
    RuleSetUpdate, RuleSets,
};

use super::audit_event::found_by;
use crate::desk::{Period, activity, devices, put_rules, rule_sets};
use crate::evidence::evidence;
use crate::http::body::Sent;
use crate::http::desk::Desk;
use crate::http::{Caller, Origin, Outcome};
use crate::incident::{act, incident, incidents};
use crate::server::Server;

/// The longest period of figures.
const LONGEST: TimeDelta = TimeDelta::days(93);

/// Opens the desk for whoever shows the password of a privacy officer or administrator.
#[utoipa::path(
    post,
    path = "/v1/desk/session",
    tag = "desk",
    params(("x-hipaa-audit-id" = String, Header, description = "The audit entry that records the call (FHIR id)")),
    request_body = DeskSessionRequest,
    responses(
        (status = 200, description = "A token that holds at this workstation for 15 minutes", body = DeskSession),
        (status = 401, description = "The name or the password is not the right one"),
        (status = 403, description = "The role does not work at the desk"),
    ),
    security(("device" = []))
)]
pub(in crate::http) async fn session_create(
    State(server): State<Server>,
    caller: Caller,
    Sent(asked): Sent<DeskSessionRequest>,
) -> Result<Json<DeskSession>, Outcome> {
    crate::desk::open(&server, &caller, &asked).await.map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Listed {
    state: Option<IncidentState>,
}

/// The incidents: those that are not closed first, the gravest first.
#[utoipa::path(
    get,
    path = "/v1/desk/incidents",
    tag = "desk",
    params(
        ("state" = Option<IncidentState>, Query, description = "Of this state alone"),
        ("x-hipaa-audit-id" = String, Header, description = "The audit entry that records the call (FHIR id)"),
    ),
    responses((status = 200, description = "The newest 500", body = IncidentList)),
    security(("desk" = []))
)]
pub(in crate::http) async fn incident_search(
    State(server): State<Server>,
    Desk(officer): Desk,
    query: Result<Query<Listed>, QueryRejection>,
) -> Result<Json<IncidentList>, Outcome> {
    let Query(listed) = query.map_err(|_| Outcome::MALFORMED)?;
    Ok(Json(incidents(server.installation(), officer, listed.state).await?))
}

/// One incident with everything that belongs to it.
#[utoipa::path(
    get,
    path = "/v1/desk/incidents/{id}",
    tag = "desk",
    params(
        ("id" = u64, Path, description = "Its number"),
        ("x-hipaa-audit-id" = String, Header, description = "The audit entry that records the call (FHIR id)"),
    ),
    responses(
        (status = 200, description = "The incident", body = Incident),
        (status = 404, description = "There is none with this number"),
    ),
    security(("desk" = []))
)]
pub(in crate::http) async fn incident_read(
    State(server): State<Server>,
    Desk(officer): Desk,
    id: Result<Path<u32>, PathRejection>,
) -> Result<Json<Incident>, Outcome> {
    Ok(Json(incident(server.installation(), officer, number(id)?).await?))
}

/// Does something about an incident.
#[utoipa::path(
    post,
    path = "/v1/desk/incidents/{id}",
    tag = "desk",
    params(
        ("id" = u64, Path, description = "Its number"),
        ("x-hipaa-audit-id" = String, Header, description = "The audit entry that records the call (FHIR id)"),
    ),
    request_body = IncidentAct,
    responses(
        (status = 200, description = "The incident as it stands then", body = Incident),
        (status = 403, description = "The role may not, or the incident is about the caller"),
        (status = 404, description = "There is none with this number"),
        (status = 409, description = "It does not fit how the incident stands"),
        (status = 422, description = "Words are missing or too long, or a day is none"),
    ),
    security(("desk" = []))
)]
pub(in crate::http) async fn incident_update(
    State(server): State<Server>,
    Desk(officer): Desk,
    id: Result<Path<u32>, PathRejection>,
    Sent(asked): Sent<IncidentAct>,
) -> Result<Json<Incident>, Outcome> {
    let done = act(server.installation(), officer, number(id)?, &asked, server.channels()).await?;
    server.queued();
    Ok(Json(done))
}

/// The evidence of an incident, as a signed archive.
#[utoipa::path(
    get,
    path = "/v1/desk/incidents/{id}/evidence",
    tag = "desk",
    params(
        ("id" = u64, Path, description = "Its number"),
        ("x-hipaa-audit-id" = String, Header, description = "The audit entry that records the call (FHIR id)"),
    ),
    responses(
        (status = 200, description = "The archive", content_type = "application/x-tar"),
        (status = 403, description = "The role may not"),
        (status = 404, description = "There is none with this number"),
    ),
    security(("desk" = []))
)]
pub(in crate::http) async fn evidence_read(
    State(server): State<Server>,
    Desk(officer): Desk,
    id: Result<Path<u32>, PathRejection>,
) -> Result<Response, Outcome> {
    let id = number(id)?;
    let archive = evidence(server.installation(), officer, id).await?;
    let name = format!("attachment; filename=\"vigil-incident-{id}.tar\"");
    Ok(([(CONTENT_TYPE, "application/x-tar".to_owned()), (CONTENT_DISPOSITION, name)], archive).into_response())
}

/// The workstations of the fleet.
#[utoipa::path(
    get,
    path = "/v1/desk/devices",
    tag = "desk",
    params(("x-hipaa-audit-id" = String, Header, description = "The audit entry that records the call (FHIR id)")),
    responses((status = 200, description = "Every enrolment, newest first", body = Vec<FleetDevice>)),
    security(("desk" = []))
)]
pub(in crate::http) async fn device_search(
    State(server): State<Server>,
    Desk(officer): Desk,
) -> Result<Json<Vec<FleetDevice>>, Outcome> {
    Ok(Json(devices(server.installation(), officer).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Between {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// Figures over the accesses of a period.
#[utoipa::path(
    get,
    path = "/v1/desk/activity",
    tag = "desk",
    params(
        ("from" = String, Query, description = "RFC 3339, inclusive"),
        ("until" = String, Query, description = "RFC 3339, exclusive; at most 93 days later"),
        ("x-hipaa-audit-id" = String, Header, description = "The audit entry that records the call (FHIR id)"),
    ),
    responses(
        (status = 200, description = "The figures", body = FleetActivity),
        (status = 400, description = "The period is none, or too long"),
    ),
    security(("desk" = []))
)]
pub(in crate::http) async fn activity_read(
    State(server): State<Server>,
    Desk(officer): Desk,
    query: Result<Query<Between>, QueryRejection>,
) -> Result<Json<FleetActivity>, Outcome> {
    let Query(Between { from, until }) = query.map_err(|_| Outcome::MALFORMED)?;
    if until <= from || until - from > LONGEST {
        return Err(Outcome::MALFORMED);
    }
    Ok(Json(activity(server.installation(), officer, Period { from, until }).await?))
}

/// The rules that decide, with every version.
#[utoipa::path(
    get,
    path = "/v1/desk/rules",
    tag = "desk",
    params(("x-hipaa-audit-id" = String, Header, description = "The audit entry that records the call (FHIR id)")),
    responses((status = 200, description = "The rules", body = RuleSets)),
    security(("desk" = []))
)]
pub(in crate::http) async fn rule_search(
    State(server): State<Server>,
    Desk(officer): Desk,
) -> Result<Json<RuleSets>, Outcome> {
    Ok(Json(rule_sets(server.installation(), officer).await?))
}

/// Lets other rules decide from now on.
#[utoipa::path(
    post,
    path = "/v1/desk/rules",
    tag = "desk",
    params(("x-hipaa-audit-id" = String, Header, description = "The audit entry that records the call (FHIR id)")),
    request_body = RuleSetUpdate,
    responses(
        (status = 200, description = "The rules as they stand then", body = RuleSets),
        (status = 403, description = "The role may not"),
        (status = 409, description = "Other rules are kept under this version"),
        (status = 422, description = "They are no rules"),
    ),
    security(("desk" = []))
)]
pub(in crate::http) async fn rule_update(
    State(server): State<Server>,
    Desk(officer): Desk,
    Sent(asked): Sent<RuleSetUpdate>,
) -> Result<Json<RuleSets>, Outcome> {
    put_rules(server.installation(), officer, &asked.rules).await?;
    Ok(Json(rule_sets(server.installation(), officer).await?))
}

/// Finds audit events of every log (IHE ITI-81), for a privacy officer.
#[utoipa::path(
    post,
    path = "/v1/desk/AuditEvent/_search",
    tag = "desk",
    params(("x-hipaa-audit-id" = String, Header, description = "The audit entry that records the call (FHIR id)")),
    responses((status = 200, description = "A Bundle of the type searchset", content_type = "application/fhir+json")),
    security(("desk" = []))
)]
pub(in crate::http) async fn audit_event_search(
    State(server): State<Server>,
    Desk(officer): Desk,
    Extension(origin): Extension<Origin>,
    body: Body,
) -> Result<Response, Outcome> {
    if !officer.sees_patients() {
        return Err(Outcome::FORBIDDEN);
    }
    found_by(&server, officer.agent(), &origin, body).await
}

fn number(id: Result<Path<u32>, PathRejection>) -> Result<u64, Outcome> {
    id.map(|Path(id)| u64::from(id)).map_err(|_| Outcome::NOT_FOUND)
}
