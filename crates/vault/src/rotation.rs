//! Why keys are replaced, and how far that has come.

/// Why a key is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationCause {
    /// Its time is over, as policy says.
    Schedule,
    /// An administrator asked for it.
    Demand,
    /// Somebody who held it holds it no more, or a device that held it is lost.
    Event,
}

impl RotationCause {
    /// The word in the audit log.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::Demand => "demand",
            Self::Event => "event",
        }
    }
}

/// How far a change has come that takes more than one transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RotationProgress {
    /// Rows that were looked at.
    pub done: u64,
    /// Of how many, as counted now.
    pub total: u64,
    /// Nothing is left.
    pub finished: bool,
}
