//! What is usual for everybody, where there is no habit to go by.

use serde::Deserialize;

/// Charts of an hour that are usual where nothing is said.
const USUAL: u32 = 20;

/// The keys of the managed policy about unusual access (ADR 16). None of them switches it off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UnusualAccessPolicy {
    /// Different patients an hour whose chart may be opened without that being more than usual, for anybody, 5 to 40
    /// [default: 20]. Three times as many are allowed before password and second factor are asked for; whoever has a habit of
    /// more, or works among colleagues who have, is judged by that.
    pub usual_charts_per_hour: Option<u32>,
}

impl UnusualAccessPolicy {
    pub(crate) fn usual(&self) -> u32 {
        self.usual_charts_per_hour.unwrap_or(USUAL).clamp(5, 40)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_moves_the_floor_within_bounds_and_never_away() {
        let usual = |usual_charts_per_hour| UnusualAccessPolicy { usual_charts_per_hour }.usual();
        assert_eq!(usual(None), 20, "nothing said");
        assert_eq!((usual(Some(10)), usual(Some(0)), usual(Some(u32::MAX))), (10, 5, 40), "10, 0 and no end");
    }
}
