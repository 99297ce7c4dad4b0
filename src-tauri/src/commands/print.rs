//! Output on paper.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{PrintCreateRequest, PrintCreatedView, PrintPreviewView, PrintRequest, PrintersView};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn printer_search(handle: State<'_, Handle>) -> Result<PrintersView, AppError> {
    handle.run(|station| station.printer_search()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn print_preview(
    handle: State<'_, Handle>,
    request: Asked<PrintRequest>,
) -> Result<PrintPreviewView, AppError> {
    handle.run(move |station| station.print_preview(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn print_create(
    handle: State<'_, Handle>,
    request: Asked<PrintCreateRequest>,
) -> Result<PrintCreatedView, AppError> {
    handle.run(move |station| station.print_create(request.0)).await
}
