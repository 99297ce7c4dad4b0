//! Accounts that are suspended on this workstation, and what was usual before.

use chrono::{DateTime, Utc};
use vigil_model::{PatientId, Role, UserId};
use vigil_policy::unusual::{Hour, Past, Usual};

use crate::{Undecodable, Vault, VaultError, table};

/// One suspension.
pub struct Suspension {
    /// Its number on this workstation.
    pub id: u32,
    /// Whose account.
    pub user: UserId,
    /// Their name, if the user is known here.
    pub user_display: Option<String>,
    /// Since when.
    pub at: DateTime<Utc>,
    /// The server's incident, where the whole fleet suspended it; `hour` and `usual` say nothing then.
    pub incident: Option<u64>,
    /// What was done within the hour.
    pub hour: Hour,
    /// What had been usual.
    pub usual: Usual,
    /// Different patients whose chart was opened in each of the hours before, oldest first; the last one ends at `at`.
    pub hours_before: Vec<u32>,
    /// Who lifted it, and why.
    pub lift: Option<SuspensionLift>,
}

/// The suspension that an account is under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandingSuspension {
    /// Since when.
    pub since: DateTime<Utc>,
    /// The server's incident, where the whole fleet suspended it; `hour` and `usual` say nothing then.
    pub incident: Option<u64>,
    /// What was done within the hour.
    pub hour: Hour,
    /// What had been usual.
    pub usual: Usual,
}

/// The end of a suspension.
pub struct SuspensionLift {
    /// Who; `None`: the server, where somebody at its desk lifted it.
    pub by: Option<UserId>,
    /// Their name, if the user is known here.
    pub by_display: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// In their own words.
    pub reason: Result<String, Undecodable>,
}

impl Vault {
    /// What was usual around this hour of the week in the last eight weeks: for this user, and for their role here. Counts
    /// from the index over the audit log, so that no permit is asked for.
    ///
    /// # Errors
    /// When the database fails.
    pub fn usual_access(&self, user: UserId, role: Role, now: DateTime<Utc>) -> Result<(Past, Past), VaultError> {
        table::usual::past(&self.lock(), user, role, now)
    }

    /// The patients whose chart this user opened since `from` and since their last suspension was lifted, with the time of
    /// the last opening; also those that the log has later than now, for the clock may have been set back.
    ///
    /// # Errors
    /// When the database fails.
    pub fn recently_opened(
        &self,
        user: UserId,
        role: Role,
        from: DateTime<Utc>,
    ) -> Result<Vec<(PatientId, DateTime<Utc>)>, VaultError> {
        table::usual::recent(&self.lock(), user, role, from)
    }

    /// When and over what this user's account was suspended here, if it is.
    ///
    /// # Errors
    /// When the database fails.
    pub fn suspension_of(&self, user: UserId) -> Result<Option<StandingSuspension>, VaultError> {
        table::suspension::of(&self.lock(), user)
    }

    /// How many accounts are suspended here.
    ///
    /// # Errors
    /// When the database fails.
    pub fn suspended_count(&self) -> Result<u32, VaultError> {
        table::suspension::count(&self.lock())
    }
}
