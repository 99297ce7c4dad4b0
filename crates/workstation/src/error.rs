//! The one error that crosses to the screen: a code for programs, a sentence for people, never PHI.

use serde::{Deserialize, Serialize};
use specta::Type;
use vigil_policy::{Denial, DenialReason};
use vigil_vault::VaultError;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type, thiserror::Error)]
#[error("{message}")]
pub struct AppError {
    /// For programs.
    pub code: ErrorCode,
    /// For people: what, where, what to do.
    pub message: String,
}

/// A code exists only because the screen acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// Nobody is signed in: show the sign-in page.
    NotSignedIn,
    /// The screen is locked: show the lock page.
    Locked,
    /// Wrong name, password or second factor, without a hint which: stay and try again.
    WrongPassword,
    /// The card or its reader says why in words: stay and try again.
    CardRefused,
    /// The use case asks for password and second factor again: ask, then try once more.
    ReauthenticationNeeded,
    /// The use case needs a second factor and the user has none: show how to set one up.
    FactorNeeded,
    /// Too many failures: wait as the message says.
    RefusedForNow,
    /// The posture of the workstation closes the sign-in: offer a reason to come in all the same.
    PostureRefused,
    /// The role does not allow it.
    Forbidden,
    /// The record is restricted.
    Restricted,
    /// There is no such thing.
    NotFound,
    /// The user's password was given by somebody else: show the page where another one is chosen.
    PasswordDue,
    /// The key that the device keeps is gone or another one: offer the recovery key.
    DeviceKeyLost,
    /// The request is not well formed: show the message at the field.
    Invalid,
    /// The chart on the screen is another patient's than the one whom a write names: nothing was stored; keep what was typed and say so.
    OtherPatient,
    /// Somebody else has written the entry since it was read: nothing was stored; keep what was typed and offer to read it again.
    VersionConflict,
    /// A value is outside of what is held for possible: nothing was stored; show why, and offer to record it all the same.
    Implausible,
    /// Another long task is running.
    Busy,
    /// The central server is asked for this and does not answer, or there is none: say how things stand and offer to try again.
    ServerOutOfReach,
    /// The audit entry could not be written, so nothing was shown or stored.
    AuditUnavailable,
    /// Anything else.
    Internal,
}

impl AppError {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Invalid, message)
    }

    pub(crate) fn not_signed_in() -> Self {
        Self::new(ErrorCode::NotSignedIn, "nobody is signed in at this workstation; sign in first")
    }

    pub(crate) fn locked() -> Self {
        Self::new(ErrorCode::Locked, "the workstation is locked; unlock it to go on")
    }

    pub(crate) fn no_such_patient() -> Self {
        Self::new(ErrorCode::NotFound, "this workstation holds no such patient; search again")
    }

    pub(crate) fn destroyed(at: &chrono::DateTime<chrono::Utc>) -> Self {
        let at = crate::clock::text(at);
        Self::new(
            ErrorCode::NotFound,
            format!("the record of this patient was destroyed on {at}; nothing of it is left here"),
        )
    }

    pub(crate) fn password_due() -> Self {
        Self::new(ErrorCode::PasswordDue, "your password was given to you by somebody else; choose another one first")
    }

    /// A use case that did not end: the program is closing, or a bug.
    pub fn stopped() -> Self {
        Self::new(ErrorCode::Internal, "the request was stopped before it ended; try again")
    }

    /// A call whose arguments are not what the command takes. Nothing of them is repeated.
    pub fn malformed(command: &str) -> Self {
        Self::invalid(format!("`{command}` was called in a way that it does not understand; nothing was done"))
    }

    /// The same answer for a wrong name, a wrong password and a wrong second factor.
    pub(crate) fn wrong_password() -> Self {
        Self::new(ErrorCode::WrongPassword, "the user name, the password or the second factor is wrong")
    }

    /// The same where the server could not be asked.
    pub(crate) fn server_unasked() -> Self {
        let said = Self::wrong_password();
        let message = format!(
            "{}, or you have not signed in at this workstation before and the server is out of reach now",
            said.message
        );
        Self { message, ..said }
    }

    /// The same for whoever shows a card: a wrong name or password, or a card of somebody else.
    pub(crate) fn or_other_card(self) -> Self {
        if self.code != ErrorCode::WrongPassword {
            return self;
        }
        Self {
            message: "the user name or the password is wrong, or the card is not one that was registered for this user"
                .to_owned(),
            ..self
        }
    }

    pub(crate) fn factor_needed() -> Self {
        Self::new(
            ErrorCode::FactorNeeded,
            "this needs a second factor and you have none; set one up under My sign-in, then try again",
        )
    }
}

impl From<Denial> for AppError {
    fn from(denial: Denial) -> Self {
        match denial.reason {
            DenialReason::NotSignedIn => Self::not_signed_in(),
            DenialReason::Role => {
                Self::new(ErrorCode::Forbidden, "your role does not allow this; the refusal is on record")
            }
            DenialReason::Evaluation => {
                tracing::error!("the access policy could not be evaluated");
                Self::new(
                    ErrorCode::Internal,
                    "the access policy could not be evaluated, so nothing is allowed; tell an administrator: an alert is on record",
                )
            }
            DenialReason::Scope => {
                Self::new(ErrorCode::Forbidden, "the scopes of your role do not cover this; the refusal is on record")
            }
            DenialReason::Posture => Self::new(
                ErrorCode::PostureRefused,
                "this workstation is not as your organisation requires; tell an administrator",
            ),
            DenialReason::Suspended => Self::new(
                ErrorCode::Restricted,
                "your account is suspended on this workstation because you opened far more charts than usual; a supervisor can lift that, and in an emergency a chart opens all the same",
            ),
            DenialReason::NoRelationship => Self::new(
                ErrorCode::Restricted,
                "you have no treatment relationship with this patient that is known here; the attempt is on record",
            ),
            DenialReason::Protected => Self::new(
                ErrorCode::Restricted,
                "this is specially protected and stays closed; ask its author or the privacy officer",
            ),
            DenialReason::Restricted => Self::new(
                ErrorCode::Restricted,
                "this record is restricted and does not open in the ordinary way; the attempt is on record",
            ),
            DenialReason::PasswordDue => Self::password_due(),
            DenialReason::OwnRights => Self::new(
                ErrorCode::Forbidden,
                "nobody changes their own rights; somebody else has to do it. The attempt is on record",
            ),
            DenialReason::OtherPatient => Self::new(
                ErrorCode::OtherPatient,
                "this would have been written in another chart than the one on the screen, so nothing was stored; the refusal is on record. Open the chart that you mean, then try again",
            ),
            DenialReason::Emergency => Self::new(
                ErrorCode::Forbidden,
                "an emergency access ends, so it decides nothing about who has access afterwards: nothing was stored, and the attempt is on record. Ask somebody who treats this patient",
            ),
            DenialReason::NoPatient => Self::invalid("no patient was named"),
            DenialReason::DailyLimit => {
                Self::new(ErrorCode::Forbidden, "the limit of emergency accesses within 24 hours is reached")
            }
            DenialReason::NotRestricted => {
                Self::new(ErrorCode::Forbidden, "this record is not restricted; it opens without emergency access")
            }
        }
    }
}

impl From<VaultError> for AppError {
    fn from(error: VaultError) -> Self {
        let code = match &error {
            VaultError::WrongPassword | VaultError::WrongSecondFactor => ErrorCode::WrongPassword,
            VaultError::KeysMissing => ErrorCode::Locked,
            VaultError::AccountClosed | VaultError::RoleChanged => ErrorCode::NotSignedIn,
            VaultError::UserExists
            | VaultError::Invalid(_)
            | VaultError::Destroyed { .. }
            | VaultError::ResourceDestroyed { .. } => ErrorCode::Invalid,
            VaultError::VersionConflict { .. } => ErrorCode::VersionConflict,
            VaultError::OutsidePermit | VaultError::SamePerson | VaultError::OwnRights => ErrorCode::Forbidden,
            VaultError::AuditUnavailable(_) | VaultError::DiskReserved => ErrorCode::AuditUnavailable,
            VaultError::Tampered(_)
            | VaultError::Custodian(_)
            | VaultError::Database { .. }
            | VaultError::Damaged { .. }
            | VaultError::Disk { .. }
            | VaultError::Cancelled
            | VaultError::Export(_)
            | VaultError::Cryptography(_)
            | VaultError::Forged(_) => ErrorCode::Internal,
        };
        Self::new(code, error.to_string())
    }
}
