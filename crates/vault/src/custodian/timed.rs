//! A time limit for calls into libraries that may never return.
//!
//! A keyring that waits to be unlocked, a TPM whose driver hangs and a token that was pulled out block their callers for
//! ever, and some of these libraries panic inside an async runtime. So each call runs on a thread of its own and is given
//! up after five seconds. A call that was given up keeps its thread; until it ends no further call is made.

use std::sync::mpsc;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{CustodianError, CustodianKind};

/// How long a custodian may take for one call. One that comes while another is on its way waits as long for that one.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Free,
    Busy,
    /// The call was given up and its thread is still there.
    Hung,
}

type Gate = Arc<(Mutex<State>, Condvar)>;

/// Lets one call at a time through to a custodian.
pub(super) struct Timed {
    kind: CustodianKind,
    turnstile: Turnstile,
}

/// Why a call brought no answer.
pub(crate) enum Lost {
    /// It took too long, or an earlier one still hangs.
    Silent,
    /// It ended without one.
    Crashed(String),
}

impl Timed {
    pub(super) fn new(kind: CustodianKind) -> Self {
        Self { kind, turnstile: Turnstile::new(kind.code()) }
    }

    /// Runs `work` within [`PATIENCE`].
    ///
    /// # Errors
    /// What `work` answered; [`CustodianError::Silent`] after the limit, and at once while an earlier call hangs.
    pub(super) fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, CustodianError> + Send + 'static,
    ) -> Result<T, CustodianError> {
        match self.turnstile.run(work) {
            Ok(answer) => answer,
            Err(Lost::Silent) => Err(CustodianError::Silent(self.kind)),
            Err(Lost::Crashed(reason)) => Err(CustodianError::Failed { kind: self.kind, reason }),
        }
    }
}

/// One call at a time, each on a thread of its own, given up after [`PATIENCE`].
pub(crate) struct Turnstile {
    name: &'static str,
    gate: Gate,
}

impl Turnstile {
    /// `name`: of the threads.
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, gate: Arc::new((Mutex::new(State::Free), Condvar::new())) }
    }

    /// Runs `work` within [`PATIENCE`].
    ///
    /// # Errors
    /// [`Lost::Silent`] after the limit, and at once while an earlier call hangs.
    pub(crate) fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Lost> {
        self.enter()?;
        let (sender, receiver) = mpsc::sync_channel(1);
        let leave = Leave(Arc::clone(&self.gate));
        std::thread::Builder::new()
            .name(self.name.to_owned())
            .spawn(move || {
                let answer = work();
                drop(leave);
                drop(sender.send(answer));
            })
            .map_err(|error| Lost::Crashed(error.to_string()))?;
        match receiver.recv_timeout(PATIENCE) {
            Ok(answer) => Ok(answer),
            Err(mpsc::RecvTimeoutError::Timeout) => {
                let mut state = lock(&self.gate);
                if *state == State::Busy {
                    *state = State::Hung;
                    self.gate.1.notify_all();
                }
                Err(Lost::Silent)
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(Lost::Crashed("its library crashed".to_owned())),
        }
    }

    fn enter(&self) -> Result<(), Lost> {
        let state = lock(&self.gate);
        let (mut state, _) = self
            .gate
            .1
            .wait_timeout_while(state, PATIENCE, |state| *state == State::Busy)
            .unwrap_or_else(PoisonError::into_inner);
        if *state != State::Free {
            return Err(Lost::Silent);
        }
        *state = State::Busy;
        Ok(())
    }
}

/// Opens the gate when the thread of a call ends, by a panic too.
struct Leave(Gate);

impl Drop for Leave {
    fn drop(&mut self) {
        *lock(&self.0) = State::Free;
        self.0.1.notify_one();
    }
}

fn lock(gate: &Gate) -> MutexGuard<'_, State> {
    gate.0.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn a_crash_in_the_library_is_an_error_and_the_next_call_goes_through() {
        let timed = Timed::new(CustodianKind::Software);
        let crashed: Result<(), _> = timed.call(|| panic!("inside the library"));
        assert!(matches!(crashed, Err(CustodianError::Failed { .. })), "and not a crash of the program");
        assert_eq!(timed.call(|| Ok(7)).ok(), Some(7), "the next one");
    }

    #[test]
    fn a_call_that_hangs_is_given_up_and_no_second_thread_waits_behind_it() {
        let timed = Timed::new(CustodianKind::Software);
        let (release, released) = mpsc::channel::<()>();
        let (ended, end) = mpsc::channel::<()>();
        let hung: Result<(), _> = timed.call(move || {
            let _ = released.recv();
            drop(ended);
            Ok(())
        });
        assert!(matches!(hung, Err(CustodianError::Silent(_))), "given up");

        let runs = Arc::new(AtomicU32::new(0));
        let counter = Arc::clone(&runs);
        let refused = timed.call(move || {
            counter.fetch_add(1, Ordering::SeqCst);
            Ok(())
        });
        assert!(matches!(refused, Err(CustodianError::Silent(_))), "the next call is told the same");
        assert_eq!(runs.load(Ordering::SeqCst), 0, "and was never made");

        drop(release);
        end.recv().unwrap_err();
        // The gate opens a moment after the work has ended; a call waits for it.
        while timed.call(|| Ok(())).is_err() {
            std::thread::yield_now();
        }
    }

    #[test]
    fn calls_at_the_same_time_wait_for_each_other() {
        let timed = Arc::new(Timed::new(CustodianKind::Software));
        let inside = Arc::new(AtomicU32::new(0));
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let (timed, inside) = (Arc::clone(&timed), Arc::clone(&inside));
                std::thread::spawn(move || {
                    timed.call(move || {
                        let others = inside.fetch_add(1, Ordering::SeqCst);
                        std::thread::yield_now();
                        inside.fetch_sub(1, Ordering::SeqCst);
                        Ok(others)
                    })
                })
            })
            .collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap().ok(), Some(0), "one at a time, and none refused");
        }
    }
}
