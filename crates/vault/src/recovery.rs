//! The organisation recovery key: what is printed, and what it opens.
//!
//! The printed half is the seed of an HPKE key pair (RFC 9180, DeriveKeyPair of X25519). The public half stays with the
//! device: to it are sealed the device's secrets (`device.json`) and the authority key (`recovery_key`), so that the
//! device can go on sealing for the paper without ever holding what is on it.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::VaultError;
use crate::crockford::{self, GROUP};
use crate::key::{PrivateKey, PublicKey, Secret, random};

const CHECK: usize = 3;
/// Seed and check sum: 35 bytes are 56 letters, without a rest.
const BYTES: usize = 32 + CHECK;
const LETTERS: usize = BYTES * 8 / 5;
/// How many groups of letters the printed key has.
pub const RECOVERY_KEY_GROUPS: usize = LETTERS / GROUP;

/// The organisation recovery key, in hand. Wiped when dropped; never stored.
pub struct RecoveryKey {
    seed: Secret,
}

/// What somebody typed or scanned is no recovery key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryKeyError {
    /// Too short, too long, or with a letter that the key never has.
    #[error("a recovery key has 14 groups of 4 letters and digits; compare with the paper, group by group")]
    NotAKey,
    /// The check sum does not fit.
    #[error("the recovery key is mistyped: its check sum does not fit; compare with the paper, group by group")]
    Mistyped,
}

impl RecoveryKey {
    /// A new one.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn make() -> Result<Self, VaultError> {
        Ok(Self { seed: Zeroizing::new(random()?) })
    }

    /// Reads what was typed or scanned: without regard to case, spaces and hyphens; O is 0, I and L are 1.
    ///
    /// # Errors
    /// [`RecoveryKeyError`]
    pub fn parse(text: &str) -> Result<Self, RecoveryKeyError> {
        let bytes = crockford::bytes::<BYTES>(text).ok_or(RecoveryKeyError::NotAKey)?;
        let (seed, check) = bytes.split_first_chunk::<32>().ok_or(RecoveryKeyError::NotAKey)?;
        let key = Self { seed: Zeroizing::new(*seed) };
        if key.check() == check { Ok(key) } else { Err(RecoveryKeyError::Mistyped) }
    }

    /// The key for paper: groups of four with hyphens between.
    pub fn text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0_u8; BYTES]);
        let all = self.seed.iter().copied().chain(self.check());
        bytes.iter_mut().zip(all).for_each(|(to, from)| *to = from);
        crockford::letters(bytes.as_slice())
    }

    /// One group of the printed key, from 1. For asking somebody to type a part of it back.
    pub fn group(&self, number: usize) -> Option<Zeroizing<String>> {
        let text = self.text();
        text.split('-').nth(number.checked_sub(1)?).map(|group| Zeroizing::new(group.to_owned()))
    }

    /// Two groups, by their numbers, that whoever holds the paper is asked to type back: others for every key.
    pub fn groups_to_ask(&self) -> [usize; 2] {
        let digest = Sha256::new().chain_update(b"vigil/recovery-key/ask/v1").chain_update(self.pair().1.to_bytes());
        let digest = digest.finalize();
        let number = |at: usize, among: usize| digest.get(at).map_or(0, |byte| usize::from(*byte) % among);
        let first = number(0, RECOVERY_KEY_GROUPS) + 1;
        // The second is one of the others.
        let second = (first + number(1, RECOVERY_KEY_GROUPS - 1)) % RECOVERY_KEY_GROUPS + 1;
        [first.min(second), first.max(second)]
    }

    /// A short name of the key that gives nothing of it away, to tell one paper from another.
    ///
    /// # Errors
    /// When a primitive refuses its input; in practice never.
    pub fn fingerprint(&self) -> Result<String, VaultError> {
        Ok(fingerprint(&self.pair().1.to_bytes()))
    }

    pub(crate) fn pair(&self) -> (PrivateKey, PublicKey) {
        PrivateKey::from_seed(&self.seed)
    }

    /// **Do not modify**: printed keys carry it.
    fn check(&self) -> [u8; CHECK] {
        let digest = Sha256::new().chain_update(b"vigil/recovery-key/v1").chain_update(self.seed.as_slice()).finalize();
        digest.first_chunk().copied().unwrap_or_default()
    }
}

/// The short name of a public half: eight letters.
pub(crate) fn fingerprint(public: &[u8]) -> String {
    let digest = Sha256::new().chain_update(b"vigil/recovery-key/fingerprint/v1").chain_update(public).finalize();
    let mut name = String::new();
    for byte in digest.iter().take(4) {
        // Writing to a string does not fail.
        let _ = write!(name, "{byte:02X}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read_again_as_people_type_it() {
        let key = RecoveryKey::make().unwrap();
        let text = key.text();
        assert_eq!(text.split('-').count(), RECOVERY_KEY_GROUPS, "14 groups");
        assert!(text.split('-').all(|group| group.len() == GROUP), "of four letters: {}", text.len());
        let typed = text.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        let read = RecoveryKey::parse(&typed).unwrap();
        assert_eq!(read.seed, key.seed, "lower case, spaces, o for 0 and l for 1");
        assert_eq!(key.group(3).as_deref().map(String::as_str), text.split('-').nth(2), "groups count from 1");
        assert_eq!((key.group(0), key.group(15)), (None, None), "and there are 14");
    }

    #[test]
    fn every_single_slip_of_the_pen_is_noticed() {
        let text = RecoveryKey { seed: Zeroizing::new([7; 32]) }.text();
        for (at, letter) in text.char_indices().filter(|(_, letter)| *letter != '-') {
            let other = if letter == 'Q' { 'R' } else { 'Q' };
            let mut typed = text.to_string();
            typed.replace_range(at..=at, &other.to_string());
            assert_eq!(RecoveryKey::parse(&typed).err(), Some(RecoveryKeyError::Mistyped), "letter {at}");
        }
        for bad in ["", "ABCD", &text[..text.len() - 1], &format!("{}Q", *text), &text.replace('-', "U")] {
            assert_eq!(RecoveryKey::parse(bad).err(), Some(RecoveryKeyError::NotAKey), "{bad:?}");
        }
    }

    #[test]
    fn two_different_groups_are_asked_for() {
        for _ in 0..200 {
            let [first, second] = RecoveryKey::make().unwrap().groups_to_ask();
            assert!(1 <= first && first < second && second <= RECOVERY_KEY_GROUPS, "{first} and {second}");
        }
    }

    #[test]
    fn frozen_key() {
        let key = RecoveryKey { seed: Zeroizing::new([7; 32]) };
        assert_eq!(key.text().as_str(), FROZEN, "papers lie in safes");
        assert_eq!(key.fingerprint().unwrap(), FROZEN_NAME, "and carry this name");
    }

    const FROZEN: &str = "0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3Z-KQE5";
    const FROZEN_NAME: &str = "4B7C41C7";
}
