//! The desk over the whole fleet.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{
    DetectionRuleUpdateRequest, DetectionRulesView, FleetAccessSearchRequest, FleetAccessView, FleetActivityRequest,
    FleetActivityView, FleetDeviceListView, IncidentDecideRequest, IncidentExportRequest, IncidentListView,
    IncidentReadRequest, IncidentSearchRequest, IncidentUpdateRequest, IncidentView, ReportSavedView,
};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn incident_search(
    handle: State<'_, Handle>,
    request: Asked<IncidentSearchRequest>,
) -> Result<IncidentListView, AppError> {
    handle.run(move |station| station.incident_search(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn incident_read(
    handle: State<'_, Handle>,
    request: Asked<IncidentReadRequest>,
) -> Result<IncidentView, AppError> {
    handle.run(move |station| station.incident_read(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn incident_update(
    handle: State<'_, Handle>,
    request: Asked<IncidentUpdateRequest>,
) -> Result<IncidentView, AppError> {
    handle.run(move |station| station.incident_update(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn incident_decide(
    handle: State<'_, Handle>,
    request: Asked<IncidentDecideRequest>,
) -> Result<IncidentView, AppError> {
    handle.run(move |station| station.incident_decide(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn incident_export(
    handle: State<'_, Handle>,
    request: Asked<IncidentExportRequest>,
) -> Result<ReportSavedView, AppError> {
    handle.run(move |station| station.incident_export(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn fleet_device_search(handle: State<'_, Handle>) -> Result<FleetDeviceListView, AppError> {
    handle.run(|station| station.fleet_device_search()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn fleet_access_search(
    handle: State<'_, Handle>,
    request: Asked<FleetAccessSearchRequest>,
) -> Result<FleetAccessView, AppError> {
    handle.run(move |station| station.fleet_access_search(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn fleet_activity_read(
    handle: State<'_, Handle>,
    request: Asked<FleetActivityRequest>,
) -> Result<FleetActivityView, AppError> {
    handle.run(move |station| station.fleet_activity_read(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn detection_rule_search(handle: State<'_, Handle>) -> Result<DetectionRulesView, AppError> {
    handle.run(|station| station.detection_rule_search()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn detection_rule_update(
    handle: State<'_, Handle>,
    request: Asked<DetectionRuleUpdateRequest>,
) -> Result<DetectionRulesView, AppError> {
    handle.run(move |station| station.detection_rule_update(request.0)).await
}
