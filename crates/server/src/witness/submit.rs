//! To the witness of another server.

use chrono::{DateTime, Utc};
use vigil_audit::{CosignatureVerifier, consistency_proof};

use super::AddCheckpoint;
use super::request::number;
use crate::store::{Alarm, AlarmKind, Log, Store, StoreError};

/// A witness elsewhere. Whoever calls brings the transport.
pub struct FurtherWitness {
    /// What knows its cosignatures again.
    pub verifier: CosignatureVerifier,
}

/// What it answered: HTTP status and body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessReply {
    /// 200, 409, 422 or another.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// What came of a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Submitted {
    /// Logs whose newest checkpoint it has cosigned now.
    pub cosigned: u64,
    /// Logs that it holds another history of: an alarm stands.
    pub contradicted: u64,
    /// Logs that it could not be asked about; they are asked about again.
    pub failed: u64,
}

impl FurtherWitness {
    /// The witness with this key (C2SP vkey, `cosignature/v1`).
    ///
    /// # Errors
    /// When it is none.
    pub fn new(key: &str) -> Result<Self, vigil_audit::CosignatureError> {
        CosignatureVerifier::new(key).map(|verifier| Self { verifier })
    }
}

/// Hands in the newest checkpoint of every log that has grown, and keeps the cosignatures. `post` sends a body to `add-checkpoint`.
///
/// # Errors
/// [`StoreError`]
pub async fn submit_all<E: std::fmt::Display>(
    store: &Store,
    witness: &FurtherWitness,
    post: impl AsyncFn(String) -> Result<WitnessReply, E>,
    now: DateTime<Utc>,
) -> Result<Submitted, StoreError> {
    let logs = Log::all(&mut store.read().await?).await?;
    let mut done = Submitted::default();
    for log in logs.into_iter().filter(|log| log.checkpoint_size > log.witnessed_size) {
        match submit(store, witness, &post, &log, log.witnessed_size, now).await? {
            Outcome::Cosigned => done.cosigned += 1,
            Outcome::Contradicted => done.contradicted += 1,
            Outcome::Failed => done.failed += 1,
        }
    }
    Ok(done)
}

enum Outcome {
    Cosigned,
    Contradicted,
    Failed,
}

async fn submit<E: std::fmt::Display>(
    store: &Store,
    witness: &FurtherWitness,
    post: &impl AsyncFn(String) -> Result<WitnessReply, E>,
    log: &Log,
    old: u64,
    now: DateTime<Utc>,
) -> Result<Outcome, StoreError> {
    let mut old = old;
    // It may know another size than the one that was last heard of; asked once more, it is told.
    for _ in 0..2 {
        let Some(request) = request(store, log, old).await? else { return Ok(Outcome::Failed) };
        let reply = match post(request.to_body()).await {
            Ok(reply) => reply,
            Err(error) => {
                tracing::warn!(%error, log = %log.id, "the second witness does not answer");
                return Ok(Outcome::Failed);
            }
        };
        match reply.status {
            200 => return keep(store, witness, log, &request.note, &reply.body).await,
            409 => match number(reply.body.trim_end()) {
                Some(size) if size <= log.checkpoint_size && size != old => old = size,
                _ => return contradicted(store, log, "it holds a longer log, or another one of this size", now).await,
            },
            422 => return contradicted(store, log, "what it holds is not the beginning of this log", now).await,
            status => {
                tracing::warn!(status, log = %log.id, "the second witness refused a checkpoint");
                return Ok(Outcome::Failed);
            }
        }
    }
    Ok(Outcome::Failed)
}

async fn request(store: &Store, log: &Log, old: u64) -> Result<Option<AddCheckpoint>, StoreError> {
    let Some(note) = log.checkpoint.clone() else { return Ok(None) };
    let mut tx = store.read().await?;
    let proof = log.with_hashes(&mut tx, |hashes_of| consistency_proof(old, log.checkpoint_size, hashes_of)).await?;
    Ok(proof.map(|proof| AddCheckpoint { old, proof, note }))
}

async fn keep(
    store: &Store,
    witness: &FurtherWitness,
    log: &Log,
    note: &str,
    lines: &str,
) -> Result<Outcome, StoreError> {
    let note = format!("{note}{lines}");
    if witness.verifier.open(note.as_bytes()).is_err() {
        tracing::warn!(log = %log.id, "the second witness answered with another signature than its own");
        return Ok(Outcome::Failed);
    }
    let mut tx = store.begin().await?;
    log.witnessed(&mut tx, log.checkpoint_size, &note).await?;
    tx.commit().await?;
    Ok(Outcome::Cosigned)
}

async fn contradicted(store: &Store, log: &Log, note: &str, now: DateTime<Utc>) -> Result<Outcome, StoreError> {
    let mut tx = store.begin().await?;
    let seq = Some(log.checkpoint_size);
    let note = format!("the second witness: {note}");
    Alarm { at: now.timestamp_micros(), kind: AlarmKind::Witness, log: Some(log.id), seq, note }
        .raise_once(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(Outcome::Contradicted)
}
