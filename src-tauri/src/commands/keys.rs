//! Keys and the key access log: the administrator's and the privacy officer's.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{
    KeyListView, KeyResealPauseRequest, KeyRotateRequest, KeySearchRequest, KeyUseListView, KeyUseSearchRequest,
};

use super::Handle;

#[tauri::command]
#[specta::specta]
pub(crate) async fn key_search(handle: State<'_, Handle>, request: KeySearchRequest) -> Result<KeyListView, AppError> {
    handle.run(move |station| station.key_search(request)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn key_rotate(handle: State<'_, Handle>, request: KeyRotateRequest) -> Result<KeyListView, AppError> {
    handle.run(move |station| station.key_rotate(request)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn key_reseal_pause(
    handle: State<'_, Handle>,
    request: KeyResealPauseRequest,
) -> Result<KeyListView, AppError> {
    handle.run(move |station| station.key_reseal_pause(request)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn key_use_search(
    handle: State<'_, Handle>,
    request: KeyUseSearchRequest,
) -> Result<KeyUseListView, AppError> {
    handle.run(move |station| station.key_use_search(request)).await
}
