//! The key of the directory, in its versions.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Kek, Mac, Secret, derive};
use crate::VaultError;

/// The key of the directory: it seals demographics and what belongs to no patient, and keys the digests.
///
/// Sealing uses the newest version; every older one goes on opening what was sealed under it. Digests and tokens are
/// chained: that of version n is the code, under version n, of that of version n - 1. So what is stored can be lifted to a
/// new version by whoever holds the keys, without the text that it was made of, and a former version alone makes none.
pub(crate) struct DirectoryKey {
    newest: u32,
    seals: BTreeMap<u32, Arc<Kek>>,
    indexes: Vec<Index>,
    /// The oldest version under which tokens are still stored.
    tokens_from: u32,
}

/// The codes of one version.
struct Index {
    /// Over content, to tell what has not changed.
    digest: Mac,
    /// Over identifiers, to find a resource without storing them.
    token: Mac,
}

impl DirectoryKey {
    /// From the secrets of every version, oldest first.
    pub(crate) fn new(secrets: &[Secret], tokens_from: u32) -> Result<Self, VaultError> {
        let mut key = Self { newest: 0, seals: BTreeMap::new(), indexes: Vec::new(), tokens_from };
        for secret in secrets {
            key.newest = key.newest.saturating_add(1);
            let seal = Kek::new(&derive(secret.as_slice(), "vigil/directory/seal/v1")?);
            key.seals.insert(key.newest, Arc::new(seal));
            key.indexes.push(Index {
                digest: Mac::new(&derive(secret.as_slice(), "vigil/directory/digest/v1")?)?,
                token: Mac::new(&derive(secret.as_slice(), "vigil/directory/token/v1")?)?,
            });
        }
        if key.indexes.is_empty() {
            Err(VaultError::Cryptography("a directory key without a version"))
        } else {
            Ok(key)
        }
    }

    /// The version that seals.
    pub(crate) const fn newest(&self) -> u32 {
        self.newest
    }

    /// The newest version, to seal with.
    pub(crate) fn seal(&self) -> Result<Arc<Kek>, VaultError> {
        self.open(self.newest).ok_or(VaultError::KeysMissing)
    }

    /// A version, to open with.
    pub(crate) fn open(&self, version: u32) -> Option<Arc<Kek>> {
        self.seals.get(&version).cloned()
    }

    /// The digest over `parts` as version `version` stored it.
    pub(crate) fn digest_of_version(&self, parts: &[&[u8]], version: u32) -> Digest {
        self.chained(parts, |index| &index.digest, version)
    }

    /// The digest that a stored one becomes under the newest version.
    pub(crate) fn digest_lifted(&self, stored: Digest) -> Digest {
        self.lifted(stored, |index| &index.digest)
    }

    /// The tokens over `parts` under which a row may be stored: the newest first, then those of a change that goes on.
    pub(crate) fn tokens(&self, parts: &[&[u8]]) -> Vec<[u8; 32]> {
        let from = self.tokens_from.clamp(1, self.newest);
        (from..=self.newest).rev().map(|version| self.chained(parts, |index| &index.token, version).code).collect()
    }

    /// The token that a stored one becomes under the newest version.
    pub(crate) fn token_lifted(&self, token: [u8; 32], version: u32) -> [u8; 32] {
        self.lifted(Digest { version, code: token }, |index| &index.token).code
    }

    fn chained(&self, parts: &[&[u8]], mac: impl Fn(&Index) -> &Mac, version: u32) -> Digest {
        let mut through = self.indexes.iter().take(usize::try_from(version).unwrap_or(usize::MAX));
        let first = through.next().map_or([0; 32], |index| mac(index).over(parts));
        let code = through.fold(first, |code, index| mac(index).over(&[&code]));
        Digest { version, code }
    }

    fn lifted(&self, stored: Digest, mac: impl Fn(&Index) -> &Mac) -> Digest {
        let above = self.indexes.iter().skip(usize::try_from(stored.version).unwrap_or(usize::MAX));
        let code = above.fold(stored.code, |code, index| mac(index).over(&[&code]));
        Digest { version: self.newest.max(stored.version), code }
    }
}

/// A keyed digest and the version of the directory key that it was made with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Digest {
    pub(crate) version: u32,
    pub(crate) code: [u8; 32],
}

impl Digest {
    /// As the table holds it: 32 bytes under the first version, and the version before them under later ones.
    /// **Do not modify**: databases hold this form.
    pub(crate) fn to_stored(self) -> Vec<u8> {
        if self.version <= 1 { self.code.to_vec() } else { [&self.version.to_be_bytes()[..], &self.code].concat() }
    }

    pub(crate) fn from_stored(stored: &[u8]) -> Option<Self> {
        if let Ok(code) = stored.try_into() {
            return Some(Self { version: 1, code });
        }
        let (version, code) = stored.split_first_chunk::<4>()?;
        Some(Self { version: u32::from_be_bytes(*version), code: code.try_into().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn key(versions: u8, tokens_from: u32) -> DirectoryKey {
        let secrets: Vec<Secret> = (1..=versions).map(|n| Zeroizing::new([n; 32])).collect();
        DirectoryKey::new(&secrets, tokens_from).unwrap()
    }

    #[test]
    fn what_is_stored_is_lifted_to_what_the_new_version_makes_of_the_text() {
        let (old, new) = (key(1, 1), key(3, 3));
        let parts: &[&[u8]] = &[b"some", b"text"];
        assert_eq!(
            new.digest_lifted(old.digest_of_version(parts, 1)),
            new.digest_of_version(parts, 3),
            "without the text itself"
        );
        assert_eq!(
            new.digest_of_version(parts, 1),
            old.digest_of_version(parts, 1),
            "and what is not lifted yet is compared as it is"
        );
        let token = old.tokens(parts)[0];
        assert_eq!(vec![new.token_lifted(token, 1)], new.tokens(parts), "the same for tokens");
        assert_ne!(token, new.tokens(parts)[0], "a former version alone does not make it");
    }

    #[test]
    fn while_tokens_are_lifted_all_of_them_are_looked_for() {
        let key = key(3, 1);
        assert_eq!(key.tokens(&[b"x"]).len(), 3, "newest, and those that may not be lifted yet");
    }

    #[test]
    fn a_digest_says_its_version_from_the_second_on() {
        let first = Digest { version: 1, code: [7; 32] };
        assert_eq!(first.to_stored().len(), 32, "as databases before rotation hold it");
        for digest in [first, Digest { version: 2, ..first }] {
            assert_eq!(Digest::from_stored(&digest.to_stored()), Some(digest), "it comes back");
        }
        assert_eq!(Digest::from_stored(b"short"), None, "and nothing else does");
    }
}
