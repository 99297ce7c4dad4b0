//! Backups.

use serde::{Deserialize, Serialize};
use specta::Type;

/// The last backup of this workstation.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BackupStatusView {
    /// When it was written, `21-Nov-2026 10:42`; `None`: never.
    pub last: Option<String>,
    /// Its age in whole days.
    pub age_days: Option<u32>,
    /// Whether it is older than the organisation allows, or there is none.
    pub overdue: bool,
    /// After how many days it is.
    pub warn_after_days: u32,
    /// A file name for the next one: no organisation and no patient is in it.
    pub suggested_name: String,
}

/// Where a backup goes.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BackupCreateRequest {
    /// The file; it must not be there yet.
    pub path: String,
}

/// How far a backup is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BackupProgress {
    /// `writing`, `done`, `cancelled` or `failed`.
    pub phase: String,
    /// 0 to 100.
    pub percent: u32,
    /// The file.
    pub path: String,
    /// Bytes of the database in it, once it is done: `12.3 MB`.
    pub size: Option<String>,
    /// Why it failed.
    pub problem: Option<String>,
}

/// What a restore did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoreReport {
    /// When the backup was written (RFC 3339).
    pub created: String,
    /// Entries of its audit log.
    pub entries: u64,
    /// Entries that the workstation remembered, when those are more: what lies between is not in the data any more.
    pub remembered: Option<u64>,
    /// Where what was there before lies now.
    pub aside: Option<std::path::PathBuf>,
    /// Who keeps the device key now.
    pub custodian: String,
    /// Records that were destroyed before and have been destroyed again.
    pub destroyed_again: u32,
}
