//! Audit entries on their way to the server, and what comes back.

use serde::{Deserialize, Serialize};

use super::Bytes;

/// Consecutive entries of the caller's log. Whose log it is, the client certificate says; there is no id to be wrong about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The number of the first entry.
    pub from: u64,
    /// The sealing contexts that the entries name.
    pub contexts: Vec<Context>,
    /// The entries, without a gap.
    pub entries: Vec<Entry>,
    /// The checkpoint that the device signed over its log up to the last entry of the batch (C2SP signed note).
    pub checkpoint: String,
}

/// Entries out of turn, because they cannot wait: alarms and broken glasses. The log takes them again, in order, with the
/// [`Batch`] that they belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Alerts {
    /// The sealing contexts that the entries name.
    pub contexts: Vec<Context>,
    /// Number and entry, ascending.
    pub entries: Vec<(u64, Entry)>,
}

/// One HPKE encapsulation: whoever holds the server's private key derives the key of all entries that name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// What entries call it, within this message.
    pub id: u32,
    /// The id of the server's key.
    pub key: u32,
    /// The encapsulated key (RFC 9180, `enc`).
    pub encapsulated: Bytes,
}

/// One entry on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged, deny_unknown_fields)]
pub enum Entry {
    /// The sealed entry.
    Sealed {
        /// The context's [`Context::id`].
        context: u32,
        /// The number that made its nonce: never the same twice in one context.
        nonce: u64,
        /// The ciphertext with its tag.
        sealed: Bytes,
    },
    /// The entry's leaf hash alone (RFC 6962): the workstation keeps the entry in quarantine, and the log stays whole.
    Quarantined {
        /// 32 bytes.
        leaf: Bytes,
    },
}

/// The server's answer to a [`Batch`]: what it holds durably, cosigned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// The number that the server expects next: it holds everything before it.
    pub next: u64,
    /// Entries of the batch that it held before.
    pub known: u64,
    /// The newest checkpoint with the server's cosignature (C2SP tlog-cosignature), and with those of further witnesses.
    /// Nothing that it does not cover may be deleted on the workstation. `None`: nothing was ever received.
    pub checkpoint: Option<String>,
    /// The version of the directory: when it is not the one that the workstation holds, it fetches it.
    pub directory: u64,
    /// The server's clock, RFC 3339.
    pub time: String,
}

/// Why a [`Batch`] was refused, in `OperationOutcome.issue[0].extension`, so that the workstation can act on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case", tag = "refusal")]
pub enum Refusal {
    /// The batch begins after what the server expects next: the workstation goes back there.
    Gap {
        /// The number that is expected.
        next: u64,
    },
    /// This entry is not the one that the server holds under the same number: the log was forked or rebuilt.
    Conflict {
        /// Its number.
        seq: u64,
    },
    /// The checkpoint does not fit the entries, or the device did not sign it.
    Checkpoint,
    /// This entry does not open or is none. The others are not at fault; none was taken.
    Poison {
        /// Its number.
        seq: u64,
    },
    /// The body is not sealed: it is not read, and that it was sent is on record.
    Unsealed,
}
