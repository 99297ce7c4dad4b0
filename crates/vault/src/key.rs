//! Keys: sealing (AES-256-GCM), deriving (HKDF, HMAC), granting (HPKE).

mod derive;
mod directory;
mod pair;
mod seal;
mod user;

pub(crate) use derive::{Mac, derive, hmac, random, tokens_differ};
pub(crate) use directory::{Digest, DirectoryKey};
pub(crate) use pair::{PrivateKey, PublicKey};
pub(crate) use seal::{Draw, Kek, open, seal};
pub use user::UserKeys;
pub(crate) use user::{GroupKeys, Held, Made, Use};

/// A 256-bit secret, wiped when dropped.
pub(crate) type Secret = zeroize::Zeroizing<[u8; 32]>;
