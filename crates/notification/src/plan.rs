//! When to try again, when to give up, and when the next level is told. Functions of their arguments: time and chance are passed in.

mod escalation;

use std::time::Duration;

use crate::DeliveryError;
pub use escalation::{AfterMinutes, Escalation, EscalationLevel};

/// The highest level of escalation.
pub const LAST_LEVEL: u8 = 16;

/// No wait is shorter, whatever chance says.
const LEAST: Duration = Duration::from_secs(1);
/// No wait is longer, but for one that the other side asks for.
const MOST: Duration = Duration::from_secs(5 * 60);
/// The longest wait that the other side may ask for: an alarm does not wait for longer because a gateway says so.
const ASKED: Duration = Duration::from_secs(60 * 60);

/// How often a delivery that somebody has to mend is tried, before it is called failed.
pub const PERMANENT_ATTEMPTS: u32 = 5;

/// How long to wait after an attempt that failed: any time from one second up to two after the first, then up to four, eight, and five
/// minutes in the end (exponential, with full jitter), and not less than the other side asks for.
///
/// `attempt` counts attempts that were made, from 1; `random` is any number.
pub fn next_attempt(attempt: u32, random: u64, retry_after: Option<Duration>) -> Duration {
    let longest = LEAST.saturating_mul(2_u32.saturating_pow(attempt.max(1))).min(MOST);
    let range = u64::try_from(longest.saturating_sub(LEAST).as_millis()).unwrap_or(u64::MAX);
    let jitter = Duration::from_millis(random.checked_rem(range.saturating_add(1)).unwrap_or(0));
    let wait = LEAST.saturating_add(jitter);
    retry_after.map_or(wait, |asked| asked.min(ASKED).max(wait))
}

/// What becomes of a delivery after an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is tried again.
    Again,
    /// It has failed: it is kept as failed, and people are told so. Nothing is dropped in silence.
    Failed,
}

/// What becomes of a delivery after its `attempts`, the last of which had this error. What may heal by itself is tried for as long as it
/// takes; what somebody has to mend, [`PERMANENT_ATTEMPTS`] times.
pub const fn verdict(error: &DeliveryError, attempts: u32) -> Verdict {
    if error.transient || attempts < PERMANENT_ATTEMPTS { Verdict::Again } else { Verdict::Failed }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn waits_grow_from_seconds_to_minutes() {
        let longest = |attempt| (0..5_000_u64).map(|n| next_attempt(attempt, n * 7_919, None)).max().unwrap();
        assert!(longest(1) <= Duration::from_secs(2) && longest(1) > Duration::from_millis(1_900), "{:?}", longest(1));
        assert!(longest(5) <= Duration::from_secs(32) && longest(5) > Duration::from_secs(30), "{:?}", longest(5));
        assert!(longest(u32::MAX) <= MOST && longest(u32::MAX) > Duration::from_secs(290), "{:?}", longest(u32::MAX));
    }

    #[test]
    fn a_gateway_may_ask_for_patience_but_not_for_silence() {
        let wait = |asked| next_attempt(1, 0, Some(Duration::from_secs(asked)));
        assert_eq!(wait(120), Duration::from_secs(120), "it is heard");
        assert_eq!(wait(0), LEAST, "it cannot ask for a hot loop");
        assert_eq!(wait(u64::MAX), ASKED, "nor for ever");
    }

    #[test]
    fn what_nobody_mends_is_called_failed_and_what_may_heal_is_not() {
        let (healing, broken) = (DeliveryError::transient("x"), DeliveryError::permanent("x"));
        assert_eq!(verdict(&healing, u32::MAX), Verdict::Again, "a receiver that is away comes back");
        assert_eq!(verdict(&broken, PERMANENT_ATTEMPTS - 1), Verdict::Again, "perhaps it was mended meanwhile");
        assert_eq!(verdict(&broken, PERMANENT_ATTEMPTS), Verdict::Failed, "and perhaps not");
    }

    proptest! {
        #[test]
        fn no_wait_is_shorter_than_a_second_or_longer_than_an_hour(attempt: u32, random: u64, asked: Option<u64>) {
            let wait = next_attempt(attempt, random, asked.map(Duration::from_secs));
            prop_assert!(wait >= LEAST && wait <= ASKED, "{wait:?}");
            prop_assert!(asked.is_some() || wait <= MOST, "{wait:?}");
        }
    }
}
