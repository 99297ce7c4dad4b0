//! Every route, in the order of `docs/sync.md`.

mod certificate;
mod device;
mod directory;
mod enrolment;
mod entries;
mod health;
mod keys;
mod sign_in;
mod token;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::enrolled;
use super::every_answer::every_answer;
use super::guard::audited;
use super::limit::of_address;
use super::{Outcome, document};
use crate::server::Server;

/// Routes for enrolled workstations that carry health information.
pub(super) fn workstations_guarded() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(entries::entries_create))
        .routes(routes!(entries::alerts_create))
        .routes(routes!(sign_in::challenge_create))
        .routes(routes!(sign_in::sign_in_create))
        .routes(routes!(keys::keys_create))
}

/// Routes for enrolled workstations that do not.
pub(super) fn workstations_plain() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(device::device_read))
        .routes(routes!(certificate::certificate_create))
        .routes(routes!(entries::receipt_read))
        .routes(routes!(directory::directory_read))
        .routes(routes!(keys::keys_search))
}

/// Routes of the public listener. None carries health information.
pub(super) fn public_plain() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(enrolment::enrolment_create))
        .routes(routes!(token::token_create))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(document::openapi_read))
}

/// Answers enrolled workstations.
pub fn workstations(server: &Server) -> Router {
    let guarded = workstations_guarded();
    let guarded = Router::from(guarded).route_layer(from_fn_with_state(server.clone(), audited));
    let routes = guarded.merge(Router::from(workstations_plain()));
    finish(routes.route_layer(from_fn_with_state(server.clone(), enrolled)), server)
}

/// Answers everybody else.
pub fn public(server: &Server) -> Router {
    let routes = Router::from(public_plain());
    finish(routes.layer(from_fn_with_state(server.clone(), of_address)), server)
}

/// Answers whoever runs the server, in the clear.
pub fn operation(server: &Server) -> Router {
    let routes = Router::new()
        .route("/metrics", get(health::metrics))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz));
    finish(routes, server)
}

fn finish(routes: Router<Server>, server: &Server) -> Router {
    routes
        .fallback(async || Outcome::NOT_FOUND)
        .method_not_allowed_fallback(async || Outcome::METHOD)
        .layer(from_fn(every_answer))
        .with_state(server.clone())
}
