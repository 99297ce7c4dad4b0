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

    /// What explains the access, for the record: [`Request::basis`].
    pub fn basis(&self) -> Option<String> {
        self.0.basis()
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
///
/// Where several forbid, the first of this order is the one that is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DenialReason {
    /// The policies could not be evaluated: nothing is allowed then, and the vault leaves an alert.
    Evaluation,
    /// Nobody is signed in.
    NotSignedIn,
    /// An interaction about one patient named none.
    NoPatient,
    /// The role does not allow it.
    Role,
    /// The scopes of the role do not cover it.
    Scope,
    /// The workstation is not as the organisation requires.
    Posture,
    /// The user's account is suspended on this workstation.
    Suspended,
    /// The record is restricted and the glass was not broken.
    Restricted,
    /// The user is known to have nothing to do with the patient, or is not known to where it has to be known.
    NoRelationship,
    /// The resource is specially protected.
    Protected,
    /// The chart is open to the user as it is: there is no glass to break.
    NotRestricted,
    /// The user has broken the glass as often as policy allows within a day.
    DailyLimit,
    /// The user's password was given by somebody else, and another one has to be chosen first.
    PasswordDue,
    /// Nobody changes their own rights.
    OwnRights,
    /// The chart on the screen is not the one of the patient whom a write names.
    OtherPatient,
    /// It is nothing that an emergency access opens: it would outlast the emergency.
    Emergency,
}

impl DenialReason {
    /// Every reason.
    pub const ALL: [Self; 16] = [
        Self::Evaluation,
        Self::NotSignedIn,
        Self::NoPatient,
        Self::Role,
        Self::Scope,
        Self::Posture,
        Self::Suspended,
        Self::Restricted,
        Self::NoRelationship,
        Self::Protected,
        Self::NotRestricted,
        Self::DailyLimit,
        Self::PasswordDue,
        Self::OwnRights,
        Self::OtherPatient,
        Self::Emergency,
    ];

    /// A short code for the audit log; a policy's annotation `@reason` is one of these.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Evaluation => "evaluation-error",
            Self::NotSignedIn => "not-signed-in",
            Self::NoPatient => "no-patient",
            Self::Role => "role",
            Self::Scope => "scope",
            Self::Posture => "posture",
            Self::Suspended => "suspended",
            Self::Restricted => "restricted",
            Self::NoRelationship => "no-relationship",
            Self::Protected => "protected",
            Self::NotRestricted => "not-restricted",
            Self::DailyLimit => "daily-limit",
            Self::PasswordDue => "password-due",
            Self::OwnRights => "own-rights",
            Self::OtherPatient => "other-patient",
            Self::Emergency => "emergency",
        }
    }

    /// The reason with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}
