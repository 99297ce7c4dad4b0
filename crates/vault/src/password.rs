//! Choosing another password of one's own.

use vigil_model::Sensitive;

use crate::slot::{Owner, SlotKeys};
use crate::{Vault, VaultError, table};

/// What a user's own password opened, for the length of one change of it; wiped when dropped.
pub struct OwnSlot {
    pub(crate) owner: Owner,
    pub(crate) keys: SlotKeys,
}

impl Vault {
    /// Opens both keys of a user's slot: one Argon2id run, outside the database lock.
    ///
    /// # Errors
    /// [`VaultError::WrongPassword`], also for a name that nobody has; or what failed.
    pub fn own_slot(&self, username: &str, password: &Sensitive<String>) -> Result<OwnSlot, VaultError> {
        let (user, slot) = {
            let connection = self.lock();
            let user = table::user::by_name(&connection, username)?.filter(|user| !user.disabled);
            let user = user.ok_or(VaultError::WrongPassword)?;
            (user.id, table::user::slot(&connection, user.id)?)
        };
        let owner = Owner { device: self.device, user };
        Ok(OwnSlot { owner, keys: slot.open_both(owner, password, &*self.custodian)? })
    }
}
