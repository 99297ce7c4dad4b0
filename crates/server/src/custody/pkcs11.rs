//! The master key in a PKCS#11 token or hardware security module.
//!
//! It is a generic secret key that the token made, sensitive and not extractable; the token computes HMAC-SHA-256 with it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::time::Duration;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use zeroize::Zeroizing;

use super::{Custodian, CustodyError, Secret};

const NAME: &str = "PKCS#11 token";
const LABEL: &[u8] = b"vigil-server/master";
/// A token that takes longer is not there.
const PATIENCE: Duration = Duration::from_secs(10);

/// The libraries that were loaded: each is started once and stays until the program ends.
static LOADED: OnceLock<Mutex<Vec<(PathBuf, Pkcs11)>>> = OnceLock::new();

/// A key in a token.
pub struct Pkcs11Custodian(Arc<Place>);

struct Place {
    module: PathBuf,
    token: String,
    pin_file: PathBuf,
    /// The token refused the PIN: asking again with the same one would lock it.
    pin_refused: AtomicBool,
}

impl Pkcs11Custodian {
    /// The key in the token with this label; the token is not asked yet.
    pub fn of(module: &Path, token: &str, pin_file: &Path) -> Self {
        let (module, pin_file) = (module.to_owned(), pin_file.to_owned());
        Self(Arc::new(Place { module, token: token.to_owned(), pin_file, pin_refused: AtomicBool::new(false) }))
    }

    /// Asks on a thread of its own: a token that hangs holds nobody else up.
    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Session) -> Result<T, CustodyError> + Send + 'static,
    ) -> Result<T, CustodyError> {
        let (answer, waiting) = mpsc::sync_channel(1);
        let place = Arc::clone(&self.0);
        let asking = std::thread::Builder::new().name("token".to_owned());
        asking
            .spawn(move || answer.send(place.session().and_then(|session| work(&session))))
            .map_err(|error| said(&error.to_string()))?;
        waiting.recv_timeout(PATIENCE).map_err(|_| CustodyError::Silent(NAME))?
    }
}

impl Custodian for Pkcs11Custodian {
    fn display(&self) -> &'static str {
        NAME
    }

    fn is_weak(&self) -> bool {
        false
    }

    fn make(&self) -> Result<bool, CustodyError> {
        self.ask(|session| if find(session)?.is_some() { Ok(false) } else { make(session).map(|()| true) })
    }

    fn hmac(&self, message: &[u8]) -> Result<Secret, CustodyError> {
        let message = message.to_vec();
        self.ask(move |session| {
            let key = find(session)?.ok_or(CustodyError::Missing(NAME))?;
            let code = Zeroizing::new(session.sign(&Mechanism::Sha256Hmac, key, &message).map_err(failed)?);
            code.as_slice().try_into().map(Zeroizing::new).map_err(|_| said("its code has another length"))
        })
    }
}

impl Place {
    fn session(&self) -> Result<Session, CustodyError> {
        if self.pin_refused.load(Ordering::Relaxed) {
            return Err(said("it refused the PIN before; correct the PIN file and start the server again"));
        }
        let pin = pin(&self.pin_file)?;
        let module = load(&self.module)?;
        let mut found = Vec::new();
        for slot in module.get_slots_with_initialized_token().map_err(failed)? {
            if module.get_token_info(slot).map_err(failed)?.label() == self.token {
                found.push(slot);
            }
        }
        let slot = match found.as_slice() {
            [one] => *one,
            [] => return Err(said(&format!("no token labelled {} is connected", self.token))),
            _ => return Err(said(&format!("more than one token is labelled {}", self.token))),
        };
        let session = module.open_rw_session(slot).map_err(failed)?;
        match session.login(UserType::User, Some(&pin)) {
            // Another session of this program is signed in; it counts for all of them.
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(session),
            Err(Error::Pkcs11(
                RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange | RvError::PinExpired,
                _,
            )) => {
                self.pin_refused.store(true, Ordering::Relaxed);
                Err(said(&format!("it refused the PIN in {}", self.pin_file.display())))
            }
            Err(error) => Err(failed(error)),
        }
    }
}

fn find(session: &Session) -> Result<Option<ObjectHandle>, CustodyError> {
    let template =
        [Attribute::Class(ObjectClass::SECRET_KEY), Attribute::Token(true), Attribute::Label(LABEL.to_vec())];
    match session.find_objects(&template).map_err(failed)?.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        _ => Err(said("it holds two master keys")),
    }
}

fn make(session: &Session) -> Result<(), CustodyError> {
    let template = [
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::GENERIC_SECRET),
        Attribute::ValueLen(32_u64.into()),
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
        Attribute::Label(LABEL.to_vec()),
    ];
    let key = session.generate_key(&Mechanism::GenericSecretKeyGen, &template).map_err(failed)?;
    let kept = session.get_attributes(key, &[AttributeType::Sensitive, AttributeType::Extractable]).map_err(failed)?;
    if kept.contains(&Attribute::Sensitive(true)) && kept.contains(&Attribute::Extractable(false)) {
        return Ok(());
    }
    session.destroy_object(key).map_err(failed)?;
    Err(said("it makes keys that can be taken out of it"))
}

fn load(path: &Path) -> Result<Pkcs11, CustodyError> {
    let mut loaded = LOADED.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, module)) = loaded.iter().find(|(known, _)| known == path) {
        return Ok(module.clone());
    }
    let module = Pkcs11::new(path).map_err(|error| said(&format!("{}: {error}", path.display())))?;
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(error) => return Err(failed(error)),
    }
    loaded.push((path.to_owned(), module.clone()));
    Ok(module)
}

/// The PIN: the first line of the file.
fn pin(path: &Path) -> Result<AuthPin, CustodyError> {
    let unreadable = |reason: &str| said(&format!("the PIN file {}: {reason}", path.display()));
    let about = fs::metadata(path).map_err(|error| unreadable(&error.to_string()))?;
    if about.permissions().mode() & 0o007 != 0 {
        return Err(unreadable("others may read it; chmod o-rwx"));
    }
    if about.len() > 4096 {
        return Err(unreadable("too long"));
    }
    let text = fs::read_to_string(path).map(Zeroizing::new).map_err(|error| unreadable(&error.to_string()))?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(AuthPin::from(line)),
        _ => Err(unreadable("its first line is empty")),
    }
}

/// Names of errors and calls only; PKCS#11 has no others.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
fn failed(error: Error) -> CustodyError {
    said(&error.to_string())
}

fn said(reason: &str) -> CustodyError {
    CustodyError::Failed { custodian: NAME, reason: reason.to_owned() }
}
