//! Sign-in, lock and sign-out.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{
    AdministratorCreateRequest, PlaceUpdateRequest, PreferencesView, SessionCreateRequest, SessionEndRequest,
    SessionUnlockRequest, SessionView,
};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn session_read(handle: State<'_, Handle>) -> Result<SessionView, AppError> {
    handle.run(|station| station.session_read()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn administrator_create(
    handle: State<'_, Handle>,
    request: Asked<AdministratorCreateRequest>,
) -> Result<SessionView, AppError> {
    handle.run(move |station| station.administrator_create(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn session_create(
    handle: State<'_, Handle>,
    request: Asked<SessionCreateRequest>,
) -> Result<SessionView, AppError> {
    handle.run(move |station| station.session_create(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn session_unlock(
    handle: State<'_, Handle>,
    request: Asked<SessionUnlockRequest>,
) -> Result<SessionView, AppError> {
    handle.run(move |station| station.session_unlock(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn session_lock(handle: State<'_, Handle>) -> Result<SessionView, AppError> {
    handle.run(|station| station.session_lock()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn session_end(
    handle: State<'_, Handle>,
    request: Asked<SessionEndRequest>,
) -> Result<SessionView, AppError> {
    handle.run(move |station| station.session_end(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn session_place_read(handle: State<'_, Handle>) -> Result<Option<String>, AppError> {
    handle.run(|station| station.session_place_read()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn session_place_update(
    handle: State<'_, Handle>,
    request: Asked<PlaceUpdateRequest>,
) -> Result<(), AppError> {
    handle.run(move |station| station.session_place_update(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn preferences_update(
    handle: State<'_, Handle>,
    request: Asked<PreferencesView>,
) -> Result<SessionView, AppError> {
    handle.run(move |station| station.preferences_update(request.0)).await
}
