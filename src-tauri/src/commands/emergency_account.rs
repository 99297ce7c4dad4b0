//! The emergency account: its two halves, and the door that they open.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{
    EmergencyAccountMakeRequest, EmergencyAccountSealRequest, EmergencyAccountView, EmergencyDraftView,
    EmergencyHalfSaveRequest, EmergencySessionCreateRequest, SessionView,
};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn emergency_account_read(handle: State<'_, Handle>) -> Result<EmergencyAccountView, AppError> {
    handle.run(|station| station.emergency_account_read()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn emergency_account_make(
    handle: State<'_, Handle>,
    request: Asked<EmergencyAccountMakeRequest>,
) -> Result<EmergencyDraftView, AppError> {
    handle.run(move |station| station.emergency_account_make(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn emergency_half_save(
    handle: State<'_, Handle>,
    request: Asked<EmergencyHalfSaveRequest>,
) -> Result<EmergencyDraftView, AppError> {
    handle.run(move |station| station.emergency_half_save(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn emergency_account_seal(
    handle: State<'_, Handle>,
    request: Asked<EmergencyAccountSealRequest>,
) -> Result<SessionView, AppError> {
    handle.run(move |station| station.emergency_account_seal(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn emergency_account_cancel(handle: State<'_, Handle>) -> Result<(), AppError> {
    handle.run(|station| station.emergency_account_cancel()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn emergency_session_create(
    handle: State<'_, Handle>,
    request: Asked<EmergencySessionCreateRequest>,
) -> Result<SessionView, AppError> {
    handle.run(move |station| station.emergency_session_create(request.0)).await
}
