//! The vault from outside: real SQLCipher files in temporary folders.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::wildcard_enum_match_arm,
    reason = "tests"
)]

mod access;
mod backup;
mod emergency;
mod hospital;
mod leak;
mod opening;
mod permits;
mod records;
mod recovery;
mod sealing;
#[cfg(target_os = "linux")]
mod secret_service;
mod sign_in;
mod tamper;
mod transaction;
