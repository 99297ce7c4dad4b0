//! Accounts that are suspended on this workstation, and how that is lifted.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{
    SessionView, SuspensionLiftRequest, SuspensionListView, SuspensionSupervisedLiftRequest,
};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn suspension_search(handle: State<'_, Handle>) -> Result<SuspensionListView, AppError> {
    handle.run(|station| station.suspension_search()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn suspension_lift(
    handle: State<'_, Handle>,
    request: Asked<SuspensionLiftRequest>,
) -> Result<SuspensionListView, AppError> {
    handle.run(move |station| station.suspension_lift(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn suspension_supervised_lift(
    handle: State<'_, Handle>,
    request: Asked<SuspensionSupervisedLiftRequest>,
) -> Result<SessionView, AppError> {
    handle.run(move |station| station.suspension_supervised_lift(request.0)).await
}
