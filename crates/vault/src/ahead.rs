//! Working ahead on another core: what is pure is computed there, block by block, while this thread talks to the database.

use std::sync::mpsc::sync_channel;
use std::thread;

use crate::{VaultError, stack};

/// Items of one block.
const BLOCK: usize = 64;

/// Blocks that may wait for this thread, so that memory stays bounded.
const WAITING: usize = 4;

/// Calls `consume` here with each item, in order, and with what `compute` made of it elsewhere: `compute` gets a block of
/// items and answers with one value for each.
///
/// # Errors
/// The first that either of them returns; nothing is consumed after it.
pub(crate) fn ahead<'i, I: Sync, O: Send>(
    items: &'i [I],
    compute: impl Fn(&[I]) -> Result<Vec<O>, VaultError> + Sync,
    mut consume: impl FnMut(&'i I, O) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    let mut take = |block: &'i [I], made: Vec<O>| {
        if made.len() != block.len() {
            return Err(UNFINISHED);
        }
        block.iter().zip(made).try_for_each(|(item, made)| consume(item, made))
    };
    if items.len() <= BLOCK {
        return take(items, compute(items)?);
    }
    thread::scope(|scope| {
        let (done, made) = sync_channel(WAITING);
        let compute = &compute;
        let work = move || {
            // Where nobody takes it, that side failed and has its reason.
            let _ = items.chunks(BLOCK).try_for_each(|block| done.send(compute(block)).map_err(drop));
            stack::wipe();
        };
        if thread::Builder::new().spawn_scoped(scope, work).is_err() {
            return items.chunks(BLOCK).try_for_each(|block| take(block, compute(block)?));
        }
        items.chunks(BLOCK).try_for_each(|block| take(block, made.recv().map_err(|_| UNFINISHED)??))
    })
}

const UNFINISHED: VaultError = VaultError::Cryptography("working ahead");

#[cfg(test)]
mod tests {
    use super::*;

    fn twice(block: &[usize]) -> Result<Vec<usize>, VaultError> {
        Ok(block.iter().map(|item| item * 2).collect())
    }

    #[test]
    fn every_item_is_consumed_in_order_with_what_was_made_of_it() {
        for count in [0, 1, BLOCK, BLOCK + 1, 20 * BLOCK + 7] {
            let items: Vec<usize> = (0..count).collect();
            let mut seen = Vec::new();
            ahead(&items, twice, |item, made| {
                seen.push((*item, made));
                Ok(())
            })
            .unwrap();
            assert!(seen.iter().copied().eq((0..count).map(|n| (n, 2 * n))), "{count} items keep their order");
        }
    }

    #[test]
    fn a_failure_on_either_side_ends_it_with_its_reason() {
        let items: Vec<usize> = (0..20 * BLOCK).collect();
        let failed = ahead(&items, |_| Err::<Vec<()>, _>(VaultError::Invalid("there")), |_, ()| Ok(()));
        assert!(matches!(failed, Err(VaultError::Invalid("there"))), "the other thread's reason comes over");
        let mut seen = 0;
        let failed = ahead(&items, twice, |_, _| {
            seen += 1;
            if seen == 3 { Err(VaultError::Invalid("here")) } else { Ok(()) }
        });
        assert!(matches!(failed, Err(VaultError::Invalid("here"))), "this thread's reason stays");
        assert_eq!(seen, 3, "nothing is consumed after it");
        let short = ahead(&items, |_| Ok(vec![0; 1]), |_, _| Ok(()));
        assert!(short.is_err(), "an item without its value must not pass");
    }
}
