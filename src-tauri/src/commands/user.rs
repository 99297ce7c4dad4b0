//! Users, the audit log and the posture: the administrator's and the privacy officer's.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{
    AuditVerifyView, PostureView, TeamDeleteRequest, TeamPutRequest, TeamView, UserCreateRequest, UserDisableRequest,
    UserUpdateRequest, UserView,
};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn user_search(handle: State<'_, Handle>) -> Result<Vec<UserView>, AppError> {
    handle.run(|station| station.user_search()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn user_create(
    handle: State<'_, Handle>,
    request: Asked<UserCreateRequest>,
) -> Result<UserView, AppError> {
    handle.run(move |station| station.user_create(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn user_update(
    handle: State<'_, Handle>,
    request: Asked<UserUpdateRequest>,
) -> Result<UserView, AppError> {
    handle.run(move |station| station.user_update(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn team_search(handle: State<'_, Handle>) -> Result<Vec<TeamView>, AppError> {
    handle.run(|station| station.team_search()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn team_put(handle: State<'_, Handle>, request: Asked<TeamPutRequest>) -> Result<TeamView, AppError> {
    handle.run(move |station| station.team_put(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn team_delete(handle: State<'_, Handle>, request: Asked<TeamDeleteRequest>) -> Result<(), AppError> {
    handle.run(move |station| station.team_delete(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn user_disable(
    handle: State<'_, Handle>,
    request: Asked<UserDisableRequest>,
) -> Result<UserView, AppError> {
    handle.run(move |station| station.user_disable(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn user_enable(
    handle: State<'_, Handle>,
    request: Asked<UserDisableRequest>,
) -> Result<UserView, AppError> {
    handle.run(move |station| station.user_enable(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn audit_verify(handle: State<'_, Handle>) -> Result<AuditVerifyView, AppError> {
    handle.run(|station| station.audit_verify()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn posture_read(handle: State<'_, Handle>) -> Result<PostureView, AppError> {
    handle.run(|station| station.posture_read()).await
}
