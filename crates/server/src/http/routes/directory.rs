//! The signed directory.

use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::http::{Caller, Outcome};
use crate::server::Server;

/// The directory, signed; 304 when the caller has this version.
#[utoipa::path(
    get,
    path = "/v1/directory",
    tag = "workstation",
    params(("if-none-match" = Option<String>, Header, description = "The version that the caller has, in quotes")),
    responses(
        (status = 200, description = "A C2SP signed note", body = String, content_type = "text/plain"),
        (status = 304, description = "It has not changed"),
    ),
    security(("device" = []))
)]
pub(in crate::http) async fn directory_read(
    State(server): State<Server>,
    _caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Outcome> {
    let (version, note) = server.directory().read(&server).await?;
    let tag = format!("\"{version}\"");
    let known = headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    if known {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let media_type = (CONTENT_TYPE, "text/plain; charset=utf-8".to_owned());
    Ok(([media_type, (ETAG, tag)], note.to_string()).into_response())
}
