//! Audit entries of the caller's log.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use vigil_model::wire::{Alerts, BATCH_BYTES, Batch, Receipt, Refusal};

use crate::http::guard::sealed;
use crate::http::{Caller, Outcome, body};
use crate::intake::{IntakeError, Sender, receipt, receive, receive_alerts};
use crate::server::Server;

/// Takes in consecutive entries; the answer is the receipt.
#[utoipa::path(
    post,
    path = "/v1/log/entries",
    tag = "workstation",
    params(("x-hipaa-audit-id" = String, Header, description = "The audit entry that records the call (FHIR id)")),
    request_body(content = Batch, content_type = "application/vnd.vigil.batch+json"),
    responses(
        (status = 200, description = "What the server holds durably, cosigned", body = Receipt),
        (status = 400, description = "The body is not sealed; that it was sent is on record"),
        (status = 409, description = "The batch begins too late, or contradicts what is held"),
        (status = 422, description = "An entry does not open, or the checkpoint does not fit"),
    ),
    security(("device" = []))
)]
pub(in crate::http) async fn entries_create(
    State(server): State<Server>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Receipt>, Outcome> {
    let body = body::read(body, BATCH_BYTES, &server).await?;
    let batch: Batch = sealed(&server, &caller, &headers, &body).await?;
    drop(body);
    let count = batch.entries.len() as u64;
    let answer =
        receive(server.store(), &server.installation().keyring.keys, sender(&caller), batch, server.clock().now());
    let receipt = answer.await.map_err(refused)?;
    server.arrived();
    metrics::counter!("vigil_batches_total").increment(1);
    metrics::counter!("vigil_entries_total").increment(count.saturating_sub(receipt.known));
    metrics::counter!("vigil_entries_known_total").increment(receipt.known);
    Ok(Json(receipt))
}

/// Takes in entries out of turn: alarms and broken glasses.
#[utoipa::path(
    post,
    path = "/v1/log/alerts",
    tag = "workstation",
    params(("x-hipaa-audit-id" = String, Header, description = "The audit entry that records the call (FHIR id)")),
    request_body(content = Alerts, content_type = "application/vnd.vigil.batch+json"),
    responses(
        (status = 204, description = "They are seen"),
        (status = 400, description = "The body is not sealed; that it was sent is on record"),
        (status = 422, description = "An entry does not open"),
    ),
    security(("device" = []))
)]
pub(in crate::http) async fn alerts_create(
    State(server): State<Server>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Outcome> {
    let body = body::read(body, BATCH_BYTES, &server).await?;
    let alerts: Alerts = sealed(&server, &caller, &headers, &body).await?;
    let count = alerts.entries.len() as u64;
    let keys = &server.installation().keyring.keys;
    receive_alerts(server.store(), keys, sender(&caller), alerts, server.clock().now()).await.map_err(refused)?;
    server.arrived();
    metrics::counter!("vigil_alerts_total").increment(count);
    Ok(StatusCode::NO_CONTENT)
}

/// The receipt for what is held of the caller's log.
#[utoipa::path(
    get,
    path = "/v1/log/receipt",
    tag = "workstation",
    responses((status = 200, description = "What the server holds durably, cosigned", body = Receipt)),
    security(("device" = []))
)]
pub(in crate::http) async fn receipt_read(
    State(server): State<Server>,
    caller: Caller,
) -> Result<Json<Receipt>, Outcome> {
    receipt(server.store(), sender(&caller), server.clock().now()).await.map(Json).map_err(refused)
}

fn sender(caller: &Caller) -> Sender {
    Sender { enrolment: caller.enrolment, log: caller.log }
}

fn refused(error: IntakeError) -> Outcome {
    match error {
        IntakeError::Refused(refusal) => {
            let kind = match &refusal {
                Refusal::Gap { .. } => "gap",
                Refusal::Conflict { .. } => "conflict",
                Refusal::Checkpoint => "checkpoint",
                Refusal::Poison { .. } => "poison",
                Refusal::Unsealed => "unsealed",
            };
            metrics::counter!("vigil_batches_refused_total", "kind" => kind).increment(1);
            Outcome::refused(refusal)
        }
        IntakeError::TooLong => Outcome::TOO_LARGE,
        IntakeError::Unknown => Outcome::NOT_FOUND,
        IntakeError::Store(error) => error.into(),
    }
}
