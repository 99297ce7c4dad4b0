//! When each user did something last, by the audit log: one step in the index over it for each user, and the few entries that
//! it does not have yet.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use vigil_audit::{Agent, Kind};
use vigil_model::UserId;
use vigil_policy::Interaction;

use super::{access, time};
use crate::error::ResultExt as _;
use crate::{Tx, VaultError};

/// What happens to a session without its user; the statement below names the same.
const BY_ITSELF: [&str; 5] = [
    Kind::SESSION_END.interaction,
    Kind::SESSION_IDLE_LOCK.interaction,
    Kind::SESSION_EXPIRE.interaction,
    Kind::SESSION_REVOKE.interaction,
    Kind::EMERGENCY_ACCESS_STOP.interaction,
];

impl Tx<'_> {
    /// The newest entry of each user who has one, refusals included: whatever it was, somebody was there. What ends by itself,
    /// or because somebody else takes over, counts for nothing.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with a permit that is about no users; or the database fails.
    pub fn users_last_use(&self) -> Result<HashMap<UserId, DateTime<Utc>>, VaultError> {
        self.may(&[Interaction::UserSearch, Interaction::AccessRightsRead, Interaction::AccessRightsExport])?;
        let indexed: Vec<(String, Option<i64>)> = self
            .sql
            .prepare_cached(
                "SELECT user.id, (
                     SELECT at FROM audit_access JOIN audit_word AS what ON what.number = audit_access.interaction
                     WHERE audit_access.user = audit_word.number
                         AND what.word NOT IN ('session-end', 'session-idle-lock', 'session-expire', 'session-revoke', 'emergency-access-stop')
                     ORDER BY at DESC LIMIT 1
                 ) FROM user JOIN audit_word ON audit_word.word = user.id",
            )
            .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .doing("reading when users did something last")?;
        let mut last = HashMap::new();
        for (id, at) in indexed {
            let id = UserId::parse(&id).map_err(|_| VaultError::Tampered("user"))?;
            last.extend(at.map(|at| (id, time(at))));
        }
        for event in access::unindexed(self.sql)? {
            if let Agent::User { id, .. } = event.agent
                && !BY_ITSELF.contains(&event.interaction.as_str())
            {
                let known = last.entry(id).or_insert(event.at);
                *known = event.at.max(*known);
            }
        }
        Ok(last)
    }
}
