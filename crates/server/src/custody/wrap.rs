//! AES-256-GCM, HKDF and HMAC under derived keys.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{CustodyError, Secret, random};

const NONCE: usize = 12;

/// HKDF-SHA-256 without salt; `label` keeps the outputs of one input apart.
pub(super) fn derive(input: &Secret, label: &str) -> Result<Secret, CustodyError> {
    let mut out = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, input.as_slice())
        .expand(label.as_bytes(), out.as_mut_slice())
        .map_err(|_| CustodyError::Cryptography("deriving a key"))?;
    Ok(out)
}

/// `nonce | text | tag`. **Do not modify**: databases hold this form.
pub(crate) fn seal(key: &Secret, bound_to: &str, text: &[u8]) -> Result<Vec<u8>, CustodyError> {
    let nonce = random::<NONCE>()?;
    let sealed = Aes256Gcm::new((&**key).into())
        .encrypt(&Nonce::from(*nonce), Payload { msg: text, aad: bound_to.as_bytes() })
        .map_err(|_| CustodyError::Cryptography("sealing"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// What [`seal`] sealed; `None` when it was sealed under another key or for another place.
pub(crate) fn open(key: &Secret, bound_to: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, text) = sealed.split_first_chunk::<NONCE>()?;
    let cipher = Aes256Gcm::new((&**key).into());
    cipher.decrypt(&Nonce::from(*nonce), Payload { msg: text, aad: bound_to.as_bytes() }).ok().map(Zeroizing::new)
}

/// The code over `parts`, each preceded by its length, so that moving a boundary changes it.
pub(super) fn hmac(key: &Secret, parts: &[&[u8]]) -> Result<[u8; 32], CustodyError> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.as_slice()).map_err(|_| CustodyError::Cryptography("an HMAC key"))?;
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    Ok(mac.finalize().into_bytes().into())
}

/// Compares without telling by time where two codes differ.
pub(crate) fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0, |seen, (a, b)| seen | (a ^ b)) == 0
}
