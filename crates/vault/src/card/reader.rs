//! The reader: finds the card, gives it the PIN, lets it sign.

use std::path::{Path, PathBuf};

use cryptoki::context::Pkcs11;
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, CertificateType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use sha2::{Digest, Sha256, Sha384};
use vigil_model::{Moment, Sensitive};

use super::key::Algorithm;
use super::{CardError, CardKey, TriesLeft};
use crate::custodian::pkcs11::module;
use crate::custodian::timed::{Lost, Turnstile};
use crate::{Challenge, SignedChallenge};

/// The card readers behind one PKCS#11 library. Each call runs on a thread of its own and is given up after five seconds.
pub struct CardReader {
    module: PathBuf,
    turnstile: Turnstile,
}

impl CardReader {
    /// The readers behind the library at `module`, a whole path; it is not loaded yet.
    pub fn of(module: &Path) -> Self {
        Self { module: module.to_owned(), turnstile: Turnstile::new("smart-card") }
    }

    /// Lets the card in the reader sign `challenge`, with the first of its keys that will do, to register it.
    ///
    /// # Errors
    /// [`CardError`]
    pub fn enrol(
        &self,
        pin: &Sensitive<String>,
        challenge: &Challenge,
        now: Moment,
    ) -> Result<(CardKey, SignedChallenge), CardError> {
        self.signed(None, pin, challenge, now)
    }

    /// Lets the card in the reader sign `challenge` with one of the registered `keys`.
    ///
    /// # Errors
    /// [`CardError`]; [`CardError::OtherCard`] before the card is given a PIN that may not be its own.
    pub fn sign(
        &self,
        keys: &[CardKey],
        pin: &Sensitive<String>,
        challenge: &Challenge,
        now: Moment,
    ) -> Result<SignedChallenge, CardError> {
        self.signed(Some(keys.to_vec()), pin, challenge, now).map(|(_, signed)| signed)
    }

    /// Looks whether there is a card at all.
    ///
    /// # Errors
    /// [`CardError::NoCard`], or why nobody can tell.
    pub fn look(&self) -> Result<(), CardError> {
        let path = self.module.clone();
        self.answered(move || {
            let module = module::loaded(&path).map_err(CardError::Failed)?;
            let slots = module.get_slots_with_initialized_token().map_err(failed)?;
            if slots.is_empty() { Err(CardError::NoCard) } else { Ok(()) }
        })
    }

    fn answered<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, CardError> + Send + 'static,
    ) -> Result<T, CardError> {
        match self.turnstile.run(work) {
            Ok(answer) => answer,
            Err(Lost::Silent) => Err(CardError::Silent),
            Err(Lost::Crashed(reason)) => Err(CardError::Failed(reason)),
        }
    }

    fn signed(
        &self,
        keys: Option<Vec<CardKey>>,
        pin: &Sensitive<String>,
        challenge: &Challenge,
        now: Moment,
    ) -> Result<(CardKey, SignedChallenge), CardError> {
        let (path, message) = (self.module.clone(), challenge.message().to_vec());
        // EXPOSE: the card takes the PIN; this copy is wiped by its own type.
        let pin = AuthPin::from(pin.expose().as_str());
        self.answered(move || {
            let module = module::loaded(&path).map_err(CardError::Failed)?;
            let found = find(&module, keys.as_deref(), now)?;
            let signature = found.sign(&module, &pin, &message)?;
            Ok((found.key.clone(), SignedChallenge { public_key: found.key.public_key().to_vec(), signature }))
        })
    }
}

/// A certificate that was found, on which card.
struct Found {
    slot: Slot,
    session: Session,
    /// What ties the certificate to its private key on the card.
    id: Vec<u8>,
    key: CardKey,
}

/// Looks through every card for a certificate with one of `keys`, or, to enrol, with any key that will do.
fn find(module: &Pkcs11, keys: Option<&[CardKey]>, now: Moment) -> Result<Found, CardError> {
    let slots = module.get_slots_with_initialized_token().map_err(failed)?;
    if slots.is_empty() {
        return Err(CardError::NoCard);
    }
    let mut reason = if keys.is_some() { CardError::OtherCard } else { CardError::NoUsableKey };
    for slot in slots {
        let session = module.open_ro_session(slot).map_err(failed)?;
        for (id, der) in certificates(&session)? {
            match CardKey::of_certificate(&der, now.utc) {
                Ok(key) if keys.is_none_or(|keys| keys.iter().any(|one| one.public_key() == key.public_key())) => {
                    return Ok(Found { slot, session, id, key });
                }
                Err(CardError::NotValidNow) => reason = CardError::NotValidNow,
                Ok(_) | Err(_) => {}
            }
        }
    }
    Err(reason)
}

/// Identifier and DER.
type Certificate = (Vec<u8>, Vec<u8>);

/// Every X.509 certificate, those of the lowest identifier first: on a PIV card that is the one for
/// authentication (9A).
fn certificates(session: &Session) -> Result<Vec<Certificate>, CardError> {
    let template = [
        Attribute::Class(ObjectClass::CERTIFICATE),
        Attribute::Token(true),
        Attribute::CertificateType(CertificateType::X_509),
    ];
    let mut all = Vec::new();
    for object in session.find_objects(&template).map_err(failed)? {
        let (mut id, mut der) = (None, None);
        for value in session.get_attributes(object, &[AttributeType::Id, AttributeType::Value]).map_err(failed)? {
            if let Attribute::Id(bytes) = value {
                id = Some(bytes);
            } else if let Attribute::Value(bytes) = value {
                der = Some(bytes);
            }
        }
        if let (Some(id), Some(der)) = (id, der) {
            all.push((id, der));
        }
    }
    all.sort();
    Ok(all)
}

impl Found {
    fn sign(&self, module: &Pkcs11, pin: &AuthPin, message: &[u8]) -> Result<Vec<u8>, CardError> {
        match self.session.login(UserType::User, Some(pin)) {
            Ok(()) => {}
            // Then the card would sign without this PIN.
            Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {
                return Err(CardError::Failed("it is in use by another part of this program".to_owned()));
            }
            Err(Error::Pkcs11(
                RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange | RvError::PinExpired,
                _,
            )) => return Err(self.refused(module)),
            Err(Error::Pkcs11(RvError::PinLocked, _)) => return Err(CardError::PinLocked),
            Err(error) => return Err(failed(error)),
        }
        let signature = self.signature(message);
        // The card forgets the PIN whether it signed or not.
        let left = self.session.logout().map_err(failed);
        let signature = signature?;
        left.map(|()| signature)
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, CardError> {
        let key = self.private_key()?;
        // Hashed here where cards differ in what they hash themselves.
        let signed = match self.key.algorithm() {
            Some(Algorithm::Rsa) => self.session.sign(&Mechanism::Sha256RsaPkcs, key, message),
            Some(Algorithm::P256) => self.session.sign(&Mechanism::Ecdsa, key, &Sha256::digest(message)),
            Some(Algorithm::P384) => self.session.sign(&Mechanism::Ecdsa, key, &Sha384::digest(message)),
            None => return Err(CardError::NoUsableKey),
        };
        signed.map_err(failed)
    }

    fn private_key(&self) -> Result<ObjectHandle, CardError> {
        let template =
            [Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::Token(true), Attribute::Id(self.id.clone())];
        let found = self.session.find_objects(&template).map_err(failed)?;
        found.first().copied().ok_or(CardError::NoUsableKey)
    }

    /// Why the PIN was refused, as far as the card tells.
    fn refused(&self, module: &Pkcs11) -> CardError {
        let Ok(about) = module.get_token_info(self.slot) else { return CardError::WrongPin(TriesLeft::Unsaid) };
        if about.user_pin_locked() {
            CardError::PinLocked
        } else if about.user_pin_final_try() {
            CardError::WrongPin(TriesLeft::One)
        } else if about.user_pin_count_low() {
            CardError::WrongPin(TriesLeft::Fewer)
        } else {
            CardError::WrongPin(TriesLeft::Unsaid)
        }
    }
}

/// Names of errors and calls only; PKCS#11 has no others.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
fn failed(error: Error) -> CardError {
    let gone = [RvError::TokenNotPresent, RvError::DeviceRemoved, RvError::TokenNotRecognized];
    if matches!(&error, Error::Pkcs11(reason, _) if gone.contains(reason)) {
        CardError::NoCard
    } else {
        CardError::Failed(error.to_string())
    }
}
