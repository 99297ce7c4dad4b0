//! Finding codes.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{TerminologySearchRequest, TerminologySearchView};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn terminology_search(
    handle: State<'_, Handle>,
    request: Asked<TerminologySearchRequest>,
) -> Result<TerminologySearchView, AppError> {
    handle.run(move |station| station.terminology_search(request.0)).await
}
