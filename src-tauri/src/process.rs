//! What keeps the memory of this process to itself, on Linux: no core dumps, no reading by other programs of the same user.
//! `docs/security.md` says what that holds against and what it does not.

pub(crate) mod environment;
mod hardening;

pub(crate) use hardening::{harden, key_memory};
