//! What was said of an episode already, so that what is added to it is what is new.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::timeline::Micros;
use crate::EventId;
use crate::judge::Evidence;

/// The most episodes.
const EPISODES_MOST: usize = 512;
/// The most entries of all episodes together.
const ENTRIES_MOST: usize = 65_536;

/// What the last finding of an episode named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Said {
    at: Micros,
    entries: BTreeSet<EventId>,
}

/// By the keys of the episodes. Of one that had to be forgotten everything is said again, which adds nothing to what is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Known {
    episodes: BTreeMap<String, Said>,
}

impl Known {
    /// Of `evidence`, what the last finding of this episode did not name. From now on all of it is known.
    pub(crate) fn fresh(&mut self, key: &str, at: Micros, evidence: &[Evidence]) -> Vec<Evidence> {
        // What slid out of the window does not come back, so that the last window alone is remembered.
        let entries: BTreeSet<EventId> = evidence.iter().map(|one| one.id).collect();
        let former = self.episodes.insert(key.to_owned(), Said { at, entries }).unwrap_or_default();
        while self.episodes.len() > EPISODES_MOST || (self.episodes.len() > 1 && self.entries() > ENTRIES_MOST) {
            let others = self.episodes.iter().filter(|(other, _)| *other != key);
            let oldest = others.min_by_key(|(_, said)| said.at).map(|(other, _)| other.clone());
            oldest.and_then(|oldest| self.episodes.remove(&oldest));
        }
        evidence.iter().filter(|one| !former.entries.contains(&one.id)).cloned().collect()
    }

    /// Forgets what was last added to before `before`.
    pub(crate) fn forget(&mut self, before: Micros) {
        self.episodes.retain(|_, said| said.at >= before);
    }

    fn entries(&self) -> usize {
        self.episodes.values().map(|said| said.entries.len()).sum()
    }
}
