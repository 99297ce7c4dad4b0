//! The `software` custodian: the root lies in a file.

use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::root::{Root, mark_from_text, mark_to_text};
use super::{Custodian, CustodianError, CustodianKind, Mark};
use crate::file;

const KIND: CustodianKind = CustodianKind::Software;

/// A root in a file of mode 0600, the mark in a second one beside it (`.mark`). Whoever copies the files has the root, and
/// whoever puts old ones back has turned back the mark: for demo and tests only.
pub struct SoftwareCustodian {
    path: PathBuf,
}

impl SoftwareCustodian {
    /// The custodian whose root lies at `path`; nothing is read or made yet.
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    fn mark_path(&self) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(".mark");
        PathBuf::from(name)
    }

    fn root(&self) -> Result<Root, CustodianError> {
        match std::fs::read(&self.path).map(Zeroizing::new) {
            Ok(bytes) => Root::from_bytes(KIND, &bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(CustodianError::KeyMissing(KIND)),
            Err(error) => Err(failed(&error)),
        }
    }
}

impl Custodian for SoftwareCustodian {
    fn kind(&self) -> CustodianKind {
        KIND
    }

    fn seal(&self, purpose: &str, secret: &[u8]) -> Result<Vec<u8>, CustodianError> {
        let root = match self.root() {
            Err(CustodianError::KeyMissing(_)) => {
                let root = Root::make(KIND)?;
                file::write_new(&self.path, root.bytes()).map_err(|error| failed(&error))?;
                root
            }
            other => other?,
        };
        root.seal(KIND, purpose, secret)
    }

    fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, CustodianError> {
        self.root()?.open(KIND, purpose, sealed)
    }

    fn hmac(&self, message: &[u8]) -> Result<Zeroizing<[u8; 32]>, CustodianError> {
        self.root()?.hmac(KIND, message)
    }

    fn mark(&self) -> Result<Option<Mark>, CustodianError> {
        match std::fs::read_to_string(self.mark_path()) {
            Ok(text) => mark_from_text(KIND, &text).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    fn mark_set(&self, mark: &Mark) -> Result<(), CustodianError> {
        file::replace(&self.mark_path(), mark_to_text(mark).as_bytes()).map_err(|error| failed(&error))
    }
}

fn failed(error: &io::Error) -> CustodianError {
    CustodianError::Failed { kind: KIND, reason: error.to_string() }
}
