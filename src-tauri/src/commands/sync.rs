//! The central server: how it and this workstation stand, and joining its fleet.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{FleetJoinRequest, SyncView};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn sync_read(handle: State<'_, Handle>) -> Result<SyncView, AppError> {
    handle.run(|station| station.sync_read()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn sync_retry(handle: State<'_, Handle>) -> Result<SyncView, AppError> {
    handle.run(|station| station.sync_retry()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn fleet_join(
    handle: State<'_, Handle>,
    request: Asked<FleetJoinRequest>,
) -> Result<SyncView, AppError> {
    handle.run(move |station| station.fleet_join(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn key_deposit(handle: State<'_, Handle>) -> Result<SyncView, AppError> {
    handle.run(|station| station.key_deposit()).await
}
