//! What the server itself found: nothing that a user did, and no audit entry of theirs.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigil_model::DeviceId;

macro_rules! fact_kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// What was found. The codes are those of the server's alarms.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum FactKind {
            $($(#[$doc])* $name),+
        }

        impl FactKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its code.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code),+
                }
            }

            /// The kind with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.code() == code)
            }
        }
    };
}

fact_kinds! {
    /// A log goes on behind numbers that never came.
    Gap = "gap",
    /// An entry differs from the one that is held under the same number: the log was forked or rebuilt.
    Conflict = "conflict",
    /// A checkpoint does not fit the entries, or the workstation did not sign it.
    Checkpoint = "checkpoint",
    /// An entry does not open or is none.
    Poison = "poison",
    /// A workstation keeps an entry in quarantine.
    Quarantine = "quarantine",
    /// An entry that came out of turn is not the one that came in turn.
    AlertMismatch = "alert-mismatch",
    /// A body was not sealed.
    Unsealed = "unsealed",
    /// A call named no audit entry.
    AuditIdMissing = "audit-id-missing",
    /// A clock differs.
    Clock = "clock",
    /// A workstation asked for what is another's.
    Foreign = "foreign",
    /// The server's own rows do not verify.
    Tampered = "tampered",
    /// The second witness holds another log.
    Witness = "witness",
}

/// Something that the server found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// When, by the server's clock.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: FactKind,
    /// In which log; `None`: not in one alone.
    pub log: Option<DeviceId>,
    /// At which entry.
    pub seq: Option<u64>,
}

/// When a workstation was last heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceContact {
    /// The workstation: the id of its log, as in every entry.
    pub device: DeviceId,
    /// Its last call; of one that never called, its enrolment.
    pub last: DateTime<Utc>,
}
