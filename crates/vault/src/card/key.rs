//! The public key of a card, and whether it has signed.

use chrono::{DateTime, Utc};
use p256::ecdsa::signature::Verifier as _;
use rsa::pkcs1v15;
use rsa::traits::PublicKeyParts as _;
use sha2::{Digest, Sha256};
use x509_cert::Certificate;
use x509_cert::der::{Decode as _, Encode as _};
use x509_cert::spki::DecodePublicKey as _;

use super::CardError;
use crate::{Challenge, SignedChallenge};

/// Shorter RSA keys are refused (NIST SP 800-131A).
const SHORTEST_RSA_BITS: u32 = 2048;
/// A name on the screen; certificates may hold any.
const LONGEST_NAME: usize = 80;

/// The public key on a card, with what people tell it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardKey {
    name: String,
    /// SubjectPublicKeyInfo, DER.
    spki: Vec<u8>,
}

/// What kind of key it is, which decides how it signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    Rsa,
    P256,
    P384,
}

impl CardKey {
    /// The key in a card's certificate.
    ///
    /// # Errors
    /// [`CardError::NoUsableKey`] for another kind of key; [`CardError::NotValidNow`].
    pub(super) fn of_certificate(der: &[u8], now: DateTime<Utc>) -> Result<Self, CardError> {
        let certificate = Certificate::from_der(der).map_err(|_| CardError::NoUsableKey)?;
        let body = certificate.tbs_certificate();
        let spki = body.subject_public_key_info().to_der().map_err(|_| CardError::NoUsableKey)?;
        let subject = printable(&body.subject().to_string());
        let key = Self { name: format!("{subject} ({})", fingerprint(&spki)), spki };
        key.algorithm().ok_or(CardError::NoUsableKey)?;
        let (from, until) =
            (body.validity().not_before.to_unix_duration(), body.validity().not_after.to_unix_duration());
        let now = u64::try_from(now.timestamp()).unwrap_or_default();
        if now < from.as_secs() || now > until.as_secs() {
            return Err(CardError::NotValidNow);
        }
        Ok(key)
    }

    /// A key that was registered before.
    pub(crate) fn enrolled(name: String, spki: &[u8]) -> Self {
        Self { name, spki: spki.to_vec() }
    }

    /// What people tell it by: the certificate's subject and the key's fingerprint.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SubjectPublicKeyInfo, DER.
    pub(crate) fn public_key(&self) -> &[u8] {
        &self.spki
    }

    pub(super) fn algorithm(&self) -> Option<Algorithm> {
        if self.rsa().is_some() {
            return Some(Algorithm::Rsa);
        }
        if p256::ecdsa::VerifyingKey::from_public_key_der(&self.spki).is_ok() {
            return Some(Algorithm::P256);
        }
        p384::ecdsa::VerifyingKey::from_public_key_der(&self.spki).is_ok().then_some(Algorithm::P384)
    }

    /// Whether this key signed this challenge.
    pub(crate) fn has_signed(&self, challenge: &Challenge, signed: &SignedChallenge) -> bool {
        if signed.public_key != self.spki {
            return false;
        }
        let (message, signature) = (challenge.message(), signed.signature.as_slice());
        match self.algorithm() {
            None => false,
            Some(Algorithm::Rsa) => {
                let signature = pkcs1v15::Signature::try_from(signature);
                let key = self.rsa().map(pkcs1v15::VerifyingKey::<Sha256>::new);
                matches!((key, signature), (Some(key), Ok(signature)) if key.verify(message, &signature).is_ok())
            }
            Some(Algorithm::P256) => {
                let signature = p256::ecdsa::Signature::from_slice(signature);
                let key = p256::ecdsa::VerifyingKey::from_public_key_der(&self.spki);
                matches!((key, signature), (Ok(key), Ok(signature)) if key.verify(message, &signature).is_ok())
            }
            Some(Algorithm::P384) => {
                let signature = p384::ecdsa::Signature::from_slice(signature);
                let key = p384::ecdsa::VerifyingKey::from_public_key_der(&self.spki);
                matches!((key, signature), (Ok(key), Ok(signature)) if key.verify(message, &signature).is_ok())
            }
        }
    }

    fn rsa(&self) -> Option<rsa::PublicKey> {
        let key = rsa::PublicKey::from_public_key_der(&self.spki).ok()?;
        (key.n().bit_width() >= SHORTEST_RSA_BITS).then_some(key)
    }
}

/// SHA-256 of the public key, its first 8 bytes: enough to tell cards apart on the screen.
fn fingerprint(spki: &[u8]) -> String {
    let digest = Sha256::digest(spki);
    digest.iter().take(8).map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

/// One line without anything that a screen could be fooled with.
fn printable(subject: &str) -> String {
    subject.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect()
}
