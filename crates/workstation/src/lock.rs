//! Automatic logoff (45 CFR 164.312(a)(2)(iii)): the screen locks after 15 minutes without input.
//!
//! Time is the time since boot, suspended time included, so that neither setting the clock nor stopping the process
//! extends a session. Every use case checks it too: the timer may fail, the lock does not.

use std::time::Duration;

use vigil_model::Moment;

/// How long before the lock the warning begins.
const WARNING: Duration = Duration::from_secs(60);

/// After how long without input the screen locks. Policy may shorten it, never lengthen it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdleLock(Duration);

impl IdleLock {
    /// The longest that is allowed, in minutes.
    pub const LONGEST_MINUTES: u32 = 15;

    /// A lock after `minutes`, at least 1 and at most [`Self::LONGEST_MINUTES`].
    pub fn after_minutes(minutes: u32) -> Self {
        Self(Duration::from_secs(60 * u64::from(minutes.clamp(1, Self::LONGEST_MINUTES))))
    }

    /// Minutes, for people.
    pub(crate) fn minutes(self) -> u32 {
        u32::try_from(self.0.as_secs() / 60).unwrap_or(Self::LONGEST_MINUTES)
    }

    /// What is due at `now` when the last input came at `last_input` (time since boot).
    pub(crate) fn due(self, last_input: Duration, now: Moment) -> Due {
        // Time since boot that runs backwards means that nothing can be trusted: lock.
        let Some(idle) = now.since_boot.checked_sub(last_input) else { return Due::Lock };
        match self.0.checked_sub(idle) {
            None | Some(Duration::ZERO) => Due::Lock,
            Some(left) if left <= WARNING => {
                Due::Warning(u32::try_from(left.as_millis().div_ceil(1000)).unwrap_or(u32::MAX))
            }
            Some(_) => Due::Nothing,
        }
    }
}

impl Default for IdleLock {
    fn default() -> Self {
        Self::after_minutes(Self::LONGEST_MINUTES)
    }
}

/// What the idle time asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// Nothing yet.
    Nothing,
    /// The screen locks in so many seconds.
    Warning(u32),
    /// Now.
    Lock,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_locks_at_15_minutes_and_not_a_second_before() {
        let lock = IdleLock::default();
        assert_eq!(lock.due(Duration::ZERO, after(14 * 60 - 1)), Due::Nothing, "13:59");
        assert_eq!(lock.due(Duration::ZERO, after(14 * 60)), Due::Warning(60), "14:00");
        assert_eq!(lock.due(Duration::ZERO, after(15 * 60 - 1)), Due::Warning(1), "14:59");
        assert_eq!(lock.due(Duration::ZERO, after(15 * 60)), Due::Lock, "15:00");
    }

    #[test]
    fn policy_shortens_it_and_never_lengthens_it() {
        assert_eq!(IdleLock::after_minutes(5).minutes(), 5, "shorter is allowed");
        assert_eq!(IdleLock::after_minutes(60).minutes(), 15, "longer is not");
        assert_eq!(IdleLock::after_minutes(0).minutes(), 1, "nor is never");
    }

    #[test]
    fn time_that_runs_backwards_locks() {
        assert_eq!(IdleLock::default().due(Duration::from_secs(10), after(5)), Due::Lock, "fail closed");
    }

    fn after(seconds: u64) -> Moment {
        Moment { utc: chrono::DateTime::UNIX_EPOCH, since_boot: Duration::from_secs(seconds) }
    }
}
