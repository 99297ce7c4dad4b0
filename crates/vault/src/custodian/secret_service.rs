//! The operating system's keystore on Linux: the Secret Service over D-Bus.

use zeroize::Zeroizing;

use super::{Custodian, CustodianError, CustodianKind, Mark};

/// A root in the user's login keyring.
pub struct SecretServiceCustodian {
    installation: String,
}

impl SecretServiceCustodian {
    /// The custodian of the installation with this name; the keyring is not asked yet.
    pub fn of(installation: &str) -> Self {
        Self { installation: installation.to_owned() }
    }
}

impl Custodian for SecretServiceCustodian {
    fn kind(&self) -> CustodianKind {
        CustodianKind::SecretService
    }

    fn seal(&self, _purpose: &str, _secret: &[u8]) -> Result<Vec<u8>, CustodianError> {
        todo!("{}", self.installation)
    }

    fn open(&self, _purpose: &str, _sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, CustodianError> {
        todo!()
    }

    fn hmac(&self, _message: &[u8]) -> Result<Zeroizing<[u8; 32]>, CustodianError> {
        todo!()
    }

    fn mark(&self) -> Result<Option<Mark>, CustodianError> {
        todo!()
    }

    fn mark_set(&self, _mark: &Mark) -> Result<(), CustodianError> {
        todo!()
    }
}
