//! Writing backups.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{BackupCreateRequest, BackupProgress, BackupStatusView};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn backup_status_read(handle: State<'_, Handle>) -> Result<BackupStatusView, AppError> {
    handle.run(|station| station.backup_status_read()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn backup_start(
    handle: State<'_, Handle>,
    request: Asked<BackupCreateRequest>,
) -> Result<(), AppError> {
    handle.run(move |station| station.backup_start(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn backup_progress_read(handle: State<'_, Handle>) -> Result<Option<BackupProgress>, AppError> {
    handle.run(|station| station.backup_progress_read()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn backup_cancel(handle: State<'_, Handle>) -> Result<(), AppError> {
    handle.run(|station| station.backup_cancel()).await
}
