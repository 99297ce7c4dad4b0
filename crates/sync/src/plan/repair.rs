//! Entries that the server cannot open: sealed anew twice, then kept back.

use std::collections::{BTreeMap, VecDeque};

use super::{Lane, Step};

const RESEALS: u8 = 2;

/// How far the repair of an entry is, and what is to be done in each lane.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    tries: BTreeMap<u64, u8>,
    main: VecDeque<Step>,
    urgent: VecDeque<Step>,
}

impl Repairs {
    /// The server cannot open this entry. `false`: everything was tried, and it was kept back before.
    pub(super) fn poisoned(&mut self, lane: Lane, seq: u64) -> bool {
        let tries = self.tries.entry(seq).or_default();
        let step = match *tries {
            0..RESEALS => Step::Reseal(lane, seq),
            RESEALS => Step::Quarantine(lane, seq, "the server could not open it, sealed anew twice"),
            _ => return false,
        };
        *tries = tries.saturating_add(1);
        self.queue(lane).push_back(step);
        true
    }

    /// The entry is longer than any request may be. `false`: it was kept back before.
    pub(super) fn too_long(&mut self, lane: Lane, seq: u64) -> bool {
        let tries = self.tries.entry(seq).or_default();
        if *tries > RESEALS {
            return false;
        }
        *tries = RESEALS.saturating_add(1);
        self.queue(lane).push_back(Step::Quarantine(lane, seq, "it is longer than the server takes"));
        true
    }

    /// What was asked of the outbox was not done.
    pub(super) fn undone(&mut self, lane: Lane, seq: u64) {
        if let Some(tries) = self.tries.get_mut(&seq) {
            *tries = tries.saturating_sub(1);
        }
        self.queue(lane).clear();
    }

    pub(super) fn take(&mut self, lane: Lane) -> Option<Step> {
        self.queue(lane).pop_front()
    }

    /// What a receipt covers needs no repair.
    pub(super) fn covered(&mut self, up_to: u64) {
        self.tries = self.tries.split_off(&up_to.saturating_add(1));
    }

    fn queue(&mut self, lane: Lane) -> &mut VecDeque<Step> {
        match lane {
            Lane::Main => &mut self.main,
            Lane::Urgent => &mut self.urgent,
        }
    }
}
