//! What is not taken, and its place on record.

use chrono::{DateTime, Utc};
use vigil_audit::{Agent, Outcome};
use vigil_model::PurposeOfUse;
use vigil_model::wire::Refusal;

use super::Sender;
use super::gap::asked;
use crate::Keys;
use crate::audit_log::{Draft, kind, record};
use crate::store::{Alarm, AlarmKind, Log, Store, StoreError, Tx};

/// Why nothing was taken in.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The workstation is told why.
    #[error("the batch was refused: {0:?}")]
    Refused(Refusal),
    /// It has more entries than a batch may.
    #[error("the batch is too long")]
    TooLong,
    /// There is no such log.
    #[error("the log of the caller is unknown")]
    Unknown,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Puts a refusal on record, if it is one that somebody has to look at. A workstation that tries again does not fill the record with the
/// same.
pub(super) async fn refuse(
    store: &Store,
    keys: &Keys,
    sender: Sender,
    refusal: Refusal,
    now: DateTime<Utc>,
) -> IntakeError {
    let (kind, seq) = match refusal {
        Refusal::Gap { next } => (AlarmKind::Gap, Some(next)),
        Refusal::Conflict { seq } => (AlarmKind::Conflict, Some(seq)),
        Refusal::Checkpoint => (AlarmKind::Checkpoint, None),
        Refusal::Poison { seq } => (AlarmKind::Poison, Some(seq)),
        Refusal::Unsealed => (AlarmKind::Unsealed, None),
    };
    match violation(store, keys, sender, kind, seq, now).await {
        Ok(()) => IntakeError::Refused(refusal),
        Err(error) => IntakeError::Store(error),
    }
}

/// Puts on record that a workstation did what it must not.
///
/// # Errors
/// [`StoreError`]
pub async fn record_violation(
    store: &Store,
    keys: &Keys,
    sender: Sender,
    kind: AlarmKind,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    violation(store, keys, sender, kind, None, now).await
}

async fn violation(
    store: &Store,
    keys: &Keys,
    sender: Sender,
    about: AlarmKind,
    seq: Option<u64>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    if let (AlarmKind::Gap, Some(next)) = (about, seq) {
        asked(&mut tx, keys, sender, next, now).await?;
        return tx.commit().await;
    }
    // The alarm stands until somebody has looked; the same one again says nothing new.
    if matches!(about, AlarmKind::Conflict | AlarmKind::Checkpoint) {
        Log::forked(&mut tx, sender.log).await?;
    }
    on_record(&mut tx, keys, sender, about, seq, now).await?;
    tx.commit().await
}

/// Raises an alarm and records it in the server's own log, unless the same stands already.
pub(super) async fn on_record(
    tx: &mut Tx,
    keys: &Keys,
    sender: Sender,
    about: AlarmKind,
    seq: Option<u64>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let note = format!("enrolment={}", sender.enrolment);
    let alarm = Alarm { at: now.timestamp_micros(), kind: about, log: Some(sender.log), seq, note };
    if !alarm.raise_once(tx).await? {
        return Ok(());
    }
    let entry = seq.map(|seq| format!(" entry={seq}")).unwrap_or_default();
    let draft = Draft {
        kind: kind::VIOLATION,
        outcome: Outcome::SeriousFailure,
        agent: Agent::Device { id: sender.enrolment },
        purpose: PurposeOfUse::Administration,
        patient: None,
        reason: Some(format!("{} log={}{entry}", about.code(), sender.log)),
        request: None,
        address: None,
    };
    record(tx, keys, draft, now).await.map(drop)
}
