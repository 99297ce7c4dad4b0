//! Finding a patient.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{PatientRow, PatientSearchRequest, PatientSearchView};

use super::Handle;

#[tauri::command]
#[specta::specta]
pub(crate) async fn patient_search(
    handle: State<'_, Handle>,
    request: PatientSearchRequest,
) -> Result<PatientSearchView, AppError> {
    handle.run(move |station| station.patient_search(request)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn patient_recent(handle: State<'_, Handle>) -> Result<Vec<PatientRow>, AppError> {
    handle.run(|station| station.patient_recent()).await
}
