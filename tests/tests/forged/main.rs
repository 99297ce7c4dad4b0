//! Calls that no page makes: a web view that was taken over calls every command of the real program, whoever is signed in.
//!
//! The commands and what they take come from the bindings (`vigil_tests::command`), who may do what from the compliance officer's matrix
//! (`crates/policy/tests/matrix`). A command or a field that is new fails here until `meaning.rs` says what it is.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod call;
mod database;
mod fuzz;
mod gate;
mod idor;
mod meaning;
mod policy;
mod vary;
mod ward;
