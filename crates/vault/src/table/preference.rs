//! `user_preference`: how each user likes the screen.
//!
//! It is nobody's health, but it is the user's own: it lies sealed under a key from the user's private key, bound to device and user.

use rusqlite::{OptionalExtension as _, params};
use vigil_model::{DeviceId, UserId};
use vigil_policy::{Interaction, Principal};
use zeroize::Zeroizing;

use crate::error::ResultExt as _;
use crate::key::{Kek, Secret, derive};
use crate::{Tx, UserKeys, VaultError};

/// So many bytes a user's preferences have at most.
const LONGEST: usize = 4_096;

impl Tx<'_> {
    /// What the user whose keys these are has chosen, as it was put; none where nothing was chosen, and where it was sealed under a key that
    /// the user no longer has.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] for a permit that names somebody else; or the database fails.
    pub fn preferences(&self) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let keys = self.chooser()?;
        let sealed: Option<Vec<u8>> = self
            .sql
            .prepare_cached("SELECT sealed FROM user_preference WHERE user = ?1")
            .and_then(|mut statement| statement.query_row([keys.user.to_string()], |row| row.get(0)).optional())
            .doing("reading preferences")?;
        let kek = Kek::new(&key(keys)?);
        Ok(sealed.and_then(|sealed| kek.open(&place(self.vault.device, keys.user), &sealed).ok()))
    }

    /// Takes what the user has chosen in place of what was chosen before.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit; [`VaultError::Invalid`] for more than 4,096 bytes; or the database fails.
    pub fn preferences_put(&mut self, chosen: &[u8]) -> Result<(), VaultError> {
        self.may(&[Interaction::PreferenceUpdate])?;
        let keys = self.chooser()?;
        if chosen.len() > LONGEST {
            return Err(VaultError::Invalid("preferences have at most 4,096 bytes"));
        }
        let sealed = Kek::new(&key(keys)?).seal(&place(self.vault.device, keys.user), chosen)?;
        self.sql
            .execute("INSERT OR REPLACE INTO user_preference VALUES (?1, ?2)", params![keys.user.to_string(), sealed])
            .doing("storing preferences")?;
        Ok(())
    }
}

impl<'a> Tx<'a> {
    /// The keys of the user whom the permit names.
    fn chooser(&self) -> Result<&'a UserKeys, VaultError> {
        let keys = self.keys.ok_or(VaultError::KeysMissing)?;
        self.covered(matches!(self.permit.principal(), Principal::User { id, .. } if *id == keys.user))?;
        Ok(keys)
    }
}

fn key(keys: &UserKeys) -> Result<Secret, VaultError> {
    derive(keys.private.to_secret().as_slice(), "vigil/preference/seal/v1")
}

/// **Do not modify**: preferences are bound to this text.
fn place(device: DeviceId, user: UserId) -> String {
    format!("vigil/preference/v1|{device}|{user}")
}
