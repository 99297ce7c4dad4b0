//! `group_key` and `former_key`: the groups' keys in their versions.
//!
//! The newest version of each lies here sealed under the authority key. A former version of the directory key lies sealed
//! under the version after it, so that whoever is granted the newest reads what was sealed before; of a key pair nothing
//! former is kept, for what was sealed to it is sealed anew when it is replaced.

use rusqlite::{Connection, params};
use vigil_model::DeviceId;

use crate::device::DeviceSecrets;
use crate::error::ResultExt as _;
use crate::key::{DirectoryKey, Kek, PublicKey, Secret, derive, hmac, tokens_differ};
use crate::{Vault, VaultError};

const READING: &str = "reading a group key";
const WRITING: &str = "writing a group key";

/// A key that several users hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GroupKey {
    /// Opens the others for granting; symmetric; administrators hold it.
    Authority,
    /// Demographics and what belongs to no patient; symmetric.
    Directory,
    /// The care group that every treating user belongs to; a key pair.
    CareGroup,
    /// Every patient, restricted or not; a key pair.
    BreakGlass,
}

impl GroupKey {
    /// Each of them.
    pub const ALL: [Self; 4] = [Self::Authority, Self::Directory, Self::CareGroup, Self::BreakGlass];

    /// The id in tables, in the log and on the command line.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Authority => "authority",
            Self::Directory => "directory",
            Self::CareGroup => "care-group/general",
            Self::BreakGlass => "break-glass",
        }
    }

    /// The key with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.id() == id)
    }
}

/// Puts in the first version of a key.
pub(super) fn insert(
    sql: &Connection,
    vault: &Vault,
    key: GroupKey,
    public: Option<&PublicKey>,
    held: &[u8],
    at: i64,
) -> Result<(), VaultError> {
    put(sql, vault, key, 1, public, held, at)
}

/// Puts in the version of a key that the server granted first. Nobody here holds an authority over it.
pub(super) fn insert_version(
    sql: &Connection,
    vault: &Vault,
    key: GroupKey,
    version: u32,
    public: Option<&PublicKey>,
    at: i64,
) -> Result<(), VaultError> {
    put(sql, vault, key, version, public, &[], at)
}

fn put(
    sql: &Connection,
    vault: &Vault,
    key: GroupKey,
    version: u32,
    public: Option<&PublicKey>,
    held: &[u8],
    at: i64,
) -> Result<(), VaultError> {
    let public = public.map(PublicKey::to_bytes);
    let mac = public.map(|public| public_mac(&vault.secrets, vault.device, key, version, &public)).transpose()?;
    sql.execute(
        "INSERT INTO group_key (id, public_key, public_mac, held, version, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![key.id(), public, mac, held, version, at],
    )
    .doing("making group keys")?;
    Ok(())
}

/// Puts version `version` in the place of the one before it, of which `kept` is what stays.
pub(super) fn replace(
    sql: &Connection,
    vault: &Vault,
    key: GroupKey,
    version: u32,
    new: (Option<&PublicKey>, &[u8]),
    kept: Option<&[u8]>,
    at: i64,
) -> Result<(), VaultError> {
    let destroyed = kept.is_none().then_some(at);
    sql.execute(
        "INSERT INTO former_key SELECT id, version, made_at, ?2, ?3, ?4 FROM group_key WHERE id = ?1",
        params![key.id(), at, destroyed, kept],
    )
    .doing(WRITING)?;
    let public = new.0.map(PublicKey::to_bytes);
    let mac = public.map(|public| public_mac(&vault.secrets, vault.device, key, version, &public)).transpose()?;
    sql.execute(
        "UPDATE group_key SET public_key = ?2, public_mac = ?3, held = ?4, version = ?5, made_at = ?6 WHERE id = ?1",
        params![key.id(), public, mac, new.1, version, at],
    )
    .doing(WRITING)?;
    Ok(())
}

/// The version that seals now.
pub(crate) fn version(sql: &Connection, key: GroupKey) -> Result<u32, VaultError> {
    sql.prepare_cached("SELECT version FROM group_key WHERE id = ?1")
        .and_then(|mut statement| statement.query_row([key.id()], |row| row.get(0)))
        .doing(READING)
}

/// The newest version of a key, opened with the authority key.
pub(super) fn held(
    sql: &Connection,
    device: DeviceId,
    key: GroupKey,
    authority: &Secret,
) -> Result<(u32, Secret), VaultError> {
    let (version, sealed): (u32, Vec<u8>) = sql
        .query_row("SELECT version, held FROM group_key WHERE id = ?1", [key.id()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .doing(READING)?;
    if key == GroupKey::Authority {
        return Ok((version, authority.clone()));
    }
    let secret = Kek::new(authority).open_key(&held_place(device, key, version), &sealed);
    Ok((version, secret.map_err(|_| VaultError::Tampered("group_key"))?))
}

/// Seals a version of a key under the authority key.
pub(super) fn seal_held(
    device: DeviceId,
    key: GroupKey,
    version: u32,
    secret: &Secret,
    authority: &Secret,
) -> Result<Vec<u8>, VaultError> {
    Kek::new(authority).seal(&held_place(device, key, version), secret.as_slice())
}

/// Seals a former version of a key under the one that replaces it.
pub(super) fn seal_former(
    device: DeviceId,
    key: GroupKey,
    version: u32,
    former: &Secret,
    next: &Secret,
) -> Result<Vec<u8>, VaultError> {
    chain(next)?.seal(&former_place(device, key, version), former.as_slice())
}

/// The directory key in all its versions, from the newest one.
pub(super) fn directory(
    sql: &Connection,
    device: DeviceId,
    version: u32,
    newest: Secret,
) -> Result<DirectoryKey, VaultError> {
    let tampered = || VaultError::Tampered("former_key");
    let mut secrets = vec![newest];
    for former in (1..version).rev() {
        let sealed: Vec<u8> = sql
            .prepare_cached("SELECT sealed FROM former_key WHERE id = ?1 AND version = ?2")
            .and_then(|mut statement| statement.query_row(params![GroupKey::Directory.id(), former], |row| row.get(0)))
            .doing(READING)?;
        let next = secrets.last().ok_or_else(tampered)?;
        let opened = chain(next)?.open_key(&former_place(device, GroupKey::Directory, former), &sealed);
        secrets.push(opened.map_err(|_| tampered())?);
    }
    secrets.reverse();
    let lifting = sql
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM key_rotation WHERE kind = 'directory')")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .doing(READING)?;
    DirectoryKey::new(&secrets, if lifting { 1 } else { version })
}

/// The public half of a group key pair and its version. Its authentication code keeps somebody with the database key alone
/// from putting a key of their own there and reading what is written from then on.
pub(super) fn public_key(
    sql: &Connection,
    secrets: &DeviceSecrets,
    device: DeviceId,
    key: GroupKey,
) -> Result<(u32, PublicKey), VaultError> {
    let (version, bytes, mac): (u32, Vec<u8>, Vec<u8>) = sql
        .prepare_cached("SELECT version, public_key, public_mac FROM group_key WHERE id = ?1")
        .and_then(|mut statement| statement.query_row([key.id()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))))
        .doing(READING)?;
    if tokens_differ(&mac, &public_mac(secrets, device, key, version, &bytes)?) {
        return Err(VaultError::Tampered("group_key"));
    }
    Ok((version, PublicKey::from_bytes(&bytes)?))
}

/// How often the keys of the workstation have changed.
pub(crate) fn epoch(sql: &Connection) -> Result<i64, VaultError> {
    sql.prepare_cached("SELECT epoch FROM key_epoch")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .doing("looking whether keys have changed")
}

/// Every session looks at its keys again.
pub(super) fn changed(sql: &Connection) -> Result<(), VaultError> {
    sql.execute("UPDATE key_epoch SET epoch = epoch + 1", []).doing("noting that keys have changed")?;
    Ok(())
}

/// **Do not modify**: public halves in databases carry it. The first version is older than versions are.
fn public_mac(
    secrets: &DeviceSecrets,
    device: DeviceId,
    key: GroupKey,
    version: u32,
    public: &[u8],
) -> Result<[u8; 32], VaultError> {
    let (device, id) = (device.as_uuid().as_bytes(), key.id().as_bytes());
    if version == 1 {
        return hmac(&secrets.head_key, &[b"vigil/group-key/public/v1", device, id, public]);
    }
    hmac(&secrets.head_key, &[b"vigil/group-key/public/v2", device, id, &version.to_be_bytes(), public])
}

fn chain(next: &Secret) -> Result<Kek, VaultError> {
    Ok(Kek::new(&derive(next.as_slice(), "vigil/group-key/former/v1")?))
}

/// **Do not modify**: group keys are bound to this text.
fn held_place(device: DeviceId, key: GroupKey, version: u32) -> String {
    format!("vigil/group-key/v1|{device}|{}|{version}", key.id())
}

/// **Do not modify**: former keys are bound to this text.
fn former_place(device: DeviceId, key: GroupKey, version: u32) -> String {
    format!("vigil/group-key/former/v1|{device}|{}|{version}", key.id())
}
