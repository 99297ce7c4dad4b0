//! Names under which too many attempts failed, one after the other.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Failures in a row before a name is locked.
const FAILURES: u32 = 8;
/// For how long; each further failure begins it anew.
const LOCKED: Duration = Duration::from_secs(15 * 60);
/// More names than any hospital has are not remembered: the oldest go.
const MOST: usize = 50_000;

/// The names, by hash.
#[derive(Default)]
pub(crate) struct Lockout(Mutex<HashMap<[u8; 32], (u32, Instant)>>);

impl Lockout {
    pub(crate) fn is_locked(&self, name: [u8; 32]) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&name).is_some_and(|(failures, last)| *failures >= FAILURES && last.elapsed() < LOCKED)
    }

    pub(crate) fn failed(&self, name: [u8; 32]) {
        let now = Instant::now();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, (_, last)| now.duration_since(*last) < LOCKED);
        }
        let (failures, last) = known.entry(name).or_insert((0, now));
        if now.duration_since(*last) >= LOCKED {
            *failures = 0;
        }
        *failures = failures.saturating_add(1);
        *last = now;
    }

    pub(crate) fn passed(&self, name: [u8; 32]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_name_is_locked_after_eight_failures_and_for_a_quarter_of_an_hour() {
        let lockout = Lockout::default();
        let (name, other) = ([1; 32], [2; 32]);
        for _ in 1..FAILURES {
            lockout.failed(name);
        }
        assert!(!lockout.is_locked(name), "seven");
        lockout.failed(name);
        assert!(lockout.is_locked(name), "eight");
        assert!(!lockout.is_locked(other), "another name");
        tokio::time::advance(LOCKED).await;
        assert!(!lockout.is_locked(name), "afterwards");
        lockout.failed(name);
        assert!(!lockout.is_locked(name), "and it begins anew");
    }
}
