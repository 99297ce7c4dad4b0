//! Accounts that are suspended on this workstation over unusual access.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::FactorProof;

/// What the user themselves is told, also at the locked screen. No patient is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SuspensionNoteView {
    /// Since when, `21-Nov-2026 10:42`.
    pub since: String,
    /// The number of the server's incident, where the whole fleet suspended the account; the numbers below say nothing then.
    pub incident: Option<String>,
    /// Patients whose chart was opened within the hour.
    pub opened: u32,
    /// The same with those that were refused.
    pub asked: u32,
    /// What had been usual in an hour: `20`, `6.8`.
    pub usual: String,
    /// Whether the role may open a chart in an emergency all the same.
    pub emergency: bool,
}

/// Suspensions, those that are not lifted first, then the newest.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SuspensionListView {
    /// The newest 200.
    pub rows: Vec<SuspensionRow>,
    /// How many of them are not lifted.
    pub open: u32,
}

/// One suspension.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SuspensionRow {
    /// Its number on this workstation.
    pub id: u32,
    /// Whose account.
    pub who: String,
    /// Since when, with seconds.
    pub since: String,
    /// The number of the server's incident, where the whole fleet suspended the account; the numbers below say nothing then.
    pub incident: Option<String>,
    /// Patients whose chart was opened within the hour.
    pub opened: u32,
    /// The same with those that were refused.
    pub asked: u32,
    /// What had been usual in an hour.
    pub usual: String,
    /// The most that had been allowed in an hour without an authentication.
    pub allowed: u32,
    /// Patients whose chart was opened in each of the hours before, oldest first; the last one ends with the suspension.
    pub hours_before: Vec<u32>,
    /// Whether it is the reader's own account: somebody else lifts it.
    pub own: bool,
    /// Who lifted it.
    pub lift: Option<SuspensionLiftView>,
}

/// The end of a suspension.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SuspensionLiftView {
    /// Who.
    pub who: String,
    /// When.
    pub at: String,
    /// In their own words.
    pub reason: String,
}

/// Lifts a suspension from the list.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SuspensionLiftRequest {
    /// Which one.
    pub id: u32,
    /// 10 to 500 characters.
    pub reason: String,
}

/// Lifts the suspension of whoever is signed in here, by a supervisor who stands beside them.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SuspensionSupervisedLiftRequest {
    /// The supervisor's user name.
    pub username: String,
    /// The supervisor's password.
    pub password: String,
    /// The supervisor's second factor, if they have one.
    #[serde(default)]
    pub proof: Option<FactorProof>,
    /// 10 to 500 characters.
    pub reason: String,
}
