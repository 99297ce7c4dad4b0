//! One session with the token, signed in with the PIN.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use cryptoki::context::Pkcs11;
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use zeroize::Zeroizing;

use super::super::mac::DeviceMac;
use super::super::root::{mark_from_text, mark_to_text};
use super::super::{CustodianError, CustodianKind, Mark};
use super::{KIND, Pkcs11Place, module, said};
use crate::key::Secret;

/// What the data objects of this program say they belong to.
const APPLICATION: &[u8] = b"vigil";

pub(super) struct Token {
    session: Session,
    installation: String,
    key: Option<ObjectHandle>,
}

impl Token {
    pub(super) fn open(
        place: &Pkcs11Place,
        installation: &str,
        pin_refused: &AtomicBool,
    ) -> Result<Self, CustodianError> {
        let pin = pin(&place.pin_file)?;
        let module = module::load(&place.module)?;
        let session = module.open_rw_session(slot(&module, &place.token)?).map_err(failed)?;
        match session.login(UserType::User, Some(&pin)) {
            // Another session of this program is signed in; it counts for all of them.
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
            Err(Error::Pkcs11(RvError::PinLocked, _)) => {
                return Err(said("its PIN is locked; unlock it with the security officer's PIN"));
            }
            Err(Error::Pkcs11(
                RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange | RvError::PinExpired,
                _,
            )) => {
                pin_refused.store(true, Ordering::Relaxed);
                return Err(said(&format!("it refused the PIN in {}", place.pin_file.display())));
            }
            Err(error) => return Err(failed(error)),
        }
        Ok(Self { session, installation: installation.to_owned(), key: None })
    }

    /// Finds the installation's key; false when there is none.
    pub(super) fn find_key(&mut self) -> Result<bool, CustodianError> {
        let label = Attribute::Label(self.key_label());
        let template = [Attribute::Class(ObjectClass::SECRET_KEY), Attribute::Token(true), label];
        let found = self.session.find_objects(&template).map_err(failed)?;
        self.key = match found.as_slice() {
            [] => None,
            [one] => Some(*one),
            _ => return Err(said("it holds two keys of this installation")),
        };
        Ok(self.key.is_some())
    }

    pub(super) fn make_key(&mut self) -> Result<(), CustodianError> {
        let template = [
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::KeyType(KeyType::GENERIC_SECRET),
            Attribute::ValueLen(32_u64.into()),
            Attribute::Token(true),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Sign(true),
            Attribute::Label(self.key_label()),
        ];
        let key = self.session.generate_key(&Mechanism::GenericSecretKeyGen, &template).map_err(failed)?;
        let kept = self
            .session
            .get_attributes(key, &[AttributeType::Sensitive, AttributeType::Extractable])
            .map_err(failed)?;
        if !kept.contains(&Attribute::Sensitive(true)) || !kept.contains(&Attribute::Extractable(false)) {
            self.session.destroy_object(key).map_err(failed)?;
            return Err(said("it makes keys that can be taken out of it"));
        }
        self.key = Some(key);
        Ok(())
    }

    /// The highest of the marks: a crash while one replaced the other leaves both.
    pub(super) fn mark(&self) -> Result<Option<Mark>, CustodianError> {
        let mut highest: Option<Mark> = None;
        for object in self.marks()? {
            let values = self.session.get_attributes(object, &[AttributeType::Value]).map_err(failed)?;
            for value in values {
                let Attribute::Value(bytes) = value else { continue };
                let mark = mark_from_text(KIND, &String::from_utf8_lossy(&bytes))?;
                highest = highest.filter(|known| known.size >= mark.size).or(Some(mark));
            }
        }
        Ok(highest)
    }

    /// Not every token changes an object in place, so the new one is made before the old one goes.
    pub(super) fn mark_set(&self, mark: &Mark) -> Result<(), CustodianError> {
        let old = self.marks()?;
        let template = [
            Attribute::Class(ObjectClass::DATA),
            Attribute::Token(true),
            Attribute::Private(true),
            Attribute::Application(APPLICATION.to_vec()),
            Attribute::Label(self.mark_label()),
            Attribute::Value(mark_to_text(mark).into_bytes()),
        ];
        self.session.create_object(&template).map_err(failed)?;
        for object in old {
            self.session.destroy_object(object).map_err(failed)?;
        }
        Ok(())
    }

    fn marks(&self) -> Result<Vec<ObjectHandle>, CustodianError> {
        let label = Attribute::Label(self.mark_label());
        let template = [Attribute::Class(ObjectClass::DATA), Attribute::Token(true), label];
        self.session.find_objects(&template).map_err(failed)
    }

    fn key_label(&self) -> Vec<u8> {
        format!("vigil/{}/device-root", self.installation).into_bytes()
    }

    fn mark_label(&self) -> Vec<u8> {
        format!("vigil/{}/audit-mark", self.installation).into_bytes()
    }
}

impl DeviceMac for Token {
    const KIND: CustodianKind = KIND;

    fn mac(&mut self, message: &[u8]) -> Result<Secret, CustodianError> {
        let key = self.key.ok_or(CustodianError::KeyMissing(KIND))?;
        let code = Zeroizing::new(self.session.sign(&Mechanism::Sha256Hmac, key, message).map_err(failed)?);
        code.as_slice().try_into().map(Zeroizing::new).map_err(|_| said("its code has another length"))
    }
}

/// The slot with the token of this label; it has to be the only one.
fn slot(module: &Pkcs11, label: &str) -> Result<Slot, CustodianError> {
    let mut found = Vec::new();
    for slot in module.get_slots_with_initialized_token().map_err(failed)? {
        if module.get_token_info(slot).map_err(failed)?.label() == label {
            found.push(slot);
        }
    }
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(said(&format!("no token labelled {label} is connected"))),
        _ => Err(said(&format!("more than one token is labelled {label}"))),
    }
}

/// The PIN: the first line of the file.
fn pin(path: &Path) -> Result<AuthPin, CustodianError> {
    let unreadable = |reason: &str| said(&format!("the PIN file {}: {reason}", path.display()));
    let about = fs::metadata(path).map_err(|error| unreadable(&error.to_string()))?;
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o007 != 0 {
        return Err(unreadable("others may read it; chmod o-rwx"));
    }
    if about.len() > 4096 {
        return Err(unreadable("too long"));
    }
    let text = fs::read_to_string(path).map(Zeroizing::new).map_err(|error| unreadable(&error.to_string()))?;
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        return Err(unreadable("its first line is empty"));
    }
    Ok(AuthPin::from(line))
}

/// Names of errors and calls only; PKCS#11 has no others.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
fn failed(error: Error) -> CustodianError {
    said(&error.to_string())
}
