//! How others speak to the engine.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::SyncState;

/// What was called into the engine.
#[derive(Clone)]
pub(super) struct Calls(Arc<Called>);

#[derive(Default)]
struct Called {
    notify: Notify,
    retry: AtomicBool,
    enrolled: AtomicBool,
    over: AtomicBool,
    ended: Notify,
}

impl Calls {
    pub(super) fn new() -> (Self, Self) {
        let calls = Self(Arc::default());
        (calls.clone(), calls)
    }

    /// Somebody called.
    pub(super) async fn called(&self) {
        self.0.notify.notified().await;
    }

    /// The engine is to stop.
    pub(super) async fn over(&self) {
        let ended = self.0.ended.notified();
        if !self.are_over() {
            ended.await;
        }
    }

    pub(super) fn are_over(&self) -> bool {
        self.0.over.load(Ordering::Acquire)
    }

    pub(super) fn take_retry(&self) -> bool {
        self.0.retry.swap(false, Ordering::AcqRel)
    }

    pub(super) fn take_enrolled(&self) -> bool {
        self.0.enrolled.swap(false, Ordering::AcqRel)
    }

    /// Waits so long, or until somebody calls.
    pub(super) async fn wait(&self, most: Duration) {
        tokio::select! {
            () = self.over() => {}
            () = self.called() => {}
            () = tokio::time::sleep(most) => {}
        }
    }
}

/// The engine's handle. It stops when the handle is dropped.
pub struct Handle {
    calls: Calls,
    state: watch::Receiver<SyncState>,
    task: Option<JoinHandle<()>>,
}

impl Handle {
    pub(super) const fn new(calls: Calls, state: watch::Receiver<SyncState>, task: JoinHandle<()>) -> Self {
        Self { calls, state, task: Some(task) }
    }

    /// The workstation was enrolled, or is none of the fleet any more: the engine asks for its identity anew.
    pub fn enrolled(&self) {
        self.calls.0.enrolled.store(true, Ordering::Release);
        self.wake();
    }

    /// Entries were written.
    pub fn wake(&self) {
        self.calls.0.notify.notify_one();
    }

    /// Urgent entries were written.
    pub fn wake_urgent(&self) {
        self.wake();
    }

    /// An administrator acted: what was given up is tried again, and nothing waits.
    pub fn retry(&self) {
        self.calls.0.retry.store(true, Ordering::Release);
        self.wake();
    }

    /// The state, and every change of it.
    pub fn state(&self) -> watch::Receiver<SyncState> {
        self.state.clone()
    }

    /// Stops: what is on its way ends within two seconds or is dropped.
    pub async fn stop(mut self) {
        self.end();
        if let Some(mut task) = self.task.take()
            && timeout(super::STOP + Duration::from_millis(200), &mut task).await.is_err()
        {
            task.abort();
        }
    }

    fn end(&self) {
        self.calls.0.over.store(true, Ordering::Release);
        self.calls.0.ended.notify_waiters();
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.end();
    }
}
