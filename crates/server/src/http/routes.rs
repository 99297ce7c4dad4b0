//! Every route, in the order of `docs/sync.md`.

mod audit_event;
mod capability;
mod certificate;
mod checkpoint;
mod desk;
mod device;
mod directory;
mod enrolment;
mod entries;
mod health;
mod keys;
mod sign_in;
mod token;

use axum::middleware::{from_fn, from_fn_with_state};
use axum::{Extension, Router};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::enrolled;
use super::desk::with_desk;
use super::every_answer::every_answer;
use super::guard::audited;
use super::limit::of_address;
use super::party::with_token;
use super::{Origin, Outcome, document};
use crate::server::Server;

/// Routes for enrolled workstations that carry health information.
pub(super) fn workstations_guarded() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(entries::entries_create))
        .routes(routes!(entries::alerts_create))
        .routes(routes!(sign_in::challenge_create))
        .routes(routes!(sign_in::sign_in_create))
        .routes(routes!(keys::keys_create))
        .routes(routes!(desk::session_create))
        .merge(audit_log())
}

/// Routes for whoever sits at an enrolled workstation and has opened the desk.
pub(super) fn desk_routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(desk::incident_search))
        .routes(routes!(desk::incident_read, desk::incident_update))
        .routes(routes!(desk::evidence_read))
        .routes(routes!(desk::device_search))
        .routes(routes!(desk::activity_read))
        .routes(routes!(desk::rule_search, desk::rule_update))
        .routes(routes!(desk::audit_event_search))
}

/// Routes of both listeners that carry health information.
pub(super) fn audit_log() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(audit_event::audit_event_search))
        .routes(routes!(audit_event::audit_event_search_create))
        .routes(routes!(audit_event::audit_event_read))
}

/// Routes for enrolled workstations that do not.
pub(super) fn workstations_plain() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(device::device_read))
        .routes(routes!(certificate::certificate_create))
        .routes(routes!(entries::receipt_read))
        .routes(routes!(directory::directory_read))
        .routes(routes!(keys::keys_search))
        .routes(routes!(capability::metadata_read))
}

/// Routes of the public listener that carry no health information: anybody may call.
pub(super) fn public_plain() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(enrolment::enrolment_create))
        .routes(routes!(token::token_create))
        .routes(routes!(capability::metadata_read))
        .routes(routes!(checkpoint::checkpoint_create))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(document::openapi_read))
}

/// Routes of the listener for whoever runs the server.
pub(super) fn operation_plain() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(health::metrics))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
}

/// Answers enrolled workstations.
pub fn workstations(server: &Server) -> Router {
    let desk = Router::from(desk_routes()).route_layer(from_fn_with_state(server.clone(), with_desk));
    let guarded = Router::from(workstations_guarded()).merge(desk);
    let guarded = guarded.route_layer(from_fn_with_state(server.clone(), audited));
    let routes = guarded.merge(Router::from(workstations_plain()));
    let routes = routes.route_layer(from_fn_with_state(server.clone(), enrolled));
    finish(routes.layer(Extension(Origin(server.url().to_owned()))), server)
}

/// Answers everybody else, who reaches it at `origin`.
pub fn public(server: &Server, origin: &str) -> Router {
    let guarded = Router::from(audit_log()).route_layer(from_fn_with_state(server.clone(), audited));
    let guarded = guarded.route_layer(from_fn_with_state(server.clone(), with_token));
    let routes = guarded.merge(Router::from(public_plain())).layer(Extension(Origin(origin.to_owned())));
    finish(routes.layer(from_fn_with_state(server.clone(), of_address)), server)
}

/// Answers whoever runs the server, in the clear.
pub fn operation(server: &Server) -> Router {
    finish(Router::from(operation_plain()), server)
}

fn finish(routes: Router<Server>, server: &Server) -> Router {
    routes
        .fallback(async || Outcome::NOT_FOUND)
        .method_not_allowed_fallback(async || Outcome::METHOD)
        .layer(from_fn(every_answer))
        .with_state(server.clone())
}
