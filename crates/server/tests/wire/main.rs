//! The server over real sockets: with the engine that workstations run, and with whoever means it harm.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "tests"
)]

#[path = "../support/mod.rs"]
mod support;

mod authorization;
mod captured;
mod custody;
mod handshake;
mod killed;
mod limits;
mod outbox;
mod process;
mod raw;
mod running;
mod station;
mod workstations;
