//! `recovery_key`: the authority key, sealed to the organisation recovery key; and who must choose a new password.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};
use vigil_model::UserId;
use vigil_policy::Interaction;

use super::group::GroupKey;
use super::{grant, setting, time};
use crate::device::DeviceSecrets;
use crate::error::ResultExt as _;
use crate::key::{PublicKey, Secret, UserKeys, tokens_differ};
use crate::slot::Owner;
use crate::{RecoveryKey, RecoveryState, Tx, Vault, VaultError, header, recovery};

const DECLINED: &str = "recovery-key-declined";

impl Tx<'_> {
    /// Makes `key` the organisation recovery key: from now on it opens this device's secrets and gives administrators new
    /// passwords. A key that was there before opens neither this device nor later backups any more.
    ///
    /// # Errors
    /// [`VaultError::KeysMissing`] when `from` holds no authority; or writing fails.
    pub fn recovery_key_put(&mut self, key: &RecoveryKey, from: &UserKeys) -> Result<(), VaultError> {
        self.may(&[Interaction::RecoveryKeyCreate])?;
        let device = self.vault.device;
        let owner = Owner { device, user: from.user };
        let authority = grant::authority(self.sql, owner, &from.private)?;
        self.used_group_key(GroupKey::Authority)?;
        let (_, public) = key.pair();
        let doing = "writing the recovery key's public half";
        self.sql.execute("DELETE FROM recovery_key", []).doing(doing)?;
        let sealed = seal_authority(self.vault, &public, &authority)?;
        self.sql
            .execute("INSERT INTO recovery_key VALUES (1, ?1, ?2, ?3)", params![public.to_bytes(), sealed, self.now()])
            .doing(doing)?;
        setting::remove(self.sql, DECLINED)?;
        // The file goes first. Were the commit to fail after it, the two would disagree, and that is shown as a recovery
        // key that has to be made again; the other order could lose the escrow of a key that the log says was made.
        let before = self.vault.secrets.lock_recovery().replace(public.to_bytes());
        let written = header::replace(&self.vault.dir, device, &self.vault.secrets, &*self.vault.custodian);
        if written.is_err() {
            *self.vault.secrets.lock_recovery() = before;
        }
        self.about(format!("key={}", recovery::fingerprint(&public.to_bytes())));
        written
    }

    /// Remembers that the workstation goes on without a recovery key.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit; or the database fails.
    pub fn recovery_key_decline(&mut self) -> Result<(), VaultError> {
        self.may(&[Interaction::RecoveryKeyDecline])?;
        setting::put(self.sql, DECLINED, "yes")
    }
}

/// Where this workstation stands with its recovery key.
pub(crate) fn state(sql: &Connection, dir: &Path) -> Result<RecoveryState, VaultError> {
    let row: Option<(Vec<u8>, i64)> = sql
        .query_row("SELECT public_key, made_at FROM recovery_key", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
        .doing("reading the recovery key's public half")?;
    // Another process may have made a new one: the file is looked at, not what was read at the start.
    let header = header::read(dir).ok();
    Ok(match row {
        Some((public, made_at)) if header.is_some_and(|header| header.is_escrowed_to(&public)) => {
            RecoveryState::Made { fingerprint: recovery::fingerprint(&public), at: time(made_at) }
        }
        Some(_) => RecoveryState::Broken,
        None if setting::has(sql, DECLINED)? => RecoveryState::Declined,
        None => RecoveryState::Missing,
    })
}

/// The authority key, opened with the recovery key.
pub(super) fn authority(sql: &Connection, vault: &Vault, key: &RecoveryKey) -> Result<Secret, VaultError> {
    let sealed: Option<Vec<u8>> = sql
        .query_row("SELECT authority FROM recovery_key", [], |row| row.get(0))
        .optional()
        .doing("reading the recovery key's copy of the authority key")?;
    let sealed = sealed.ok_or(VaultError::Invalid("this workstation was set up without a recovery key"))?;
    let (private, _) = key.pair();
    private
        .open(&authority_place(vault), &sealed)
        .map_err(|_| VaultError::Invalid("this is not the recovery key of this workstation; look for another paper"))
}

/// Seals a new version of the authority key for the paper that this device's secrets are sealed to; without one, nothing.
///
/// The copy in the database only says which paper that was: the one inside the custodian's seal counts, and another process
/// may have made a new one since this program read it.
pub(super) fn renew(sql: &Connection, vault: &Vault, authority: &Secret) -> Result<(), VaultError> {
    let doing = "sealing the authority key for the recovery key";
    let row: Option<Vec<u8>> =
        sql.query_row("SELECT public_key FROM recovery_key", [], |row| row.get(0)).optional().doing(doing)?;
    let Some(public) = row else { return Ok(()) };
    if vault.secrets.recovery().is_none_or(|known| tokens_differ(&known, &public)) {
        let unread =
            |_| VaultError::Invalid("device.json could not be read; verify the audit log and restore the backup");
        let header = header::read(&vault.dir).map_err(unread)?;
        let sealed = DeviceSecrets::unseal(&header, &*vault.custodian);
        let known = sealed.ok().and_then(|secrets| secrets.recovery());
        if known.is_none_or(|known| tokens_differ(&known, &public)) {
            return Err(VaultError::Tampered("recovery_key"));
        }
    }
    let sealed = seal_authority(vault, &PublicKey::from_bytes(&public)?, authority)?;
    sql.execute("UPDATE recovery_key SET authority = ?1", [sealed]).doing(doing)?;
    Ok(())
}

fn seal_authority(vault: &Vault, public: &PublicKey, authority: &Secret) -> Result<Vec<u8>, VaultError> {
    public.seal(&authority_place(vault), authority)
}

fn authority_place(vault: &Vault) -> String {
    format!("vigil/recovery/authority/v1|{}", vault.device)
}

/// Notes that `user` must choose another password.
pub(super) fn require_new_password(sql: &Connection, user: UserId, at: i64) -> Result<(), VaultError> {
    sql.execute("INSERT OR REPLACE INTO password_reset VALUES (?1, ?2)", params![user.to_string(), at])
        .doing("noting a reset password")?;
    Ok(())
}

/// Whether `user` must choose another password before anything else.
pub(crate) fn must_choose_password(sql: &Connection, user: UserId) -> Result<bool, VaultError> {
    sql.query_row("SELECT EXISTS (SELECT 1 FROM password_reset WHERE user = ?1)", [user.to_string()], |row| row.get(0))
        .doing("looking for a reset password")
}

/// The user has chosen another password.
pub(super) fn password_chosen(sql: &Connection, user: UserId) -> Result<(), VaultError> {
    sql.execute("DELETE FROM password_reset WHERE user = ?1", [user.to_string()]).doing("noting a chosen password")?;
    Ok(())
}
