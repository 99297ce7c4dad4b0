//! The keys of groups: held for each log, wrapped under the master key, sealed to a user when the directory grants them.

use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeS, Serializable, single_shot_seal};
use vigil_model::DeviceId;
use vigil_model::wire::{DirectoryUser, GroupKeyHolding, GroupKeySealed, KeyDeposit};
use zeroize::Zeroizing;

use crate::custody::{CustodyError, Purpose, random};
use crate::directory::{BREAK_GLASS, CARE_GROUP};
use crate::installation::Installation;
use crate::store::{GroupKey, StoreError, Tx};

/// The group whose key opens demographics and what belongs to no patient; everybody holds it.
const DIRECTORY: &str = "directory";
/// **Do not modify**: workstations open what was sealed under these.
const GRANT: &[u8] = b"vigil/grant/v1";
/// The most keys that one workstation hands in.
const MOST: usize = 256;

/// Why a key was not handed out or taken in.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The custodian.
    #[error(transparent)]
    Custody(#[from] CustodyError),
    /// A public key is none, or what was handed in does not open.
    #[error("a key that was sent is none")]
    Malformed,
    /// It contradicts what is held.
    #[error("another key is held under this version")]
    Conflict,
}

/// The public keys of a user on a workstation.
pub(crate) struct UserKeys<'k> {
    /// For what a session may hold.
    pub(crate) session: &'k [u8],
    /// For what exists only while the user re-authenticates.
    pub(crate) emergency: &'k [u8],
}

/// What the directory grants `user` on this log, sealed; of other groups the public halves, for whoever writes what they read. Where the
/// log has no keys yet, they are made; whether that was so.
pub(crate) async fn grants(
    installation: &Installation,
    tx: &mut Tx,
    log: DeviceId,
    user: &DirectoryUser,
    keys: &UserKeys<'_>,
) -> Result<(Vec<GroupKeySealed>, bool), KeyError> {
    let held = GroupKey::of_log(tx, log).await?;
    let mut made = false;
    for group in [DIRECTORY, "care-group/general", BREAK_GLASS] {
        if !held.iter().any(|key| key.name == group) {
            make(installation, tx, log, group, 1).await?;
            made = true;
        }
    }
    let mut sealed = Vec::new();
    for key in GroupKey::of_log(tx, log).await? {
        if !is_granted(user, &key.name) {
            if let Some(public) = key.public {
                let public = Some(public.into());
                sealed.push(GroupKeySealed {
                    group: key.name,
                    version: key.version,
                    public,
                    sealed: Vec::new().into(),
                });
            }
            continue;
        }
        let to = if key.name == BREAK_GLASS { keys.emergency } else { keys.session };
        let secret = unwrapped(installation, &key)?;
        let bound_to = format!("{log}|{}|{}|{}", user.id, key.name, key.version);
        let sealed_key = seal(to, &bound_to, &secret)?;
        let public = key.public.map(Into::into);
        sealed.push(GroupKeySealed { group: key.name, version: key.version, public, sealed: sealed_key.into() });
    }
    Ok((sealed, made))
}

/// Takes in the keys of a workstation that was set up alone. The same again changes nothing.
pub(crate) async fn deposit(
    installation: &Installation,
    tx: &mut Tx,
    log: DeviceId,
    deposit: &KeyDeposit,
) -> Result<usize, KeyError> {
    if deposit.groups.len() > MOST {
        return Err(KeyError::Malformed);
    }
    let held = GroupKey::of_log(tx, log).await?;
    let mut taken = 0;
    for group in &deposit.groups {
        let known_name = group.group == DIRECTORY || group.group == BREAK_GLASS || group.group.starts_with(CARE_GROUP);
        if !known_name || group.group.len() > 128 || group.version == 0 {
            return Err(KeyError::Malformed);
        }
        let opener = installation.keyring.opener(deposit.key).ok_or(KeyError::Malformed)?;
        let secret = opener
            .open_deposit(log, &group.group, group.version, group.sealed.as_ref())
            .map_err(|_| KeyError::Malformed)?;
        if !is_key(secret.as_slice(), group.public.as_ref().map(AsRef::as_ref)) {
            return Err(KeyError::Malformed);
        }
        let same = held.iter().find(|key| key.name == group.group && key.version == group.version);
        if let Some(key) = same {
            if crate::custody::same(&unwrapped(installation, key)?, secret.as_slice()) {
                continue;
            }
            return Err(KeyError::Conflict);
        }
        let public = group.public.as_ref().map(|public| public.0.clone());
        keep(installation, tx, log, &group.group, group.version, public, secret.as_slice()).await?;
        taken += 1;
    }
    Ok(taken)
}

/// The newest version of each group's key of this log.
pub(crate) async fn holdings(tx: &mut Tx, log: DeviceId) -> Result<Vec<GroupKeyHolding>, StoreError> {
    let mut newest = Vec::<GroupKeyHolding>::new();
    // Oldest first, by name.
    for key in GroupKey::of_log(tx, log).await? {
        match newest.last_mut().filter(|held| held.group == key.name) {
            Some(held) => held.version = key.version,
            None => newest.push(GroupKeyHolding { group: key.name, version: key.version }),
        }
    }
    Ok(newest)
}

/// The next version of a group's key on every log that has one; on how many.
pub(crate) async fn rotate(installation: &Installation, tx: &mut Tx, group: &str) -> Result<usize, KeyError> {
    let newest = GroupKey::newest(tx, group).await?;
    for key in &newest {
        make(installation, tx, key.log, group, key.version.saturating_add(1)).await?;
    }
    Ok(newest.len())
}

/// Demographics are for everybody: whoever sees no patient still finds users and writes what others read.
fn is_granted(user: &DirectoryUser, group: &str) -> bool {
    match group.strip_prefix(CARE_GROUP) {
        Some(name) => user.care_groups.iter().any(|held| held == name),
        None if group == BREAK_GLASS => user.break_glass,
        None => group == DIRECTORY,
    }
}

/// The groups whose keys the directory grants this user.
pub(crate) fn held_by(user: &DirectoryUser) -> Vec<String> {
    let care = user.care_groups.iter().map(|name| format!("{CARE_GROUP}{name}"));
    let emergency = user.break_glass.then(|| BREAK_GLASS.to_owned());
    std::iter::once(DIRECTORY.to_owned()).chain(care).chain(emergency).collect()
}

async fn make(
    installation: &Installation,
    tx: &mut Tx,
    log: DeviceId,
    group: &str,
    version: u32,
) -> Result<(), KeyError> {
    let seed = random::<32>()?;
    if group == DIRECTORY {
        return keep(installation, tx, log, group, version, None, seed.as_slice()).await;
    }
    let (private, public) = X25519HkdfSha256::derive_keypair(seed.as_slice());
    let private = Zeroizing::new(private.to_bytes().to_vec());
    keep(installation, tx, log, group, version, Some(public.to_bytes().to_vec()), &private).await
}

async fn keep(
    installation: &Installation,
    tx: &mut Tx,
    log: DeviceId,
    group: &str,
    version: u32,
    public: Option<Vec<u8>>,
    secret: &[u8],
) -> Result<(), KeyError> {
    let wrapped = installation.master.wrap(Purpose::GroupKeys, &place(log, group, version), secret)?;
    let made = installation.now().timestamp_micros();
    GroupKey { log, name: group.to_owned(), version, public, wrapped, made }.insert(tx).await?;
    Ok(())
}

fn unwrapped(installation: &Installation, key: &GroupKey) -> Result<Zeroizing<Vec<u8>>, CustodyError> {
    installation.master.unwrap(Purpose::GroupKeys, &place(key.log, &key.name, key.version), &key.wrapped)
}

pub(crate) fn place(log: DeviceId, group: &str, version: u32) -> String {
    format!("{log}|{group}|{version}")
}

/// Whether 32 bytes are a key, and belong to this public half where there is one.
fn is_key(secret: &[u8], public: Option<&[u8]>) -> bool {
    let Some(public) = public else { return secret.len() == 32 };
    let private = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(secret);
    private.is_ok_and(|private| X25519HkdfSha256::sk_to_pk(&private).to_bytes().as_slice() == public)
}

/// `encapsulated key | ciphertext | tag`.
fn seal(to: &[u8], bound_to: &str, secret: &[u8]) -> Result<Vec<u8>, KeyError> {
    let to = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(to).map_err(|_| KeyError::Malformed)?;
    let (encapsulated, ciphertext) = single_shot_seal::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &to,
        GRANT,
        secret,
        bound_to.as_bytes(),
    )
    .map_err(|_| KeyError::Malformed)?;
    Ok([encapsulated.to_bytes().as_slice(), &ciphertext].concat())
}
