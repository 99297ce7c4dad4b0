//! The signed directory.

use axum::Json;
use axum::extract::State;
use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use vigil_model::wire::SignedDirectory;

use crate::http::{Caller, Outcome};
use crate::server::Server;

/// The directory, signed; 304 when the caller has this version.
#[utoipa::path(
    get,
    path = "/v1/directory",
    tag = "workstation",
    params(("if-none-match" = Option<String>, Header, description = "The version that the caller has, in quotes")),
    responses(
        (status = 200, description = "The directory, signed", body = SignedDirectory),
        (status = 304, description = "It has not changed"),
    ),
    security(("device" = []))
)]
pub(in crate::http) async fn directory_read(
    State(server): State<Server>,
    _caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Outcome> {
    let (version, signed) = server.directory().read(&server).await?;
    let tag = format!("\"{version}\"");
    let known = headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    if known {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    Ok(([(ETAG, tag)], Json(&*signed)).into_response())
}
