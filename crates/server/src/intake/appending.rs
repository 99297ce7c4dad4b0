//! Appending to the server's copy of the tree.

use vigil_audit::Frontier;

use super::Incoming;
use crate::store::early::Early;
use crate::store::{Log, NewEvent, StoreError, Tx};

const CONTRADICTION: StoreError = StoreError::Corrupt("a log's frontier contradicts itself");

/// The tree with what is new, its root, and the rows of what is new.
pub(super) fn appended(
    mut frontier: Frontier,
    incoming: Vec<Incoming>,
    skip: usize,
) -> Result<(Frontier, [u8; 32], Vec<NewEvent>), StoreError> {
    let new = incoming.into_iter().skip(skip).map(|Incoming { seq, leaf, row }| {
        let hashes = frontier.append_leaf(leaf).map_err(|_| CONTRADICTION)?;
        Ok(NewEvent { seq, hashes, row })
    });
    let new = new.collect::<Result<Vec<_>, StoreError>>()?;
    let root = frontier.root().map_err(|_| CONTRADICTION)?;
    Ok((frontier, root, new))
}

/// What came out of turn is expected no longer; numbers of those that came as another entry then.
pub(super) async fn settle(tx: &mut Tx, log: &Log, new: &[NewEvent], now: i64) -> Result<Vec<u64>, StoreError> {
    let (Some(first), Some(last)) = (new.first(), new.last()) else { return Ok(Vec::new()) };
    let early = Early::settle(tx, log, first.seq, last.seq, now).await?;
    let in_turn = |seq: u64| new.get(usize::try_from(seq.saturating_sub(first.seq)).ok()?)?.hashes.first_chunk::<32>();
    let differs = |(seq, leaf): &(u64, Vec<u8>)| in_turn(*seq).map(<[u8; 32]>::as_slice) != Some(leaf.as_slice());
    Ok(early.into_iter().filter(differs).map(|(seq, _)| seq).collect())
}
