//! The share of accesses that something explains.

use std::fmt;
use std::ops::Add;

use serde::{Deserialize, Serialize};

/// How many of the charts that were opened something explains. A chart counts once for each user and hour. What could not be
/// looked for is not explained; entries whose workstation did not say anything about it are in neither number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explained {
    /// Those that something explains.
    pub explained: u64,
    /// All of them.
    pub all: u64,
}

impl Explained {
    /// The share in hundredths of a percent, cut off: never 100 % while one is left. `None`: there was no access.
    pub fn basis_points(self) -> Option<u64> {
        let share = u128::from(self.explained) * 10_000;
        share.checked_div(u128::from(self.all)).and_then(|share| u64::try_from(share).ok())
    }
}

impl Add for Explained {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { explained: self.explained.saturating_add(other.explained), all: self.all.saturating_add(other.all) }
    }
}

/// `96.4 % of 1250`.
impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.basis_points() {
            Some(points) => write!(f, "{}.{} % of {}", points / 100, points % 100 / 10, self.all),
            None => f.write_str("no access"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_is_not_explained_is_never_rounded_away() {
        let words = |explained, all| Explained { explained, all }.to_string();
        assert_eq!(words(99_999, 100_000), "99.9 % of 100000", "cut off, not rounded");
        assert_eq!((words(7, 7), words(0, 0)), ("100.0 % of 7".into(), "no access".into()));
    }
}
