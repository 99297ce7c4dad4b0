//! Who calls a route that workstations and other systems both have.

use std::fmt;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;
use vigil_audit::Agent;
use vigil_model::DeviceId;

use super::{Caller, Outcome};
use crate::oauth::{OauthError, SCOPE, client_of};
use crate::server::Server;

/// An enrolled workstation, or another system with an access token.
#[derive(Clone, Debug)]
pub(crate) enum Party {
    /// By its client certificate.
    Device(Caller),
    /// By its access token.
    Client(Uuid),
}

/// The other system that calls.
#[derive(Clone, Copy)]
struct Client(Uuid);

impl Party {
    pub(super) fn of(extensions: &Extensions) -> Option<Self> {
        let device = extensions.get::<Caller>().cloned().map(Self::Device);
        device.or_else(|| extensions.get::<Client>().map(|client| Self::Client(client.0)))
    }

    /// As the record names it.
    pub(crate) fn agent(&self) -> Agent {
        match self {
            Self::Device(caller) => Agent::Device { id: caller.enrolment },
            Self::Client(id) => Agent::Client { id: *id },
        }
    }

    /// The log that belongs to it.
    pub(crate) fn log(&self) -> Option<DeviceId> {
        match self {
            Self::Device(caller) => Some(caller.log),
            Self::Client(_) => None,
        }
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Device(caller) => write!(f, "enrolment={}", caller.enrolment),
            Self::Client(id) => write!(f, "client={id}"),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Party {
    type Rejection = Outcome;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Outcome> {
        Self::of(&parts.extensions).ok_or(Outcome::UNKNOWN_TOKEN)
    }
}

/// Lets other systems through that show an access token for the audit log. A revoked one is out with its next call.
pub(super) async fn with_token(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    match client(&server, request.headers()).await {
        Ok(client) => {
            request.extensions_mut().insert(client);
            next.run(request).await
        }
        Err(outcome) => outcome.into_response(),
    }
}

async fn client(server: &Server, headers: &HeaderMap) -> Result<Client, Outcome> {
    let known = match bearer_of(headers) {
        Some(token) => client_of(server.installation(), token, SCOPE, server.clock().now()).await,
        None => Ok(None),
    };
    let known = known.map_err(|error| match error {
        OauthError::Store(error) => error.into(),
        OauthError::Custody(error) => error.into(),
        OauthError::Client | OauthError::Scope => Outcome::UNKNOWN_TOKEN,
    })?;
    match known.and_then(|id| id.parse().ok()) {
        Some(id) => Ok(Client(id)),
        None => {
            metrics::counter!("vigil_calls_refused_total", "reason" => "token").increment(1);
            Err(Outcome::UNKNOWN_TOKEN)
        }
    }
}

/// The token of a call that shows exactly one.
pub(super) fn bearer_of(headers: &HeaderMap) -> Option<&str> {
    let mut shown = headers.get_all(AUTHORIZATION).iter();
    match (shown.next().and_then(|shown| shown.to_str().ok()), shown.next()) {
        (Some(shown), None) => bearer(shown),
        _ => None,
    }
}

/// RFC 6750, section 2.1; the name of the scheme is in whatever case (RFC 9110).
fn bearer(shown: &str) -> Option<&str> {
    let (scheme, token) = shown.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
