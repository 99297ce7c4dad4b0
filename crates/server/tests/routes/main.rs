//! The routes, over the listeners of a running server.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod alarm;
mod audit_events;
mod desk;
mod document;
mod gap;
mod growth;
mod https;
#[allow(dead_code, reason = "the tests of the channels take more of it")]
#[path = "../../../notification/tests/support/mod.rs"]
mod real;
mod receivers;
mod retention;
mod rules;
mod running;
#[path = "../support/mod.rs"]
mod support;
mod witness;
