//! How the server sees the caller.

use axum::Json;
use axum::extract::State;
use vigil_model::wire::DeviceState;

use crate::clock::rfc3339;
use crate::http::{Caller, Outcome};
use crate::server::Server;
use crate::store::{DirectorySettings, Log};

/// How the server sees the caller.
#[utoipa::path(
    get,
    path = "/v1/device",
    tag = "workstation",
    responses((status = 200, description = "The caller, as the server knows it", body = DeviceState)),
    security(("device" = []))
)]
pub(in crate::http) async fn device_read(
    State(server): State<Server>,
    caller: Caller,
) -> Result<Json<DeviceState>, Outcome> {
    let mut tx = server.store().read().await?;
    let log = Log::find(&mut tx, caller.log).await?.ok_or(Outcome::NOT_FOUND)?;
    let directory = DirectorySettings::read(&mut tx).await?.version;
    let expires = caller.certificate_expires.and_then(chrono::DateTime::from_timestamp_micros);
    Ok(Json(DeviceState {
        enrolment: caller.enrolment,
        log: caller.log,
        next: log.size.saturating_add(1),
        certificate_expires: rfc3339(expires.unwrap_or_default()),
        seal_key: server.installation().keyring.seal_key.clone(),
        directory,
        time: rfc3339(server.clock().now()),
    }))
}
