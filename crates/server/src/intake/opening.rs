//! Opening the entries of a batch, on every core.

use std::collections::HashMap;
use std::num::NonZero;
use std::sync::Arc;

use vigil_audit::{AuditEvent, ContextOpener, leaf_hash};
use vigil_model::DeviceId;
use vigil_model::wire::{BATCH_ENTRIES, Batch, Context, Entry, Refusal};

use super::{IntakeError, on_a_thread};
use crate::Keys;
use crate::store::EventRow;

/// An entry, opened and read.
pub(super) struct Incoming {
    pub(super) seq: u64,
    pub(super) leaf: [u8; 32],
    pub(super) row: EventRow,
}

/// Entries that are worth a second core.
const WORTH: usize = 64;

/// Opens the entries of a batch; the first that does not open refuses it.
pub(super) async fn open(
    keys: Arc<Keys>,
    log: DeviceId,
    batch: Batch,
    received: i64,
) -> Result<Vec<Incoming>, IntakeError> {
    if batch.entries.len() > BATCH_ENTRIES {
        return Err(IntakeError::TooLong);
    }
    let Batch { from, contexts, entries, checkpoint: _ } = batch;
    // A number beyond all others is no entry's: it does not open, or the batch is told where to go on.
    let numbered: Vec<(u64, Entry)> =
        (0..).zip(entries).map(|(place, entry)| (from.saturating_add(place), entry)).collect();
    open_all(keys, log, contexts, numbered, received).await
}

/// The same for entries with their numbers.
pub(super) async fn open_all(
    keys: Arc<Keys>,
    log: DeviceId,
    contexts: Vec<Context>,
    entries: Vec<(u64, Entry)>,
    received: i64,
) -> Result<Vec<Incoming>, IntakeError> {
    // Each costs a multiplication on the curve; one that no entry names is there to cost it.
    if contexts.len() > entries.len().max(1) {
        return Err(IntakeError::TooLong);
    }
    on_a_thread(move || {
        // A context that is none makes poison of the entries that name it.
        let derived = contexts
            .iter()
            .filter_map(|context| keys.contexts().opener(&keys, log, context).ok().map(|opener| (context.id, opener)));
        let openers: HashMap<u32, ContextOpener> = derived.collect();
        on_every_core(&entries, |(seq, entry)| open_one(*seq, entry, &openers, received))
            .into_iter()
            .collect::<Result<Vec<_>, u64>>()
            .map_err(|seq| IntakeError::Refused(Refusal::Poison { seq }))
    })
    .await?
}

/// One entry; its number when it does not open or is not the entry with this number.
fn open_one(seq: u64, entry: &Entry, openers: &HashMap<u32, ContextOpener>, received: i64) -> Result<Incoming, u64> {
    match entry {
        Entry::Sealed { context, nonce, sealed } => {
            let opened = openers.get(context).ok_or(seq)?.open(seq, *nonce, &sealed.0).map_err(|_| seq)?;
            let event = AuditEvent::parse(&opened.event).map_err(|_| seq)?;
            if event.seq != seq {
                return Err(seq);
            }
            let leaf = leaf_hash(&opened.event);
            let row = EventRow::of(&event, opened.event, &opened.beside).map_err(|_| seq)?;
            Ok(Incoming { seq, leaf, row })
        }
        Entry::Quarantined { leaf } => {
            let leaf = leaf.0.as_slice().try_into().map_err(|_| seq)?;
            Ok(Incoming { seq, leaf, row: EventRow::quarantined(received) })
        }
    }
}

/// `work` on every item, in their order. It is called on a thread that may be kept busy.
pub(crate) fn on_every_core<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    if cores == 1 || items.len() < WORTH {
        return items.iter().map(work).collect();
    }
    std::thread::scope(|scope| {
        let work = &work;
        let parts = items.chunks(items.len().div_ceil(cores));
        let threads: Vec<_> =
            parts.map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<R>>())).collect();
        // A thread that panicked panics here too, which ends the call as a failure.
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}
