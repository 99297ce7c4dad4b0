//! What the core tells the window: states and ids, never content of a record.

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri_specta::Event;
use vigil_workstation::view::{BackupProgress, ImportProgress, SessionView, SyncView};

/// Somebody signed in or out, or the screen locked or unlocked.
#[derive(Clone, Serialize, Deserialize, Type, Event)]
pub(crate) struct SessionChanged(pub SessionView);

/// The screen locks soon.
#[derive(Clone, Serialize, Deserialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LockWarning {
    /// Seconds until the lock; none when input came and the warning is over.
    pub seconds_left: Option<u32>,
}

/// An import went on or ended: counts only, the report is read by a command.
#[derive(Clone, Serialize, Deserialize, Type, Event)]
pub(crate) struct ImportProgressed(pub ImportProgress);

/// A backup went on or ended.
#[derive(Clone, Serialize, Deserialize, Type, Event)]
pub(crate) struct BackupProgressed(pub BackupProgress);

/// Workstation and server stand differently.
#[derive(Clone, Serialize, Deserialize, Type, Event)]
pub(crate) struct SyncChanged(pub SyncView);
