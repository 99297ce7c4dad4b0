//! Finding and registering a patient, and the lists that a day begins with.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{
    ChartReadRequest, PatientCreateRequest, PatientCreateView, PatientDemographicsView, PatientRow,
    PatientSearchRequest, PatientSearchView, PatientUpdateRequest, WorklistSearchRequest, WorklistView, WrittenView,
};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn patient_search(
    handle: State<'_, Handle>,
    request: Asked<PatientSearchRequest>,
) -> Result<PatientSearchView, AppError> {
    handle.run(move |station| station.patient_search(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn patient_recent(handle: State<'_, Handle>) -> Result<Vec<PatientRow>, AppError> {
    handle.run(|station| station.patient_recent()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn worklist_search(
    handle: State<'_, Handle>,
    request: Asked<WorklistSearchRequest>,
) -> Result<WorklistView, AppError> {
    handle.run(move |station| station.worklist_search(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn patient_create(
    handle: State<'_, Handle>,
    request: Asked<PatientCreateRequest>,
) -> Result<PatientCreateView, AppError> {
    handle.run(move |station| station.patient_create(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn patient_demographics_read(
    handle: State<'_, Handle>,
    request: Asked<ChartReadRequest>,
) -> Result<PatientDemographicsView, AppError> {
    handle.run(move |station| station.patient_demographics_read(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn patient_update(
    handle: State<'_, Handle>,
    request: Asked<PatientUpdateRequest>,
) -> Result<WrittenView, AppError> {
    handle.run(move |station| station.patient_update(request.0)).await
}
