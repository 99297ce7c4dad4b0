//! One audit event.

/// FHIR `AuditEvent.outcome`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Success,
    /// It was refused: nothing was done, and nothing is wrong with the system.
    MinorFailure,
    /// It failed.
    SeriousFailure,
}

impl Outcome {
    /// The FHIR code: 0, 4, 8.
    pub const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::MinorFailure => 4,
            Self::SeriousFailure => 8,
        }
    }
}
