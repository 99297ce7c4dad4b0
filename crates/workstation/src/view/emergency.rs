//! Breaking the glass, and reviewing it.

use serde::{Deserialize, Serialize};
use specta::Type;
use vigil_model::{OverrideReason, Verdict};

use super::{AccessFlagView, AccessRow, FactorProof};

/// Why a chart does not open in the ordinary way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum ClosedBecause {
    /// The record is restricted.
    Restricted,
    /// The user has no treatment relationship with the patient that is known here.
    NoRelationship,
}

/// What the panel of a closed chart needs to know.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmergencyOfferReadRequest {
    /// The patient.
    pub patient_id: String,
}

/// A restricted chart from outside: who it is about, and whether this user may open it in an emergency.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EmergencyOfferView {
    /// The patient.
    pub patient_id: String,
    /// `SMITH, Jane (Ms)`.
    pub name: String,
    /// `14-Jul-1945`, or `Not known`.
    pub birth_date: String,
    /// `81y`; empty when the birth date is not known.
    pub age: String,
    /// `female`, or `Not known`.
    pub gender: String,
    /// The medical record number, or `Not known`.
    pub mrn: String,
    /// Whether the user's role may break the glass.
    pub allowed: bool,
    /// Why the chart is closed; none: it opens in the ordinary way meanwhile.
    pub closed_because: Option<ClosedBecause>,
    /// For how many minutes it opens.
    pub minutes: u32,
    /// How many more times today.
    pub left_today: u32,
    /// Whether the second factor is asked for beside the password.
    pub needs_factor: bool,
    /// An access that a lock interrupted: it opens again without a new reason.
    pub interrupted: Option<EmergencyView>,
}

/// Breaks the glass of one chart.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmergencyAccessCreateRequest {
    /// The patient.
    pub patient_id: String,
    /// Why, coded.
    pub reason: OverrideReason,
    /// Why, in the user's own words: 10 to 500 characters.
    pub justification: String,
    /// The user's password, again.
    pub password: String,
    /// The second factor, where it is asked for.
    #[serde(default)]
    pub proof: Option<FactorProof>,
}

/// Opens an emergency access again that a lock interrupted.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmergencyAccessResumeRequest {
    /// The patient.
    pub patient_id: String,
    /// The user's password, again.
    pub password: String,
    /// The second factor, where it is asked for.
    #[serde(default)]
    pub proof: Option<FactorProof>,
}

/// Ends an emergency access before its time.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmergencyAccessEndRequest {
    /// The patient.
    pub patient_id: String,
}

/// An emergency access that goes on.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EmergencyView {
    /// Why.
    pub reason: OverrideReason,
    /// Seconds until it ends by itself, counted from this answer.
    pub seconds_left: u32,
}

/// The reviewer's list.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EmergencyAccessListView {
    /// Newest first; at most 200.
    pub rows: Vec<EmergencyAccessRow>,
    /// How many of them nobody has reviewed.
    pub unreviewed: u32,
    /// How many of those are overdue: unreviewed for more than 72 hours.
    pub overdue: u32,
}

/// One emergency access.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EmergencyAccessRow {
    /// Its number on this workstation.
    pub id: u32,
    /// Who broke the glass.
    pub who: String,
    /// The patient.
    pub patient_id: String,
    /// `SMITH, Jane (Ms)`.
    pub patient: String,
    /// Why, coded.
    pub reason: OverrideReason,
    /// Why, in the user's own words; what stood in the way if they cannot be read.
    pub justification: String,
    /// `21-Nov-2026 10:42:07`.
    pub started: String,
    /// When it ended, or `open until ...`.
    pub ended: String,
    /// What was done in it, oldest first.
    pub done: Vec<AccessRow>,
    /// Unreviewed for more than 72 hours.
    pub overdue: bool,
    /// What is worth a second look about it.
    pub flags: Vec<AccessFlagView>,
    /// Whether the one who looks is the user who broke the glass, and therefore may not review.
    pub own: bool,
    /// What the reviewer found.
    pub review: Option<EmergencyReviewView>,
}

/// A review.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EmergencyReviewView {
    /// What they found.
    pub verdict: Verdict,
    /// In their own words.
    pub note: String,
    /// Who reviewed.
    pub who: String,
    /// When.
    pub at: String,
}

/// A review to be recorded.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmergencyAccessReviewRequest {
    /// Which access.
    pub id: u32,
    /// What was found.
    pub verdict: Verdict,
    /// In the reviewer's own words: at most 1000 characters; needed unless it was appropriate.
    pub note: String,
}
