//! FHIR search and read on `AuditEvent` (IHE ITI-81).
//!
//! Another system with an access token sees every log. A workstation sees its own log and nothing else: a certificate says which machine
//! calls and not who sits at it, and the whole hospital's accesses would be open to whoever has one machine.

use axum::Extension;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use vigil_model::ResourceId;
use vigil_model::wire::AUDIT_ID;

use crate::http::body::{self, SMALL, media_type};
use crate::http::outcome::FHIR_JSON;
use crate::http::{Origin, Outcome, Party, Peer};
use crate::search::{Searcher, read, search};
use crate::server::Server;

/// Finds audit events, newest first, a page at a time. A page's `next` link is for the caller that got it.
#[utoipa::path(
    get,
    path = "/fhir/AuditEvent",
    tag = "audit log",
    params(("x-hipaa-audit-id" = String, Header, description = "The audit entry that records the call (FHIR id)")),
    responses((status = 200, description = "A Bundle of the type searchset", content_type = "application/fhir+json")),
    security(("client" = ["system/AuditEvent.rs"]), ("device" = []))
)]
pub(in crate::http) async fn audit_event_search(
    State(server): State<Server>,
    party: Party,
    Extension(peer): Extension<Peer>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Outcome> {
    let query = pairs(query.unwrap_or_default().as_bytes())?;
    found(&server, &searcher(&party, &peer, &origin, &headers), &query).await
}

/// The same with the parameters in the body: no patient's number stands in an address that way.
#[utoipa::path(
    post,
    path = "/fhir/AuditEvent/_search",
    tag = "audit log",
    params(("x-hipaa-audit-id" = String, Header, description = "The audit entry that records the call (FHIR id)")),
    responses((status = 200, description = "A Bundle of the type searchset", content_type = "application/fhir+json")),
    security(("client" = ["system/AuditEvent.rs"]), ("device" = []))
)]
pub(in crate::http) async fn audit_event_search_create(
    State(server): State<Server>,
    party: Party,
    Extension(peer): Extension<Peer>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: Body,
) -> Result<Response, Outcome> {
    if media_type(&headers) != "application/x-www-form-urlencoded" {
        return Err(Outcome::MEDIA_TYPE);
    }
    let body = body::read(body, SMALL, &server).await?;
    let mut asked = pairs(query.unwrap_or_default().as_bytes())?;
    asked.extend(pairs(&body)?);
    found(&server, &searcher(&party, &peer, &origin, &headers), &asked).await
}

/// One audit event. What stands in a log that the caller may not look into is not there for it.
#[utoipa::path(
    get,
    path = "/fhir/AuditEvent/{id}",
    tag = "audit log",
    params(
        ("id" = String, Path, description = "The id that a search has shown"),
        ("x-hipaa-audit-id" = String, Header, description = "The audit entry that records the call (FHIR id)"),
    ),
    responses(
        (status = 200, description = "The AuditEvent", content_type = "application/fhir+json"),
        (status = 404, description = "There is none with this id"),
    ),
    security(("client" = ["system/AuditEvent.rs"]), ("device" = []))
)]
pub(in crate::http) async fn audit_event_read(
    State(server): State<Server>,
    party: Party,
    Extension(peer): Extension<Peer>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Outcome> {
    // What is no id is nothing that is here.
    let Path(id) = id.map_err(|_| Outcome::NOT_FOUND)?;
    let id = ResourceId::parse(&id).map_err(|_| Outcome::NOT_FOUND)?;
    let searcher = searcher(&party, &peer, &origin, &headers);
    let keys = &server.installation().keyring.keys;
    let event = read(server.store(), keys, &searcher, id.as_str(), server.clock().now()).await?;
    event.as_ref().map(fhir).ok_or(Outcome::NOT_FOUND)
}

async fn found(server: &Server, searcher: &Searcher, query: &[(String, String)]) -> Result<Response, Outcome> {
    let keys = &server.installation().keyring.keys;
    Ok(fhir(&search(server.store(), keys, searcher, query, server.clock().now()).await?))
}

/// Finds audit events of every log for whoever sits at the desk; the parameters stand in the body.
pub(super) async fn found_by(
    server: &Server,
    agent: vigil_audit::Agent,
    origin: &Origin,
    body: Body,
) -> Result<Response, Outcome> {
    let asked = pairs(&body::read(body, SMALL, server).await?)?;
    let base = format!("{}/v1/desk/AuditEvent", origin.0);
    found(server, &Searcher { agent, address: None, request: None, strict: true, log: None, base }, &asked).await
}

fn searcher(party: &Party, peer: &Peer, origin: &Origin, headers: &HeaderMap) -> Searcher {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Searcher {
        agent: party.agent(),
        address: Some(peer.address.to_string()),
        // Where the caller names its entry by a UUID, both records of the call share it.
        request: text(AUDIT_ID).parse().ok(),
        strict: text("prefer").split([',', ';']).any(|wish| wish.trim() == "handling=strict"),
        log: party.log(),
        base: format!("{}/fhir/AuditEvent", origin.0),
    }
}

fn pairs(query: &[u8]) -> Result<Vec<(String, String)>, Outcome> {
    serde_urlencoded::from_bytes(query).map_err(|_| Outcome::MALFORMED)
}

fn fhir(resource: &Value) -> Response {
    ([(CONTENT_TYPE, FHIR_JSON)], resource.to_string()).into_response()
}
