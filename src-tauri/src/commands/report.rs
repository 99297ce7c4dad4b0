//! The privacy officer's reports.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{
    AccessReportRequest, AccessReportSaveRequest, AccessReportView, AccessRightsSaveRequest, AccessRightsSelection,
    AccessRightsView, DisclosureAccountingReadRequest, DisclosureAccountingSaveRequest, DisclosureAccountingView,
    OwnAccessReportSaveRequest, ReportSavedView, ReportUser,
};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn access_report_read(
    handle: State<'_, Handle>,
    request: Asked<AccessReportRequest>,
) -> Result<AccessReportView, AppError> {
    handle.run(move |station| station.access_report_read(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn access_report_users(handle: State<'_, Handle>) -> Result<Vec<ReportUser>, AppError> {
    handle.run(|station| station.access_report_users()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn access_report_save(
    handle: State<'_, Handle>,
    request: Asked<AccessReportSaveRequest>,
) -> Result<ReportSavedView, AppError> {
    handle.run(move |station| station.access_report_save(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn own_access_report_save(
    handle: State<'_, Handle>,
    request: Asked<OwnAccessReportSaveRequest>,
) -> Result<ReportSavedView, AppError> {
    handle.run(move |station| station.own_access_report_save(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn access_rights_read(
    handle: State<'_, Handle>,
    request: Asked<AccessRightsSelection>,
) -> Result<AccessRightsView, AppError> {
    handle.run(move |station| station.access_rights_read(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn access_rights_save(
    handle: State<'_, Handle>,
    request: Asked<AccessRightsSaveRequest>,
) -> Result<ReportSavedView, AppError> {
    handle.run(move |station| station.access_rights_save(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn disclosure_accounting_read(
    handle: State<'_, Handle>,
    request: Asked<DisclosureAccountingReadRequest>,
) -> Result<DisclosureAccountingView, AppError> {
    handle.run(move |station| station.disclosure_accounting_read(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn disclosure_accounting_save(
    handle: State<'_, Handle>,
    request: Asked<DisclosureAccountingSaveRequest>,
) -> Result<ReportSavedView, AppError> {
    handle.run(move |station| station.disclosure_accounting_save(request.0)).await
}
