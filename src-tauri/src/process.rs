//! What keeps the memory of this process to itself, on Linux: no core dumps, no reading by other programs of the same user, nothing left
//! on the stack. `docs/security.md` says what that holds against and what it does not.

pub(crate) mod environment;
mod hardening;
mod stack;

pub(crate) use hardening::{harden, key_memory};
pub(crate) use stack::wipe as wipe_stack;
