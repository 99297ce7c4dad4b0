//! Working beside the database: this thread reads, other cores open what was read, and it is consumed here in order.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::mpsc::{Receiver, Sender, TrySendError, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::{VaultError, stack};

/// Items of one block.
const BLOCK: usize = 32;

/// Up to here a thread costs more than it saves: measured with charts of 500.
const FEW: usize = 1_024;

/// Other cores that help, at most.
const HELPERS: usize = 3;

/// Blocks that may be open before the first of them is consumed, so that memory stays bounded.
const AHEAD: usize = 16;

type Block<T> = (usize, Vec<T>);

/// Calls `produce` here until it has no more, `compute` on whatever core is free, and `consume` here with what came of
/// each item, in order.
///
/// # Errors
/// The first that `produce` or `consume` returns; nothing is consumed after it.
pub(crate) fn beside<I: Send, O: Send>(
    mut produce: impl FnMut() -> Result<Option<I>, VaultError>,
    compute: impl Fn(I) -> O + Sync,
    mut consume: impl FnMut(O) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    let mut first = Vec::new();
    while first.len() <= FEW {
        match produce()? {
            Some(item) => first.push(item),
            None => return first.into_iter().try_for_each(|item| consume(compute(item))),
        }
    }
    let helpers = thread::available_parallelism().map_or(1, NonZero::get).saturating_sub(1).min(HELPERS);
    let (work, waiting) = sync_channel(helpers);
    let waiting = Mutex::new(waiting);
    let (done, made) = channel();
    thread::scope(|scope| {
        let mut started = 0;
        for _ in 0..helpers {
            let (waiting, compute, done) = (&waiting, &compute, done.clone());
            let helping = move || {
                help(waiting, compute, &done);
                stack::wipe();
            };
            started += usize::from(thread::Builder::new().spawn_scoped(scope, helping).is_ok());
        }
        drop(done);
        let mut course = Course { made: &made, ready: BTreeMap::new(), sent: 0, consumed: 0 };
        let mut items = first.into_iter();
        loop {
            let mut block: Vec<I> = items.by_ref().take(BLOCK).collect();
            while block.len() < BLOCK {
                match produce()? {
                    Some(item) => block.push(item),
                    None => break,
                }
            }
            if block.is_empty() {
                break;
            }
            let block = (course.sent, block);
            // Where no thread starts, this one does the work alone.
            let offered = if started == 0 { Err(TrySendError::Full(block)) } else { work.try_send(block) };
            if let Err(TrySendError::Full(block) | TrySendError::Disconnected(block)) = offered {
                course.keep(computed(block, &compute));
            }
            course.sent += 1;
            course.consume(&mut consume, AHEAD)?;
        }
        drop(work);
        // What nobody has taken yet is done here.
        while let Some(block) = taken(&waiting, Receiver::try_recv) {
            course.keep(computed(block, &compute));
        }
        course.consume(&mut consume, 0)
    })
}

/// What is done and not consumed yet.
struct Course<'m, O> {
    made: &'m Receiver<Block<O>>,
    ready: BTreeMap<usize, Vec<O>>,
    sent: usize,
    consumed: usize,
}

impl<O> Course<'_, O> {
    fn keep(&mut self, (number, block): Block<O>) {
        self.ready.insert(number, block);
    }

    /// Consumes what is ready, and waits as long as more than `most` blocks are not consumed.
    fn consume(
        &mut self,
        consume: &mut impl FnMut(O) -> Result<(), VaultError>,
        most: usize,
    ) -> Result<(), VaultError> {
        loop {
            self.ready.extend(self.made.try_iter());
            while let Some(block) = self.ready.remove(&self.consumed) {
                block.into_iter().try_for_each(&mut *consume)?;
                self.consumed += 1;
            }
            if self.sent - self.consumed <= most {
                return Ok(());
            }
            let block = self.made.recv().map_err(|_| VaultError::Cryptography("working beside the database"))?;
            self.keep(block);
        }
    }
}

fn help<I, O>(waiting: &Mutex<Receiver<Block<I>>>, compute: &impl Fn(I) -> O, done: &Sender<Block<O>>) {
    while let Some(block) = taken(waiting, Receiver::recv) {
        // Nobody takes it: that side failed and has its reason.
        if done.send(computed(block, compute)).is_err() {
            return;
        }
    }
}

fn computed<I, O>((number, block): Block<I>, compute: &impl Fn(I) -> O) -> Block<O> {
    (number, block.into_iter().map(compute).collect())
}

fn taken<I, E>(
    waiting: &Mutex<Receiver<Block<I>>>,
    take: impl Fn(&Receiver<Block<I>>) -> Result<Block<I>, E>,
) -> Option<Block<I>> {
    take(&waiting.lock().unwrap_or_else(PoisonError::into_inner)).ok()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn numbers(count: usize) -> impl FnMut() -> Result<Option<usize>, VaultError> {
        let mut numbers = 0..count;
        move || Ok(numbers.next())
    }

    #[test]
    fn every_item_is_consumed_in_order_with_what_was_made_of_it() {
        for count in [0, 1, FEW, FEW + 1, FEW + 2, 40 * BLOCK + 7] {
            let mut seen = Vec::new();
            beside(
                numbers(count),
                |item| item * 2,
                |made| {
                    seen.push(made);
                    Ok(())
                },
            )
            .unwrap();
            assert!(seen.iter().copied().eq((0..count).map(|n| 2 * n)), "{count} items keep their order");
        }
    }

    #[test]
    fn a_failure_on_either_side_ends_it_with_its_reason() {
        for at in [3, FEW + 200] {
            let (mut produce, seen) = (numbers(100 * BLOCK), Cell::new(0));
            let failing = || match produce()? {
                Some(item) if item == at => Err(VaultError::Invalid("reading")),
                item => Ok(item),
            };
            let failed = beside(failing, |item| item, |_| Ok(()));
            assert!(matches!(failed, Err(VaultError::Invalid("reading"))), "what failed at {at} comes over");
            let failed = beside(
                numbers(100 * BLOCK),
                |item| item,
                |item| {
                    seen.set(seen.get() + 1);
                    if item == at { Err(VaultError::Invalid("here")) } else { Ok(()) }
                },
            );
            assert!(matches!(failed, Err(VaultError::Invalid("here"))), "the reason at {at} stays");
            assert_eq!(seen.get(), at + 1, "nothing is consumed after it");
        }
    }

    #[test]
    fn what_is_not_consumed_yet_stays_bounded() {
        let (mut produce, produced, consumed) = (numbers(200 * BLOCK), Cell::new(0), Cell::new(0));
        let counting = || {
            let item = produce()?;
            produced.set(produced.get() + 1);
            assert!(produced.get() - consumed.get() <= (AHEAD + 2) * BLOCK + FEW, "{} ahead", produced.get());
            Ok(item)
        };
        beside(
            counting,
            |item| item,
            |_| {
                consumed.set(consumed.get() + 1);
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(consumed.get(), 200 * BLOCK, "all of it comes over");
    }
}
