//! Case work: what privacy officers and administrators do about an incident. Every act is an entry of the server's own log, in its transaction.

mod act;
mod lifted;
mod raise;
mod view;
mod words;

use axum::http::StatusCode;
use vigil_audit::Agent;
use vigil_model::{Role, SessionId, UserId};

use crate::custody::CustodyError;
use crate::http::Outcome;
use crate::store::StoreError;
use crate::store::incident::{IncidentRow, SubjectRow};

pub use act::act;
pub(crate) use lifted::{Lift, lifted};
pub(crate) use raise::{queue, raise};
pub(crate) use view::read;
pub use view::{incident, incidents};

/// Who works at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Officer {
    /// A privacy officer or administrator, with a desk session.
    User {
        /// The user.
        id: UserId,
        /// As the directory names it now.
        role: Role,
        /// The desk session.
        session: SessionId,
    },
    /// Whoever has the server's command line.
    Operator,
}

impl Officer {
    /// As the record names them.
    pub(crate) const fn agent(self) -> Agent {
        match self {
            Self::User { id, role, session } => Agent::User { id, role, session },
            Self::Operator => Agent::Operator,
        }
    }

    /// The user.
    pub(crate) const fn user(self) -> Option<UserId> {
        match self {
            Self::User { id, .. } => Some(id),
            Self::Operator => None,
        }
    }

    /// Whether an incident is about them: they neither see it nor work on it.
    pub(crate) fn is_subject_of(self, row: &IncidentRow) -> bool {
        self.user().is_some_and(|user| row.subject == SubjectRow::User(user))
    }

    /// Whether they see which patients are affected: administrators look after machines and accounts, not after charts.
    pub(crate) fn sees_patients(self) -> bool {
        matches!(self, Self::User { role: Role::PrivacyOfficer, .. })
    }

    /// Whether they decide on cases: comment, assess, close. Administrators suspend, lift and acknowledge.
    pub(crate) fn decides(self) -> bool {
        matches!(self, Self::Operator | Self::User { role: Role::PrivacyOfficer, .. })
    }
}

/// Whether a role works at the desk at all.
pub(crate) const fn may_work_at_the_desk(role: Role) -> bool {
    match role {
        Role::PrivacyOfficer | Role::Administrator => true,
        Role::Physician | Role::Nurse | Role::Pharmacist | Role::FrontDesk | Role::Billing => false,
    }
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum IncidentError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The custodian.
    #[error(transparent)]
    Custody(#[from] CustodyError),
    /// There is none.
    #[error("there is no incident with this number")]
    NoIncident,
    /// It is about whoever acts.
    #[error("nobody sees or works on an incident that is about themselves")]
    OwnCase,
    /// The role may not.
    #[error("this is for a privacy officer to decide")]
    Role,
    /// Words are asked for.
    #[error("the words have 10 to 2,000 characters")]
    Words,
    /// It does not fit how the incident stands.
    #[error("{0}")]
    State(&'static str),
    /// A day has a form.
    #[error("the day of discovery is a date such as 2026-11-30, and not in the future")]
    Day,
}

impl From<IncidentError> for Outcome {
    fn from(error: IncidentError) -> Self {
        let invalid = |text| Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", text);
        match error {
            IncidentError::Store(error) => error.into(),
            IncidentError::Custody(error) => error.into(),
            IncidentError::NoIncident => Self::NOT_FOUND,
            IncidentError::OwnCase => {
                Self::new(StatusCode::FORBIDDEN, "forbidden", "Nobody sees or works on an incident about themselves")
            }
            IncidentError::Role => {
                Self::new(StatusCode::FORBIDDEN, "forbidden", "This is for a privacy officer to decide")
            }
            IncidentError::Words => invalid("The words have 10 to 2,000 characters"),
            IncidentError::State(words) => Self::new(StatusCode::CONFLICT, "conflict", words),
            IncidentError::Day => invalid("The day of discovery is a date such as 2026-11-30, and not in the future"),
        }
    }
}
