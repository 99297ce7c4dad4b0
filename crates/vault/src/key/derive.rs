//! Randomness, HKDF-SHA-256 and HMAC-SHA-256.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::Secret;
use crate::VaultError;

/// Random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| VaultError::Cryptography("random bytes"))?;
    Ok(bytes)
}

/// HKDF-SHA-256 without salt; `label` keeps the outputs of one input apart.
pub(crate) fn derive(input: &[u8], label: &str) -> Result<Secret, VaultError> {
    let mut out = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, input)
        .expand(label.as_bytes(), out.as_mut_slice())
        .map_err(|_| VaultError::Cryptography("deriving a key"))?;
    Ok(out)
}

/// A keyed HMAC-SHA-256; the key block is hashed once.
pub(crate) struct Mac(Hmac<Sha256>);

impl Mac {
    pub(crate) fn new(key: &Secret) -> Result<Self, VaultError> {
        Hmac::new_from_slice(key.as_slice()).map(Self).map_err(|_| VaultError::Cryptography("an HMAC key"))
    }

    /// The code over `parts`, each preceded by its length, so that moving a boundary changes it.
    pub(crate) fn over(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

/// One HMAC-SHA-256 over `parts`.
pub(crate) fn hmac(key: &Secret, parts: &[&[u8]]) -> Result<[u8; 32], VaultError> {
    Ok(Mac::new(key)?.over(parts))
}

/// Compares without telling by time where two codes differ.
pub(crate) fn tokens_differ(left: &[u8], right: &[u8]) -> bool {
    left.len() != right.len() || left.iter().zip(right).fold(0, |seen, (a, b)| seen | (a ^ b)) != 0
}
