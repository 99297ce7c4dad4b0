//! `group_key` and `user_grant`: who holds which group key.
//!
//! Each group key lies here once, sealed under the authority key; the authority key is granted to administrators only. A
//! user gets a group key by having it sealed (HPKE) to the user's public key, the break-glass key to the emergency one.

use rusqlite::{Connection, OptionalExtension, params};
use vigil_model::{DeviceId, Role};
use zeroize::Zeroizing;

use crate::VaultError;
use crate::device::DeviceSecrets;
use crate::error::ResultExt as _;
use crate::key::{DirectoryKey, Kek, PrivateKey, PublicKey, Secret, UserKeys, hmac, random, tokens_differ};
use crate::slot::Owner;

/// Demographics and what belongs to no patient; symmetric.
pub(super) const DIRECTORY: &str = "directory";
/// The care group that every treating user belongs to; a key pair.
pub(super) const GENERAL: &str = "care-group/general";
/// Every patient, restricted or not; a key pair.
pub(super) const BREAK_GLASS: &str = "break-glass";
/// Opens the others for granting; symmetric.
const AUTHORITY: &str = "authority";

/// Who is granted something.
pub(super) struct Receiver {
    pub(super) owner: Owner,
    pub(super) role: Role,
    pub(super) public: PublicKey,
    pub(super) emergency_public: PublicKey,
}

/// The group keys of a role, but for the break-glass key.
const fn session_keys_of(role: Role) -> &'static [&'static str] {
    match role {
        Role::Physician | Role::Nurse | Role::Pharmacist | Role::FrontDesk | Role::Billing => &[DIRECTORY, GENERAL],
        Role::PrivacyOfficer => &[DIRECTORY],
        Role::Administrator => &[DIRECTORY, AUTHORITY],
    }
}

const fn may_break_the_glass(role: Role) -> bool {
    matches!(role, Role::Physician | Role::Nurse | Role::Pharmacist)
}

/// Makes every group key, with the first administrator as authority.
pub(super) fn make_groups(sql: &Connection, secrets: &DeviceSecrets, first: &Receiver) -> Result<(), VaultError> {
    let authority: Secret = Zeroizing::new(random()?);
    let directory: Secret = Zeroizing::new(random()?);
    let (general, general_public) = PrivateKey::make()?;
    let (break_glass, break_glass_public) = PrivateKey::make()?;
    let kek = Kek::new(&authority);
    let keep = |id: &str, public: Option<[u8; 32]>, secret: &Secret| {
        let held = kek.seal(&held_place(first.owner, id), secret.as_slice())?;
        let mac = public.map(|public| public_mac(secrets, first.owner.device, id, &public)).transpose()?;
        sql.execute("INSERT INTO group_key VALUES (?1, ?2, ?3, ?4)", params![id, public, mac, held])
            .doing("making group keys")
    };
    keep(DIRECTORY, None, &directory)?;
    keep(GENERAL, Some(general_public.to_bytes()), &general.to_secret())?;
    keep(BREAK_GLASS, Some(break_glass_public.to_bytes()), &break_glass.to_secret())?;
    put(sql, first.owner, AUTHORITY, &first.public, &authority)?;
    put(sql, first.owner, DIRECTORY, &first.public, &directory)
}

/// Grants what `receiver`'s role holds, with the authority of `from`.
pub(super) fn grant_by_role(sql: &Connection, receiver: &Receiver, from: &UserKeys) -> Result<(), VaultError> {
    let granter = Owner { device: receiver.owner.device, user: from.user };
    grant_with(sql, receiver, &authority(sql, granter, &from.private)?)
}

/// The authority key, for somebody to whom it was granted.
pub(super) fn authority(sql: &Connection, owner: Owner, private: &PrivateKey) -> Result<Secret, VaultError> {
    open(sql, owner, AUTHORITY, private)?.ok_or(VaultError::KeysMissing)
}

/// Grants what `receiver`'s role holds, with the authority key in hand.
pub(super) fn grant_with(sql: &Connection, receiver: &Receiver, authority: &Secret) -> Result<(), VaultError> {
    let kek = Kek::new(authority);
    let held = |id: &str| -> Result<Secret, VaultError> {
        let sealed: Vec<u8> = sql
            .query_row("SELECT held FROM group_key WHERE id = ?1", [id], |row| row.get(0))
            .doing("reading a group key")?;
        kek.open_key(&held_place(receiver.owner, id), &sealed).map_err(|_| VaultError::Tampered("group_key"))
    };
    for id in session_keys_of(receiver.role) {
        let secret = if *id == AUTHORITY { authority.clone() } else { held(id)? };
        put(sql, receiver.owner, id, &receiver.public, &secret)?;
    }
    if may_break_the_glass(receiver.role) {
        put(sql, receiver.owner, BREAK_GLASS, &receiver.emergency_public, &held(BREAK_GLASS)?)?;
    }
    Ok(())
}

/// The directory key, if `owner` holds it.
pub(super) fn directory(
    sql: &Connection,
    owner: Owner,
    private: &PrivateKey,
) -> Result<Option<DirectoryKey>, VaultError> {
    open(sql, owner, DIRECTORY, private)?.map(|secret| DirectoryKey::new(&secret)).transpose()
}

/// The private half of the care group, if `owner` is a member.
pub(super) fn care_group(
    sql: &Connection,
    owner: Owner,
    private: &PrivateKey,
) -> Result<Option<PrivateKey>, VaultError> {
    open(sql, owner, GENERAL, private)?.map(|secret| PrivateKey::from_secret(&secret)).transpose()
}

/// The private half of the break-glass group, if `owner` may break the glass. It lives for the length of one release.
pub(crate) fn break_glass(
    sql: &Connection,
    owner: Owner,
    emergency: &PrivateKey,
) -> Result<Option<PrivateKey>, VaultError> {
    open(sql, owner, BREAK_GLASS, emergency)?.map(|secret| PrivateKey::from_secret(&secret)).transpose()
}

/// The public half of a group key pair. Its authentication code keeps somebody with the database key alone from putting
/// a key of their own there and reading what is written from then on.
pub(super) fn public_key(
    sql: &Connection,
    secrets: &DeviceSecrets,
    device: DeviceId,
    id: &str,
) -> Result<PublicKey, VaultError> {
    let (bytes, mac): (Vec<u8>, Vec<u8>) = sql
        .prepare_cached("SELECT public_key, public_mac FROM group_key WHERE id = ?1")
        .and_then(|mut statement| statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))))
        .doing("reading a group key")?;
    if tokens_differ(&mac, &public_mac(secrets, device, id, &bytes)?) {
        return Err(VaultError::Tampered("group_key"));
    }
    PublicKey::from_bytes(&bytes)
}

fn public_mac(secrets: &DeviceSecrets, device: DeviceId, id: &str, public: &[u8]) -> Result<[u8; 32], VaultError> {
    hmac(&secrets.head_key, &[b"vigil/group-key/public/v1", device.as_uuid().as_bytes(), id.as_bytes(), public])
}

/// Takes every group key away from a user, whose own keys are about to be others.
pub(super) fn revoke_all(sql: &Connection, owner: Owner) -> Result<(), VaultError> {
    sql.execute("DELETE FROM user_grant WHERE user = ?1", [owner.user.to_string()]).doing("taking back group keys")?;
    Ok(())
}

fn put(sql: &Connection, owner: Owner, id: &str, public: &PublicKey, secret: &Secret) -> Result<(), VaultError> {
    let sealed = public.seal(&grant_place(owner, id), secret)?;
    sql.execute("INSERT INTO user_grant VALUES (?1, ?2, ?3)", params![owner.user.to_string(), id, sealed])
        .doing("granting a group key")?;
    Ok(())
}

fn open(sql: &Connection, owner: Owner, id: &str, private: &PrivateKey) -> Result<Option<Secret>, VaultError> {
    let sealed: Option<Vec<u8>> = sql
        .query_row(
            "SELECT sealed FROM user_grant WHERE user = ?1 AND key = ?2",
            params![owner.user.to_string(), id],
            |row| row.get(0),
        )
        .optional()
        .doing("reading a granted key")?;
    sealed
        .map(|sealed| private.open(&grant_place(owner, id), &sealed).map_err(|_| VaultError::Tampered("user_grant")))
        .transpose()
}

fn grant_place(owner: Owner, id: &str) -> String {
    format!("{}|{}|{id}|1", owner.device, owner.user)
}

fn held_place(owner: Owner, id: &str) -> String {
    format!("vigil/group-key/v1|{}|{id}|1", owner.device)
}
