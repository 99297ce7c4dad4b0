//! Breaking the glass, and its review.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{
    EmergencyAccessCreateRequest, EmergencyAccessEndRequest, EmergencyAccessListView, EmergencyAccessResumeRequest,
    EmergencyAccessReviewRequest, EmergencyOfferReadRequest, EmergencyOfferView, EmergencyView,
};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn emergency_offer_read(
    handle: State<'_, Handle>,
    request: Asked<EmergencyOfferReadRequest>,
) -> Result<EmergencyOfferView, AppError> {
    handle.run(move |station| station.emergency_offer_read(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn emergency_access_create(
    handle: State<'_, Handle>,
    request: Asked<EmergencyAccessCreateRequest>,
) -> Result<EmergencyView, AppError> {
    handle.run(move |station| station.emergency_access_create(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn emergency_access_resume(
    handle: State<'_, Handle>,
    request: Asked<EmergencyAccessResumeRequest>,
) -> Result<EmergencyView, AppError> {
    handle.run(move |station| station.emergency_access_resume(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn emergency_access_end(
    handle: State<'_, Handle>,
    request: Asked<EmergencyAccessEndRequest>,
) -> Result<(), AppError> {
    handle.run(move |station| station.emergency_access_end(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn emergency_access_search(handle: State<'_, Handle>) -> Result<EmergencyAccessListView, AppError> {
    handle.run(|station| station.emergency_access_search()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn emergency_access_review(
    handle: State<'_, Handle>,
    request: Asked<EmergencyAccessReviewRequest>,
) -> Result<EmergencyAccessListView, AppError> {
    handle.run(move |station| station.emergency_access_review(request.0)).await
}
