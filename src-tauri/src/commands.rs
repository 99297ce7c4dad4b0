//! The commands forward: take typed input, call one use case. A branch in here is a bug.

pub(crate) mod chart;
pub(crate) mod emergency;
pub(crate) mod import;
pub(crate) mod patient;
pub(crate) mod session;
pub(crate) mod user;

use std::sync::{Arc, OnceLock};

use vigil_workstation::{AppError, Workstation};

use crate::process::wipe_stack;

/// The workstation as the commands hold it, once it is open, or why it did not open: then every command says so.
#[derive(Clone, Default)]
pub(crate) struct Handle(Arc<OnceLock<Result<Arc<Workstation>, AppError>>>);

impl Handle {
    /// Says how the opening ended; the first word counts.
    pub(crate) fn set(&self, opened: Result<Workstation, AppError>) -> Result<Arc<Workstation>, AppError> {
        self.0.get_or_init(|| opened.map(Arc::new)).clone()
    }

    /// The workstation, if it is open already.
    pub(crate) fn opened(&self) -> Option<&Arc<Workstation>> {
        self.0.get()?.as_ref().ok()
    }

    /// Runs a use case away from the window's thread, once the workstation is open: the database blocks.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        use_case: impl FnOnce(&Arc<Workstation>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let handle = self.clone();
        let done = tauri::async_runtime::spawn_blocking(move || {
            let answer = match handle.0.wait() {
                Ok(workstation) => use_case(workstation),
                Err(error) => Err(error.clone()),
            };
            // What the call left on this thread's stack: keys and clear text that were moved.
            wipe_stack();
            answer
        });
        done.await.unwrap_or_else(|_| Err(AppError::stopped()))
    }
}
