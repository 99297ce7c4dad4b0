//! `user_grant`: who holds which group key.
//!
//! A user gets a group key by having it sealed (HPKE) to the user's public key, the break-glass key to the emergency one.
//! The authority key, which opens the others for granting, is granted to administrators only.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use vigil_model::Role;
use zeroize::Zeroizing;

use super::group::{self, GroupKey};
use crate::error::ResultExt as _;
use crate::key::{GroupKeys, PrivateKey, PublicKey, Secret, UserKeys, random};
use crate::slot::Owner;
use crate::{Vault, VaultError};

/// Who is granted something.
pub(crate) struct Receiver {
    pub(super) owner: Owner,
    pub(crate) role: Role,
    pub(super) public: PublicKey,
    pub(super) emergency_public: PublicKey,
}

impl Receiver {
    /// What keys of a session are sealed to, and what the break-glass key is sealed to.
    pub(crate) fn public_keys(&self) -> ([u8; 32], [u8; 32]) {
        (self.public.to_bytes(), self.emergency_public.to_bytes())
    }
}

/// The group keys of a role.
pub(super) const fn keys_of(role: Role) -> &'static [GroupKey] {
    match role {
        Role::Physician | Role::Nurse | Role::Pharmacist => {
            &[GroupKey::Directory, GroupKey::CareGroup, GroupKey::BreakGlass]
        }
        Role::FrontDesk | Role::Billing => &[GroupKey::Directory, GroupKey::CareGroup],
        Role::PrivacyOfficer => &[GroupKey::Directory],
        Role::Administrator => &[GroupKey::Directory, GroupKey::Authority],
    }
}

/// Makes every group key, with the first administrator as authority.
pub(super) fn make_groups(sql: &Connection, vault: &Vault, first: &Receiver, at: i64) -> Result<(), VaultError> {
    let device = vault.device;
    let authority: Secret = Zeroizing::new(random()?);
    let directory: Secret = Zeroizing::new(random()?);
    let (general, general_public) = PrivateKey::make()?;
    let (break_glass, break_glass_public) = PrivateKey::make()?;
    let keep = |key, public: Option<&PublicKey>, secret: &Secret| {
        group::insert(sql, vault, key, public, &group::seal_held(device, key, 1, secret, &authority)?, at)
    };
    group::insert(sql, vault, GroupKey::Authority, None, &[], at)?;
    keep(GroupKey::Directory, None, &directory)?;
    keep(GroupKey::CareGroup, Some(&general_public), &general.to_secret())?;
    keep(GroupKey::BreakGlass, Some(&break_glass_public), &break_glass.to_secret())?;
    grant_with(sql, first, &authority)
}

/// Grants what `receiver`'s role holds, with the authority of `from`.
pub(super) fn grant_by_role(sql: &Connection, receiver: &Receiver, from: &UserKeys) -> Result<(), VaultError> {
    let granter = Owner { device: receiver.owner.device, user: from.user };
    grant_with(sql, receiver, &authority(sql, granter, &from.private)?)
}

/// The authority key, for somebody to whom it was granted.
pub(super) fn authority(sql: &Connection, owner: Owner, private: &PrivateKey) -> Result<Secret, VaultError> {
    open(sql, owner, GroupKey::Authority, private)?.map(|(_, secret)| secret).ok_or(VaultError::KeysMissing)
}

/// Grants what `receiver`'s role holds, with the authority key in hand.
pub(super) fn grant_with(sql: &Connection, receiver: &Receiver, authority: &Secret) -> Result<(), VaultError> {
    for key in keys_of(receiver.role) {
        let (version, secret) = group::held(sql, receiver.owner.device, *key, authority)?;
        put(sql, receiver, *key, version, &secret)?;
    }
    Ok(())
}

/// What the session of `owner` holds of the groups' keys.
pub(crate) fn group_keys(sql: &Connection, owner: Owner, private: &PrivateKey) -> Result<GroupKeys, VaultError> {
    let epoch = group::epoch(sql)?;
    let directory = open(sql, owner, GroupKey::Directory, private)?
        .map(|(version, secret)| group::directory(sql, owner.device, version, secret).map(Arc::new))
        .transpose()?;
    let general = open(sql, owner, GroupKey::CareGroup, private)?
        .map(|(version, secret)| PrivateKey::from_secret(&secret).map(|key| (version, key)))
        .transpose()?;
    Ok(GroupKeys { epoch, directory, general })
}

/// The private half of the break-glass group, if `owner` may break the glass. It lives for the length of one release.
pub(crate) fn break_glass(
    sql: &Connection,
    owner: Owner,
    emergency: &PrivateKey,
) -> Result<Option<PrivateKey>, VaultError> {
    open(sql, owner, GroupKey::BreakGlass, emergency)?.map(|(_, secret)| PrivateKey::from_secret(&secret)).transpose()
}

/// Takes every group key away from a user: the account is closed, or its own keys are about to be others.
pub(super) fn revoke_all(sql: &Connection, owner: Owner) -> Result<(), VaultError> {
    sql.execute("DELETE FROM user_grant WHERE user = ?1", [owner.user.to_string()]).doing("taking back group keys")?;
    Ok(())
}

/// Takes one group key away from a user: the role that it goes with is no longer theirs.
pub(super) fn revoke(sql: &Connection, owner: Owner, key: GroupKey) -> Result<(), VaultError> {
    sql.execute("DELETE FROM user_grant WHERE user = ?1 AND key = ?2", params![owner.user.to_string(), key.id()])
        .doing("taking back a group key")?;
    Ok(())
}

/// Grants one version of one key in place of what was granted of it before.
pub(super) fn put(
    sql: &Connection,
    receiver: &Receiver,
    key: GroupKey,
    version: u32,
    secret: &Secret,
) -> Result<(), VaultError> {
    let Receiver { owner, public, emergency_public, .. } = receiver;
    let to = if key == GroupKey::BreakGlass { emergency_public } else { public };
    let sealed = to.seal(&place(*owner, key, version), secret)?;
    sql.execute(
        "INSERT OR REPLACE INTO user_grant (user, key, sealed, version) VALUES (?1, ?2, ?3, ?4)",
        params![owner.user.to_string(), key.id(), sealed, version],
    )
    .doing("granting a group key")?;
    Ok(())
}

pub(super) fn open(
    sql: &Connection,
    owner: Owner,
    key: GroupKey,
    private: &PrivateKey,
) -> Result<Option<(u32, Secret)>, VaultError> {
    let granted: Option<(u32, Vec<u8>)> = sql
        .query_row(
            "SELECT version, sealed FROM user_grant WHERE user = ?1 AND key = ?2",
            params![owner.user.to_string(), key.id()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()
        .doing("reading a granted key")?;
    let Some((version, sealed)) = granted else { return Ok(None) };
    let secret = private.open(&place(owner, key, version), &sealed).map_err(|_| VaultError::Tampered("user_grant"))?;
    Ok(Some((version, secret)))
}

/// **Do not modify**: grants are bound to this text.
pub(super) fn place(owner: Owner, key: GroupKey, version: u32) -> String {
    format!("{}|{}|{}|{version}", owner.device, owner.user, key.id())
}
