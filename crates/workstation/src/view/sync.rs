//! How this workstation and the central server stand. No name and no record is in here: it is shown while locked too.

use serde::{Deserialize, Serialize};
use specta::Type;

/// How they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum SyncLink {
    /// The workstation stands alone; its audit log stays here.
    NotEnrolled,
    /// Nothing was heard of the server since the start.
    Connecting,
    /// The last call went well.
    Connected,
    /// The server is out of reach; entries wait, and work goes on.
    Offline,
    /// Server and workstation do not accept each other: somebody has to act.
    Refused,
    /// The server holds something else than this log: entries are sent no more until somebody acts.
    Conflict,
}

/// What the status bar shows, and the administrator's page of the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SyncView {
    /// How they stand.
    pub link: SyncLink,
    /// Since when it is out of reach, `21-Nov-2026 10:42`.
    pub since: Option<String>,
    /// Why there is no connection, in words that say what to do.
    pub why: Option<String>,
    /// Entries that the server has not confirmed.
    pub waiting: u32,
    /// When the oldest of them was written.
    pub oldest: Option<String>,
    /// When the newest receipt came.
    pub last_receipt: Option<String>,
    /// Alarms and emergency accesses among those that wait, which go first.
    pub urgent: u32,
    /// Entries that the server could not open and that stay behind here.
    pub quarantined: u32,
    /// The server confirmed these entries and has them no more: `12-40`.
    pub lost: Option<String>,
    /// Seconds that this workstation's clock is ahead of the server's, where that is a minute or more either way.
    pub clock_ahead: Option<i32>,
    /// The server's address for workstations.
    pub server: Option<String>,
    /// When this workstation enrolled.
    pub enrolled_at: Option<String>,
    /// This workstation's id in the fleet, as the server lists it.
    pub enrolment: Option<String>,
    /// When its certificate ends; it is renewed a month before.
    pub certificate_expires: Option<String>,
    /// The version of the server's directory that is here; 0: none yet.
    pub directory: u32,
    /// Until when users of the directory may sign in without the server.
    pub lease_ends: Option<String>,
    /// Whether they may no more, until the server is heard again.
    pub lease_over: bool,
}

/// A workstation becomes one of the server's fleet.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FleetJoinRequest {
    /// The one-time token, as `vigil-server device token` prints it.
    pub token: String,
}
