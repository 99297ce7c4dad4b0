//! Keys and the key access log: the administrator's and the privacy officer's.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{
    KeyListView, KeyResealPauseRequest, KeyRotateRequest, KeySearchRequest, KeyUseListView, KeyUseSearchRequest,
};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn key_search(
    handle: State<'_, Handle>,
    request: Asked<KeySearchRequest>,
) -> Result<KeyListView, AppError> {
    handle.run(move |station| station.key_search(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn key_rotate(
    handle: State<'_, Handle>,
    request: Asked<KeyRotateRequest>,
) -> Result<KeyListView, AppError> {
    handle.run(move |station| station.key_rotate(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn key_reseal_pause(
    handle: State<'_, Handle>,
    request: Asked<KeyResealPauseRequest>,
) -> Result<KeyListView, AppError> {
    handle.run(move |station| station.key_reseal_pause(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn key_use_search(
    handle: State<'_, Handle>,
    request: Asked<KeyUseSearchRequest>,
) -> Result<KeyUseListView, AppError> {
    handle.run(move |station| station.key_use_search(request.0)).await
}
