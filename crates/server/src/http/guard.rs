//! The guard of routes that carry health information: no call without its audit entry, no body that can be read.

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use vigil_audit::{Agent, Outcome as Went};
use vigil_model::wire::{AUDIT_ID, Refusal, SEALED_BATCH};
use vigil_model::{DeviceId, ResourceId};

use super::body::media_type;
use super::{Caller, Outcome, Party, Peer};
use crate::kind;
use crate::server::Server;
use crate::store::{Alarm, AlarmKind};

/// Refuses a call that does not name the audit entry which records it. A workstation's entries are those of its own log.
pub(super) async fn audited(State(server): State<Server>, request: Request, next: Next) -> Response {
    let mut named = request.headers().get_all(AUDIT_ID).iter();
    let log = request.extensions().get::<Caller>().map(|caller| caller.log);
    let is_named = match (named.next(), named.next()) {
        (Some(one), None) => one.to_str().is_ok_and(|text| is_entry(text, log)),
        _ => false,
    };
    if !is_named {
        metrics::counter!("vigil_violations_total", "kind" => AlarmKind::AuditIdMissing.code()).increment(1);
        let party = Party::of(request.extensions());
        let address = request.extensions().get::<Peer>().map(|peer| peer.address.to_string());
        return match on_record(&server, AlarmKind::AuditIdMissing, party.as_ref(), String::new(), address).await {
            Ok(()) => Outcome::AUDIT_ID.into_response(),
            Err(outcome) => outcome.into_response(),
        };
    }
    next.run(request).await
}

/// Whether this is a FHIR `id`, and one of this log where there is one.
fn is_entry(text: &str, log: Option<DeviceId>) -> bool {
    let of_log = |log: DeviceId| {
        let number = text.strip_prefix(&log.to_string()).and_then(|rest| rest.strip_prefix('.'));
        number.is_some_and(|number| number.parse::<u64>().is_ok())
    };
    ResourceId::parse(text).is_ok() && log.is_none_or(of_log)
}

/// Reads a sealed body. Whatever else it is - FHIR, HL7, XML, JSON with something beside the seal - is not looked into; that it was sent
/// is on record with its hash.
///
/// # Errors
/// [`Refusal::Unsealed`]
pub(super) async fn sealed<T: DeserializeOwned>(
    server: &Server,
    caller: &Caller,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<T, Outcome> {
    if media_type(headers) == SEALED_BATCH
        && let Ok(batch) = serde_json::from_slice(body)
    {
        return Ok(batch);
    }
    metrics::counter!("vigil_violations_total", "kind" => AlarmKind::Unsealed.code()).increment(1);
    let hash = format!(" body=sha256:{}", hex::encode(Sha256::digest(body)));
    on_record(server, AlarmKind::Unsealed, Some(&Party::Device(caller.clone())), hash, None).await?;
    Err(Outcome::refused(Refusal::Unsealed))
}

/// A violation: an alarm, and an entry in the server's own log. Never anything of what was sent.
async fn on_record(
    server: &Server,
    what: AlarmKind,
    party: Option<&Party>,
    beside: String,
    address: Option<String>,
) -> Result<(), Outcome> {
    let who = party.map_or_else(|| "enrolment=nobody".to_owned(), Party::to_string);
    tracing::warn!(violation = what.code(), who, "a call was refused");
    let mut tx = server.store().begin().await?;
    let note = format!("{who}{beside}");
    let at = server.clock().now().timestamp_micros();
    let alarm = Alarm { at, kind: what, log: party.and_then(Party::log), seq: None, note: note.clone() };
    let agent = party.map_or(Agent::Anonymous, Party::agent);
    // The same body again says nothing new.
    if alarm.raise_unless_noted(&mut tx).await? {
        let reason = format!("{} {note}", what.code());
        let installation = server.installation();
        installation.record(&mut tx, kind::CALL_REFUSE, Went::MinorFailure, agent, reason, address).await?;
        tx.commit().await?;
    }
    Ok(())
}
