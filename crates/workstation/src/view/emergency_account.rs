//! The emergency account.

use serde::{Deserialize, Serialize};
use specta::Type;
use vigil_model::OverrideReason;

/// How the emergency account stands. Nothing of its halves.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EmergencyAccountView {
    /// When its halves were made, `21-Nov-2026 10:42`; none: there is no such account.
    pub sealed: Option<String>,
    /// By which administrator.
    pub sealed_by: String,
    /// Who holds the first half, and who the second.
    pub holders: Vec<String>,
    /// When it was first used since: it has to be sealed anew.
    pub opened: Option<String>,
    /// Two new halves that wait to be written down, and whether each of them was.
    pub draft: Option<EmergencyDraftView>,
}

/// Two new halves that open nothing yet.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EmergencyDraftView {
    /// Who will hold them.
    pub holders: Vec<String>,
    /// Whether each paper was written.
    pub saved: Vec<bool>,
    /// Which group each holder types back, from 1.
    pub ask: Vec<u32>,
}

/// Asks for two new halves.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmergencyAccountMakeRequest {
    /// Who will hold the first half, and who the second: two persons or offices.
    pub holders: Vec<String>,
}

/// Where the paper of a half goes.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmergencyHalfSaveRequest {
    /// 1 or 2.
    pub half: u32,
    /// The new file.
    pub path: String,
}

/// What each holder typed back.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmergencyAccountSealRequest {
    /// The group of the first half, and that of the second.
    pub groups: Vec<String>,
}

/// Opens the emergency account.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmergencySessionCreateRequest {
    /// The first half.
    pub half_one: String,
    /// The second half.
    pub half_two: String,
    /// Why.
    pub reason: OverrideReason,
    /// In their own words, 10 to 500 characters.
    pub justification: String,
    /// The names of the two persons, 5 to 200 characters.
    pub persons: String,
}
