//! The next certificate of the caller.

use axum::Json;
use axum::extract::State;
use vigil_model::wire::{Certificate, CertificateRequest};

use crate::http::body::Sent;
use crate::http::{Caller, Outcome};
use crate::server::Server;

/// The next certificate of the caller.
#[utoipa::path(
    post,
    path = "/v1/device/certificate",
    tag = "workstation",
    request_body = CertificateRequest,
    responses((status = 200, description = "The certificate", body = Certificate)),
    security(("device" = []))
)]
pub(in crate::http) async fn certificate_create(
    State(server): State<Server>,
    caller: Caller,
    Sent(request): Sent<CertificateRequest>,
) -> Result<Json<Certificate>, Outcome> {
    crate::enrolment::renew(&server, &caller, &request).await.map(Json)
}
