//! Taking in the entries of workstations: `docs/sync.md`, "The way of a batch".

mod alerts;
mod appending;
mod context;
mod gap;
mod opening;
mod refused;

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};
use vigil_audit::{CheckpointVerifier, SignedRoot, root_at};
use vigil_model::DeviceId;
use vigil_model::wire::{Batch, Receipt, Refusal};

pub use alerts::receive_alerts;
pub use gap::note_gaps;
pub use refused::{IntakeError, record_violation};

pub(crate) use context::ContextCache;

use crate::Keys;
use crate::store::{AlarmKind, DirectorySettings, Log, Store, StoreError, Tx, event};
use appending::{appended, settle};
use opening::{Incoming, open};
use refused::{on_record, refuse};

/// Who sends: what the client certificate says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Its enrolment.
    pub enrolment: DeviceId,
    /// Its log.
    pub log: DeviceId,
}

/// Takes in a batch: opened, appended to the server's copy of the tree, compared with the checkpoint, durable; then the receipt.
///
/// # Errors
/// [`IntakeError::Refused`] when it was not taken; nothing of it was then.
pub async fn receive(
    store: &Store,
    keys: &Arc<Keys>,
    sender: Sender,
    batch: Batch,
    now: DateTime<Utc>,
) -> Result<Receipt, IntakeError> {
    match take(store, keys, sender, batch, now).await {
        Err(IntakeError::Refused(refusal)) => Err(refuse(store, keys, sender, refusal, now).await),
        answer => answer,
    }
}

async fn take(
    store: &Store,
    keys: &Arc<Keys>,
    sender: Sender,
    batch: Batch,
    now: DateTime<Utc>,
) -> Result<Receipt, IntakeError> {
    let received = now.timestamp_micros();
    let (from, note) = (batch.from, batch.checkpoint.clone());
    // Opened before the log is locked: another process may take in the same batch meanwhile, and then it is known.
    let incoming = open(Arc::clone(keys), sender.log, batch, received).await?;
    store.make_months(incoming.iter().map(|entry| entry.row.at), received).await?;

    let mut tx = store.begin().await?;
    let log = Log::lock(&mut tx, sender.log).await?.ok_or(IntakeError::Unknown)?;
    let next = log.size.saturating_add(1);
    if from == 0 || from > next {
        return Err(IntakeError::Refused(Refusal::Gap { next }));
    }
    let last = from.saturating_add(incoming.len() as u64).saturating_sub(1);
    let known = log.size.min(last).saturating_add(1).saturating_sub(from);
    if let Some(seq) = conflict(&mut tx, &log, &incoming, known).await? {
        return Err(IntakeError::Refused(Refusal::Conflict { seq }));
    }
    let signed = CheckpointVerifier::from_key(&log.verifier_key).and_then(|key| key.open(note.as_bytes()));
    let signed = signed.ok().filter(|signed| signed.size == last).ok_or(IntakeError::Refused(Refusal::Checkpoint))?;

    let (next, checkpoint) = if last <= log.size {
        compare_known(&mut tx, &log, signed).await?;
        (next, log.checkpoint)
    } else {
        let frontier = log.frontier(keys.head())?;
        let skip = usize::try_from(known).unwrap_or(usize::MAX);
        let (frontier, root, events) = on_a_thread(move || appended(frontier, incoming, skip)).await??;
        if root != signed.root {
            return Err(IntakeError::Refused(Refusal::Checkpoint));
        }
        let cosigned = cosigned(keys, note.as_bytes(), now)?;
        event::insert(&mut tx, &log, received, &events).await?;
        log.advance(&mut tx, keys.head(), &frontier, &cosigned, received).await?;
        for seq in settle(&mut tx, &log, &events, received).await? {
            on_record(&mut tx, keys, sender, AlarmKind::AlertMismatch, Some(seq), now).await?;
        }
        for event in events.iter().filter(|event| event.row.event.is_none()) {
            on_record(&mut tx, keys, sender, AlarmKind::Quarantine, Some(event.seq), now).await?;
        }
        (frontier.size().saturating_add(1), Some(cosigned))
    };
    let directory = DirectorySettings::read(&mut tx).await?.version;
    tx.commit().await?;
    Ok(Receipt { next, known, checkpoint, directory, time: rfc3339(now) })
}

/// The receipt for what is held of the caller's log, without a batch.
///
/// # Errors
/// [`IntakeError`]
pub async fn receipt(store: &Store, sender: Sender, now: DateTime<Utc>) -> Result<Receipt, IntakeError> {
    let mut tx = store.read().await?;
    let log = Log::find(&mut tx, sender.log).await?.ok_or(IntakeError::Unknown)?;
    let directory = DirectorySettings::read(&mut tx).await?.version;
    let next = log.size.saturating_add(1);
    Ok(Receipt { next, known: 0, checkpoint: log.checkpoint, directory, time: rfc3339(now) })
}

/// The first entry of those that are held that is not the one that is held.
async fn conflict(tx: &mut Tx, log: &Log, incoming: &[Incoming], known: u64) -> Result<Option<u64>, StoreError> {
    let known = incoming.get(..usize::try_from(known).unwrap_or(usize::MAX)).unwrap_or(incoming);
    let (Some(first), Some(last)) = (known.first(), known.last()) else { return Ok(None) };
    let held = log.hashes(tx, first.seq, last.seq).await?;
    let differs = |entry: &&Incoming| held.get(&entry.seq).and_then(|hashes| hashes.first_chunk()) != Some(&entry.leaf);
    Ok(known.iter().find(differs).map(|entry| entry.seq))
}

/// Everything was here before; what is signed over it may still be another history.
async fn compare_known(tx: &mut Tx, log: &Log, signed: SignedRoot) -> Result<(), IntakeError> {
    if signed.size == 0 {
        return Ok(());
    }
    let root = log.with_hashes(tx, |hashes_of| root_at(signed.size, hashes_of)).await?;
    if root == Some(signed.root) { Ok(()) } else { Err(IntakeError::Refused(Refusal::Checkpoint)) }
}

pub(crate) fn cosigned(keys: &Keys, note: &[u8], now: DateTime<Utc>) -> Result<String, StoreError> {
    const NONE: StoreError = StoreError::Invalid("a checkpoint is no signed note");
    let time = u64::try_from(now.timestamp()).unwrap_or_default();
    let note = keys.cosigner().cosign(note, time).map_err(|_| NONE)?;
    String::from_utf8(note).map_err(|_| NONE)
}

/// Work that keeps a core busy has no place among the tasks that wait.
pub(crate) async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::CutOff)
}

fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
