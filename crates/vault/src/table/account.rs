//! Closing and opening a user's account, with what it means for the keys.

use rusqlite::params;
use vigil_model::UserId;
use vigil_policy::Interaction;

use super::group::{self, GroupKey};
use super::{grant, rights, user};
use crate::error::ResultExt as _;
use crate::slot::Owner;
use crate::{Tx, UserKeys, UserRecord, VaultError};

impl Tx<'_> {
    /// Closes an account: it signs in no more, its session ends at its next request, and every group key that it held is
    /// replaced, so that what it kept opens nothing that is written from now on. All of it or nothing.
    ///
    /// Demographics and identifiers that lie under the former directory key are sealed anew afterwards, in the steps of
    /// [`Tx::directory_reseal`].
    ///
    /// # Errors
    /// [`VaultError::Invalid`] for oneself, for a user who is not there or whose account is closed;
    /// [`VaultError::KeysMissing`] when `from` holds no authority.
    pub fn user_disable(&mut self, user: UserId, from: &UserKeys) -> Result<UserRecord, VaultError> {
        self.may(&[Interaction::UserDisable])?;
        if user == from.user {
            return Err(VaultError::Invalid("nobody closes their own account; ask another administrator"));
        }
        let record = user::by_id(self.sql, user)?.ok_or(VaultError::Invalid("there is no such user"))?;
        if record.disabled {
            return Err(VaultError::Invalid("this account is closed already"));
        }
        let held = self.granted_to(user)?;
        self.set_disabled(user, true)?;
        grant::revoke_all(self.sql, Owner { device: self.vault.device, user })?;
        let mut about = format!("user={user}");
        for key in held {
            let version = self.replace_group_key(key, from)?;
            about.push_str(&format!(" rotated={}/{version}", key.id()));
        }
        // Also where nothing was held: the session has to notice.
        group::changed(self.sql)?;
        self.about(about);
        user::by_id(self.sql, user)?.ok_or(VaultError::Invalid("there is no such user"))
    }

    /// Opens a closed account: the password is the one that it had, the group keys are those of today.
    ///
    /// # Errors
    /// As [`Tx::user_disable`].
    pub fn user_enable(&mut self, user: UserId, from: &UserKeys) -> Result<UserRecord, VaultError> {
        self.may(&[Interaction::UserEnable])?;
        let record = user::by_id(self.sql, user)?.ok_or(VaultError::Invalid("there is no such user"))?;
        if !record.disabled {
            return Err(VaultError::Invalid("this account is open already"));
        }
        // Looked at while it is still as it was vouched for.
        user::receiver(self.sql, self.vault, user).inspect_err(|error| self.integrity_failure(error))?;
        self.set_disabled(user, false)?;
        let receiver = user::receiver(self.sql, self.vault, user)?;
        self.used_group_key(GroupKey::Authority)?;
        grant::grant_by_role(self.sql, &receiver, from)?;
        self.about(format!("user={user}"));
        user::by_id(self.sql, user)?.ok_or(VaultError::Invalid("there is no such user"))
    }

    fn set_disabled(&self, user: UserId, disabled: bool) -> Result<(), VaultError> {
        self.sql
            .execute("UPDATE user SET disabled = ?2 WHERE id = ?1", params![user.to_string(), disabled])
            .doing("closing or opening an account")?;
        rights::changed(self.sql, user)?;
        user::vouch(self.sql, self.vault, user)
    }

    /// The group keys that a user holds, whatever the role says today. The authority key comes last: the others are sealed
    /// under it.
    pub(super) fn granted_to(&self, user: UserId) -> Result<Vec<GroupKey>, VaultError> {
        let held: Vec<String> = self
            .sql
            .prepare("SELECT key FROM user_grant WHERE user = ?1")
            .and_then(|mut statement| statement.query_map([user.to_string()], |row| row.get(0))?.collect())
            .doing("reading what a user holds")?;
        let mut keys: Vec<GroupKey> =
            GroupKey::ALL.into_iter().filter(|key| held.iter().any(|held| held == key.id())).collect();
        keys.sort_by_key(|key| *key == GroupKey::Authority);
        Ok(keys)
    }
}
