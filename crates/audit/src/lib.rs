//! Audit events, their canonical bytes, the Merkle log and its checkpoints: pure, no I/O, no clock, no keys but the
//! signing key that is passed in.
//!
//! # Terminology
//! - **entry**: one [`AuditEvent`] in its canonical bytes; entry 1 is leaf 0 of the tree.
//! - **frontier**: the roots of the largest complete subtrees; with it an append needs no other hash.
//! - **head**: size and frontier, authenticated by whoever stores the log.
//! - **checkpoint**: a signed statement of size and root (C2SP tlog-checkpoint in a C2SP signed note).
//! - **cosignature**: a witness's statement that it holds the log that a checkpoint speaks of (C2SP tlog-cosignature).
//! - **mark**: size and root remembered outside the database, so that an older copy is noticed.

mod checkpoint;
mod coding;
mod cosignature;
mod event;
mod fhir;
mod finding;
mod hybrid_time;
mod log;
mod proof;
mod sealed;
mod signed_text;
mod tiles;
mod verify;

pub use checkpoint::{CheckpointError, CheckpointSigner, CheckpointVerifier, SignedRoot};
pub use coding::{Action, Kind};
pub use cosignature::{CosignatureError, CosignatureVerifier, Cosigner};
pub use event::{Agent, AuditEvent, KEYS, MalformedEvent, Origin, Outcome};
pub use fhir::{audit_event_about, audit_event_json};
pub use finding::{Finding, Verification};
pub use hybrid_time::HybridTime;
pub use log::{Frontier, MalformedFrontier, leaf_hash, root_at};
pub use proof::{consistency_proof, inclusion_proof, is_consistent, is_included};
pub use sealed::{
    Beside, ContextOpener, EntryOpener, EntrySealer, Opened, SealPublicKey, Sealed, UnsealError, seal_key_pair,
};
pub use signed_text::{SignedText, SignedTextError, TextSigner, TextVerifier};
pub use tiles::{EntryBundles, EntryTooLong, TileFile, hash_tiles};
pub use verify::{StoredEntry, StoredHead, Verifier};
