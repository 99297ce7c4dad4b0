//! Second factors: what a user shows beside the password.
//!
//! A factor is a check, not a key: it decides whether this program lets somebody in. What is sealed stays sealed under the
//! password and the device root alone.

mod challenge;
mod recovery_code;
mod totp;

use chrono::{DateTime, Utc};
use vigil_model::{Moment, Sensitive, UserId};

pub use challenge::{Challenge, SignedChallenge};
pub(crate) use recovery_code::{RECOVERY_CODES, RecoveryCode};
pub use totp::TotpSecret;

use crate::{UserKeys, Vault, VaultError, table};

/// Which kind of second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorKind {
    /// A time-based one-time code (RFC 6238) of an authenticator app or token.
    Totp,
    /// A key on a smart card (PIV or another) behind PKCS#11.
    SmartCard,
}

impl FactorKind {
    /// The code that the database holds. **Do not modify**: factors are bound to it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::SmartCard => "smart-card",
        }
    }

    pub(crate) fn from_code(code: &str) -> Option<Self> {
        [Self::Totp, Self::SmartCard].into_iter().find(|kind| kind.code() == code)
    }
}

/// An enrolled factor, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorRecord {
    /// Its number on this workstation; never reused.
    pub id: u32,
    /// Whose it is.
    pub user: UserId,
    /// Which kind.
    pub kind: FactorKind,
    /// What tells it from others: for a card the name and the fingerprint of its certificate.
    pub name: String,
    /// When it was enrolled.
    pub created_at: DateTime<Utc>,
    /// When it was used last.
    pub last_used: Option<DateTime<Utc>>,
}

/// What somebody shows as a second factor. A FIDO2 authenticator answers a [`Challenge`] as a card does.
pub enum FactorShown<'a> {
    /// A one-time code, as typed.
    Code(&'a Sensitive<String>),
    /// A recovery code, as typed.
    RecoveryCode(&'a Sensitive<String>),
    /// A challenge of this program, signed. Consumed: a challenge is answered once.
    Signed(Challenge, SignedChallenge),
}

/// A factor that was found right and is not used up yet: [`crate::Tx::factor_use`] does that, once.
pub struct FactorAccepted {
    pub(crate) user: UserId,
    pub(crate) what: Accepted,
}

pub(crate) enum Accepted {
    /// This step of this factor.
    Step { factor: u32, step: u64 },
    /// This recovery code, by its stored form.
    Code([u8; 32]),
    /// This factor's key has signed.
    Signature { factor: u32 },
}

impl FactorAccepted {
    /// Whether a recovery code took the place of a factor.
    pub const fn is_recovery_code(&self) -> bool {
        matches!(self.what, Accepted::Code(_))
    }
}

impl Vault {
    /// Looks whether `shown` is a second factor of whoever holds `keys`. Nothing is used up or recorded yet.
    ///
    /// # Errors
    /// [`VaultError::WrongSecondFactor`] for a wrong one and for one that was used; [`VaultError::Tampered`].
    pub fn factor_check(
        &self,
        keys: &UserKeys,
        shown: FactorShown<'_>,
        at: Moment,
    ) -> Result<FactorAccepted, VaultError> {
        let connection = self.lock();
        let what = match shown {
            FactorShown::Code(code) => table::factor::check_code(&connection, self.device, keys, code, at)?,
            FactorShown::RecoveryCode(code) => {
                table::factor::check_recovery_code(&connection, self.device, keys, code)?
            }
            FactorShown::Signed(challenge, signed) => {
                if challenge.user != keys.user {
                    return Err(VaultError::WrongSecondFactor);
                }
                table::factor::check_signature(&connection, self.device, keys, &challenge, &signed)?
            }
        };
        Ok(FactorAccepted { user: keys.user, what })
    }

    /// What a card has to sign: fresh random bytes, bound to this device, the user and what it is for.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn factor_challenge(&self, user: UserId, purpose: &str) -> Result<Challenge, VaultError> {
        Challenge::make(self.device, user, purpose)
    }

    /// Whether a user has a second factor; recovery codes alone are none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_factor(&self, user: UserId) -> Result<bool, VaultError> {
        table::factor::any(&self.lock(), user)
    }

    /// The keys of a user's enrolled cards, so that a reader can tell them from others.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] when one does not open.
    pub fn card_keys(&self, keys: &UserKeys) -> Result<Vec<crate::CardKey>, VaultError> {
        table::factor::card_keys(&self.lock(), self.device, keys)
    }
}
