//! What keeps the memory of this process to itself, on Linux: no core dumps, no reading by other programs of the same user.
//! `docs/security.md` says what that holds against and what it does not.

#[cfg(target_os = "linux")]
pub(crate) mod environment;
mod hardening;

pub(crate) use hardening::{harden, key_memory};

/// Whether this process has the environment that the program needs.
#[cfg(target_os = "linux")]
pub(crate) fn has_its_environment() -> bool {
    let found = environment::found();
    environment::wanted(&found) == found
}
