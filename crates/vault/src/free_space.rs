//! How much room there is on the disk.

use std::path::Path;

/// Bytes that this user may still write beside `dir`; `None` where the system does not say.
#[cfg(unix)]
pub(crate) fn of(dir: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(dir).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

/// Bytes that this user may still write beside `dir`; `None` where the system does not say.
#[cfg(not(unix))]
pub(crate) fn of(_dir: &Path) -> Option<u64> {
    None
}
