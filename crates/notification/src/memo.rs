//! Who has had what, while this process runs: of several recipients of a message, one that has it is not sent it again because another
//! could not be reached.
//!
//! A restart forgets it. Whoever had the message then gets it twice, with the same id.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

/// As many as are remembered: the oldest go first.
const MOST: usize = 4096;

/// Pairs of a notice and a recipient that has it.
#[derive(Default)]
pub(crate) struct Memo(Mutex<VecDeque<(Uuid, String)>>);

impl Memo {
    pub(crate) fn has(&self, notice: Uuid, recipient: &str) -> bool {
        let had = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        had.iter().any(|(id, who)| *id == notice && who == recipient)
    }

    pub(crate) fn note(&self, notice: Uuid, recipient: &str) {
        let mut had = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if had.len() >= MOST {
            had.pop_front();
        }
        had.push_back((notice, recipient.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten_first() {
        let memo = Memo::default();
        let id = |number| Uuid::from_u128(number as u128);
        (0..=MOST).for_each(|number| memo.note(id(number), "a"));
        assert!(!memo.has(id(0), "a"), "forgotten");
        assert!(memo.has(id(1), "a") && memo.has(id(MOST), "a"), "remembered");
        assert!(!memo.has(id(1), "b"), "of another recipient nothing is known");
    }
}
