//! Hybrid logical time (Kulkarni et al., "Logical Physical Clocks", 2014): wall time that never goes back.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// 48 bits of milliseconds since 1970 and 16 bits that count what happened within one of them, or while the wall clock stood
/// behind what was recorded before. As text: 16 hex digits, which sort as the times do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct HybridTime(u64);

impl HybridTime {
    /// From [`Self::bits`].
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// As a number.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The time of the next event: the wall clock's where that is ahead, else one more than the last.
    #[must_use]
    pub fn next(self, wall: DateTime<Utc>) -> Self {
        let wall = u64::try_from(wall.timestamp_millis()).unwrap_or(0) << 16;
        Self(wall.max(self.0.saturating_add(1)))
    }

    /// Milliseconds since 1970.
    pub const fn millis(self) -> u64 {
        self.0 >> 16
    }
}

impl fmt::Display for HybridTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Serialize for HybridTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HybridTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16).map(Self).map_err(|_| D::Error::custom("a hybrid time has 16 hex digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_never_goes_back_when_the_wall_clock_does() {
        let wall = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let first = HybridTime::default().next(wall("2026-11-29T10:00:00Z"));
        let same = first.next(wall("2026-11-29T10:00:00Z"));
        let back = same.next(wall("2025-11-29T10:00:00Z"));
        let ahead = back.next(wall("2026-11-29T10:00:01Z"));
        assert!(first < same && same < back && back < ahead, "{first} {same} {back} {ahead}");
        assert_eq!(ahead.millis() - first.millis(), 1_000, "and follows it when it is ahead");
    }
}
