//! Giving a user's slot a new salt, new keys and today's cost, while the password is at hand.

use rusqlite::params;
use vigil_model::{Moment, Sensitive, UserId};
use vigil_policy::{Interaction, Permit};

use super::{setting, user};
use crate::crash;
use crate::error::ResultExt as _;
use crate::key::Kek;
use crate::slot::{Owner, Slot};
use crate::{KdfCost, Vault, VaultError};

/// When a slot was made and what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotAge {
    /// What Argon2id costs.
    pub cost: KdfCost,
    /// When it was made, in microseconds since 1970.
    pub made_at: i64,
    /// What new slots cost.
    pub today: KdfCost,
}

impl Vault {
    /// How old a user's slot is.
    ///
    /// # Errors
    /// When the database fails.
    pub fn slot_age(&self, user: UserId) -> Result<SlotAge, VaultError> {
        let connection = self.lock();
        let doing = "reading a user's slot";
        let (memory_kib, passes, lanes, made_at) = connection
            .query_row(
                "SELECT memory_kib, passes, lanes, made_at FROM user_slot WHERE user = ?1",
                [user.to_string()],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
            )
            .doing(doing)?;
        Ok(SlotAge { cost: KdfCost { memory_kib, passes, lanes }, made_at, today: setting::kdf(&connection)? })
    }

    /// Puts a new slot in the place of the user's: another salt, other keys, and `cost`, which new slots cost from now on
    /// if it is more than what they did. The password stays, and so do the key pairs, sealed anew.
    ///
    /// Two runs of Argon2id, outside the database lock.
    ///
    /// # Errors
    /// [`VaultError::WrongPassword`]; or what failed. Then the old slot is still there.
    pub fn slot_renew(
        &self,
        permit: Permit,
        owner: UserId,
        password: &Sensitive<String>,
        cost: KdfCost,
        at: Moment,
    ) -> Result<(), VaultError> {
        let owner = Owner { device: self.device, user: owner };
        let (former, cost) = {
            let connection = self.lock();
            (user::slot(&connection, owner.user)?, setting::kdf(&connection)?.at_least(cost))
        };
        let opened = former.open_both(owner, password, &*self.custodian)?;
        let (slot, keys) = Slot::make(owner, password, cost, &*self.custodian)?;
        self.transaction(permit, None, at, |tx| {
            tx.may(&[Interaction::UserSlotRenew])?;
            let doing = "sealing a user's keys anew";
            let (session, emergency): (Vec<u8>, Vec<u8>) = tx
                .sql
                .query_row(
                    "SELECT private_key, emergency_private_key FROM user WHERE id = ?1",
                    [owner.user.to_string()],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .doing(doing)?;
            let again = |former, fresh, purpose: &str, sealed: &[u8]| {
                let place = user::place(owner, purpose);
                let key = Kek::new(former).open_key(&place, sealed).map_err(|_| VaultError::Tampered("user"))?;
                Kek::new(fresh).seal(&place, key.as_slice())
            };
            let session = again(&opened.session, &keys.session, "session", &session)?;
            let emergency = again(&opened.emergency, &keys.emergency, "emergency", &emergency)?;
            tx.sql
                .execute(
                    "UPDATE user SET private_key = ?2, emergency_private_key = ?3 WHERE id = ?1",
                    params![owner.user.to_string(), session, emergency],
                )
                .doing(doing)?;
            crash::point("a user's keys lie under a new slot that is not there yet");
            tx.sql.execute("DELETE FROM user_slot WHERE user = ?1", [owner.user.to_string()]).doing(doing)?;
            slot.put(tx.sql, owner.user, tx.now())?;
            setting::kdf_put(tx.sql, cost)?;
            tx.about(format!("user={} key=slot", owner.user));
            crash::point("a slot is renewed, nothing is committed");
            Ok(())
        })
    }
}
