//! Documents from elsewhere: choosing one, reviewing it, taking entries of it.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;
use vigil_workstation::AppError;
use vigil_workstation::view::{
    DocumentChooseRequest, DocumentProgress, DocumentReviewRequest, DocumentReviewView, DocumentTakeRequest,
    WrittenView,
};

use super::{Asked, Handle};

/// Asks for a document. None when the person thinks better of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn document_choose(
    app: AppHandle,
    handle: State<'_, Handle>,
    request: Asked<DocumentChooseRequest>,
) -> Result<Option<String>, AppError> {
    handle.run(move |station| station.document_may_choose(request.0)).await?;
    let chosen = tauri::async_runtime::spawn_blocking(move || {
        app.dialog().file().add_filter("C-CDA", &["xml", "ccda", "ccd", "cda"]).blocking_pick_file()
    });
    Ok(chosen.await.map_err(|_| AppError::stopped())?.map(|path| path.to_string()))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn document_review(
    handle: State<'_, Handle>,
    request: Asked<DocumentReviewRequest>,
) -> Result<DocumentReviewView, AppError> {
    handle.run(move |station| station.document_review(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn document_progress_read(handle: State<'_, Handle>) -> Result<Option<DocumentProgress>, AppError> {
    handle.run(|station| station.document_progress_read()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn document_cancel(handle: State<'_, Handle>) -> Result<(), AppError> {
    handle.run(|station| station.document_cancel()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn document_take(
    handle: State<'_, Handle>,
    request: Asked<DocumentTakeRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.document_take(request.0)).await
}
