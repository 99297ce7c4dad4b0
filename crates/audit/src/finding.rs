//! What verification found, in words.

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
pub enum Finding {
    /// One entry was changed.
    Edited {
        /// Which.
        seq: u64,
    },
    /// Entries were changed and their hashes recomputed; the range is as narrow as the tree can tell.
    Rewritten {
        /// First of the range.
        from: u64,
        /// Last of the range.
        to: u64,
    },
    /// Entries are missing between others.
    Deleted {
        /// First.
        from: u64,
        /// Last.
        to: u64,
    },
    /// The last entries are missing.
    Truncated {
        /// First that is missing.
        from: u64,
        /// Last that is missing.
        to: u64,
    },
    /// An entry is there that the log never took in.
    Inserted {
        /// Where.
        at: u64,
    },
    /// Entries stand in another order.
    Reordered {
        /// First that is out of place.
        from: u64,
        /// Last that is out of place.
        to: u64,
    },
    /// Everything after this entry was made anew with consistent hashes; what was signed before says otherwise.
    Rebuilt {
        /// The last entry that a signature still vouches for; 0: none.
        after: u64,
    },
    /// An older copy of the whole log was put back.
    RolledBack {
        /// How far the log had come.
        from: u64,
        /// Where it stands now.
        to: u64,
    },
    /// The head does not carry this device's authentication.
    HeadForged,
    /// A checkpoint was not signed by this device.
    CheckpointForged {
        /// The size that it stands for.
        size: u64,
    },
    /// The log has checkpoints but the custodian remembers no mark.
    MarkMissing,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edited { seq } => write!(f, "entry {seq} was edited"),
            Self::Rewritten { from, to } => {
                write!(f, "among entries {from} to {to} at least one was edited and its hashes recomputed")
            }
            Self::Deleted { from, to } if from == to => write!(f, "entry {from} was deleted"),
            Self::Deleted { from, to } => write!(f, "entries {from} to {to} were deleted"),
            Self::Truncated { from, to } if from == to => write!(f, "the last entry, {from}, was cut off"),
            Self::Truncated { from, to } => write!(f, "the last entries, {from} to {to}, were cut off"),
            Self::Inserted { at } => write!(f, "an entry was inserted at {at}"),
            Self::Reordered { from, to } => write!(f, "entries between {from} and {to} were reordered"),
            Self::Rebuilt { after } => {
                write!(
                    f,
                    "the log was rebuilt after entry {after}: it contradicts what this device signed or remembers"
                )
            }
            Self::RolledBack { from, to } => {
                write!(f, "an older copy of the log was put back: it had {from} entries and now has {to}")
            }
            Self::HeadForged => f.write_str("the head of the log was not written by this device"),
            Self::CheckpointForged { size } => {
                write!(f, "the checkpoint at {size} entries was not signed by this device")
            }
            Self::MarkMissing => f.write_str("the device key's custodian has lost its mark of the log"),
        }
    }
}
