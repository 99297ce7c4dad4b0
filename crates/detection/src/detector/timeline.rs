//! Things in the order in which they happened, however late they come in.

use serde::{Deserialize, Serialize};

use crate::EventId;

/// Microseconds since 1970, UTC.
pub(crate) type Micros = i64;

/// How many windows are looked at that end after what came in late.
pub(crate) const LATER_ENDS: usize = 64;

/// One thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry<T> {
    /// When it happened.
    pub(crate) at: Micros,
    /// How far the stream was when it came in: what comes in late is kept as long as what comes in at once.
    pub(crate) seen: Micros,
    /// Which entry it is.
    pub(crate) id: EventId,
    /// What it is.
    pub(crate) value: T,
}

/// A bounded list of things by time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Timeline<T> {
    entries: Vec<Entry<T>>,
}

impl<T> Default for Timeline<T> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<T> Timeline<T> {
    /// Adds one; the oldest goes when there are more than `most`.
    pub(crate) fn insert(&mut self, entry: Entry<T>, most: usize) {
        let place = self.entries.partition_point(|other| (other.at, other.id) <= (entry.at, entry.id));
        self.entries.insert(place, entry);
        if self.entries.len() > most {
            self.entries.remove(0);
        }
    }

    /// What happened later than `after` and no later than `until`.
    pub(crate) fn within(&self, after: Micros, until: Micros) -> &[Entry<T>] {
        let from = self.entries.partition_point(|entry| entry.at <= after);
        let to = self.entries.partition_point(|entry| entry.at <= until);
        self.entries.get(from..to).unwrap_or_default()
    }

    /// The same, to be changed.
    pub(crate) fn within_mut(&mut self, after: Micros, until: Micros) -> &mut [Entry<T>] {
        let from = self.entries.partition_point(|entry| entry.at <= after);
        let to = self.entries.partition_point(|entry| entry.at <= until);
        self.entries.get_mut(from..to).unwrap_or_default()
    }

    /// The ends of the windows of this length that `at` is in: its own, and those of what is known already to be later, the
    /// next [`LATER_ENDS`] of it.
    pub(crate) fn ends(&self, at: Micros, length: Micros) -> impl Iterator<Item = Micros> {
        let later = self.within(at, at.saturating_add(length).saturating_sub(1));
        std::iter::once(at).chain(later.iter().take(LATER_ENDS).map(|entry| entry.at))
    }

    /// When the last thing happened.
    pub(crate) fn newest(&self) -> Micros {
        self.entries.last().map_or(Micros::MIN, |entry| entry.at)
    }

    /// Forgets what happened, and came in, before `before`.
    pub(crate) fn forget(&mut self, before: Micros) {
        self.entries.retain(|entry| entry.at.max(entry.seen) >= before);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
