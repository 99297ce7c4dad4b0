//! Reading a chart.

#![allow(missing_docs, reason = "the use cases in vigil-workstation carry the documentation")]

use tauri::State;
use vigil_workstation::AppError;
use vigil_workstation::view::{
    ChartReadRequest, ChartSearchRequest, ChartSearchView, ChartView, DocumentView, ResourceReadRequest, ResourceView,
    SectionReadRequest, SectionRest, SectionRestReadRequest, SectionView, SeriesReadRequest, SeriesView,
};

use super::{Asked, Handle};

#[tauri::command]
#[specta::specta]
pub(crate) async fn chart_read(
    handle: State<'_, Handle>,
    request: Asked<ChartReadRequest>,
) -> Result<ChartView, AppError> {
    handle.run(move |station| station.chart_read(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn chart_search(
    handle: State<'_, Handle>,
    request: Asked<ChartSearchRequest>,
) -> Result<ChartSearchView, AppError> {
    handle.run(move |station| station.chart_search(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn section_read(
    handle: State<'_, Handle>,
    request: Asked<SectionReadRequest>,
) -> Result<SectionView, AppError> {
    handle.run(move |station| station.section_read(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn section_rest_read(
    handle: State<'_, Handle>,
    request: Asked<SectionRestReadRequest>,
) -> Result<SectionRest, AppError> {
    handle.run(move |station| station.section_rest_read(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn observation_series_read(
    handle: State<'_, Handle>,
    request: Asked<SeriesReadRequest>,
) -> Result<SeriesView, AppError> {
    handle.run(move |station| station.observation_series_read(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn document_read(
    handle: State<'_, Handle>,
    request: Asked<ResourceReadRequest>,
) -> Result<DocumentView, AppError> {
    handle.run(move |station| station.document_read(request.0)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn resource_read(
    handle: State<'_, Handle>,
    request: Asked<ResourceReadRequest>,
) -> Result<ResourceView, AppError> {
    handle.run(move |station| station.resource_read(request.0)).await
}
