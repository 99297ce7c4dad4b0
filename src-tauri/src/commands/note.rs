//! Notes: drafts, signatures, and what is left to sign.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{
    NoteCosignRequest, NoteDraftCreateRequest, NoteDraftDeleteRequest, NoteDraftReadRequest, NoteDraftSavedView,
    NoteDraftUpdateRequest, NoteDraftView, NoteMarkRequest, NoteSignRequest, UnsignedNotesView, WrittenView,
};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn note_draft_create(
    handle: State<'_, Handle>,
    request: Asked<NoteDraftCreateRequest>,
) -> Result<NoteDraftView, AppError> {
    handle.run(move |station| station.note_draft_create(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn note_draft_read(
    handle: State<'_, Handle>,
    request: Asked<NoteDraftReadRequest>,
) -> Result<NoteDraftView, AppError> {
    handle.run(move |station| station.note_draft_read(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn note_draft_update(
    handle: State<'_, Handle>,
    request: Asked<NoteDraftUpdateRequest>,
) -> Result<NoteDraftSavedView, AppError> {
    handle.run(move |station| station.note_draft_update(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn note_draft_delete(
    handle: State<'_, Handle>,
    request: Asked<NoteDraftDeleteRequest>,
) -> Result<(), AppError> {
    handle.run(move |station| station.note_draft_delete(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn note_sign(
    handle: State<'_, Handle>,
    request: Asked<NoteSignRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.note_sign(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn note_cosign(
    handle: State<'_, Handle>,
    request: Asked<NoteCosignRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.note_cosign(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn note_mark_in_error(
    handle: State<'_, Handle>,
    request: Asked<NoteMarkRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.note_mark_in_error(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn unsigned_note_search(handle: State<'_, Handle>) -> Result<UnsignedNotesView, AppError> {
    handle.run(|station| station.unsigned_note_search()).await
}
