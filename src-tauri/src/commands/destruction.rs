//! Destroying records with two persons: the administrator's and the privacy officer's.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{DestructionDecideRequest, DestructionListView, DestructionRequest};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn patient_destruction_search(handle: State<'_, Handle>) -> Result<DestructionListView, AppError> {
    handle.run(move |station| station.patient_destruction_search()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn patient_destruction_request(
    handle: State<'_, Handle>,
    request: Asked<DestructionRequest>,
) -> Result<u32, AppError> {
    handle.run(move |station| station.patient_destruction_request(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn patient_destruction_approve(
    handle: State<'_, Handle>,
    request: Asked<DestructionDecideRequest>,
) -> Result<(), AppError> {
    handle.run(move |station| station.patient_destruction_approve(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn patient_destruction_withdraw(
    handle: State<'_, Handle>,
    request: Asked<DestructionDecideRequest>,
) -> Result<(), AppError> {
    handle.run(move |station| station.patient_destruction_withdraw(request.0)).await
}
