//! A PKCS#11 token or hardware security module as custodian.
//!
//! The root is a generic secret key that the token made, sensitive and not extractable; the token computes HMAC-SHA-256
//! with it. The mark is a private data object beside it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use zeroize::Zeroizing;

use super::mac::{hmac_with, open_with, seal_with};
use super::timed::Timed;
use super::{Custodian, CustodianError, CustodianKind, Mark};
use token::Token;

pub(crate) mod module;
mod token;

const KIND: CustodianKind = CustodianKind::Pkcs11;

/// Which token, as the managed policy names it. Never taken from the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pkcs11Place {
    /// The vendor's library.
    pub module: PathBuf,
    /// The label of the token.
    pub token: String,
    /// The file with the user PIN on its first line; nobody but its owner and group may read it.
    pub pin_file: PathBuf,
}

/// A root in a PKCS#11 token.
pub struct Pkcs11Custodian {
    place: Arc<Place>,
    timed: Timed,
}

struct Place {
    token: Pkcs11Place,
    installation: String,
    /// The token refused the PIN: asking again with the same one would lock it.
    pin_refused: AtomicBool,
}

impl Pkcs11Custodian {
    /// The key of `installation` in the token that `place` names; the token is not asked yet.
    pub fn of(place: &Pkcs11Place, installation: &str) -> Self {
        let place =
            Place { token: place.clone(), installation: installation.to_owned(), pin_refused: AtomicBool::new(false) };
        Self { place: Arc::new(place), timed: Timed::new(KIND) }
    }

    fn with_token<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Token) -> Result<T, CustodianError> + Send + 'static,
    ) -> Result<T, CustodianError> {
        let place = Arc::clone(&self.place);
        self.timed.call(move || {
            if place.pin_refused.load(Ordering::Relaxed) {
                return Err(said("it refused the PIN before; correct the PIN file and start Vigil again"));
            }
            let mut token = Token::open(&place.token, &place.installation, &place.pin_refused)?;
            work(&mut token)
        })
    }
}

impl Custodian for Pkcs11Custodian {
    fn kind(&self) -> CustodianKind {
        KIND
    }

    fn seal(&self, purpose: &str, secret: &[u8]) -> Result<Vec<u8>, CustodianError> {
        let (purpose, secret) = (purpose.to_owned(), Zeroizing::new(secret.to_vec()));
        self.with_token(move |token| {
            if !token.find_key()? {
                token.make_key()?;
            }
            seal_with(token, &purpose, &secret)
        })
    }

    fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, CustodianError> {
        let (purpose, sealed) = (purpose.to_owned(), sealed.to_vec());
        self.with_token(move |token| {
            token.find_key()?;
            open_with(token, &purpose, &sealed)
        })
    }

    fn hmac(&self, message: &[u8]) -> Result<Zeroizing<[u8; 32]>, CustodianError> {
        let message = message.to_vec();
        self.with_token(move |token| {
            token.find_key()?;
            hmac_with(token, &message)
        })
    }

    fn mark(&self) -> Result<Option<Mark>, CustodianError> {
        self.with_token(|token| token.mark())
    }

    fn mark_set(&self, mark: &Mark) -> Result<(), CustodianError> {
        let mark = *mark;
        self.with_token(move |token| token.mark_set(&mark))
    }
}

fn said(reason: &str) -> CustodianError {
    CustodianError::Failed { kind: KIND, reason: reason.to_owned() }
}
