//! The `software` custodian: the root lies in a file.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{Custodian, CustodianError, CustodianKind, Mark};

/// A root in a file of mode 0600. Whoever copies the file has the root: for demo and tests only.
pub struct SoftwareCustodian {
    path: PathBuf,
}

impl SoftwareCustodian {
    /// The custodian whose root lies at `path`; nothing is read or made yet.
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }
}

impl Custodian for SoftwareCustodian {
    fn kind(&self) -> CustodianKind {
        CustodianKind::Software
    }

    fn seal(&self, _purpose: &str, _secret: &[u8]) -> Result<Vec<u8>, CustodianError> {
        todo!("{}", self.path.display())
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
