//! Time as the house passes it around: nobody below the binaries reads a clock.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One reading of the two clocks that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Wall time, which people and attackers can set.
    pub utc: DateTime<Utc>,
    /// Time since boot, suspended time included (`CLOCK_BOOTTIME`), which nobody can set back.
    pub since_boot: Duration,
}

/// One stay of the operating system in memory, from boot to shutdown; the next one has another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BootId(Uuid);

impl BootId {
    /// From the form that Linux gives it (`/proc/sys/kernel/random/boot_id`).
    pub fn parse(text: &str) -> Option<Self> {
        text.trim().parse().ok().map(Self)
    }
}

impl std::fmt::Display for BootId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
