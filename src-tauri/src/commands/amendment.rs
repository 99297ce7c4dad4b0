//! Amendments that patients ask for.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{
    AmendmentAcceptRequest, AmendmentCreateRequest, AmendmentDenyRequest, AmendmentDisagreeRequest,
    AmendmentExtendRequest, AmendmentRebutRequest, AmendmentsDueView, WrittenView,
};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn amendment_create(
    handle: State<'_, Handle>,
    request: Asked<AmendmentCreateRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.amendment_create(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn amendment_extend(
    handle: State<'_, Handle>,
    request: Asked<AmendmentExtendRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.amendment_extend(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn amendment_accept(
    handle: State<'_, Handle>,
    request: Asked<AmendmentAcceptRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.amendment_accept(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn amendment_deny(
    handle: State<'_, Handle>,
    request: Asked<AmendmentDenyRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.amendment_deny(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn amendment_disagree(
    handle: State<'_, Handle>,
    request: Asked<AmendmentDisagreeRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.amendment_disagree(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn amendment_rebut(
    handle: State<'_, Handle>,
    request: Asked<AmendmentRebutRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.amendment_rebut(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn amendment_due_search(handle: State<'_, Handle>) -> Result<AmendmentsDueView, AppError> {
    handle.run(|station| station.amendment_due_search()).await
}
