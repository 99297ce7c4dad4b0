//! Time as the house passes it around: nobody below the binaries reads a clock.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// One reading of the two clocks that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Wall time, which people and attackers can set.
    pub utc: DateTime<Utc>,
    /// Time since boot, suspended time included (`CLOCK_BOOTTIME`), which nobody can set back.
    pub since_boot: Duration,
}
