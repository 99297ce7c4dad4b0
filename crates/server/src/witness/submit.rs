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
    /// Logs that it could not be asked about; they are asked about again. Once it does not answer, no further log is tried in a round.
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
pub async fn submit_all<E, F>(
    store: &Store,
    witness: &FurtherWitness,
    post: impl Fn(String) -> F,
    now: DateTime<Utc>,
) -> Result<Submitted, StoreError>
where
    E: std::fmt::Display,
    F: Future<Output = Result<WitnessReply, E>>,
{
    let logs = Log::all(&mut store.read().await?).await?;
    let mut grown = logs.into_iter().filter(|log| log.checkpoint_size > log.witnessed_size);
    let mut done = Submitted::default();
    while let Some(log) = grown.next() {
        match submit(store, witness, &post, log, now).await? {
            Outcome::Cosigned => done.cosigned += 1,
            Outcome::Contradicted => done.contradicted += 1,
            Outcome::Failed => done.failed += 1,
            Outcome::Silent => {
                done.failed += 1 + grown.count() as u64;
                break;
            }
        }
    }
    Ok(done)
}

enum Outcome {
    Cosigned,
    Contradicted,
    Failed,
    Silent,
}

async fn submit<E, F>(
    store: &Store,
    witness: &FurtherWitness,
    post: &impl Fn(String) -> F,
    mut log: Log,
    now: DateTime<Utc>,
) -> Result<Outcome, StoreError>
where
    E: std::fmt::Display,
    F: Future<Output = Result<WitnessReply, E>>,
{
    let mut old = log.witnessed_size;
    // It may know another size than the one that was last heard of; asked once more, it is told.
    for _ in 0..2 {
        let Some(request) = request(store, &log, old).await? else { return Ok(Outcome::Failed) };
        let reply = match post(request.to_body()).await {
            Ok(reply) => reply,
            Err(error) => {
                tracing::warn!(%error, log = %log.id, "the second witness does not answer");
                return Ok(Outcome::Silent);
            }
        };
        match reply.status {
            200 => return keep(store, witness, &log, &request.note, &reply.body).await,
            409 => {
                // Another process on the same database may have handed in a newer checkpoint meanwhile.
                log = Log::find(&mut store.read().await?, log.id).await?.unwrap_or(log);
                match number(reply.body.trim_end()) {
                    Some(size) if size <= log.checkpoint_size && size != old => old = size,
                    _ => {
                        let note = "it holds a longer log, or another one of this size";
                        return contradicted(store, &log, note, now).await;
                    }
                }
            }
            422 => return contradicted(store, &log, "what it holds is not the beginning of this log", now).await,
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
