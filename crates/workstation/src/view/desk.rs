//! The desk over the whole fleet: workstations, figures, and the rules that raise incidents.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::incident::IncidentEventRow;

/// The workstations of the fleet, as the server lists them: newest enrolment first.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FleetDeviceListView {
    /// Every enrolment, those that were revoked too.
    pub rows: Vec<FleetDeviceRow>,
    /// When the server was asked.
    pub as_of: String,
}

/// One enrolment.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FleetDeviceRow {
    /// Its id in the fleet.
    pub enrolment: String,
    /// The id of its log.
    pub log: String,
    /// What the machine calls itself.
    pub host: String,
    /// Whether it is the one that is sat at.
    pub this: bool,
    /// The program's version.
    pub version: String,
    /// When it was enrolled.
    pub enrolled: String,
    /// When it was revoked.
    pub revoked: Option<String>,
    /// When it was last heard of.
    pub last_contact: Option<String>,
    /// Minutes since then.
    pub silent_minutes: Option<u32>,
    /// Seconds that its clock is ahead of the server's, where that is a minute or more either way.
    pub clock_ahead: Option<i32>,
    /// When its certificate ends.
    pub certificate_expires: Option<String>,
    /// Days until then; negative when it is over.
    pub certificate_days: Option<i32>,
    /// Entries that wait on it.
    pub queued: u32,
    /// Minutes since the oldest of them was written.
    pub queued_minutes: Option<u32>,
    /// Entries of its log at the server.
    pub entries: u32,
    /// Whether another history of its log was shown.
    pub forked: bool,
    /// What of its posture it last said not to be as it should be, part by part (`diskEncryption=fail`), or `ok`.
    pub posture: Vec<String>,
    /// The unit at which it stands; `None`: it did not say.
    pub unit: Option<String>,
}

/// Over which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum ActivityPeriod {
    /// The last 24 hours.
    Day,
    /// The last 7 days.
    Week,
    /// The last 30 days.
    Month,
}

/// Which figures.
#[derive(Clone, Copy, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FleetActivityRequest {
    /// Until now.
    pub period: ActivityPeriod,
}

/// Figures over the accesses of every workstation.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FleetActivityView {
    /// Of which period.
    pub period: ActivityPeriod,
    /// From when.
    pub from: String,
    /// Until when.
    pub until: String,
    /// The same in seconds since 1970 UTC, for the axis.
    #[specta(type = i32)]
    pub from_epoch: f64,
    /// The same.
    #[specta(type = i32)]
    pub until_epoch: f64,
    /// Chart accesses that something explains.
    pub explained: u32,
    /// All of which it is known whether something explains them.
    pub accesses: u32,
    /// Of each hour that had any, oldest first.
    pub hours: Vec<ActivityHour>,
    /// Of each user, most first.
    pub users: Vec<ActivityUser>,
    /// Of each workstation.
    pub workstations: Vec<ActivityWorkstation>,
    /// Of each unit, most first.
    pub units: Vec<ActivityUnit>,
    /// Emergency accesses of each day that had any (days of UTC).
    pub emergencies: Vec<ActivityDay>,
    /// Incidents of each day and rule.
    pub incidents: Vec<ActivityIncidents>,
}

/// Chart accesses at the workstations of a unit.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ActivityUnit {
    /// Its name; `None`: workstations that do not say where they stand.
    pub unit: Option<String>,
    /// All.
    pub accesses: u32,
    /// Those that nothing explains.
    pub unexplained: u32,
}

/// Chart accesses of an hour.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ActivityHour {
    /// When it begins.
    pub hour: String,
    /// The same in seconds since 1970 UTC.
    #[specta(type = i32)]
    pub epoch_seconds: f64,
    /// All.
    pub accesses: u32,
    /// Those that nothing explains.
    pub unexplained: u32,
}

/// Chart accesses of a user.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ActivityUser {
    /// The id.
    pub user_id: String,
    /// The name, or the id where the directory does not know them.
    pub who: String,
    /// In which role.
    pub role: String,
    /// All.
    pub accesses: u32,
    /// Those that nothing explains.
    pub unexplained: u32,
    /// Different patients.
    pub patients: u32,
}

/// Chart accesses at a workstation.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ActivityWorkstation {
    /// The machine's name.
    pub host: String,
    /// All.
    pub accesses: u32,
    /// Those that nothing explains.
    pub unexplained: u32,
}

/// Something that is counted by days.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ActivityDay {
    /// `21-Nov-2026`
    pub day: String,
    /// When it begins, in seconds since 1970 UTC.
    #[specta(type = i32)]
    pub epoch_seconds: f64,
    /// How many.
    pub count: u32,
}

/// Incidents that one rule raised on one day.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ActivityIncidents {
    /// `21-Nov-2026`
    pub day: String,
    /// When it begins, in seconds since 1970 UTC.
    #[specta(type = i32)]
    pub epoch_seconds: f64,
    /// The rule.
    pub rule: String,
    /// How many.
    pub count: u32,
}

/// The rules that raise incidents.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DetectionRulesView {
    /// The version that decides; 0: none does.
    pub active: u32,
    /// Every version, newest first.
    pub versions: Vec<DetectionRulesVersion>,
    /// The text of the one that decides (TOML).
    pub rules: String,
}

/// A version of the rules.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DetectionRulesVersion {
    /// Its number.
    pub version: u32,
    /// When it was made.
    pub made: String,
    /// Since when it has decided, if ever.
    pub active: Option<String>,
}

/// Other rules.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DetectionRuleUpdateRequest {
    /// TOML, at most 256 KiB.
    pub rules: String,
}

/// Whose accesses are looked for on every workstation.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum FleetAccessAbout {
    /// Everybody's.
    Everybody,
    /// What a user did.
    User {
        /// Of the directory.
        user_id: String,
    },
    /// Who looked at a patient.
    Patient {
        /// The id of the audit log.
        patient_id: String,
    },
}

/// Which entries of the fleet.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FleetAccessSearchRequest {
    /// Whose.
    pub about: FleetAccessAbout,
    /// Over the last day, week or month, until now.
    pub period: ActivityPeriod,
    /// Emergency accesses alone.
    pub emergencies: bool,
    /// Where the page before ended; absent: from the newest on.
    pub after: Option<String>,
}

/// Entries of every workstation, newest first: a page.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FleetAccessView {
    /// What was found.
    pub rows: Vec<IncidentEventRow>,
    /// Where the next page goes on; absent: there is no more.
    pub next: Option<String>,
    /// When the server was asked.
    pub as_of: String,
}
