//! How long to wait after failures: exponential, with full jitter.

use std::time::Duration;

/// No wait is shorter, whatever chance says.
const LEAST: Duration = Duration::from_millis(100);
const FIRST: Duration = Duration::from_secs(1);

/// Failures in a row, and until when to wait.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
    until: Duration,
}

impl Backoff {
    /// No failure yet.
    pub(crate) const NONE: Self = Self { failures: 0, until: Duration::ZERO };

    /// Until when to wait, in time since boot.
    pub(crate) const fn until(&self) -> Duration {
        self.until
    }

    /// Failures in a row.
    pub(crate) const fn failures(&self) -> u32 {
        self.failures
    }

    /// One more failure: wait any time up to one second, then two, four, never more than `cap`.
    pub(crate) fn fail(&mut self, now: Duration, random: u64, cap: Duration) {
        let most = FIRST.saturating_mul(2_u32.saturating_pow(self.failures)).min(cap);
        let most = u64::try_from(most.as_millis()).unwrap_or(u64::MAX);
        let wait = Duration::from_millis(random.checked_rem(most.saturating_add(1)).unwrap_or(0));
        self.failures = self.failures.saturating_add(1);
        self.until = now.saturating_add(wait.max(LEAST));
    }

    /// One more failure, after which somebody said how long to wait.
    pub(crate) fn wait(&mut self, now: Duration, wait: Duration) {
        self.failures = self.failures.saturating_add(1);
        self.until = now.saturating_add(wait.max(LEAST));
    }

    /// It worked.
    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAP: Duration = Duration::from_secs(300);

    #[test]
    fn a_wait_grows_to_its_cap_and_never_beyond() {
        let mut backoff = Backoff::default();
        let mut longest = Vec::new();
        for _ in 0..40 {
            let mut wide = backoff;
            // The largest remainder: chance at its worst.
            wide.fail(Duration::ZERO, u64::MAX, CAP);
            longest.push(
                (0..2_000)
                    .map(|random| {
                        let mut tried = backoff;
                        tried.fail(Duration::ZERO, random * 7_919, CAP);
                        tried.until()
                    })
                    .max()
                    .unwrap(),
            );
            backoff.fail(Duration::ZERO, 1, CAP);
        }
        assert!(longest.iter().all(|wait| *wait <= CAP), "five minutes at most: {longest:?}");
        assert!(longest[0] <= FIRST && longest[0] > FIRST / 2, "a second at first: {:?}", longest[0]);
        assert!(longest[39] > CAP / 2, "and minutes in the end: {:?}", longest[39]);
    }

    #[test]
    fn chance_never_makes_a_hot_loop() {
        let mut backoff = Backoff::default();
        backoff.fail(Duration::from_secs(5), 0, CAP);
        assert_eq!(backoff.until(), Duration::from_secs(5) + LEAST, "the least wait");
    }

    #[test]
    fn success_begins_anew() {
        let mut backoff = Backoff::default();
        (0..10).for_each(|_| backoff.fail(Duration::ZERO, 3, CAP));
        backoff.reset();
        assert_eq!((backoff.failures(), backoff.until()), (0, Duration::ZERO), "nothing is left");
    }
}
