//! The privacy officer's reports.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{AccessReportRequest, AccessReportView, ReportUser};

use super::Handle;

#[tauri::command]
#[specta::specta]
pub(crate) async fn access_report_read(
    handle: State<'_, Handle>,
    request: AccessReportRequest,
) -> Result<AccessReportView, AppError> {
    handle.run(move |station| station.access_report_read(request)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn access_report_users(handle: State<'_, Handle>) -> Result<Vec<ReportUser>, AppError> {
    handle.run(|station| station.access_report_users()).await
}
