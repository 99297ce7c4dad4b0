//! Brings sealed audit entries from the outbox to the central server, and receipts, directory and certificates back.
//!
//! # Terminology
//! - **outbox**: the sealed entries that no receipt covers yet; the vault keeps it ([`Outbox`]).
//! - **receipt**: a checkpoint of the workstation's log that the server cosigned; what it covers is safe at the server.
//! - **urgent**: alarms and broken glasses, which go out of turn as well.
//! - **quarantine**: entries that the server cannot open stay behind with their leaf hash in their place.
//! - **plan**: what to do next, decided without I/O, clock or chance ([`plan`]).
//!
//! Nobody here knows SQL, a window or a key but the one of the workstation's certificate.

mod backoff;
pub mod client;
mod clock;
mod engine;
pub mod enrolment;
mod failure;
mod outbox;
pub mod plan;
mod state;

pub use client::{Client, Dial, Direct, Timeouts, Trust};
pub use clock::{Clock, Random};
pub use engine::{Engine, Handle};
pub use enrolment::{Enrolled, EnrolmentError, Token};
pub use failure::{Distrust, Failure};
pub use outbox::{Identity, Outbox, OutboxError, OutboxState};
pub use state::{Link, SyncState};
