//! The two answers.

use vigil_model::{PatientId, PurposeOfUse};

use crate::{Interaction, Principal, Request};

/// Proof that a request was authorized. Only this crate makes one; `vigil-vault` consumes it.
#[must_use = "a permit that is dropped has authorized nothing"]
#[derive(Debug)]
pub struct Permit(Request);

impl Permit {
    pub(crate) const fn new(request: Request) -> Self {
        Self(request)
    }

    /// Who may.
    pub const fn principal(&self) -> &Principal {
        &self.0.principal
    }

    /// What may be done.
    pub const fn interaction(&self) -> Interaction {
        self.0.interaction
    }

    /// Whose record may be touched. `None`: no single one (a search, an import).
    pub const fn patient(&self) -> Option<&PatientId> {
        self.0.patient.as_ref()
    }

    /// What for.
    pub const fn purpose(&self) -> PurposeOfUse {
        self.0.purpose
    }
}

/// A refusal. The vault records it as it stands.
#[derive(Clone, Debug)]
pub struct Denial {
    /// What was asked.
    pub request: Request,
    /// Why not.
    pub reason: DenialReason,
}

/// Why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DenialReason {
    /// Nobody is signed in.
    NotSignedIn,
    /// The role does not allow it.
    Role,
    /// The record is restricted and the glass was not broken.
    Restricted,
    /// An interaction about one patient named none.
    NoPatient,
    /// The chart is open to the user as it is: there is no glass to break.
    NotRestricted,
    /// The user has broken the glass as often as policy allows within a day.
    DailyLimit,
    /// The user's password was given by somebody else, and another one has to be chosen first.
    PasswordDue,
}

impl DenialReason {
    /// A short code for the audit log.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotSignedIn => "not-signed-in",
            Self::Role => "role",
            Self::Restricted => "restricted",
            Self::NoPatient => "no-patient",
            Self::NotRestricted => "not-restricted",
            Self::DailyLimit => "daily-limit",
            Self::PasswordDue => "password-due",
        }
    }
}
