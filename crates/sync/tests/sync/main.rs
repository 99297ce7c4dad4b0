//! The crate's public face: the plan alone, and the engine against a hostile server and a hostile network.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::wildcard_enum_match_arm,
    reason = "tests"
)]

mod engine;
mod enrolment;
mod hostile_network;
mod hostile_server;
mod plan;
mod proxy;
mod support;
