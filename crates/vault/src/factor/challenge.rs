//! What a card, and later a FIDO2 authenticator, signs.

use vigil_model::{DeviceId, UserId};

use crate::VaultError;
use crate::key::random;

/// A fresh challenge. Used up by the check of its answer.
pub struct Challenge {
    pub(crate) user: UserId,
    message: Vec<u8>,
}

impl Challenge {
    /// **Do not modify** without a new `v`: a signature means what this text says.
    pub(crate) fn make(device: DeviceId, user: UserId, purpose: &str) -> Result<Self, VaultError> {
        let nonce = hex::encode(random::<32>()?);
        let message = format!("vigil/factor/challenge/v1|{device}|{user}|{purpose}|{nonce}").into_bytes();
        Ok(Self { user, message })
    }

    /// The bytes to sign.
    pub fn message(&self) -> &[u8] {
        &self.message
    }
}

/// An answer to a challenge.
pub struct SignedChallenge {
    /// The public key that goes with it, as SubjectPublicKeyInfo (DER).
    pub public_key: Vec<u8>,
    /// RSA: PKCS#1 v1.5 with SHA-256. ECDSA: `r || s`, with SHA-256 on P-256 and SHA-384 on P-384.
    pub signature: Vec<u8>,
}
