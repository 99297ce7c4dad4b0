//! Who keeps the device root.

use zeroize::Zeroizing;

mod root;
#[cfg(target_os = "linux")]
pub(crate) mod secret_service;
pub(crate) mod software;

/// Which custodian an installation uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustodianKind {
    /// A file beside the data: protects nothing by itself (demo and tests).
    Software,
    /// The operating system's keystore over the Secret Service.
    SecretService,
}

impl CustodianKind {
    /// The code that `device.json` carries.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Software => "software",
            Self::SecretService => "secret-service",
        }
    }

    /// What people read.
    pub const fn display(self) -> &'static str {
        match self {
            Self::Software => "software",
            Self::SecretService => "OS keystore",
        }
    }

    /// True when the custodian protects nothing by itself; the screen always says so.
    pub const fn is_weak(self) -> bool {
        matches!(self, Self::Software)
    }
}

/// How far the audit log had come when the custodian last heard of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// How many entries there were.
    pub size: u64,
    /// The Merkle root over them (RFC 6962).
    pub root: [u8; 32],
}

/// Keeps one root secret that it never gives away, and the mark of the audit log.
///
/// The root is made by the first [`Custodian::seal`]; opening never makes one.
pub trait Custodian: Send + Sync {
    /// Which kind this is.
    fn kind(&self) -> CustodianKind;

    /// Seals `secret` for `purpose`.
    ///
    /// # Errors
    /// When the custodian cannot be reached or refuses.
    fn seal(&self, purpose: &str, secret: &[u8]) -> Result<Vec<u8>, CustodianError>;

    /// Opens what [`Custodian::seal`] sealed for the same `purpose`.
    ///
    /// # Errors
    /// [`CustodianError::Refused`] when it was sealed by another root or for another purpose.
    fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, CustodianError>;

    /// HMAC-SHA-256 of `message` under a key that only the custodian has.
    ///
    /// # Errors
    /// When the custodian cannot be reached.
    fn hmac(&self, message: &[u8]) -> Result<Zeroizing<[u8; 32]>, CustodianError>;

    /// The mark, if one was set.
    ///
    /// # Errors
    /// When the custodian cannot be reached or holds something that is no mark.
    fn mark(&self) -> Result<Option<Mark>, CustodianError>;

    /// Remembers `mark`.
    ///
    /// # Errors
    /// When the custodian cannot be reached.
    fn mark_set(&self, mark: &Mark) -> Result<(), CustodianError>;
}

/// Why the custodian did not do it.
#[derive(Debug, thiserror::Error)]
pub enum CustodianError {
    /// It has no root for this installation.
    #[error("the {} has no key for this installation; restore it or the backup that it belongs to", .0.display())]
    KeyMissing(CustodianKind),
    /// What it was given was not sealed by it.
    #[error("the {} holds another key than the one this data was sealed with", .0.display())]
    Refused(CustodianKind),
    /// It did not answer in time.
    #[error("the {} did not answer within 5 seconds; unlock the login keyring and try again", .0.display())]
    Silent(CustodianKind),
    /// It answered with an error.
    #[error("the {kind} failed ({reason}); start or unlock it, then try again", kind = .kind.display())]
    Failed {
        /// Which custodian.
        kind: CustodianKind,
        /// In its own words.
        reason: String,
    },
}
