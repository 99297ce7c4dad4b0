//! Refusals that wait to be recorded: one of those who wait records them all, in one durable transaction.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use vigil_model::Moment;
use vigil_policy::{Denial, DenialReason};

use crate::entry::Draft;

/// The most that are recorded together, so that others get their turn.
const MOST: usize = 256;

/// A refusal on its way into the log.
pub(crate) struct Refused {
    pub(crate) draft: Draft,
    /// That a policy failed is an alert beside the refusal.
    pub(crate) alert: Option<Draft>,
    pub(crate) at: Moment,
    recorded: AtomicBool,
}

impl Refused {
    pub(crate) fn new(denial: &Denial, at: Moment) -> Self {
        let alert = (denial.reason == DenialReason::Evaluation).then(|| Draft::of_policy_failure(denial));
        Self { draft: Draft::of_denial(denial), alert, at, recorded: AtomicBool::new(false) }
    }
}

/// The refusals that wait.
#[derive(Default)]
pub(crate) struct Denials {
    queue: Mutex<Queue>,
    turned: Condvar,
}

#[derive(Default)]
struct Queue {
    /// Oldest first.
    waiting: Vec<Arc<Refused>>,
    /// Somebody records some of them now.
    busy: bool,
}

impl Denials {
    /// Puts one at the end.
    pub(crate) fn queue(&self, denial: &Denial, at: Moment) -> Arc<Refused> {
        let mine = Arc::new(Refused::new(denial, at));
        self.lock().waiting.push(Arc::clone(&mine));
        mine
    }

    /// Waits for the turn to record the oldest of them; `None` once `mine` is recorded.
    pub(crate) fn turn(&self, mine: &Arc<Refused>) -> Option<Turn<'_>> {
        let mut queue = self.lock();
        while queue.busy && !mine.recorded.load(Ordering::Acquire) {
            queue = self.turned.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        if mine.recorded.load(Ordering::Acquire) {
            return None;
        }
        queue.busy = true;
        let count = queue.waiting.len().min(MOST);
        Some(Turn { denials: self, group: queue.waiting.drain(..count).collect() })
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One who waits records for all; the others get the turn when this is dropped.
pub(crate) struct Turn<'d> {
    denials: &'d Denials,
    group: Vec<Arc<Refused>>,
}

impl Turn<'_> {
    /// What is to be recorded.
    pub(crate) fn group(&self) -> &[Arc<Refused>] {
        &self.group
    }

    /// It is recorded.
    pub(crate) fn recorded(mut self) {
        for one in self.group.drain(..) {
            one.recorded.store(true, Ordering::Release);
        }
    }

    /// It could not be recorded: each but `mine` is tried again by whoever waits for it.
    pub(crate) fn failed(mut self, mine: &Arc<Refused>) {
        self.group.retain(|one| !Arc::ptr_eq(one, mine));
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut queue = self.denials.lock();
        queue.waiting.splice(..0, self.group.drain(..));
        queue.busy = false;
        drop(queue);
        self.denials.turned.notify_all();
    }
}
