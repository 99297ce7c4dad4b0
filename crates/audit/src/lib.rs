//! Audit events, their canonical bytes, the Merkle log and its checkpoints: pure, no I/O, no clock.

mod event;
mod verify;

pub use event::Outcome;
pub use verify::{Finding, Verification};
