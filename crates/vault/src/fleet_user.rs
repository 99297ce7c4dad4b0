//! Users whom the server's directory names: their first sign-in on this workstation, and what the directory says of them later.
//!
//! The server is the authority of a fleet: it grants the group keys, and no administrator of a workstation does.

use vigil_model::wire::{GroupKeySealed, SignInChallenge};
use vigil_model::{Sensitive, TeamId, UserId};
use zeroize::Zeroizing;

use crate::key::{PrivateKey, PublicKey, Secret};
use crate::slot::argon2id;
use crate::table::group::GroupKey;
use crate::{KdfCost, Vault, VaultError, table};

/// Key pairs of a user who is about to be one of this workstation: the server seals the group keys to their public halves. Wiped when
/// dropped.
pub struct ArrivingUser {
    pub(crate) private: PrivateKey,
    pub(crate) public: PublicKey,
    pub(crate) emergency_private: PrivateKey,
    pub(crate) emergency_public: PublicKey,
}

impl ArrivingUser {
    /// New pairs.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn make() -> Result<Self, VaultError> {
        let (private, public) = PrivateKey::make()?;
        let (emergency_private, emergency_public) = PrivateKey::make()?;
        Ok(Self { private, public, emergency_private, emergency_public })
    }

    /// What the keys of a session are sealed to.
    pub fn public_key(&self) -> [u8; 32] {
        self.public.to_bytes()
    }

    /// What the break-glass key is sealed to.
    pub fn emergency_public_key(&self) -> [u8; 32] {
        self.emergency_public.to_bytes()
    }
}

/// What the server seals a user's group keys to: for a session, and for an emergency.
pub type UserPublicKeys = ([u8; 32], [u8; 32]);

/// What a directory changed here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectoryApplied {
    /// Whose account was closed.
    pub closed: Vec<UserId>,
    /// Whose account was opened again: it gets its keys at its next sign-in with the server.
    pub opened: Vec<UserId>,
    /// Whose role changed.
    pub roles: Vec<UserId>,
    /// Whose account the server suspended.
    pub suspended: Vec<UserId>,
    /// Whose suspension the server lifted.
    pub lifted: Vec<UserId>,
    /// Teams that were made, changed or dissolved, and those of this workstation that gave up their name.
    pub teams: Vec<TeamId>,
}

impl DirectoryApplied {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.closed.is_empty()
            && self.opened.is_empty()
            && self.roles.is_empty()
            && self.teams.is_empty()
            && self.suspended.is_empty()
            && self.lifted.is_empty()
    }
}

impl Vault {
    /// The public keys that the server seals a user's group keys to, session and emergency; `None`: there is no such user here.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] when they were changed outside Vigil; or the database fails.
    pub fn public_keys(&self, user: UserId) -> Result<Option<UserPublicKeys>, VaultError> {
        let sql = self.lock();
        if table::user::by_id(&sql, user)?.is_none() {
            return Ok(None);
        }
        let receiver = table::user::receiver(&sql, self, user)?;
        Ok(Some(receiver.public_keys()))
    }

    /// Whether a user lacks one of the keys that the server granted, so that they have to be taken over.
    ///
    /// # Errors
    /// When the database fails.
    pub fn group_keys_missing(&self, user: UserId, granted: &[GroupKeySealed]) -> Result<bool, VaultError> {
        table::fleet_user::keys_missing(&self.lock(), user, granted)
    }
}

/// The most that a server may have a workstation spend on one proof: KiB, passes, lanes.
const MOST: KdfCost = KdfCost { memory_kib: 1024 * 1024, passes: 16, lanes: 16 };

/// What shows the server that somebody knows a password, which itself stays here: Argon2id as the server's challenge says.
///
/// # Errors
/// [`VaultError::Forged`] for a challenge that nobody would set.
pub fn sign_in_proof(
    password: &Sensitive<String>,
    challenge: &SignInChallenge,
) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    let cost = KdfCost { memory_kib: challenge.memory, passes: challenge.passes, lanes: challenge.lanes };
    if challenge.salt.as_ref().len() != 16 || cost.at_least(MOST) != MOST {
        return Err(VaultError::Forged("a sign-in challenge"));
    }
    argon2id(password, challenge.salt.as_ref(), cost)
}

/// A group's key as the server grants it.
pub(crate) struct Granted {
    pub(crate) group: GroupKey,
    pub(crate) version: u32,
    pub(crate) public: Option<PublicKey>,
    /// As it is stored.
    pub(crate) sealed: Vec<u8>,
    /// Opened, to see that it is one.
    pub(crate) secret: Secret,
}
