//! Entries that the server cannot open: sealed anew twice, then kept back.

use std::collections::BTreeMap;

use super::{Lane, Step};

const RESEALS: u8 = 2;

/// How far the repair of each entry is, and what each lane has to do about one: never both about the same, for what one sealed anew
/// would take the place of what the other kept back.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    tries: BTreeMap<u64, u8>,
    main: Option<Repair>,
    urgent: Option<Repair>,
}

#[derive(Debug)]
struct Repair {
    seq: u64,
    step: Step,
    begun: bool,
}

impl Repairs {
    /// The server cannot open this entry. `false`: everything was tried, or the other lane is at it.
    pub(super) fn poisoned(&mut self, lane: Lane, seq: u64) -> bool {
        let tries = self.tries.get(&seq).copied().unwrap_or_default();
        let step = match tries {
            0..RESEALS => Step::Reseal(lane, seq),
            RESEALS => Step::Quarantine(lane, seq, "the server could not open it, sealed anew twice"),
            _ => return false,
        };
        self.plan(lane, seq, step, tries.saturating_add(1))
    }

    /// The entry is longer than any request may be. `false`: it was kept back before, or the other lane is at it.
    pub(super) fn too_long(&mut self, lane: Lane, seq: u64) -> bool {
        let tries = self.tries.get(&seq).copied().unwrap_or_default();
        let step = Step::Quarantine(lane, seq, "it is longer than the server takes");
        tries <= RESEALS && self.plan(lane, seq, step, RESEALS.saturating_add(1))
    }

    fn plan(&mut self, lane: Lane, seq: u64, step: Step, tries: u8) -> bool {
        let other = match lane {
            Lane::Main => &self.urgent,
            Lane::Urgent => &self.main,
        };
        let free = other.as_ref().is_none_or(|repair| repair.seq != seq);
        if free {
            self.tries.insert(seq, tries);
            *self.lane(lane) = Some(Repair { seq, step, begun: false });
        }
        free
    }

    /// What the lane has to begin with.
    pub(super) fn begin(&mut self, lane: Lane) -> Option<Step> {
        let repair = self.lane(lane).as_mut().filter(|repair| !repair.begun)?;
        repair.begun = true;
        Some(repair.step)
    }

    /// It was done.
    pub(super) fn done(&mut self, lane: Lane) {
        *self.lane(lane) = None;
    }

    /// It was not done.
    pub(super) fn undone(&mut self, lane: Lane) {
        let Some(repair) = self.lane(lane).take() else { return };
        if let Some(tries) = self.tries.get_mut(&repair.seq) {
            *tries = tries.saturating_sub(1);
        }
    }

    /// What a receipt covers needs no repair.
    pub(super) fn covered(&mut self, up_to: u64) {
        self.tries = self.tries.split_off(&up_to.saturating_add(1));
    }

    fn lane(&mut self, lane: Lane) -> &mut Option<Repair> {
        match lane {
            Lane::Main => &mut self.main,
            Lane::Urgent => &mut self.urgent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lanes_never_repair_the_same_entry_at_once() {
        let mut repairs = Repairs::default();
        assert!(repairs.poisoned(Lane::Urgent, 7), "the first that hears of it");
        assert!(!repairs.poisoned(Lane::Main, 7), "the other one waits");
        assert!(repairs.poisoned(Lane::Main, 8), "for this entry alone");
        assert_eq!(repairs.begin(Lane::Urgent), Some(Step::Reseal(Lane::Urgent, 7)), "sealed anew");
        assert!(!repairs.poisoned(Lane::Main, 7), "while it is");
        repairs.done(Lane::Urgent);
        assert!(repairs.poisoned(Lane::Main, 7), "and not after");
    }
}
