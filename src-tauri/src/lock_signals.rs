//! What the system says that ends a session at once, besides the idle time: a lock, sleep, another session in front, a closed lid, a screen saver.
//!
//! A bus that is not there or breaks off changes nothing else: the idle lock does not need it, and nothing of it counts as input.

#[cfg(target_os = "linux")]
mod bus;
#[cfg(target_os = "linux")]
pub(crate) mod card;
#[cfg(target_os = "linux")]
mod demand;

#[cfg(target_os = "linux")]
pub(crate) use bus::watch;
#[cfg(target_os = "linux")]
pub(crate) use demand::SAVERS;

use crate::commands::Handle;

/// Elsewhere no signal is heard yet: the idle lock remains.
#[cfg(not(target_os = "linux"))]
pub(crate) fn watch(_handle: &Handle) {
    tracing::warn!("no signal of this system locks the screen yet: it locks by idle time only");
}

/// Locks if somebody is signed in; the keys are gone when it returns. The workstation itself writes down what cannot be told to anybody here.
pub(crate) fn lock(handle: &Handle) {
    if let Some(workstation) = handle.opened()
        && let Err(error) = workstation.session_lock()
    {
        tracing::error!(code = ?error.code, "a lock that the system asked for is not on record");
    }
}
