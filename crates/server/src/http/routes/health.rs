//! Whether the server lives, whether it can work, and what it counts.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::http::Outcome;
use crate::server::{Readiness, Server, readiness};

/// Whether the process answers.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "operation",
    responses((status = 200, description = "It answers", body = String, content_type = "text/plain"))
)]
pub(in crate::http) async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether the server can do its work: database and schema, master key, disk, clock.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operation",
    responses(
        (status = 200, description = "It can", body = Readiness),
        (status = 503, description = "It cannot, for what is false", body = Readiness),
    )
)]
pub(in crate::http) async fn readyz(State(server): State<Server>) -> Response {
    let found = readiness(&server).await;
    let status = if found.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(found)).into_response()
}

/// Prometheus text. No label names a patient, a user or a workstation.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "operation",
    responses((status = 200, description = "Every metric", body = String, content_type = "text/plain"))
)]
pub(in crate::http) async fn metrics(State(server): State<Server>) -> Result<Response, Outcome> {
    let text = crate::metrics::render(&server).await?;
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}
