//! A workstation becomes one of the fleet.

use axum::extract::State;
use axum::{Extension, Json};
use vigil_model::wire::{EnrolmentRequest, EnrolmentResponse};

use crate::http::body::Sent;
use crate::http::{Outcome, Peer};
use crate::server::Server;

/// Enrols the workstation that shows a one-time token.
#[utoipa::path(
    post,
    path = "/v1/enrolment",
    tag = "enrolment",
    request_body = EnrolmentRequest,
    responses((status = 200, description = "It is one of the fleet", body = EnrolmentResponse)),
)]
pub(in crate::http) async fn enrolment_create(
    State(server): State<Server>,
    Extension(peer): Extension<Peer>,
    Sent(request): Sent<EnrolmentRequest>,
) -> Result<Json<EnrolmentResponse>, Outcome> {
    crate::enrolment::enrol(&server, request, peer.address).await.map(Json)
}
