//! Sorting a report: each access is a rank and a number, 16 bytes, so that a million of them are sorted in memory at once.

use std::cmp::Reverse;
use std::collections::HashMap;

/// Accesses with what they are sorted by.
#[derive(Default)]
pub(super) struct Order {
    /// The rank, or the group whose text decides, and the number of the entry.
    rows: Vec<(u64, u32)>,
    groups: HashMap<u64, u32>,
    /// What each group is sorted by.
    texts: Vec<String>,
}

impl Order {
    /// An access that is sorted by a number.
    pub(super) fn push_ranked(&mut self, rank: u64, seq: u32) {
        self.rows.push((rank, seq));
    }

    /// An access that is sorted by a text; accesses with the same `key` have the same text, which is made once.
    pub(super) fn push_grouped(&mut self, key: u64, seq: u32, text: impl FnOnce() -> String) {
        let group = *self.groups.entry(key).or_insert_with(|| {
            self.texts.push(text());
            u32::try_from(self.texts.len().saturating_sub(1)).unwrap_or(u32::MAX)
        });
        self.rows.push((u64::from(group), seq));
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The numbers of one page. What is alike stands in the order of the log, or against it.
    pub(super) fn page(mut self, descending: bool, offset: usize, most: usize) -> Vec<u64> {
        if !self.texts.is_empty() {
            let ranks = ranks(&self.texts);
            for (rank, _) in &mut self.rows {
                let place = usize::try_from(*rank).unwrap_or(usize::MAX);
                *rank = ranks.get(place).copied().unwrap_or(u64::MAX);
            }
        }
        if descending {
            self.rows.sort_unstable_by_key(|row| Reverse(*row));
        } else {
            self.rows.sort_unstable();
        }
        self.rows.iter().skip(offset).take(most).map(|(_, seq)| u64::from(*seq)).collect()
    }
}

/// The place of each text among all; equal texts have equal places.
fn ranks(texts: &[String]) -> Vec<u64> {
    let mut sorted: Vec<&String> = texts.iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let place = |text: &String| sorted.binary_search(&text).unwrap_or(usize::MAX);
    texts.iter().map(|text| u64::try_from(place(text)).unwrap_or(u64::MAX)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_decide_and_equal_ones_stand_in_the_order_of_the_log() {
        let filled = || {
            let mut order = Order::default();
            for (seq, text) in [(1, "b"), (2, "a"), (3, "b"), (4, "c")] {
                // Two keys with one text are one rank.
                order.push_grouped(u64::from(seq), seq, || text.to_owned());
            }
            order
        };
        assert_eq!(filled().page(false, 0, 10), [2, 1, 3, 4], "ascending");
        assert_eq!(filled().page(true, 0, 10), [4, 3, 1, 2], "descending turns everything round");
        assert_eq!(filled().page(false, 1, 2), [1, 3], "one page of it");
        assert_eq!(filled().page(false, 9, 2), Vec::<u64>::new(), "behind the end is nothing");
    }
}
