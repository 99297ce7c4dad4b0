//! The keys of groups of the caller's log.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use vigil_audit::{Agent, Outcome as Went};
use vigil_model::wire::{GroupKeyHolding, KeyDeposit};

use crate::http::body::Sent;
use crate::http::{Caller, Outcome};
use crate::server::Server;
use crate::{key_authority, kind};

/// Takes in the keys of a workstation that was set up alone.
#[utoipa::path(
    post,
    path = "/v1/keys",
    tag = "workstation",
    params(("x-hipaa-audit-id" = String, Header, description = "The audit entry that records the call (FHIR id)")),
    request_body = KeyDeposit,
    responses(
        (status = 204, description = "They are held"),
        (status = 409, description = "Another key is held under one of the versions"),
    ),
    security(("device" = []))
)]
pub(in crate::http) async fn keys_create(
    State(server): State<Server>,
    caller: Caller,
    Sent(deposit): Sent<KeyDeposit>,
) -> Result<StatusCode, Outcome> {
    let installation = server.installation();
    let mut tx = server.store().begin().await?;
    let taken =
        key_authority::deposit(installation, &mut tx, caller.log, &deposit).await.map_err(crate::sign_in::refused)?;
    let agent = Agent::Device { id: caller.enrolment };
    let reason = format!("log={} taken={taken}", caller.log);
    installation.record(&mut tx, kind::GROUP_KEY_DEPOSIT, Went::Success, agent, reason, None).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The newest version of each group's key.
#[utoipa::path(
    get,
    path = "/v1/keys",
    tag = "workstation",
    responses((status = 200, description = "Versions, no keys", body = [GroupKeyHolding])),
    security(("device" = []))
)]
pub(in crate::http) async fn keys_search(
    State(server): State<Server>,
    caller: Caller,
) -> Result<Json<Vec<GroupKeyHolding>>, Outcome> {
    let mut tx = server.store().read().await?;
    Ok(Json(key_authority::holdings(&mut tx, caller.log).await?))
}
