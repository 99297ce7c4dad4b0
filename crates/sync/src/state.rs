//! What the status bar shows.

use chrono::{DateTime, Utc};

use crate::Failure;
use crate::plan::Halt;

/// How workstation and server stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// The workstation is none of a fleet.
    NotEnrolled,
    /// Nothing was heard of the server since the start.
    Connecting,
    /// The last call went well.
    Connected,
    /// The server is not there or does not work, or the vault does not.
    Offline {
        /// Since when.
        since: DateTime<Utc>,
        /// Why.
        why: Failure,
    },
    /// The server does not accept this workstation, or this workstation does not accept what the server says.
    Refused {
        /// Why.
        why: Failure,
    },
    /// Entries are sent no more until an administrator acts.
    Conflict(Halt),
}

/// The state of the sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncState {
    /// How workstation and server stand.
    pub link: Link,
    /// Entries that no receipt covers.
    pub waiting: u64,
    /// When the oldest of them was written.
    pub oldest: Option<DateTime<Utc>>,
    /// When the newest receipt came.
    pub last_receipt: Option<DateTime<Utc>>,
    /// Urgent entries that were not delivered.
    pub urgent: u64,
    /// Entries in quarantine.
    pub quarantined: u64,
    /// Entries that the server confirmed and lost, first and last.
    pub lost: Option<(u64, u64)>,
    /// Seconds that this workstation's clock is ahead of the server's.
    pub clock_ahead: Option<i64>,
    /// When the workstation's certificate ends.
    pub certificate_expires: Option<DateTime<Utc>>,
}

impl SyncState {
    /// Before anything is known.
    pub(crate) const fn unknown() -> Self {
        Self {
            link: Link::Connecting,
            waiting: 0,
            oldest: None,
            last_receipt: None,
            urgent: 0,
            quarantined: 0,
            lost: None,
            clock_ahead: None,
            certificate_expires: None,
        }
    }
}

impl Link {
    /// After a call went well.
    pub(crate) fn connected(&mut self) {
        *self = Self::Connected;
    }

    /// After one failed.
    pub(crate) fn failed(&mut self, why: &Failure, now: DateTime<Utc>) {
        let since = match self {
            Self::Offline { since, .. } => *since,
            Self::NotEnrolled | Self::Connecting | Self::Connected | Self::Refused { .. } | Self::Conflict(_) => now,
        };
        *self = match why {
            Failure::Identity | Failure::Unusable | Failure::Forged | Failure::Untrusted(_) => {
                Self::Refused { why: why.clone() }
            }
            // The server works, and what is to be done about these the plan knows.
            Failure::Refused(_) | Failure::TooLarge | Failure::Busy(_) => Self::Connected,
            Failure::Outbox
            | Failure::Unreachable
            | Failure::Proxy(_)
            | Failure::TimedOut
            | Failure::Cut
            | Failure::Status(_)
            | Failure::Malformed
            | Failure::TooLong => Self::Offline { since, why: why.clone() },
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offline_counts_from_the_first_failure() {
        let at = |second: u32| format!("2026-11-29T10:00:{second:02}Z").parse::<DateTime<Utc>>().unwrap();
        let mut link = Link::Connected;
        link.failed(&Failure::Cut, at(1));
        link.failed(&Failure::Unreachable, at(2));
        assert_eq!(link, Link::Offline { since: at(1), why: Failure::Unreachable }, "since the first, why the last");
        link.connected();
        link.failed(&Failure::Cut, at(3));
        assert_eq!(link, Link::Offline { since: at(3), why: Failure::Cut }, "a new absence");
    }

    #[test]
    fn a_server_that_is_not_ours_is_no_outage() {
        let mut link = Link::Connected;
        link.failed(&Failure::Identity, DateTime::UNIX_EPOCH);
        assert_eq!(link, Link::Refused { why: Failure::Identity }, "somebody has to act");
    }
}
