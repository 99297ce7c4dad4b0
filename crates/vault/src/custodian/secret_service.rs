//! The operating system's keystore on Linux: the Secret Service over D-Bus.
//!
//! Its calls can hang for ever while a keyring waits to be unlocked, and its library panics inside an async runtime, so
//! each call runs on a thread of its own and is given up after five seconds.

use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use keyring_core::{CredentialStore, Error};
use zeroize::Zeroizing;

use super::root::{Root, mark_from_text, mark_to_text};
use super::{Custodian, CustodianError, CustodianKind, Mark};

const KIND: CustodianKind = CustodianKind::SecretService;
const SERVICE: &str = "vigil";
const PATIENCE: Duration = Duration::from_secs(5);

/// A root in the login keyring of the operating system's user; the mark is a second item beside it.
pub struct SecretServiceCustodian {
    installation: String,
}

impl SecretServiceCustodian {
    /// The custodian of the installation with this name; the keyring is not asked yet.
    pub fn of(installation: &str) -> Self {
        Self { installation: installation.to_owned() }
    }

    fn root_item(&self) -> String {
        format!("{}/device-root", self.installation)
    }

    fn mark_item(&self) -> String {
        format!("{}/audit-mark", self.installation)
    }

    fn root(&self) -> Result<Root, CustodianError> {
        // KDE's wallet keeps UTF-8 only, so the root is stored in hex.
        let text = read(self.root_item())?.ok_or(CustodianError::KeyMissing(KIND))?;
        let bytes = hex::decode(text.as_str()).map(Zeroizing::new).map_err(|_| CustodianError::Refused(KIND))?;
        Root::from_bytes(KIND, &bytes)
    }
}

impl Custodian for SecretServiceCustodian {
    fn kind(&self) -> CustodianKind {
        KIND
    }

    fn seal(&self, purpose: &str, secret: &[u8]) -> Result<Vec<u8>, CustodianError> {
        let root = match self.root() {
            Err(CustodianError::KeyMissing(_)) => {
                let root = Root::make(KIND)?;
                write(self.root_item(), Zeroizing::new(hex::encode(root.bytes())))?;
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
        read(self.mark_item())?.map(|text| mark_from_text(KIND, &text)).transpose()
    }

    fn mark_set(&self, mark: &Mark) -> Result<(), CustodianError> {
        write(self.mark_item(), Zeroizing::new(mark_to_text(mark)))
    }
}

fn read(item: String) -> Result<Option<Zeroizing<String>>, CustodianError> {
    within_patience(move || {
        let entry = store()?.build(SERVICE, &item, None)?;
        match entry.get_password() {
            Ok(text) => Ok(Some(Zeroizing::new(text))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        }
    })
}

fn write(item: String, text: Zeroizing<String>) -> Result<(), CustodianError> {
    within_patience(move || store()?.build(SERVICE, &item, None)?.set_password(&text))
}

fn store() -> Result<Arc<CredentialStore>, Error> {
    let store: Arc<CredentialStore> = zbus_secret_service_keyring_store::Store::new()?;
    Ok(store)
}

/// Runs `work` on a thread of its own. A panic there drops the sender; a hang leaves the thread behind.
fn within_patience<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, CustodianError> {
    let (sender, receiver) = mpsc::sync_channel(1);
    std::thread::Builder::new()
        .name("secret-service".to_owned())
        .spawn(move || drop(sender.send(work())))
        .map_err(|error| failed(error.to_string()))?;
    match receiver.recv_timeout(PATIENCE) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(failed(error.to_string())),
        Err(mpsc::RecvTimeoutError::Timeout) => Err(CustodianError::Silent(KIND)),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(failed("its library crashed".to_owned())),
    }
}

fn failed(reason: String) -> CustodianError {
    CustodianError::Failed { kind: KIND, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crash_in_the_library_is_an_error() {
        let crashed: Result<(), _> = within_patience(|| panic!("inside the library"));
        assert!(matches!(crashed, Err(CustodianError::Failed { .. })), "and not a crash of the program");
    }

    #[test]
    fn a_hanging_keyring_is_given_up() {
        let hung: Result<(), _> = within_patience(|| {
            std::thread::sleep(PATIENCE * 4);
            Ok(())
        });
        assert!(matches!(hung, Err(CustodianError::Silent(_))), "after five seconds");
    }
}
