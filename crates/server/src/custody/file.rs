//! The master key in a file.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{Custodian, CustodyError, Secret, random, wrap};

const NAME: &str = "file with the master key";

/// 32 bytes in a file of mode 0600.
pub struct FileCustodian(PathBuf);

impl FileCustodian {
    /// The custodian of this file; nothing is read or made yet.
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    fn root(&self) -> Result<Secret, CustodyError> {
        let mut file = match File::open(&self.0) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(CustodyError::Missing(NAME)),
            Err(error) => return Err(failed(&error)),
        };
        let about = file.metadata().map_err(|error| failed(&error))?;
        if about.permissions().mode() & 0o077 != 0 {
            return Err(CustodyError::Open(self.0.clone()));
        }
        let mut root = Zeroizing::new([0; 32]);
        let whole = about.len() == 32 && file.read_exact(root.as_mut_slice()).is_ok();
        if whole { Ok(root) } else { Err(said("it does not have 32 bytes")) }
    }
}

impl Custodian for FileCustodian {
    fn display(&self) -> &'static str {
        NAME
    }

    fn is_weak(&self) -> bool {
        true
    }

    fn make(&self) -> Result<bool, CustodyError> {
        let mut file = match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.0) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => return Err(failed(&error)),
        };
        file.write_all(random::<32>()?.as_slice()).and_then(|()| file.sync_all()).map_err(|error| failed(&error))?;
        let folder = self.0.parent().map(File::open).transpose().map_err(|error| failed(&error))?;
        folder.map_or(Ok(()), |folder| folder.sync_all()).map_err(|error| failed(&error))?;
        Ok(true)
    }

    fn hmac(&self, message: &[u8]) -> Result<Secret, CustodyError> {
        wrap::hmac(&self.root()?, &[message]).map(Zeroizing::new)
    }
}

fn failed(error: &io::Error) -> CustodyError {
    said(&error.to_string())
}

fn said(reason: &str) -> CustodyError {
    CustodyError::Failed { custodian: NAME, reason: reason.to_owned() }
}
