//! Who keeps the master key, and what is derived from it.
//!
//! The custodian computes HMAC-SHA-256 under a key that it does not give away; every key of the server is derived from what it
//! answers. Whatever is secret in the database is wrapped under one of them.

mod file;
mod pkcs11;
mod wrap;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

pub use file::FileCustodian;
pub use pkcs11::Pkcs11Custodian;

use crate::config::Custody;

/// 32 bytes that are wiped when dropped.
pub type Secret = Zeroizing<[u8; 32]>;

/// Keeps the master key.
pub trait Custodian: Send + Sync {
    /// What people read.
    fn display(&self) -> &'static str;

    /// True when it protects nothing by itself.
    fn is_weak(&self) -> bool;

    /// Makes the master key where there is none; whether it made one.
    ///
    /// # Errors
    /// [`CustodyError`]
    fn make(&self) -> Result<bool, CustodyError>;

    /// HMAC-SHA-256 of `message` under the master key.
    ///
    /// # Errors
    /// [`CustodyError::Missing`] when there is none.
    fn hmac(&self, message: &[u8]) -> Result<Secret, CustodyError>;
}

/// Why the custodian did not do it.
#[derive(Debug, thiserror::Error)]
pub enum CustodyError {
    /// It has no master key.
    #[error("the {0} holds no master key; use the one that the database was made with, or restore a backup")]
    Missing(&'static str),
    /// The file is open to others.
    #[error("{0} may be read by others than its owner; chmod 600 it")]
    Open(std::path::PathBuf),
    /// It did not answer in time.
    #[error("the {0} does not answer")]
    Silent(&'static str),
    /// It answered with an error.
    #[error("the {custodian} failed: {reason}")]
    Failed {
        /// Which custodian.
        custodian: &'static str,
        /// In its own words.
        reason: String,
    },
    /// What was opened was wrapped under another master key or for another place.
    #[error("{0} does not open: it was wrapped under another master key, or was changed")]
    Refused(&'static str),
    /// A primitive failed.
    #[error("cryptography failed: {0}")]
    Cryptography(&'static str),
}

/// What a key is derived for.
///
/// **Do not modify** a label: what exists is wrapped under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// The embedded database (SQLCipher).
    Database,
    /// The server's own private keys.
    ServerKeys,
    /// The groups' keys.
    GroupKeys,
    /// The heads of the logs.
    Heads,
    /// Access tokens of other systems.
    AccessTokens,
    /// Salts for names that do not exist.
    Salts,
    /// The seal of backups.
    Backups,
    /// Where a search goes on.
    Cursors,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 8] = [
        Self::Database,
        Self::ServerKeys,
        Self::GroupKeys,
        Self::Heads,
        Self::AccessTokens,
        Self::Salts,
        Self::Backups,
        Self::Cursors,
    ];

    /// What logs call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::ServerKeys => "server-keys",
            Self::GroupKeys => "group-keys",
            Self::Heads => "heads",
            Self::AccessTokens => "access-tokens",
            Self::Salts => "salts",
            Self::Backups => "backups",
            Self::Cursors => "cursors",
        }
    }
}

/// The master key at work: one key for each purpose, and a count of what they were used for.
#[derive(Clone)]
pub struct Master(Arc<Held>);

struct Held {
    custodian: Box<dyn Custodian>,
    derived: BTreeMap<Purpose, Secret>,
    uses: Mutex<BTreeMap<&'static str, u64>>,
}

impl Master {
    /// Asks the custodian once for every purpose. `may_make`: whether a master key may be made where there is none; never where a
    /// database exists.
    ///
    /// # Errors
    /// [`CustodyError`]
    pub fn open(custodian: Box<dyn Custodian>, may_make: bool) -> Result<Self, CustodyError> {
        if may_make && custodian.make()? {
            tracing::info!(custodian = custodian.display(), "the master key was made");
        }
        if custodian.is_weak() {
            tracing::warn!(
                "the master key lies in a file: whoever copies it together with the database can read everything"
            );
        }
        let mut derived = BTreeMap::new();
        let mut uses = BTreeMap::new();
        for purpose in Purpose::ALL {
            let label = format!("vigil/server/master/{}/v1", purpose.label());
            let answer = custodian.hmac(label.as_bytes())?;
            derived.insert(purpose, wrap::derive(&answer, purpose.label())?);
            uses.insert(purpose.label(), 1);
            tracing::info!(purpose = purpose.label(), "the master key was used");
        }
        Ok(Self(Arc::new(Held { custodian, derived, uses: Mutex::new(uses) })))
    }

    /// What people read of who keeps it, and whether that protects anything.
    pub fn custodian(&self) -> (&'static str, bool) {
        (self.0.custodian.display(), self.0.custodian.is_weak())
    }

    /// Whether the custodian still answers with the same key.
    ///
    /// # Errors
    /// [`CustodyError`]
    pub fn answers(&self) -> Result<(), CustodyError> {
        let label = format!("vigil/server/master/{}/v1", Purpose::Heads.label());
        let now = wrap::derive(&self.0.custodian.hmac(label.as_bytes())?, Purpose::Heads.label())?;
        self.note(Purpose::Heads);
        let same =
            self.0.derived.get(&Purpose::Heads).is_some_and(|known| wrap::same(known.as_slice(), now.as_slice()));
        if same { Ok(()) } else { Err(CustodyError::Refused("the master key")) }
    }

    /// The key for this purpose.
    ///
    /// # Errors
    /// [`CustodyError`]; in practice never.
    pub fn key(&self, purpose: Purpose) -> Result<Secret, CustodyError> {
        self.note(purpose);
        self.0.derived.get(&purpose).cloned().ok_or(CustodyError::Cryptography("a purpose without a key"))
    }

    /// Wraps a secret; it opens for the same purpose and place alone.
    ///
    /// # Errors
    /// [`CustodyError`]
    pub fn wrap(&self, purpose: Purpose, bound_to: &str, secret: &[u8]) -> Result<Vec<u8>, CustodyError> {
        wrap::seal(&self.key(purpose)?, &place(purpose, bound_to), secret)
    }

    /// Opens what [`Master::wrap`] wrapped.
    ///
    /// # Errors
    /// [`CustodyError::Refused`] when it was wrapped under another master key or for another place.
    pub fn unwrap(&self, purpose: Purpose, bound_to: &str, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, CustodyError> {
        wrap::open(&self.key(purpose)?, &place(purpose, bound_to), wrapped)
            .ok_or(CustodyError::Refused(purpose.label()))
    }

    /// HMAC-SHA-256 under the key for this purpose.
    ///
    /// # Errors
    /// [`CustodyError`]
    pub fn code(&self, purpose: Purpose, parts: &[&[u8]]) -> Result<[u8; 32], CustodyError> {
        wrap::hmac(&self.key(purpose)?, parts)
    }

    /// What the keys were used for since the last time this was asked, and how often.
    pub fn take_uses(&self) -> Vec<(&'static str, u64)> {
        let mut uses = self.0.uses.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *uses).into_iter().collect()
    }

    fn note(&self, purpose: Purpose) {
        let mut uses = self.0.uses.lock().unwrap_or_else(PoisonError::into_inner);
        *uses.entry(purpose.label()).or_insert(0) += 1;
    }
}

/// The custodian that the configuration names.
pub fn custodian_of(custody: &Custody) -> Box<dyn Custodian> {
    match custody {
        Custody::File(path) => Box::new(FileCustodian::at(path)),
        Custody::Pkcs11 { module, token, pin_file } => Box::new(Pkcs11Custodian::of(module, token, pin_file)),
    }
}

fn place(purpose: Purpose, bound_to: &str) -> String {
    format!("vigil/server/{}/v1|{bound_to}", purpose.label())
}

/// Random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, CustodyError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| CustodyError::Cryptography("random bytes"))?;
    Ok(bytes)
}

pub(crate) use wrap::{open, same, seal};
