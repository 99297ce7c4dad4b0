//! The commands forward: take typed input, call one use case. A branch in here is a bug.

pub(crate) mod amendment;
mod asked;
pub(crate) mod backup;
pub(crate) mod chart;
pub(crate) mod desk;
pub(crate) mod destruction;
pub(crate) mod document;
pub(crate) mod emergency;
pub(crate) mod emergency_account;
pub(crate) mod factor;
pub(crate) mod import;
pub(crate) mod keys;
pub(crate) mod note;
pub(crate) mod patient;
pub(crate) mod print;
pub(crate) mod recovery;
pub(crate) mod report;
pub(crate) mod session;
pub(crate) mod suspension;
pub(crate) mod sync;
pub(crate) mod terminology;
pub(crate) mod user;
pub(crate) mod write;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use vigil_workstation::view::{UserPasswordRecoverRequest, WorkstationRecoverView};
use vigil_workstation::{AppError, Setup, Workstation, wipe_stack};

pub(crate) use asked::Asked;

/// The workstation as the commands hold it, once it is open, or why it did not open: then every command says so, until the
/// recovery key opens it.
#[derive(Clone)]
pub(crate) struct Handle(Arc<Inner>);

struct Inner {
    opening: Mutex<Opening>,
    settled: Condvar,
    setup: Box<SetUp>,
}

/// What the workstation is started with, as often as it is started.
type SetUp = dyn Fn() -> Result<Setup, AppError> + Send + Sync;

enum Opening {
    Begun,
    Open(Arc<Workstation>),
    Failed(AppError),
}

impl Handle {
    pub(crate) fn new(setup: impl Fn() -> Result<Setup, AppError> + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner { opening: Mutex::new(Opening::Begun), settled: Condvar::new(), setup: Box::new(setup) }))
    }

    /// What the workstation is started with.
    pub(crate) fn setup(&self) -> Result<Setup, AppError> {
        (self.0.setup)()
    }

    /// Says how the opening ended.
    pub(crate) fn set(&self, opened: Result<Workstation, AppError>) -> Option<Arc<Workstation>> {
        let opened = opened.map(Arc::new);
        let workstation = opened.as_ref().ok().map(Arc::clone);
        *self.opening() = match opened {
            Ok(workstation) => Opening::Open(workstation),
            Err(error) => Opening::Failed(error),
        };
        self.0.settled.notify_all();
        workstation
    }

    /// The workstation, if it is open already.
    pub(crate) fn opened(&self) -> Option<Arc<Workstation>> {
        match &*self.opening() {
            Opening::Open(workstation) => Some(Arc::clone(workstation)),
            Opening::Begun | Opening::Failed(_) => None,
        }
    }

    /// Runs a use case away from the window's thread, once the workstation is open: the database blocks.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        use_case: impl FnOnce(&Arc<Workstation>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let handle = self.clone();
        aside(move || use_case(&handle.wait()?)).await
    }

    /// Opens a workstation that did not open, with the recovery key.
    pub(crate) async fn recover(
        &self,
        request: UserPasswordRecoverRequest,
    ) -> Result<WorkstationRecoverView, AppError> {
        let handle = self.clone();
        aside(move || {
            if let Ok(open) = handle.wait() {
                open.call_refused("workstation_recover")?;
                return Err(AppError::unusable("this workstation is open; there is nothing to recover"));
            }
            let (workstation, view) = Workstation::recover(handle.setup()?, request)?;
            if let Some(workstation) = handle.set(Ok(workstation)) {
                crate::window::keep_time_beside(workstation);
            }
            Ok(view)
        })
        .await
    }

    fn wait(&self) -> Result<Arc<Workstation>, AppError> {
        let settled = self.0.settled.wait_while(self.opening(), |opening| matches!(opening, Opening::Begun));
        match &*settled.unwrap_or_else(PoisonError::into_inner) {
            Opening::Open(workstation) => Ok(Arc::clone(workstation)),
            Opening::Failed(error) => Err(error.clone()),
            Opening::Begun => Err(AppError::stopped()),
        }
    }

    fn opening(&self) -> MutexGuard<'_, Opening> {
        self.0.opening.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs something that blocks away from the window's thread.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T, AppError> + Send + 'static) -> Result<T, AppError> {
    let done = tauri::async_runtime::spawn_blocking(move || {
        let answer = work();
        // What the call left on this thread's stack: keys and clear text that were moved.
        wipe_stack();
        answer
    });
    done.await.unwrap_or_else(|_| Err(AppError::stopped()))
}
