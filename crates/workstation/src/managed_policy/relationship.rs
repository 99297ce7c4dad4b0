//! How near in time care has to be to count as a treatment relationship.

use chrono::TimeDelta;
use serde::Deserialize;

/// The keys of the managed policy about treatment relationships. The defaults are this project's own: no regulation counts
/// days. A policy may choose within the limits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RelationshipPolicy {
    /// Days after an encounter or appointment during which it still relates, 1 to 365 [default: 90].
    pub relationship_days_after: Option<u32>,
    /// Days before an appointment or a planned encounter from which it relates, 1 to 90 [default: 14].
    pub relationship_days_before: Option<u32>,
}

impl RelationshipPolicy {
    pub(crate) fn after(&self) -> TimeDelta {
        TimeDelta::days(i64::from(self.relationship_days_after.unwrap_or(90).clamp(1, 365)))
    }

    pub(crate) fn before(&self) -> TimeDelta {
        TimeDelta::days(i64::from(self.relationship_days_before.unwrap_or(14).clamp(1, 90)))
    }
}
