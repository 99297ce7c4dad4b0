//! Importing files.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;
use vigil_workstation::AppError;
use vigil_workstation::view::{ImportProgress, ImportStartRequest};

use super::{Asked, Handle};

/// Asks for files, or for one folder. Empty when the person thinks better of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_choose(
    app: AppHandle,
    handle: State<'_, Handle>,
    folder: Asked<bool>,
) -> Result<Vec<String>, AppError> {
    handle.run(|station| station.import_may_choose()).await?;
    let chosen = tauri::async_runtime::spawn_blocking(move || {
        let dialog = app.dialog().file();
        if folder.0 {
            dialog.blocking_pick_folders()
        } else {
            dialog.add_filter("FHIR R4", &["json", "ndjson", "jsonl"]).blocking_pick_files()
        }
    });
    Ok(chosen.await.map_err(|_| AppError::stopped())?.unwrap_or_default().iter().map(ToString::to_string).collect())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn import_start(
    handle: State<'_, Handle>,
    request: Asked<ImportStartRequest>,
) -> Result<(), AppError> {
    handle.run(move |station| station.import_start(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn import_progress_read(handle: State<'_, Handle>) -> Result<Option<ImportProgress>, AppError> {
    handle.run(|station| station.import_progress_read()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn import_cancel(handle: State<'_, Handle>) -> Result<(), AppError> {
    handle.run(|station| station.import_cancel()).await
}
