//! Destroying a record for good: why.

use serde::{Deserialize, Serialize};

/// Why the keys of a record are destroyed: Vigil's own list. The law that allows or orders it is named in the words beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum DestructionReason {
    /// The patient asked for it and it was granted.
    PatientRequest,
    /// A court or an authority ordered it.
    LegalOrder,
    /// The time for which it had to be kept is over.
    RetentionOver,
    /// It was taken in by mistake: another hospital's patient, a test, the wrong file.
    EnteredInError,
    /// Something else; the words say what.
    Other,
}

impl DestructionReason {
    /// Every reason, in the order of the list on the screen.
    pub const ALL: [Self; 5] =
        [Self::PatientRequest, Self::LegalOrder, Self::RetentionOver, Self::EnteredInError, Self::Other];

    /// The code that the database and the audit log carry.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PatientRequest => "patient-request",
            Self::LegalOrder => "legal-order",
            Self::RetentionOver => "retention-over",
            Self::EnteredInError => "entered-in-error",
            Self::Other => "other",
        }
    }

    /// The reason with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}
