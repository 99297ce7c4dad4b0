//! What each user may do here, for a report: the account, the links into the charts, the group keys, and the entry that changed
//! any of it last.

use rusqlite::{OptionalExtension, params};
use vigil_model::UserId;
use vigil_policy::Interaction;

use super::access::parse;
use crate::error::ResultExt as _;
use crate::{RightsRecord, Tx, VaultError};

const REPORTS: &[Interaction] = &[Interaction::AccessRightsRead, Interaction::AccessRightsExport];

impl Tx<'_> {
    /// Every user by name, with what they may do. An account that was changed outside Vigil is told as such, and leaves an
    /// alert.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any permit but that of this report; or the database fails.
    pub fn access_rights(&self) -> Result<Vec<RightsRecord>, VaultError> {
        self.may(REPORTS)?;
        let (mut factors, last_use) = (self.users_factors()?, self.users_last_use()?);
        let mut rights = Vec::new();
        for user in self.users()? {
            let sound = super::user::receiver(self.sql, self.vault, user.id)
                .inspect_err(|error| self.integrity_failure(error))
                .is_ok();
            let teams = match self.affiliation(user.id) {
                Ok(affiliation) => Some(affiliation.teams.into_iter().map(|team| team.name).collect()),
                Err(VaultError::Tampered(_)) => None,
                Err(error) => return Err(error),
            };
            rights.push(RightsRecord {
                factors: factors.remove(&user.id).unwrap_or_default(),
                last_use: last_use.get(&user.id).copied(),
                keys: self.held_versions(user.id)?,
                changed: self.rights_entry(user.id)?,
                teams: teams.filter(|_| sound),
                user,
            });
        }
        Ok(rights)
    }

    /// The group keys that were granted to a user: id and version.
    fn held_versions(&self, user: UserId) -> Result<Vec<String>, VaultError> {
        self.sql
            .prepare_cached("SELECT key || '/' || version FROM user_grant WHERE user = ?1 ORDER BY key")
            .and_then(|mut statement| statement.query_map(params![user.to_string()], |row| row.get(0))?.collect())
            .doing("reading what a user holds")
    }

    /// The entry that changed a user's rights last; `None`: that was before such changes were noted.
    fn rights_entry(&self, user: UserId) -> Result<Option<crate::AccessRecord>, VaultError> {
        let event: Option<Vec<u8>> = self
            .sql
            .prepare_cached(
                "SELECT event FROM user JOIN audit_entry ON audit_entry.seq = user.rights_entry WHERE user.id = ?1",
            )
            .and_then(|mut statement| statement.query_row([user.to_string()], |row| row.get(0)).optional())
            .doing("reading who changed a user's rights")?;
        event.map(|event| self.access(parse(&event)?, None)).transpose()
    }
}
