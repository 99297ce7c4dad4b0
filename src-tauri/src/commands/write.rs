//! Writing in a chart, and the versions of what was written.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{
    AllergyIntoleranceCreateRequest, AllergyIntoleranceUpdateRequest, ChartShowRequest, ConditionCreateRequest,
    ConditionUpdateRequest, EntryCreateRequest, EntryUpdateRequest, HistoryView, NoKnownAllergyCreateRequest,
    ResourceReadRequest, ResourceRestoreRequest, VitalSignCorrectRequest, VitalSignsCreateRequest, WriteUndoRequest,
    WrittenView,
};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn chart_show(handle: State<'_, Handle>, request: Asked<ChartShowRequest>) -> Result<(), AppError> {
    handle.run(move |station| station.chart_show(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn vital_signs_create(
    handle: State<'_, Handle>,
    request: Asked<VitalSignsCreateRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.vital_signs_create(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn vital_sign_correct(
    handle: State<'_, Handle>,
    request: Asked<VitalSignCorrectRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.vital_sign_correct(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn condition_create(
    handle: State<'_, Handle>,
    request: Asked<ConditionCreateRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.condition_create(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn condition_update(
    handle: State<'_, Handle>,
    request: Asked<ConditionUpdateRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.condition_update(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn allergy_intolerance_create(
    handle: State<'_, Handle>,
    request: Asked<AllergyIntoleranceCreateRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.allergy_intolerance_create(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn no_known_allergy_create(
    handle: State<'_, Handle>,
    request: Asked<NoKnownAllergyCreateRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.no_known_allergy_create(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn allergy_intolerance_update(
    handle: State<'_, Handle>,
    request: Asked<AllergyIntoleranceUpdateRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.allergy_intolerance_update(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn entry_create(
    handle: State<'_, Handle>,
    request: Asked<EntryCreateRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.entry_create(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn entry_update(
    handle: State<'_, Handle>,
    request: Asked<EntryUpdateRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.entry_update(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn resource_history_read(
    handle: State<'_, Handle>,
    request: Asked<ResourceReadRequest>,
) -> Result<HistoryView, AppError> {
    handle.run(move |station| station.resource_history_read(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn resource_restore(
    handle: State<'_, Handle>,
    request: Asked<ResourceRestoreRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.resource_restore(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn write_undo(
    handle: State<'_, Handle>,
    request: Asked<WriteUndoRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.write_undo(request.0)).await
}
