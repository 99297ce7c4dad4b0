//! The commands forward: take typed input, call one use case. A branch in here is a bug.

pub(crate) mod chart;
pub(crate) mod import;
pub(crate) mod patient;
pub(crate) mod session;
pub(crate) mod user;

use std::sync::Arc;

use vigil_workstation::{AppError, Workstation};

/// The workstation as the commands hold it, or why it did not open: then every command says so.
pub(crate) struct Handle(pub Result<Arc<Workstation>, AppError>);

impl Handle {
    /// Runs a use case away from the window's thread: the database blocks.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        use_case: impl FnOnce(&Arc<Workstation>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let workstation = self.0.clone()?;
        let done = tauri::async_runtime::spawn_blocking(move || use_case(&workstation)).await;
        done.unwrap_or_else(|_| Err(AppError::stopped()))
    }
}
