//! Entries out of turn: alarms and broken glasses are seen within seconds, whatever waits before them.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use vigil_model::wire::{Alerts, BATCH_ENTRIES, Entry, Refusal};

use super::opening::open_all;
use super::refused::refuse;
use super::{IntakeError, Sender};
use crate::Keys;
use crate::store::early::{Early, Kept};
use crate::store::{Alarm, AlarmKind, Log, Store};

/// Takes in entries out of turn. Those that came in turn before are known and left alone.
///
/// # Errors
/// [`IntakeError::Refused`] when one does not open, or contradicts what is held; nothing was taken then.
pub async fn receive_alerts(
    store: &Store,
    keys: &Arc<Keys>,
    sender: Sender,
    alerts: Alerts,
    now: DateTime<Utc>,
) -> Result<(), IntakeError> {
    match take(store, keys, sender, alerts, now).await {
        Err(IntakeError::Refused(refusal)) => Err(refuse(store, keys, sender, refusal, now).await),
        answer => answer,
    }
}

async fn take(
    store: &Store,
    keys: &Arc<Keys>,
    sender: Sender,
    alerts: Alerts,
    now: DateTime<Utc>,
) -> Result<(), IntakeError> {
    if alerts.entries.len() > BATCH_ENTRIES {
        return Err(IntakeError::TooLong);
    }
    // What is quarantined says nothing that could not wait.
    let quarantined = alerts.entries.iter().find(|(_, entry)| matches!(entry, Entry::Quarantined { .. }));
    if let Some((seq, _)) = quarantined {
        return Err(IntakeError::Refused(Refusal::Poison { seq: *seq }));
    }
    let received = now.timestamp_micros();
    let incoming = open_all(Arc::clone(keys), sender.log, alerts.contexts, alerts.entries, received).await?;
    let mut tx = store.begin().await?;
    let log = Log::lock(&mut tx, sender.log).await?.ok_or(IntakeError::Unknown)?;
    for entry in incoming {
        let conflict = || Err(IntakeError::Refused(Refusal::Conflict { seq: entry.seq }));
        if entry.seq <= log.size {
            let held = log.hashes(&mut tx, entry.seq, entry.seq).await?;
            if held.get(&entry.seq).and_then(|hashes| hashes.first_chunk()) != Some(&entry.leaf) {
                return conflict();
            }
            continue;
        }
        let what = entry.row.interaction.clone();
        let event = entry.row.event.unwrap_or_default();
        let early = Early { seq: entry.seq, leaf: entry.leaf, event, beside: entry.row.beside };
        match early.insert(&mut tx, &log, received).await? {
            Kept::Known => {}
            Kept::Conflict => return conflict(),
            Kept::New => {
                let note = what;
                Alarm { at: received, kind: AlarmKind::Alert, log: Some(log.id), seq: Some(entry.seq), note }
                    .raise(&mut tx)
                    .await?;
            }
        }
    }
    tx.commit().await?;
    Ok(())
}
