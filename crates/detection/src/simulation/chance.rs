//! Dice that fall the same way for the same seed on every machine.

use oorandom::Rand64;

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

    /// True so many times in a thousand.
    pub(super) fn in_1000(&mut self, times: u32) -> bool {
        self.0.rand_range(0..1_000) < u64::from(times)
    }

    /// True so many times in a hundred thousand.
    pub(super) fn in_100_000(&mut self, times: u32) -> bool {
        self.0.rand_range(0..100_000) < u64::from(times)
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn whole(&mut self, low: u32, high: u32) -> u32 {
        let range = u64::from(low)..u64::from(high.max(low)) + 1;
        u32::try_from(self.0.rand_range(range)).unwrap_or(low)
    }

    /// One of them; `None`: there is none.
    pub(super) fn pick<T: Copy>(&mut self, items: &[T]) -> Option<T> {
        let last = u32::try_from(items.len().checked_sub(1)?).ok()?;
        items.get(usize::try_from(self.whole(0, last)).ok()?).copied()
    }

    /// 128 bits, for an id.
    pub(super) fn bits(&mut self) -> u128 {
        (u128::from(self.0.rand_u64()) << 64) | u128::from(self.0.rand_u64())
    }
}
