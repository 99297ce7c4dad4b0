//! Audit events, their canonical bytes, the Merkle log and its checkpoints: pure, no I/O, no clock, no keys but the
//! signing key that is passed in.
//!
//! # Terminology
//! - **entry**: one [`AuditEvent`] in its canonical bytes; entry 1 is leaf 0 of the tree.
//! - **frontier**: the roots of the largest complete subtrees; with it an append needs no other hash.
//! - **head**: size and frontier, authenticated by whoever stores the log.
//! - **checkpoint**: a signed statement of size and root (C2SP tlog-checkpoint in a C2SP signed note).
//! - **mark**: size and root remembered outside the database, so that an older copy is noticed.

mod checkpoint;
mod coding;
mod event;
mod fhir;
mod finding;
mod log;
mod tiles;
mod verify;

pub use checkpoint::{CheckpointError, CheckpointSigner, CheckpointVerifier, SignedRoot};
pub use coding::{Action, Kind};
pub use event::{Agent, AuditEvent, KEYS, MalformedEvent, Outcome};
pub use fhir::audit_event_json;
pub use finding::{Finding, Verification};
pub use log::{Frontier, MalformedFrontier, root_at};
pub use tiles::{EntryBundles, EntryTooLong, TileFile, hash_tiles};
pub use verify::{StoredEntry, StoredHead, Verifier};
