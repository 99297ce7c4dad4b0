//! Gaps that stay open: entries that were written, as others show, and do not come.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::Sender;
use super::refused::on_record;
use crate::Keys;
use crate::store::gap::{asked_for, open_gaps};
use crate::store::{AlarmKind, Store, StoreError, Tx};

/// A workstation that is told where to go on goes on there. It may ask twice, where an answer was lost; not again and again.
const ASKED: u64 = 3;
/// What comes out of turn comes first; what was before it follows within minutes. A backlog takes longer, and comes in meanwhile.
const STAYS: TimeDelta = TimeDelta::hours(1);

/// A batch came from too far ahead. Once is a question; whoever asks again and again has nothing to go on with.
pub(super) async fn asked(
    tx: &mut Tx,
    keys: &Keys,
    sender: Sender,
    next: u64,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if asked_for(tx, sender.log, next).await? < ASKED {
        return Ok(());
    }
    on_record(tx, keys, sender, AlarmKind::Gap, Some(next), now).await
}

/// Raises an alarm, once for each gap, where an entry that came out of turn has waited for an hour for those before it. A workstation that is
/// not heard of meanwhile is silent, which is another thing.
///
/// # Errors
/// [`StoreError`]
pub async fn note_gaps(store: &Store, keys: &Arc<Keys>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut tx = store.read().await?;
    let gaps = open_gaps(&mut tx, now.timestamp_micros(), STAYS.num_microseconds().unwrap_or(i64::MAX)).await?;
    drop(tx);
    if gaps.is_empty() {
        return Ok(());
    }
    let mut tx = store.begin().await?;
    for gap in gaps {
        let sender = Sender { enrolment: gap.enrolment, log: gap.log };
        on_record(&mut tx, keys, sender, AlarmKind::Gap, Some(gap.next), now).await?;
    }
    tx.commit().await
}
