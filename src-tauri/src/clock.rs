//! The real clock: the only place that reads one.

use std::time::Duration;

use chrono::Utc;
use rustix::time::{ClockId, clock_gettime};
use vigil_workstation::{BootId, Clock, Moment};

/// Wall time, and the time since boot with suspended time included.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        let boot = clock_gettime(ClockId::Boottime);
        let seconds = u64::try_from(boot.tv_sec).unwrap_or(0);
        let nanos = u32::try_from(boot.tv_nsec).unwrap_or(0);
        Moment { utc: Utc::now(), since_boot: Duration::new(seconds, nanos) }
    }

    fn boot(&self) -> Option<BootId> {
        std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok().as_deref().and_then(BootId::parse)
    }
}

/// The real clock, moved on by the milliseconds that a file holds: how a test lets 15 minutes pass.
#[cfg(debug_assertions)]
pub(crate) struct MovedClock(pub(crate) std::path::PathBuf);

#[cfg(debug_assertions)]
impl Clock for MovedClock {
    fn now(&self) -> Moment {
        let now = SystemClock.now();
        let text = std::fs::read_to_string(&self.0).unwrap_or_default();
        let moved = Duration::from_millis(text.trim().parse().unwrap_or(0));
        Moment { utc: now.utc + moved, since_boot: now.since_boot + moved }
    }

    fn boot(&self) -> Option<BootId> {
        SystemClock.boot()
    }
}
