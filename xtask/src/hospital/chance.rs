//! Dice that fall the same way for the same seed on every machine: no operation here depends on the platform's maths library.

use chrono::{Duration, NaiveDate};
use oorandom::Rand64;

/// One stream of dice. Every patient has a stream of their own, so that patient 7 is the same whether 10 or 400 are made.
pub(super) struct Chance(Rand64);

impl Chance {
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut rand = Rand64::new((u128::from(seed) << 64) | u128::from(stream));
        // Neighbouring streams start from neighbouring states: let them part.
        for _ in 0..16 {
            rand.rand_u64();
        }
        Self(rand)
    }

    pub(super) fn happens(&mut self, probability: f64) -> bool {
        self.0.rand_float() < probability
    }

    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.0.rand_float()
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn whole(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low).unwrap_or(0) + 1;
        low + i64::try_from(self.0.rand_range(0..span)).unwrap_or(0)
    }

    /// About normal with mean 0 and deviation 1: twelve uniform numbers, less six.
    pub(super) fn noise(&mut self) -> f64 {
        (0..12).map(|_| self.0.rand_float()).sum::<f64>() - 6.0
    }

    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let last = i64::try_from(items.len()).unwrap_or(1) - 1;
        let at = usize::try_from(self.whole(0, last.max(0))).unwrap_or(0);
        #[expect(clippy::indexing_slicing, reason = "only constant tables are picked from, and none is empty")]
        &items[at]
    }

    /// A day from `first` to `last`, or `first` when they are in the wrong order.
    pub(super) fn day(&mut self, first: NaiveDate, last: NaiveDate) -> NaiveDate {
        first + Duration::days(self.whole(0, (last - first).num_days().max(0)))
    }

    /// A resource id in the form of a version 4 UUID.
    pub(super) fn id(&mut self) -> String {
        let (high, low) = (self.0.rand_u64(), self.0.rand_u64());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | ((low >> 48) & 0x3fff),
            low & 0xffff_ffff_ffff
        )
    }
}
