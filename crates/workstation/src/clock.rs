//! The clock is passed in: only the binaries hold the real one.

use chrono::{DateTime, Local, Utc};
use vigil_model::{BootId, Moment};

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The time now, by both clocks.
    fn now(&self) -> Moment;

    /// Which boot the time since boot counts from; `None` where the system does not say.
    fn boot(&self) -> Option<BootId> {
        None
    }
}

/// A moment that Vigil itself recorded, in the zone of the workstation: `21-Nov-2026 10:42`.
pub(crate) fn text(at: &DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%d-%b-%Y %H:%M").to_string()
}

/// The same to the second, for the log.
pub(crate) fn exact_text(at: &DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%d-%b-%Y %H:%M:%S").to_string()
}
