//! The posture of the workstation.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::managed_policy::PostureRule;
use crate::posture::{CheckId, CheckState};

/// Every check, as it came out just now.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PostureView {
    /// When, `21-Nov-2026 10:42`.
    pub checked_at: String,
    /// Whether the sign-in is closed to everybody but administrators.
    pub refuses: bool,
    /// The checks.
    pub checks: Vec<PostureCheckView>,
}

/// What `vigil doctor` found.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DoctorView {
    /// The program's version.
    pub version: String,
    /// The data folder.
    pub data: String,
    /// When, `21-Nov-2026 10:42`.
    pub checked_at: String,
    /// The worst of the checks: `ok`, `warn` (or not known), `fail`. A check that the managed policy refuses is a failure.
    pub verdict: CheckState,
    /// Whether the managed policy closes the sign-in.
    pub refuses: bool,
    /// The checks.
    pub checks: Vec<PostureCheckView>,
}

/// One check.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PostureCheckView {
    /// Its key in the managed policy.
    pub id: CheckId,
    /// What people read.
    pub name: String,
    /// What came out.
    pub state: CheckState,
    /// What was found.
    pub found: String,
    /// Why it matters.
    pub why: String,
    /// What to do; none when nothing has to be done.
    pub advice: Option<String>,
    /// What the managed policy says.
    pub rule: PostureRule,
    /// Whether it closes the sign-in now.
    pub refuses: bool,
}

/// A check that closes the sign-in, for the page of the sign-in.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PostureRefusalView {
    /// What people read.
    pub name: String,
    /// What was found.
    pub found: String,
    /// What to do.
    pub advice: String,
}
