//! What verification found.

use std::fmt;

/// The audit log, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// How many entries the log holds.
    pub entries: u64,
    /// The Merkle root over them (RFC 6962).
    pub root: [u8; 32],
    /// What was done to it; empty when it is intact.
    pub findings: Vec<Finding>,
}

impl Verification {
    /// Whether nothing was found.
    pub const fn intact(&self) -> bool {
        self.findings.is_empty()
    }
}

/// One thing that was done to the log. `Display` says it in words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// Entry `seq` was changed.
    Edited {
        /// Which entry.
        seq: u64,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edited { seq } => write!(f, "entry {seq} was edited"),
        }
    }
}
