//! Store, intake, verification and search, on both databases.
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

mod auditors;
mod backup;
mod directory;
mod fleet;
mod intake;
mod retention;
mod search;
mod tampering;
mod witness;
