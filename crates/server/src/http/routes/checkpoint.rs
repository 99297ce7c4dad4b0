//! The server as the witness of another one (C2SP tlog-witness). Its answers have the form of that document.
//!
//! A call leaves no entry in the server's own log: it carries sizes and hashes alone, and of two servers that witness one another each
//! call would make the next one necessary.

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::http::Outcome;
use crate::http::body::{self, SMALL};
use crate::server::Server;
use crate::witness::add_checkpoint;

/// Cosigns the checkpoint of a log of another server, if the log only grew.
#[utoipa::path(
    post,
    path = "/add-checkpoint",
    tag = "witness",
    request_body(content = String, content_type = "text/plain"),
    responses(
        (status = 200, description = "Lines of the cosignature", body = String, content_type = "text/plain"),
        (status = 400, description = "It is no request of this kind", body = String, content_type = "text/plain"),
        (status = 403, description = "No server that is known here has cosigned it", body = String,
            content_type = "text/plain"),
        (status = 409, description = "The size that is known here", body = String, content_type = "text/x.tlog.size"),
        (status = 422, description = "The proof does not show that the log only grew", body = String,
            content_type = "text/plain"),
    )
)]
pub(in crate::http) async fn checkpoint_create(State(server): State<Server>, body: Body) -> Result<Response, Outcome> {
    let body = body::read(body, SMALL, &server).await?;
    // What is no text is no request.
    let body = str::from_utf8(&body).unwrap_or_default();
    let keys = &server.installation().keyring.keys;
    let answer = add_checkpoint(server.store(), keys, server.witnessed(), body, server.clock().now()).await?;
    let (status, media_type, text) = answer.parts();
    let status = StatusCode::from_u16(status).map_err(|_| Outcome::FAULT)?;
    Ok((status, [(CONTENT_TYPE, media_type)], text).into_response())
}
