//! The central server: it enrols the workstations, takes in their audit entries, holds directory and group keys.
//!
//! # Terminology
//! - **device**: an enrolled workstation; its client certificate says who calls.
//! - **log**: the audit log of one workstation. It belongs to the key that signs its checkpoints and outlives enrolments.
//! - **master key**: what every secret in the database is wrapped under; a custodian keeps it.
//! - **receipt**: a checkpoint with the server's cosignature.
//! - **incident**: what a rule found in the entries, with what was done about it.
//! - **desk**: where privacy officers and administrators work on incidents.

pub mod audit_log;
pub mod backup;
pub mod ca;
pub mod channels;
pub mod cli;
pub mod clock;
pub mod config;
pub mod custody;
pub mod delivery;
pub mod desk;
pub mod detection;
pub mod directory;
pub mod enrolment;
pub mod evidence;
pub mod http;
pub mod incident;
pub mod installation;
pub mod intake;
pub mod key_authority;
pub mod keyring;
mod kind;
mod metrics;
pub mod oauth;
pub mod retention;
pub mod rotation;
pub mod search;
pub mod server;
mod server_keys;
mod sign_in;
pub mod store;
pub mod witness;

pub use server_keys::{KeyMaterial, Keys, KeysError};
