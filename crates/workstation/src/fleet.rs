//! The central server, as the use cases see it: joining its fleet, the engine that keeps it informed, and what its directory says.
//!
//! # Terminology
//! - **directory**: who works at this hospital, as the server signed it.
//! - **user of the directory**: one whom it names; others were made on this workstation and are looked after here.
//! - **desk**: what those who oversee see of all workstations, asked of the server call by call.
//! - **lease**: how long users of the directory may sign in without the server.

mod call;
pub(crate) mod desk;
mod directory;
mod enrolment;
mod lease;
mod outbox;
mod sign_in;
mod state;

use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use vigil_sync::{Dial, Direct, Engine, Handle};

use crate::managed_policy::HostAndPort;
use crate::{AppError, Event, Workstation};
use call::Answer;
use outbox::Station;

/// The screen is told no more often than this: a burst of entries is one change.
const TELL: Duration = Duration::from_millis(250);

/// The threads that talk to the server. They end with the workstation.
#[derive(Default)]
pub(crate) struct Line {
    runtime: OnceLock<Runtime>,
    /// Shared with whoever is told that entries were written.
    engine: Arc<OnceLock<Handle>>,
    /// Time since boot when the server was last heard.
    heard: Mutex<Option<Duration>>,
}

impl Line {
    /// The runtime; made when it is needed first.
    fn runtime(&self) -> Result<&Runtime, AppError> {
        if let Some(runtime) = self.runtime.get() {
            return Ok(runtime);
        }
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("sync")
            .enable_io()
            .enable_time()
            .build()
            .map_err(|error| AppError::unusable(format!("no thread for the server could be started: {error}")))?;
        // Two at once: one of them is kept.
        if let Err(spare) = self.runtime.set(runtime) {
            spare.shutdown_background();
        }
        self.runtime.get().ok_or_else(AppError::stopped)
    }

    /// Wakes the engine after entries were written.
    pub(crate) fn woken(&self) -> impl Fn(vigil_vault::Written) + Send + Sync + 'static {
        let engine = Arc::clone(&self.engine);
        move |written| {
            let Some(engine) = engine.get() else { return };
            match written {
                vigil_vault::Written::Ordinary => engine.wake(),
                vigil_vault::Written::Urgent => engine.wake_urgent(),
            }
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        // Whoever drops the workstation last may be on one of the threads.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Workstation {
    /// Starts to keep the central server informed; a workstation that is not enrolled waits for that. Once; it ends with the workstation.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn sync_start(self: &Arc<Self>) -> Result<(), AppError> {
        let runtime = self.line.runtime()?;
        let clock = Arc::clone(&self.clock);
        let engine = Engine {
            outbox: Arc::new(Station(Arc::downgrade(self))),
            dial: self.dial(),
            clock: Arc::new(move || clock.now()),
            // Chance that is missing spreads no retries, and that is all.
            random: Arc::new(|| getrandom::u64().unwrap_or_default()),
        };
        let handle = engine.start(runtime.handle());
        let changes = handle.state();
        if self.line.engine.set(handle).is_err() {
            return Ok(());
        }
        runtime.spawn(tell(Arc::downgrade(self), changes));
        Ok(())
    }

    /// Tries again what was given up, at once.
    ///
    /// # Errors
    /// A denial.
    pub fn sync_retry(&self) -> Result<crate::view::SyncView, AppError> {
        self.asked(vigil_policy::Interaction::FleetJoin)?;
        if let Some(engine) = self.line.engine.get() {
            engine.retry();
        }
        self.sync_read()
    }

    fn dial(&self) -> Arc<dyn Dial> {
        match &self.policy.fleet.server_proxy {
            Some(HostAndPort { host, port }) => Arc::new(vigil_sync::client::Proxy { host: host.clone(), port: *port }),
            None => Arc::new(Direct),
        }
    }
}

async fn tell(workstation: Weak<Workstation>, mut changes: tokio::sync::watch::Receiver<vigil_sync::SyncState>) {
    while changes.changed().await.is_ok() {
        let Some(workstation) = workstation.upgrade() else { return };
        let told = tokio::task::spawn_blocking(move || {
            if let Ok(view) = workstation.sync_read() {
                (workstation.notify)(Event::SyncChanged(Box::new(view)));
            }
        });
        // One that could not be told is told of the next change.
        let _ = told.await;
        tokio::time::sleep(TELL).await;
    }
}
