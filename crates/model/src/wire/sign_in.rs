//! The first sign-in of a user on a workstation, and the keys that the server hands out with it.
//!
//! The password does not leave the workstation: what is sent is a proof that was stretched from it, and the server keeps a hash of
//! that proof.

use serde::{Deserialize, Serialize};

use super::Bytes;
use crate::UserId;

/// A workstation asks how to stretch the password of this name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignInChallengeRequest {
    /// What was typed.
    pub username: String,
}

/// How to stretch it: Argon2id. A name that does not exist has an answer too, and always the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInChallenge {
    /// 16 bytes.
    pub salt: Bytes,
    /// KiB.
    pub memory: u32,
    /// Passes.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

/// The proof, and the public keys of the slot that the workstation has made for this user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignInProof {
    /// What was typed.
    pub username: String,
    /// 32 bytes.
    pub proof: Bytes,
    /// The proof of the password that the user chose in the place of this one, which may have been a first one: 32 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_proof: Option<Bytes>,
    /// X25519, for what a session may hold.
    pub public_key: Bytes,
    /// X25519, for what exists only while the user re-authenticates.
    pub emergency_public_key: Bytes,
}

/// What the directory grants this user on this workstation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInResponse {
    /// Who it is.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub user: UserId,
    /// Whether the password is a first one, to be replaced by one of the user's own before anything is handed out.
    pub password_due: bool,
    /// The keys, of each group every version that the server holds, oldest first: what lies on the workstation may still be under a former
    /// one, and is sealed anew when the next is taken over. Empty while a password is due.
    pub keys: Vec<GroupKeySealed>,
}

/// One version of a group's key, sealed to a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupKeySealed {
    /// `directory`, `care-group/general`, `break-glass`.
    pub group: String,
    /// Its version.
    pub version: u32,
    /// The public half, of key pairs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<Bytes>,
    /// HPKE (X25519, HKDF-SHA-256, AES-256-GCM), single shot: encapsulated key, ciphertext, tag. Info `vigil/grant/v1`, AAD
    /// `<log>|<user>|<group>|<version>`. Empty where the user does not hold the key: the public half alone, for what others read.
    pub sealed: Bytes,
}

/// What the server knows of one group's key without opening it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupKeyHolding {
    /// The group.
    pub group: String,
    /// Its newest version.
    pub version: u32,
}

/// A workstation that was set up alone hands its group keys to the server, which grants them from now on: sealed to the server's
/// key with HPKE, single shot, info `vigil/deposit/v1`, AAD `vigil/deposit/v1|<log>|<group>|<version>`
/// (`vigil_audit::SealPublicKey::seal_deposit`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyDeposit {
    /// The id of the server's key.
    pub key: u32,
    /// The keys.
    pub groups: Vec<GroupKeySealed>,
}
