//! Sealing with AES-256-GCM: keys that seal keys, and content under a key of its own.

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::aes::Aes256Enc;
use aes_gcm::aes::cipher::consts::U12;
use aes_gcm::{AesGcm, Nonce};
use zeroize::Zeroizing;

use super::{Secret, random};
use crate::{Undecodable, VaultError};

const NONCE: usize = 12;
const TAG: usize = 16;
const WRAPPED_KEY: usize = NONCE + 32 + TAG;
const DRAWN: usize = 32 + NONCE + NONCE;

/// AES-256-GCM. GCM only ever encrypts with the block cipher, so that the round keys for decrypting are not made: each
/// version of a record has a key of its own, and making its schedule is a part of the time that opening it takes.
type Cipher = AesGcm<Aes256Enc, U12>;

/// A key that seals keys. Its key schedule is made once and wiped when dropped.
pub(crate) struct Kek(Cipher);

impl Kek {
    pub(crate) fn new(key: &Secret) -> Self {
        Self(cipher(key))
    }

    /// Seals bytes directly: for keys and for the directory, whose key changes before 2^32 seals.
    pub(crate) fn seal(&self, bound_to: &str, plaintext: &[u8]) -> Result<Vec<u8>, VaultError> {
        seal_with(&self.0, &random()?, bound_to, plaintext)
    }

    /// Opens what [`Kek::seal`] sealed for the same place.
    pub(crate) fn open(&self, bound_to: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Undecodable> {
        open_with(&self.0, bound_to, sealed)
    }

    /// Opens a sealed key.
    pub(crate) fn open_key(&self, bound_to: &str, sealed: &[u8]) -> Result<Secret, Undecodable> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE>().ok_or(Undecodable::Malformed)?;
        let (key, tag) = rest.split_first_chunk::<32>().ok_or(Undecodable::Malformed)?;
        let tag: [u8; TAG] = tag.try_into().map_err(|_| Undecodable::Malformed)?;
        let mut key = Zeroizing::new(*key);
        self.0
            .decrypt_inout_detached(&Nonce::from(*nonce), bound_to.as_bytes(), key.as_mut_slice().into(), &tag.into())
            .map_err(|_| Undecodable::Tampered)?;
        Ok(key)
    }

    /// Seals content under a fresh key and that key under this one: `nonce | key | tag | nonce | content | tag`.
    ///
    /// **Do not modify**: databases hold this form.
    pub(crate) fn seal_content(&self, bound_to: &str, plaintext: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.seal_content_with(Draw(Zeroizing::new(random()?)), bound_to, plaintext)
    }

    /// The same with a key and nonces that were drawn before.
    #[expect(clippy::needless_pass_by_value, reason = "a draw is used once")]
    pub(crate) fn seal_content_with(
        &self,
        draw: Draw,
        bound_to: &str,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        let (key, nonces) = draw.0.split_first_chunk::<32>().ok_or(VaultError::Cryptography("drawing a key"))?;
        let (outer, inner) = nonces.split_first_chunk::<NONCE>().ok_or(VaultError::Cryptography("drawing a nonce"))?;
        let inner = inner.first_chunk::<NONCE>().ok_or(VaultError::Cryptography("drawing a nonce"))?;
        let key = Zeroizing::new(*key);
        let mut out = Vec::with_capacity(WRAPPED_KEY + NONCE + plaintext.len() + TAG);
        append_sealed(&self.0, outer, bound_to, key.as_slice(), &mut out)?;
        append_sealed(&cipher(&key), inner, bound_to, plaintext, &mut out)?;
        Ok(out)
    }

    /// Opens what [`Kek::seal_content`] sealed for the same place.
    pub(crate) fn open_content(&self, bound_to: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Undecodable> {
        self.open_content_in(bound_to, sealed.to_vec())
    }

    /// The same in the place where the sealed bytes are.
    pub(crate) fn open_content_in(
        &self,
        bound_to: &str,
        mut sealed: Vec<u8>,
    ) -> Result<Zeroizing<Vec<u8>>, Undecodable> {
        let (key, content) = sealed.split_first_chunk::<WRAPPED_KEY>().ok_or(Undecodable::Malformed)?;
        let nonce = *content.first_chunk::<NONCE>().ok_or(Undecodable::Malformed)?;
        let cipher = cipher(&self.open_key(bound_to, key)?);
        sealed.drain(..WRAPPED_KEY + NONCE);
        open_in(&cipher, &nonce, bound_to, sealed)
    }
}

/// A content key and two nonces, fresh from the operating system. Not copyable: whoever seals with it uses it up.
pub(crate) struct Draw(Zeroizing<[u8; DRAWN]>);

impl Draw {
    /// So many of them with one call of the operating system.
    pub(crate) fn several(count: usize) -> Result<Vec<Self>, VaultError> {
        let mut bytes = Zeroizing::new(vec![0; count.saturating_mul(DRAWN)]);
        getrandom::fill(&mut bytes).map_err(|_| VaultError::Cryptography("random bytes"))?;
        let (draws, _) = bytes.as_chunks::<DRAWN>();
        Ok(draws.iter().map(|draw| Self(Zeroizing::new(*draw))).collect())
    }
}

/// Seals under a key that is used for this alone.
pub(crate) fn seal(key: &Secret, bound_to: &str, plaintext: &[u8]) -> Result<Vec<u8>, VaultError> {
    seal_with(&cipher(key), &random()?, bound_to, plaintext)
}

/// Opens what [`seal`] sealed for the same place.
pub(crate) fn open(key: &Secret, bound_to: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Undecodable> {
    open_with(&cipher(key), bound_to, sealed)
}

fn cipher(key: &Secret) -> Cipher {
    Cipher::new((&**key).into())
}

fn seal_with(cipher: &Cipher, nonce: &[u8; NONCE], bound_to: &str, text: &[u8]) -> Result<Vec<u8>, VaultError> {
    let mut out = Vec::with_capacity(NONCE + text.len() + TAG);
    append_sealed(cipher, nonce, bound_to, text, &mut out)?;
    Ok(out)
}

fn append_sealed(
    cipher: &Cipher,
    nonce: &[u8; NONCE],
    bound_to: &str,
    plaintext: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), VaultError> {
    out.extend_from_slice(nonce);
    let start = out.len();
    out.extend_from_slice(plaintext);
    let text = out.get_mut(start..).ok_or(VaultError::Cryptography("sealing"))?;
    let tag = cipher
        .encrypt_inout_detached(&Nonce::from(*nonce), bound_to.as_bytes(), text.into())
        .map_err(|_| VaultError::Cryptography("sealing"))?;
    out.extend_from_slice(&tag);
    Ok(())
}

fn open_with(cipher: &Cipher, bound_to: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Undecodable> {
    let (nonce, rest) = sealed.split_first_chunk::<NONCE>().ok_or(Undecodable::Malformed)?;
    open_in(cipher, nonce, bound_to, rest.to_vec())
}

/// Opens `text`, which ends with its tag, where it is.
fn open_in(
    cipher: &Cipher,
    nonce: &[u8; NONCE],
    bound_to: &str,
    text: Vec<u8>,
) -> Result<Zeroizing<Vec<u8>>, Undecodable> {
    let mut text = Zeroizing::new(text);
    cipher
        .decrypt_in_place(&Nonce::from(*nonce), bound_to.as_bytes(), &mut *text)
        .map_err(|_| Undecodable::Tampered)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_opens_only_where_it_was_sealed() {
        let kek = Kek::new(&Zeroizing::new([1; 32]));
        let sealed = kek.seal_content("here", b"text").unwrap();
        assert_eq!(kek.open_content("here", &sealed).unwrap().as_slice(), b"text", "its own place");
        assert_eq!(kek.open_content("there", &sealed).err(), Some(Undecodable::Tampered), "another place");
        let other = Kek::new(&Zeroizing::new([2; 32]));
        assert_eq!(other.open_content("here", &sealed).err(), Some(Undecodable::Tampered), "another key");
        for cut in [0, NONCE, WRAPPED_KEY, WRAPPED_KEY + NONCE, sealed.len() - 1] {
            assert!(kek.open_content("here", &sealed[..cut]).is_err(), "{cut} bytes of it are not it");
        }
    }

    #[test]
    fn a_sealed_key_opens_only_whole_and_unchanged() {
        let kek = Kek::new(&Zeroizing::new([1; 32]));
        let sealed = kek.seal("here", &[7; 32]).unwrap();
        assert_eq!(*kek.open_key("here", &sealed).unwrap(), [7; 32], "its own place");
        assert!(kek.open_key("there", &sealed).is_err(), "another place");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(kek.open_key("here", &changed).err(), Some(Undecodable::Tampered), "byte {at} is changed");
            assert!(kek.open_key("here", &sealed[..at]).is_err(), "cut off after {at} bytes");
        }
        let short = kek.seal("here", &[7; 31]).unwrap();
        assert!(kek.open_key("here", &short).is_err(), "a key has 32 bytes");
    }

    #[test]
    fn every_draw_has_a_key_and_nonces_of_its_own() {
        let draws = Draw::several(64).unwrap();
        let parts: std::collections::HashSet<&[u8]> =
            draws.iter().flat_map(|draw| [&draw.0[..32], &draw.0[32..44], &draw.0[44..]]).collect();
        assert_eq!(parts.len(), 3 * 64, "a nonce or a key that comes twice would open both contents");
        let kek = Kek::new(&Zeroizing::new([1; 32]));
        for draw in draws {
            let sealed = kek.seal_content_with(draw, "here", b"text").unwrap();
            assert_eq!(kek.open_content("here", &sealed).unwrap().as_slice(), b"text", "the form is the same");
        }
    }

    #[test]
    fn frozen_envelope() {
        let kek = Kek::new(&Zeroizing::new([1; 32]));
        let sealed = hex::decode(FROZEN).unwrap();
        assert_eq!(
            kek.open_content("vigil/frozen/v1", &sealed).unwrap().as_slice(),
            b"text",
            "databases hold this form"
        );
    }

    #[test]
    #[ignore = "makes a new frozen envelope; the old one must go on opening"]
    fn make_frozen_envelope() {
        let kek = Kek::new(&Zeroizing::new([1; 32]));
        println!("{}", hex::encode(kek.seal_content("vigil/frozen/v1", b"text").unwrap()));
    }

    /// Made by `seal_content("vigil/frozen/v1", b"text")` under the key of 32 bytes 0x01.
    const FROZEN: &str = "2e1f258794101dd1c9abe2652fbdcdb23dde07e460e1941c48eab8c5c2a5153908bf9452a66e13c3da1df3358ae86cc97bd598ced12f2821b47d64a442579e1f646c806e8c048aaf8ab685fb842f1806b923d43603ae4fb6596e065a";
}
