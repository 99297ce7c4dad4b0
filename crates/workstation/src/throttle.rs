//! Slowing down who guesses passwords: the wait grows with each failure, then a name is refused for a while at this
//! workstation. The same for names that exist and names that do not, so that nothing is learnt from it.

use std::time::Duration;

use vigil_model::{BootId, Moment};
use vigil_vault::SignInFailures;

/// Failures before the first wait: people mistype.
const FREE: u32 = 3;
/// Failures before the long refusal.
const REFUSE_AFTER: u32 = 10;
/// How long a name is refused then.
const REFUSAL: Duration = Duration::from_secs(15 * 60);

/// How long a name must still wait.
///
/// What has passed since the last failure is told by the time since boot, which nobody sets: within one boot exactly, after
/// another one at least the time since that. The wall clock is asked only where neither is known; whoever sets it forward
/// wins nothing, and a clock that was wrong and is mended keeps nobody waiting for long.
pub(crate) fn left_to_wait(failures: &SignInFailures, now: Moment, boot: Option<BootId>) -> Duration {
    let passed = match (failures.boot, failures.since_boot, boot) {
        (Some(then), Some(since_boot), Some(boot)) if then == boot => {
            now.since_boot.checked_sub(since_boot).unwrap_or(Duration::ZERO)
        }
        (Some(_), _, Some(_)) => now.since_boot,
        _ => failures.last.map_or(Duration::MAX, |last| (now.utc - last).to_std().unwrap_or(Duration::ZERO)),
    };
    wait_after(failures.count).saturating_sub(passed)
}

/// How long a name must wait after `failures` in a row, counted from the last one.
fn wait_after(failures: u32) -> Duration {
    match failures {
        0..FREE => Duration::ZERO,
        FREE..REFUSE_AFTER => Duration::from_secs(1 << (failures - FREE + 1)),
        _ => REFUSAL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_and_ends_in_a_refusal() {
        let waits: Vec<u64> = (0..12).map(|failures| wait_after(failures).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 900, 900], "seconds to wait after n failures");
    }
}
