//! Second factors, authenticating again, and how one signs in oneself.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{
    CardEnrolRequest, FactorCreateRequest, FactorCreatedView, FactorDeleteRequest, FactorVerifyRequest, OwnSignInView,
    RecoveryCodesView, SessionReauthenticateRequest, SessionView, TotpOfferView, UserFactorDeleteRequest,
};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn factor_verify(
    handle: State<'_, Handle>,
    request: Asked<FactorVerifyRequest>,
) -> Result<SessionView, AppError> {
    handle.run(move |station| station.factor_verify(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn session_enter(handle: State<'_, Handle>) -> Result<SessionView, AppError> {
    handle.run(|station| station.session_enter()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn session_reauthenticate(
    handle: State<'_, Handle>,
    request: Asked<SessionReauthenticateRequest>,
) -> Result<(), AppError> {
    handle.run(move |station| station.session_reauthenticate(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn own_sign_in_read(handle: State<'_, Handle>) -> Result<OwnSignInView, AppError> {
    handle.run(|station| station.own_sign_in_read()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn totp_offer(handle: State<'_, Handle>) -> Result<TotpOfferView, AppError> {
    handle.run(|station| station.totp_offer()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn factor_create(
    handle: State<'_, Handle>,
    request: Asked<FactorCreateRequest>,
) -> Result<FactorCreatedView, AppError> {
    handle.run(move |station| station.factor_create(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn card_enrol(
    handle: State<'_, Handle>,
    request: Asked<CardEnrolRequest>,
) -> Result<FactorCreatedView, AppError> {
    handle.run(move |station| station.card_enrol(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn factor_delete(
    handle: State<'_, Handle>,
    request: Asked<FactorDeleteRequest>,
) -> Result<(), AppError> {
    handle.run(move |station| station.factor_delete(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn recovery_code_create(handle: State<'_, Handle>) -> Result<RecoveryCodesView, AppError> {
    handle.run(|station| station.recovery_code_create()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn user_factor_delete(
    handle: State<'_, Handle>,
    request: Asked<UserFactorDeleteRequest>,
) -> Result<(), AppError> {
    handle.run(move |station| station.user_factor_delete(request.0)).await
}
