//! `user_slot`: the same key pairs under another password.

use rusqlite::params;
use vigil_model::Sensitive;
use vigil_policy::{Interaction, Principal};

use super::{recovery, setting, user};
use crate::error::ResultExt as _;
use crate::key::Kek;
use crate::slot::Slot;
use crate::{OwnSlot, Tx, VaultError};

impl Tx<'_> {
    /// Puts the permit's user's key pairs under a new password: a new slot with new keys, the pairs sealed anew. Nothing
    /// that was sealed to the pairs changes, and what the user had to choose is chosen.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] for another user's slot; or what failed.
    pub fn user_password_change(&mut self, own: &OwnSlot, password: &Sensitive<String>) -> Result<(), VaultError> {
        self.may(&[Interaction::UserPasswordChange])?;
        self.covered(matches!(self.permit.principal(), Principal::User { id, .. } if *id == own.owner.user))?;
        let (doing, user) = ("choosing another password", own.owner.user.to_string());
        let (session, emergency): (Vec<u8>, Vec<u8>) = self
            .sql
            .query_row("SELECT private_key, emergency_private_key FROM user WHERE id = ?1", [&user], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .doing(doing)?;
        let (slot, keys) = Slot::make(own.owner, password, setting::kdf(self.sql)?, &*self.vault.custodian)?;
        let moved = |purpose: &str, old, new, sealed: &[u8]| {
            let place = user::place(own.owner, purpose);
            let private = Kek::new(old).open_key(&place, sealed).map_err(|_| VaultError::Tampered("user"))?;
            Kek::new(new).seal(&place, private.as_slice())
        };
        let session = moved("session", &own.keys.session, &keys.session, &session);
        let session = session.inspect_err(|error| self.integrity_failure(error))?;
        let emergency = moved("emergency", &own.keys.emergency, &keys.emergency, &emergency);
        let emergency = emergency.inspect_err(|error| self.integrity_failure(error))?;
        self.sql
            .execute(
                "UPDATE user SET private_key = ?2, emergency_private_key = ?3 WHERE id = ?1",
                params![user, session, emergency],
            )
            .doing(doing)?;
        self.sql.execute("DELETE FROM user_slot WHERE user = ?1", [&user]).doing(doing)?;
        slot.put(self.sql, own.owner.user, self.now())?;
        recovery::password_chosen(self.sql, own.owner.user)?;
        self.about(format!("user={user} by=user"));
        Ok(())
    }
}
