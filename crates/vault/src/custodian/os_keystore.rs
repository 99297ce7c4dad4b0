//! The operating system's keystore: the Secret Service over D-Bus on Linux, the Credential Manager on Windows, the
//! user's keychain on macOS.

use std::sync::Arc;

use keyring_core::{CredentialStore, Entry, Error};
use zeroize::Zeroizing;

use super::root::{Root, mark_from_text, mark_to_text};
use super::timed::Timed;
use super::{Custodian, CustodianError, CustodianKind, Mark};

const KIND: CustodianKind = CustodianKind::OsKeystore;
const SERVICE: &str = "vigil";

/// A root in the keystore of the operating system's user; the mark is a second item beside it.
pub struct OsKeystoreCustodian {
    installation: String,
    timed: Timed,
}

impl OsKeystoreCustodian {
    /// The custodian of the installation with this name; the keystore is not asked yet.
    pub fn of(installation: &str) -> Self {
        Self { installation: installation.to_owned(), timed: Timed::new(KIND) }
    }

    fn root_item(&self) -> String {
        format!("{}/device-root", self.installation)
    }

    fn mark_item(&self) -> String {
        format!("{}/audit-mark", self.installation)
    }

    fn read(&self, item: String) -> Result<Option<Zeroizing<String>>, CustodianError> {
        self.timed.call(move || {
            let entry = entry(&item)?;
            match entry.get_password() {
                Ok(text) => Ok(Some(Zeroizing::new(text))),
                Err(Error::NoEntry) => Ok(None),
                Err(error) => Err(failed(&error)),
            }
        })
    }

    fn write(&self, item: String, text: Zeroizing<String>) -> Result<(), CustodianError> {
        self.timed.call(move || entry(&item)?.set_password(&text).map_err(|error| failed(&error)))
    }

    fn root(&self) -> Result<Root, CustodianError> {
        // KDE's wallet keeps UTF-8 only, so the root is stored in hex.
        let text = self.read(self.root_item())?.ok_or(CustodianError::KeyMissing(KIND))?;
        let bytes = hex::decode(text.as_str()).map(Zeroizing::new).map_err(|_| CustodianError::Refused(KIND))?;
        Root::from_bytes(KIND, &bytes)
    }
}

impl Custodian for OsKeystoreCustodian {
    fn kind(&self) -> CustodianKind {
        KIND
    }

    fn seal(&self, purpose: &str, secret: &[u8]) -> Result<Vec<u8>, CustodianError> {
        let root = match self.root() {
            Err(CustodianError::KeyMissing(_)) => {
                let root = Root::make(KIND)?;
                self.write(self.root_item(), Zeroizing::new(hex::encode(root.bytes())))?;
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
        self.read(self.mark_item())?.map(|text| mark_from_text(KIND, &text)).transpose()
    }

    fn mark_set(&self, mark: &Mark) -> Result<(), CustodianError> {
        self.write(self.mark_item(), Zeroizing::new(mark_to_text(mark)))
    }
}

fn entry(item: &str) -> Result<Entry, CustodianError> {
    store().and_then(|store| store.build(SERVICE, item, None)).map_err(|error| failed(&error))
}

#[cfg(target_os = "linux")]
fn store() -> Result<Arc<CredentialStore>, Error> {
    let store: Arc<CredentialStore> = zbus_secret_service_keyring_store::Store::new()?;
    Ok(store)
}

#[cfg(windows)]
fn store() -> Result<Arc<CredentialStore>, Error> {
    let store: Arc<CredentialStore> = windows_native_keyring_store::Store::new()?;
    Ok(store)
}

#[cfg(target_os = "macos")]
fn store() -> Result<Arc<CredentialStore>, Error> {
    let store: Arc<CredentialStore> = apple_native_keyring_store::keychain::Store::new()?;
    Ok(store)
}

fn failed(error: &Error) -> CustodianError {
    CustodianError::Failed { kind: KIND, reason: error.to_string() }
}
