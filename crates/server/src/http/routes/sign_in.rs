//! The first sign-in of a user on a workstation.

use axum::Json;
use axum::extract::State;
use vigil_model::wire::{SignInChallenge, SignInChallengeRequest, SignInProof, SignInResponse};

use crate::http::body::Sent;
use crate::http::{Caller, Outcome};
use crate::server::Server;

/// How to stretch the password of a name.
#[utoipa::path(
    post,
    path = "/v1/sign-in/challenge",
    tag = "workstation",
    params(("x-hipaa-audit-id" = String, Header, description = "The audit entry that records the call (FHIR id)")),
    request_body = SignInChallengeRequest,
    responses((status = 200, description = "The same for a name that does not exist", body = SignInChallenge)),
    security(("device" = []))
)]
pub(in crate::http) async fn challenge_create(
    State(server): State<Server>,
    _caller: Caller,
    Sent(request): Sent<SignInChallengeRequest>,
) -> Result<Json<SignInChallenge>, Outcome> {
    crate::sign_in::challenge(&server, &request.username).await.map(Json)
}

/// The proof, and with it the keys that the directory grants.
#[utoipa::path(
    post,
    path = "/v1/sign-in",
    tag = "workstation",
    params(("x-hipaa-audit-id" = String, Header, description = "The audit entry that records the call (FHIR id)")),
    request_body = SignInProof,
    responses(
        (status = 200, description = "The keys, sealed to the user", body = SignInResponse),
        (status = 401, description = "The name or the password is not the right one"),
    ),
    security(("device" = []))
)]
pub(in crate::http) async fn sign_in_create(
    State(server): State<Server>,
    caller: Caller,
    Sent(proof): Sent<SignInProof>,
) -> Result<Json<SignInResponse>, Outcome> {
    crate::sign_in::sign_in(&server, &caller, &proof).await.map(Json)
}
