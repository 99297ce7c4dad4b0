//! Who keeps the device root.

use zeroize::Zeroizing;

mod mac;
pub(crate) mod os_keystore;
pub(crate) mod pkcs11;
mod root;
pub(crate) mod software;
pub(crate) mod timed;
#[cfg(target_os = "linux")]
pub(crate) mod tpm;

/// Which custodian an installation uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustodianKind {
    /// A TPM 2.0: its key never leaves the chip.
    Tpm,
    /// A PKCS#11 token or hardware security module: its key never leaves the token.
    Pkcs11,
    /// The operating system's keystore: opened by the sign-in to the operating system.
    OsKeystore,
    /// A file: protects nothing by itself (demo and tests).
    Software,
}

impl CustodianKind {
    /// The code that `device.json` carries. **Do not modify**: installations hold it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Tpm => "tpm2",
            Self::Pkcs11 => "pkcs11",
            Self::OsKeystore if cfg!(windows) => "windows-credentials",
            Self::OsKeystore if cfg!(target_os = "macos") => "keychain",
            Self::OsKeystore => "secret-service",
            Self::Software => "software",
        }
    }

    /// What people read.
    pub const fn display(self) -> &'static str {
        match self {
            Self::Tpm => "TPM",
            Self::Pkcs11 => "PKCS#11 token",
            Self::OsKeystore => "OS keystore",
            Self::Software => "software",
        }
    }

    /// True when the custodian protects nothing by itself; the screen always says so.
    pub const fn is_weak(self) -> bool {
        matches!(self, Self::Software)
    }

    /// The way on when it does not answer.
    const fn advice(self) -> &'static str {
        match self {
            Self::Tpm => "switch it on in the firmware, let this user use it (group tss), then try again",
            Self::Pkcs11 => "connect the token, check the managed policy and the PIN file, then try again",
            Self::OsKeystore => "unlock the login keyring, then try again",
            Self::Software => "check the file and the disk, then try again",
        }
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
/// The root is made by the first [`Custodian::seal`]; opening never makes one. What does not answer
/// within 5 seconds is [`CustodianError::Silent`], and so is, at once, every call while it still hangs.
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
    #[error(
        "the {} has no key for this installation; use the one that it was set up with, or recover the data to this one", .0.display()
    )]
    KeyMissing(CustodianKind),
    /// What it was given was not sealed by it.
    #[error(
        "the {} holds another key than the one this data was sealed with: it was replaced or cleared, or the data belongs elsewhere", .0.display()
    )]
    Refused(CustodianKind),
    /// It did not answer in time.
    #[error("the {} does not answer (5 seconds were waited for); {}", .0.display(), .0.advice())]
    Silent(CustodianKind),
    /// It answered with an error.
    #[error("the {kind} failed ({reason}); {advice}", kind = .kind.display(), advice = .kind.advice())]
    Failed {
        /// Which custodian.
        kind: CustodianKind,
        /// In its own words.
        reason: String,
    },
}
