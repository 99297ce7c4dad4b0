//! Replacing a group's key by a new version, in one transaction.

use rusqlite::{Connection, params};
use vigil_policy::Interaction;
use zeroize::Zeroizing;

use super::group::{self, GroupKey};
use super::{grant, recovery, setting, tombstone, user, wrapping};
use crate::crash;
use crate::error::ResultExt as _;
use crate::key::{PrivateKey, PublicKey, Secret, random};
use crate::slot::Owner;
use crate::{RotationCause, Tx, UserKeys, VaultError};

/// The setting that asks for a new database key at the next start.
const ASKED: &str = "rotate-database-key";
/// The setting that says since when the keys have to be taken for known to somebody else.
const EXPOSED: &str = "keys-exposed-at";

const NAMED: [GroupKey; 3] = [GroupKey::Directory, GroupKey::CareGroup, GroupKey::BreakGlass];

impl Tx<'_> {
    /// Replaces a group's key by a new version and grants it to everybody whose role holds it and whose account is open.
    /// What was sealed to a key pair is sealed anew at once. What lies under the directory key is sealed anew afterwards,
    /// in the steps of [`Tx::directory_reseal`]; until then both versions open.
    ///
    /// # Errors
    /// [`VaultError::KeysMissing`] when `from` holds no authority; [`VaultError::Tampered`] when somebody changed a public
    /// key in the file; or the database fails. Then nothing is changed.
    pub fn group_key_rotate(
        &mut self,
        key: GroupKey,
        cause: RotationCause,
        from: &UserKeys,
    ) -> Result<u32, VaultError> {
        self.may(&[Interaction::KeyRotate])?;
        let version = self.replace_group_key(key, from)?;
        self.about(format!("key={}/{version} cause={}", key.id(), cause.code()));
        Ok(version)
    }

    /// Asks for a new database key: it is made when the program starts next, before anybody signs in, for nobody else may
    /// have the database open meanwhile.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit; or the database fails.
    pub fn database_key_rotate_at_start(&mut self) -> Result<(), VaultError> {
        self.may(&[Interaction::KeyRotate])?;
        self.about("key=database cause=demand at=next-start".to_owned());
        setting::put(self.sql, ASKED, RotationCause::Demand.code())
    }

    pub(super) fn replace_group_key(&mut self, key: GroupKey, from: &UserKeys) -> Result<u32, VaultError> {
        let device = self.vault.device;
        let authority = grant::authority(self.sql, Owner { device, user: from.user }, &from.private)?;
        self.used_group_key(GroupKey::Authority)?;
        let replaced = self.replaced(key, &authority).inspect_err(|error| self.integrity_failure(error))?;
        group::changed(self.sql)?;
        crash::point("a group key is replaced, nothing is committed");
        Ok(replaced)
    }

    fn replaced(&mut self, key: GroupKey, authority: &Secret) -> Result<u32, VaultError> {
        let (sql, vault, device, at) = (self.sql, self.vault, self.vault.device, self.now());
        let (former_version, former) = group::held(sql, device, key, authority)?;
        let version = former_version.saturating_add(1);
        let held = |secret: &Secret| group::seal_held(device, key, version, secret, authority);
        match key {
            GroupKey::Authority => {
                let fresh: Secret = Zeroizing::new(random()?);
                for named in NAMED {
                    let (version, secret) = group::held(sql, device, named, authority)?;
                    let held = group::seal_held(device, named, version, &secret, &fresh)?;
                    sql.execute("UPDATE group_key SET held = ?2 WHERE id = ?1", params![named.id(), held])
                        .doing("sealing the group keys under the new authority key")?;
                    crash::point("a group key lies under the new authority key");
                }
                group::replace(sql, vault, key, version, (None, &[]), None, at)?;
                recovery::renew(sql, vault, &fresh)?;
                self.grant_to_holders(key, version, &fresh)?;
            }
            GroupKey::Directory => {
                let fresh: Secret = Zeroizing::new(random()?);
                let kept = group::seal_former(device, key, former_version, &former, &fresh)?;
                group::replace(sql, vault, key, version, (None, &held(&fresh)?), Some(&kept), at)?;
                self.grant_to_holders(key, version, &fresh)?;
                self.directory_reseal_begin(version)?;
            }
            GroupKey::CareGroup | GroupKey::BreakGlass => {
                let (private, public): (PrivateKey, PublicKey) = PrivateKey::make()?;
                let secret = private.to_secret();
                group::replace(sql, vault, key, version, (Some(&public), &held(&secret)?), None, at)?;
                crash::point("a key pair is replaced, what was sealed to it is not sealed anew");
                wrapping::reseal_all(sql, key, &PrivateKey::from_secret(&former)?, (version, &public))?;
                self.grant_to_holders(key, version, &secret)?;
                self.fresh.wrapping.remove(key.id());
            }
        }
        Ok(version)
    }

    fn grant_to_holders(&self, key: GroupKey, version: u32, secret: &Secret) -> Result<(), VaultError> {
        for id in user::ids(self.sql, true)? {
            let receiver = user::receiver(self.sql, self.vault, id)?;
            if grant::keys_of(receiver.role).contains(&key) {
                grant::put(self.sql, &receiver, key, version, secret)?;
                crash::point("a new group key is granted to one of its holders");
            }
        }
        Ok(())
    }
}

/// A device that held the keys is lost: the database key is replaced at the next start, every group key that is older at an
/// administrator's next sign-in.
pub(crate) fn exposed(sql: &Connection, at: i64) -> Result<(), VaultError> {
    setting::put(sql, ASKED, RotationCause::Event.code())?;
    setting::put(sql, EXPOSED, &at.to_string())
}

/// The pages that the disk may keep of the old file open no more after the next start.
pub(super) fn database_key_at_start(sql: &Connection) -> Result<(), VaultError> {
    match database_key_asked(sql)? {
        Some(_) => Ok(()),
        None => setting::put(sql, ASKED, RotationCause::Demand.code()),
    }
}

/// Since when the keys have to be taken for known to somebody else, in microseconds since 1970.
pub(crate) fn exposed_at(sql: &Connection) -> Result<Option<i64>, VaultError> {
    let text = setting::find(sql, EXPOSED)?;
    text.map(|text| text.parse().map_err(|_| VaultError::Tampered("setting"))).transpose()
}

/// Why a new database key is asked for, if it is.
pub(crate) fn database_key_asked(sql: &Connection) -> Result<Option<RotationCause>, VaultError> {
    let asked = setting::find(sql, ASKED)?;
    Ok(asked.map(|why| if why == RotationCause::Event.code() { RotationCause::Event } else { RotationCause::Demand }))
}

/// The database key is a new one. Rows without a number of their own may have got another place in the new file, so that a
/// step that counts on them begins again.
pub(crate) fn database_key_done(sql: &Connection) -> Result<(), VaultError> {
    setting::remove(sql, ASKED)?;
    // The new file has no page that keeps a part of what was deleted.
    tombstone::scrubbed(sql)?;
    sql.execute("UPDATE key_rotation SET cursor = x'' WHERE step = 'shared-history'", [])
        .doing("noting that the database key is a new one")?;
    Ok(())
}
