//! Showing a second factor: a code, a recovery code or a card. Checked after the password, and used up on record.

use serde::{Deserialize, Serialize};
use specta::Type;
use vigil_model::{Role, Sensitive, SessionId, UserId};
use vigil_policy::{Interaction, Principal};
use vigil_vault::{CardError, CardReader, FactorShown, UserKeys, Vault, VaultError};

use crate::act::Present;
use crate::session::session_request;
use crate::view::FactorProof;
use crate::{AppError, ErrorCode, Purpose, Workstation};

/// What somebody shows, wiped when dropped.
pub(crate) enum Proof {
    Code(Sensitive<String>),
    RecoveryCode(Sensitive<String>),
    Card { pin: Sensitive<String> },
}

impl From<FactorProof> for Proof {
    fn from(proof: FactorProof) -> Self {
        match proof {
            FactorProof::Code { code } => Self::Code(Sensitive::new(code)),
            FactorProof::RecoveryCode { code } => Self::RecoveryCode(Sensitive::new(code)),
            FactorProof::SmartCard { pin } => Self::Card { pin: Sensitive::new(pin) },
        }
    }
}

/// Which kind of second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum FactorKind {
    /// The codes of an authenticator app.
    Totp,
    /// A smart card.
    SmartCard,
}

impl FactorKind {
    /// In words.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Totp => "authenticator app",
            Self::SmartCard => "smart card",
        }
    }
}

impl From<vigil_vault::FactorKind> for FactorKind {
    fn from(kind: vigil_vault::FactorKind) -> Self {
        match kind {
            vigil_vault::FactorKind::Totp => Self::Totp,
            vigil_vault::FactorKind::SmartCard => Self::SmartCard,
        }
    }
}

/// Somebody whose password was right, within a session or on the way into one.
#[derive(Clone, Copy)]
pub(crate) struct Who {
    pub(crate) user: UserId,
    pub(crate) role: Role,
    pub(crate) session: SessionId,
}

impl Who {
    pub(crate) const fn of(present: &Present) -> Self {
        Self { user: present.user, role: present.role, session: present.session }
    }

    pub(crate) const fn principal(self) -> Principal {
        Principal::User { id: self.user, role: self.role, session: self.session }
    }
}

/// Why somebody was not let in.
pub(crate) enum Refused {
    /// Password, name, or what failed.
    Vault(VaultError),
    /// The password was right, what was shown beside it was not.
    Factor(Who),
    /// The card could not be asked, or refused.
    Card(Who, CardError),
    /// It opens nothing here, and the server, which may know better, could not be asked.
    ServerUnasked,
    /// Anything else.
    Other(AppError),
}

impl From<VaultError> for Refused {
    fn from(error: VaultError) -> Self {
        Self::Vault(error)
    }
}

impl From<AppError> for Refused {
    fn from(error: AppError) -> Self {
        Self::Other(error)
    }
}

impl Workstation {
    /// Checks what is shown and uses it up, on record. Nothing shown is a wrong factor.
    pub(crate) fn factor_shown(
        &self,
        who: &Who,
        keys: &UserKeys,
        proof: Option<Proof>,
        purpose: Purpose,
    ) -> Result<(), Refused> {
        let vault = self.vault()?;
        let wrong = |error: VaultError| {
            if matches!(error, VaultError::WrongSecondFactor) { Refused::Factor(*who) } else { Refused::Vault(error) }
        };
        let now = self.clock.now();
        let accepted = match proof {
            None => return Err(Refused::Factor(*who)),
            Some(Proof::Code(code)) => vault.factor_check(keys, FactorShown::Code(&code), now),
            Some(Proof::RecoveryCode(code)) => vault.factor_check(keys, FactorShown::RecoveryCode(&code), now),
            Some(Proof::Card { pin }) => {
                let shown = self.card_answer(vault, who, keys, &pin, purpose)?;
                vault.factor_check(keys, shown, now)
            }
        }
        .map_err(wrong)?;
        let interaction =
            if accepted.is_recovery_code() { Interaction::RecoveryCodeVerify } else { Interaction::FactorVerify };
        let permit = self.permitted(session_request(interaction, who.principal()))?;
        // Another process may have used the same code since it was looked at.
        vault.transaction(permit, Some(keys), now, |tx| tx.factor_use(&accepted, purpose.code())).map_err(wrong)
    }

    fn card_answer(
        &self,
        vault: &Vault,
        who: &Who,
        keys: &UserKeys,
        pin: &Sensitive<String>,
        purpose: Purpose,
    ) -> Result<FactorShown<'static>, Refused> {
        let challenge = vault.factor_challenge(who.user, purpose.code())?;
        let signed = self.card_reader()?.sign(&vault.card_keys(keys)?, pin, &challenge, self.clock.now());
        Ok(FactorShown::Signed(challenge, signed.map_err(|error| Refused::Card(*who, error))?))
    }

    /// The reader of the staff's cards.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] where the managed policy names none.
    pub(crate) fn card_reader(&self) -> Result<&CardReader, AppError> {
        let module = self.policy.sign_in.smart_card_module.as_deref().ok_or_else(|| {
            AppError::invalid(
                "no smart cards are set up here; use another second factor, or ask IT for smartCardModule",
            )
        })?;
        Ok(self.cards.get_or_init(|| CardReader::of(module)))
    }

    /// Whether a purpose needs a second factor at this workstation.
    pub(crate) fn needs_factor(&self, purpose: Purpose) -> Result<bool, AppError> {
        // Two halves in two persons' hands are more than a password.
        if purpose != Purpose::SignIn && self.in_emergency_account() {
            return Ok(false);
        }
        Ok(self.policy.sign_in.needs_factor(purpose, self.kind_of_installation()?))
    }

    /// Whether somebody in this role must have a second factor.
    pub(crate) fn must_have_factor(&self, role: Role) -> Result<bool, AppError> {
        Ok(self.policy.sign_in.must_have_factor(role, self.kind_of_installation()?))
    }
}

/// What a refusal is to whoever sees the screen.
pub(crate) fn said(refused: Refused) -> AppError {
    match refused {
        Refused::Vault(VaultError::WrongPassword) | Refused::Factor(_) => AppError::wrong_password(),
        Refused::Card(_, CardError::OtherCard) => AppError::wrong_password().or_other_card(),
        Refused::Card(_, error) => AppError::new(ErrorCode::CardRefused, error.to_string()),
        Refused::ServerUnasked => AppError::server_unasked(),
        Refused::Vault(error) => error.into(),
        Refused::Other(error) => error,
    }
}
