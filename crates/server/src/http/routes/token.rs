//! Access tokens of other systems (RFC 6749, section 4.4). Its errors have the form of that document.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base64::prelude::{BASE64_STANDARD, Engine};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::http::body::{self, SMALL, media_type};
use crate::http::{Outcome, Peer};
use crate::oauth::{self, OauthError, SCOPE, SECONDS};
use crate::server::Server;

/// What a client asks for.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct TokenRequest {
    /// `client_credentials`.
    grant_type: String,
    /// What it wants to do.
    #[serde(default)]
    scope: String,
    /// Its id, where it does not stand in the header.
    client_id: Option<String>,
    /// Its secret, likewise.
    client_secret: Option<String>,
}

/// What it gets.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TokenAnswer {
    /// The token.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// For how many seconds.
    expires_in: i64,
    /// What for.
    scope: &'static str,
}

/// An access token for another system.
#[utoipa::path(
    post,
    path = "/oauth2/token",
    tag = "other systems",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token", body = TokenAnswer),
        (status = 400, description = "RFC 6749, section 5.2", content_type = "application/json"),
        (status = 401, description = "RFC 6749, section 5.2", content_type = "application/json"),
    )
)]
pub(in crate::http) async fn token_create(
    State(server): State<Server>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Outcome> {
    if media_type(&headers) != "application/x-www-form-urlencoded" {
        return Err(Outcome::MEDIA_TYPE);
    }
    let body = body::read(body, SMALL, &server).await?;
    let Ok(asked) = serde_urlencoded::from_bytes::<TokenRequest>(&body) else {
        return Ok(refused(StatusCode::BAD_REQUEST, "invalid_request"));
    };
    if asked.grant_type != "client_credentials" {
        return Ok(refused(StatusCode::BAD_REQUEST, "unsupported_grant_type"));
    }
    let (id, secret) = match (basic(&headers), asked.client_id, asked.client_secret) {
        (Some(shown), None, None) => shown,
        (None, Some(id), Some(secret)) => (id, secret),
        // Two ways at once are none.
        _ => return Ok(refused(StatusCode::UNAUTHORIZED, "invalid_client")),
    };
    match oauth::token(server.installation(), &id, &secret, &asked.scope, peer.address.to_string()).await {
        Ok(access_token) => {
            Ok(Json(TokenAnswer { access_token, token_type: "Bearer", expires_in: SECONDS, scope: SCOPE })
                .into_response())
        }
        Err(OauthError::Client) => Ok(refused(StatusCode::UNAUTHORIZED, "invalid_client")),
        Err(OauthError::Scope) => Ok(refused(StatusCode::BAD_REQUEST, "invalid_scope")),
        Err(OauthError::Store(error)) => Err(error.into()),
        Err(OauthError::Custody(error)) => Err(error.into()),
    }
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let shown = headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let shown = String::from_utf8(BASE64_STANDARD.decode(shown.trim()).ok()?).ok()?;
    let (id, secret) = shown.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

fn refused(status: StatusCode, error: &'static str) -> Response {
    let mut response = (status, Json(json!({ "error": error }))).into_response();
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, axum::http::HeaderValue::from_static("Basic realm=\"vigil\""));
    }
    response
}
