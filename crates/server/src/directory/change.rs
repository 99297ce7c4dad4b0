//! Changes of the directory, from the command line. Each makes a new version and an entry in the server's own audit log.

use argon2::{Algorithm, Argon2, Params, Version};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use vigil_audit::{Agent, Kind, Outcome};
use vigil_model::fhir::reference;
use vigil_model::wire::{DirectoryTeam, DirectoryUser};
use vigil_model::{Role, TeamId, UserId};
use zeroize::Zeroizing;

use crate::custody::{CustodyError, random};
use crate::installation::Installation;
use crate::key_authority::{self, KeyError};
use crate::kind;
use crate::store::directory as store;
use crate::store::{DirectorySettings, StoreError, Tx, UserProof};

/// What a password is stretched with (OWASP, Argon2id, second choice: 19 MiB would be the least).
pub(crate) const MEMORY: u32 = 64 * 1024;
pub(crate) const PASSES: u32 = 3;
pub(crate) const LANES: u32 = 1;
/// Letters and digits that nobody takes for one another.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz123456789";
/// 32 possibilities each: 80 bits.
const PASSWORD: usize = 16;
/// The groups that a care group, or break-glass, is called by.
pub(crate) const BREAK_GLASS: &str = "break-glass";
pub(crate) const CARE_GROUP: &str = "care-group/";
/// The care group of whoever opens charts.
const GENERAL: &str = "general";

/// Why the directory was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The custodian.
    #[error(transparent)]
    Custody(#[from] CustodyError),
    /// The groups' keys.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// There is one already.
    #[error("there is a user named {0} already")]
    NameTaken(String),
    /// There is none.
    #[error("there is no user named {0}")]
    NoUser(String),
    /// There is none.
    #[error("there is no team named {0}")]
    NoTeam(String),
    /// A group is named in one of two ways.
    #[error("{0} is no group: break-glass, or care-group/ and a name")]
    NoGroup(String),
    /// A name has a form.
    #[error("a user name has 1 to 64 letters, digits, dots, hyphens or underscores")]
    Name,
    /// A reference has a form and a type.
    #[error("{0} is no reference to {1}, such as {2}/abc or {2}?identifier=system|value")]
    Reference(String, &'static str, &'static str),
}

/// A new user.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// What is typed.
    pub username: String,
    /// What people read.
    pub display_name: String,
    /// What the user is.
    pub role: Role,
    /// Who the user is in the charts.
    pub practitioner: Option<String>,
}

/// What a change led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The version of the directory that has it.
    pub version: u64,
}

/// Adds a user; the answer holds the first password, which nobody can read again.
///
/// # Errors
/// [`ChangeError`]
pub async fn add_user(installation: &Installation, new: NewUser) -> Result<(UserId, Zeroizing<String>), ChangeError> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    if new.username.is_empty() || new.username.len() > 64 || !new.username.bytes().all(fits) {
        return Err(ChangeError::Name);
    }
    let kinds = ["Practitioner", "PractitionerRole"];
    let practitioner = normalised(new.practitioner, "a practitioner", &kinds)?;
    let mut tx = installation.store.begin().await?;
    if store::user_named(&mut tx, &new.username).await?.is_some() {
        return Err(ChangeError::NameTaken(new.username));
    }
    let user = DirectoryUser {
        id: UserId::from_uuid(Uuid::now_v7()),
        username: store::folded(&new.username),
        display_name: new.display_name,
        role: new.role,
        disabled: false,
        practitioner,
        care_groups: if treats(new.role) { vec![GENERAL.to_owned()] } else { Vec::new() },
        break_glass: breaks_glass(new.role),
        suspended: None,
    };
    store::put_user(&mut tx, &user).await?;
    let password = set_password(installation, &mut tx, user.id).await?;
    finish(installation, tx, kind::DIRECTORY_UPDATE, format!("user-add user={} role={}", user.id, user.role.code()))
        .await?;
    Ok((user.id, password))
}

/// Gives a user a new first password.
///
/// # Errors
/// [`ChangeError`]
pub async fn reset_password(installation: &Installation, username: &str) -> Result<Zeroizing<String>, ChangeError> {
    let mut tx = installation.store.begin().await?;
    let user = named(&mut tx, username).await?;
    let password = set_password(installation, &mut tx, user.id).await?;
    finish(installation, tx, kind::DIRECTORY_UPDATE, format!("password-reset user={}", user.id)).await?;
    Ok(password)
}

/// Closes or opens an account. Closing it gives every group whose key the user held, the directory's with it, a new one on every log.
///
/// # Errors
/// [`ChangeError`]
pub async fn disable(installation: &Installation, username: &str, disabled: bool) -> Result<Changed, ChangeError> {
    let mut tx = installation.store.begin().await?;
    let mut user = named(&mut tx, username).await?;
    // Closed before, the user has held nothing since.
    let closes = disabled && !user.disabled;
    user.disabled = disabled;
    store::put_user(&mut tx, &user).await?;
    if closes {
        for group in key_authority::held_by(&user) {
            rotated(installation, &mut tx, &group).await?;
        }
    }
    let what = if disabled { "user-disable" } else { "user-enable" };
    finish(installation, tx, kind::DIRECTORY_UPDATE, format!("{what} user={}", user.id)).await
}

/// Gives a user another role, and the groups that go with it: what the new role does not hold is taken, and gets a new key on every log;
/// what it holds and the former one did not is given.
///
/// # Errors
/// [`ChangeError`]
pub async fn set_role(installation: &Installation, username: &str, role: Role) -> Result<Changed, ChangeError> {
    let mut tx = installation.store.begin().await?;
    let mut user = named(&mut tx, username).await?;
    let (former, before) = (user.role, key_authority::held_by(&user));
    user.role = role;
    if !treats(role) {
        user.care_groups.clear();
    } else if !treats(former) && !user.care_groups.iter().any(|held| held == GENERAL) {
        user.care_groups.push(GENERAL.to_owned());
    }
    user.break_glass = breaks_glass(role) && (user.break_glass || !breaks_glass(former));
    store::put_user(&mut tx, &user).await?;
    let after = key_authority::held_by(&user);
    // A closed account holds nothing.
    for group in before.iter().filter(|group| !user.disabled && !after.contains(group)) {
        rotated(installation, &mut tx, group).await?;
    }
    finish(installation, tx, kind::DIRECTORY_UPDATE, format!("user-role user={} role={}", user.id, role.code())).await
}

/// Lets a user hold a group's key.
///
/// # Errors
/// [`ChangeError`]
pub async fn grant(installation: &Installation, username: &str, group: &str) -> Result<Changed, ChangeError> {
    let mut tx = installation.store.begin().await?;
    let mut user = named(&mut tx, username).await?;
    match member(group)? {
        Group::BreakGlass => user.break_glass = true,
        Group::Care(name) => {
            if !user.care_groups.iter().any(|held| held == name) {
                user.care_groups.push(name.to_owned());
            }
        }
    }
    store::put_user(&mut tx, &user).await?;
    finish(installation, tx, kind::DIRECTORY_UPDATE, format!("group-grant user={} group={group}", user.id)).await
}

/// Takes a group's key from a user: the group gets a new one on every log.
///
/// # Errors
/// [`ChangeError`]
pub async fn revoke(installation: &Installation, username: &str, group: &str) -> Result<Changed, ChangeError> {
    let mut tx = installation.store.begin().await?;
    let mut user = named(&mut tx, username).await?;
    match member(group)? {
        Group::BreakGlass => user.break_glass = false,
        Group::Care(name) => user.care_groups.retain(|held| held != name),
    }
    store::put_user(&mut tx, &user).await?;
    rotated(installation, &mut tx, group).await?;
    finish(installation, tx, kind::DIRECTORY_UPDATE, format!("group-revoke user={} group={group}", user.id)).await
}

/// Gives a group a new key on every log that has one; on how many. Workstations get it at the next sign-in.
///
/// # Errors
/// [`ChangeError`]
pub async fn rotate_group(installation: &Installation, group: &str) -> Result<usize, ChangeError> {
    member(group)?;
    let mut tx = installation.store.begin().await?;
    let logs = rotated(installation, &mut tx, group).await?;
    tx.commit().await?;
    Ok(logs)
}

async fn rotated(installation: &Installation, tx: &mut Tx, group: &str) -> Result<usize, ChangeError> {
    let logs = key_authority::rotate(installation, tx, group).await?;
    let reason = format!("group={group} logs={logs}");
    installation.record(tx, kind::GROUP_KEY_ROTATE, Outcome::Success, Agent::Operator, reason, None).await?;
    Ok(logs)
}

/// Makes or changes a team; its members by user name.
///
/// # Errors
/// [`ChangeError`]
pub async fn put_team(
    installation: &Installation,
    name: &str,
    reference: Option<String>,
    members: &[String],
) -> Result<TeamId, ChangeError> {
    let kinds = ["CareTeam", "Organization", "Location"];
    let reference = normalised(reference, "a care team, an organisation or a location", &kinds)?;
    let mut tx = installation.store.begin().await?;
    let known = store::teams(&mut tx).await?.into_iter().find(|team| team.name == name);
    let mut ids = Vec::new();
    for member in members {
        ids.push(named(&mut tx, member).await?.id);
    }
    let id = known.as_ref().map_or_else(|| TeamId::from_uuid(Uuid::now_v7()), |team| team.id);
    let reference = reference.or(known.and_then(|team| team.reference));
    store::put_team(&mut tx, &DirectoryTeam { id, name: name.to_owned(), reference, members: ids }).await?;
    finish(installation, tx, kind::DIRECTORY_UPDATE, format!("team-put team={id}")).await?;
    Ok(id)
}

/// Dissolves a team.
///
/// # Errors
/// [`ChangeError`]
pub async fn remove_team(installation: &Installation, name: &str) -> Result<Changed, ChangeError> {
    let mut tx = installation.store.begin().await?;
    let team = store::teams(&mut tx).await?.into_iter().find(|team| team.name == name);
    let team = team.ok_or_else(|| ChangeError::NoTeam(name.to_owned()))?;
    store::delete_team(&mut tx, team.id).await?;
    finish(installation, tx, kind::DIRECTORY_UPDATE, format!("team-remove team={}", team.id)).await
}

enum Group<'n> {
    BreakGlass,
    Care(&'n str),
}

fn member(group: &str) -> Result<Group<'_>, ChangeError> {
    match group.strip_prefix(CARE_GROUP) {
        Some(name) if !name.is_empty() => Ok(Group::Care(name)),
        None if group == BREAK_GLASS => Ok(Group::BreakGlass),
        _ => Err(ChangeError::NoGroup(group.to_owned())),
    }
}

/// Whoever opens charts.
const fn treats(role: Role) -> bool {
    matches!(role, Role::Physician | Role::Nurse | Role::Pharmacist)
}

/// Who may break the glass unless the directory says otherwise.
const fn breaks_glass(role: Role) -> bool {
    matches!(role, Role::Physician | Role::Nurse)
}

/// A reference as the workstations compare it.
fn normalised(text: Option<String>, what: &'static str, kinds: &[&'static str]) -> Result<Option<String>, ChangeError> {
    let Some(text) = text else { return Ok(None) };
    match reference::normalised(&text).filter(|it| kinds.contains(&reference::kind(it))) {
        Some(normalised) => Ok(Some(normalised)),
        None => Err(ChangeError::Reference(text, what, kinds.first().copied().unwrap_or_default())),
    }
}

async fn named(tx: &mut Tx, username: &str) -> Result<DirectoryUser, ChangeError> {
    store::user_named(tx, username).await?.ok_or_else(|| ChangeError::NoUser(username.to_owned()))
}

async fn finish(installation: &Installation, mut tx: Tx, kind: Kind, reason: String) -> Result<Changed, ChangeError> {
    let version = DirectorySettings::advance(&mut tx).await?;
    let reason = format!("{reason} version={version}");
    installation.record(&mut tx, kind, Outcome::Success, Agent::Operator, reason, None).await?;
    tx.commit().await?;
    Ok(Changed { version })
}

/// A first password: 80 bits, in groups of four.
async fn set_password(
    installation: &Installation,
    tx: &mut Tx,
    user: UserId,
) -> Result<Zeroizing<String>, ChangeError> {
    let drawn = random::<PASSWORD>()?;
    let mut password = Zeroizing::new(String::with_capacity(PASSWORD + 3));
    for (place, byte) in drawn.iter().enumerate() {
        if place > 0 && place % 4 == 0 {
            password.push('-');
        }
        let letter = ALPHABET.get(usize::from(byte % 32)).copied().unwrap_or(b'a');
        password.push(char::from(letter));
    }
    let salt = random::<16>()?;
    let stretched = {
        let (password, salt) = (password.clone(), salt.clone());
        tokio::task::spawn_blocking(move || stretched(password.as_bytes(), salt.as_slice())).await
    };
    let proof = stretched.map_err(|_| CustodyError::Cryptography("stretching a password"))??;
    let hash = Sha256::digest(proof.as_slice()).to_vec();
    let changed = installation.now().timestamp_micros();
    let (memory, passes, lanes) = (MEMORY, PASSES, LANES);
    UserProof { salt: salt.to_vec(), memory, passes, lanes, hash, due: true, changed }.put(tx, user).await?;
    Ok(password)
}

/// The proof that a password makes (Argon2id).
fn stretched(password: &[u8], salt: &[u8]) -> Result<Zeroizing<[u8; 32]>, CustodyError> {
    let failed = |_| CustodyError::Cryptography("stretching a password");
    let params = Params::new(MEMORY, PASSES, LANES, Some(32)).map_err(failed)?;
    let mut proof = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password, salt, proof.as_mut_slice())
        .map_err(failed)?;
    Ok(proof)
}
