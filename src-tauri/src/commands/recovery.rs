//! The recovery key, passwords, and where a new file goes.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use std::path::{Path, PathBuf};

use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;
use vigil_workstation::AppError;
use vigil_workstation::view::{
    RecoveryKeyConfirmRequest, RecoveryKeyCreateRequest, RecoveryKeyView, RecoveryView, SessionView,
    UserPasswordChangeRequest, UserPasswordRecoverRequest, UserPasswordResetRequest, UserView, WorkstationRecoverView,
};

use super::{Asked, Handle};
use crate::options::Options;

/// Who says where a new file goes: the person, through a dialog; a folder where a debug build is tested, because nobody can
/// press the buttons of a dialog then.
pub(crate) struct Chooser(Option<PathBuf>);

impl Chooser {
    #[cfg(debug_assertions)]
    pub(crate) fn of(options: &Options) -> Self {
        Self(options.test_save_to.clone())
    }

    #[cfg(not(debug_assertions))]
    pub(crate) fn of(_options: &Options) -> Self {
        Self(None)
    }

    fn choose(folder: Option<&Path>, app: &AppHandle, suggested: &str) -> Option<String> {
        match folder {
            Some(folder) => Some(folder.join(suggested).to_string_lossy().into_owned()),
            None => app.dialog().file().set_file_name(suggested).blocking_save_file().map(|file| file.to_string()),
        }
    }
}

/// Asks where a new file goes; none when the person thinks better of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_choose(
    app: AppHandle,
    handle: State<'_, Handle>,
    chooser: State<'_, Chooser>,
    suggested_name: Asked<String>,
) -> Result<Option<String>, AppError> {
    handle.run(|station| station.save_may_choose()).await?;
    let folder = chooser.0.clone();
    let chosen =
        tauri::async_runtime::spawn_blocking(move || Chooser::choose(folder.as_deref(), &app, &suggested_name.0));
    chosen.await.map_err(|_| AppError::stopped())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn recovery_read(handle: State<'_, Handle>) -> Result<RecoveryView, AppError> {
    handle.run(|station| station.recovery_read()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn recovery_key_make(
    handle: State<'_, Handle>,
    request: Asked<RecoveryKeyCreateRequest>,
) -> Result<RecoveryKeyView, AppError> {
    handle.run(move |station| station.recovery_key_make(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn recovery_key_save(handle: State<'_, Handle>, path: Asked<String>) -> Result<(), AppError> {
    handle.run(move |station| station.recovery_key_save(Path::new(&path.0))).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn recovery_key_confirm(
    handle: State<'_, Handle>,
    request: Asked<RecoveryKeyConfirmRequest>,
) -> Result<SessionView, AppError> {
    handle.run(move |station| station.recovery_key_confirm(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn recovery_key_cancel(handle: State<'_, Handle>) -> Result<(), AppError> {
    handle.run(|station| station.recovery_key_cancel()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn recovery_key_decline(handle: State<'_, Handle>) -> Result<SessionView, AppError> {
    handle.run(|station| station.recovery_key_decline()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn workstation_recover(
    handle: State<'_, Handle>,
    request: Asked<UserPasswordRecoverRequest>,
) -> Result<WorkstationRecoverView, AppError> {
    handle.recover(request.0).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn user_password_recover(
    handle: State<'_, Handle>,
    request: Asked<UserPasswordRecoverRequest>,
) -> Result<(), AppError> {
    handle.run(move |station| station.user_password_recover(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn user_password_reset(
    handle: State<'_, Handle>,
    request: Asked<UserPasswordResetRequest>,
) -> Result<UserView, AppError> {
    handle.run(move |station| station.user_password_reset(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn user_password_change(
    handle: State<'_, Handle>,
    request: Asked<UserPasswordChangeRequest>,
) -> Result<SessionView, AppError> {
    handle.run(move |station| station.user_password_change(request.0)).await
}
