//! Who works at the desk: an enrolled workstation calls, and a privacy officer or administrator sits at it.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::party::bearer_of;
use super::{Caller, Outcome};
use crate::incident::Officer;
use crate::server::Server;

/// The officer who calls. There is no other way for a route to learn of one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Desk(pub(crate) Officer);

impl<S: Send + Sync> FromRequestParts<S> for Desk {
    type Rejection = Outcome;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Outcome> {
        parts.extensions.get::<Self>().copied().ok_or(Outcome::UNKNOWN_TOKEN)
    }
}

/// Lets those through whose desk is open at the workstation that calls. A closed account is out with its next call.
pub(super) async fn with_desk(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let caller = request.extensions().get::<Caller>().cloned();
    let token = bearer_of(request.headers()).map(str::to_owned);
    match officer(&server, caller, token).await {
        Ok(officer) => {
            request.extensions_mut().insert(Desk(officer));
            next.run(request).await
        }
        Err(outcome) => {
            metrics::counter!("vigil_calls_refused_total", "reason" => "desk").increment(1);
            outcome.into_response()
        }
    }
}

async fn officer(server: &Server, caller: Option<Caller>, token: Option<String>) -> Result<Officer, Outcome> {
    let caller = caller.ok_or(Outcome::NOT_ENROLLED)?;
    let token = token.ok_or(Outcome::UNKNOWN_TOKEN)?;
    crate::desk::officer_of(server, &caller, &token).await
}
