//! Amendments that a patient asks for (45 CFR 164.526): requests, what was decided, statements of disagreement, and what is due.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::PatientRow;

/// How far a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum AmendmentStatus {
    /// Nobody has decided yet.
    Open,
    /// The same, and the time to decide was extended, once.
    Extended,
    /// The record was amended.
    Accepted,
    /// It was not.
    Denied,
}

/// On what ground a request is denied: 45 CFR 164.526(a)(2) has four.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum DenialGround {
    /// (i): it was not created here, and who created it can still act.
    NotCreatedHere,
    /// (ii): it is not part of the designated record set.
    NotPartOfTheRecord,
    /// (iii): it would not be available for inspection.
    NotOpenToInspection,
    /// (iv): it is accurate and complete.
    AccurateAndComplete,
}

/// A statement that was put into the record, with whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AmendmentStatement {
    /// Word for word; none where the user's role does not see it.
    pub text: Option<String>,
    /// Who decided or answered; empty of the patient's own.
    pub who: String,
    /// `21-Nov-2026 10:42`, or the day on which it was received.
    pub when: String,
}

/// The patient's statement of disagreement, and what was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DisagreementView {
    /// The Task.
    pub id: String,
    /// Its version, for the rebuttal.
    pub version: u32,
    /// What the patient stated.
    pub statement: AmendmentStatement,
    /// The rebuttal.
    pub rebuttal: Option<AmendmentStatement>,
}

/// A request of the patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AmendmentRow {
    /// The Task.
    pub id: String,
    /// Its version, for the next change.
    pub version: u32,
    /// The note that it is about.
    pub note: Option<String>,
    /// What it is about, in words; none where the user's role does not see it.
    pub about: Option<String>,
    /// What is asked; none where the user's role does not see it.
    pub asked: Option<String>,
    /// On which day it was received.
    pub received: super::When,
    /// By which day it has to be decided.
    pub due: super::When,
    /// How far it is.
    pub status: AmendmentStatus,
    /// Why the time was extended; empty where it was not.
    pub delay: String,
    /// What was decided, in the words that the patient is given.
    pub decision: Option<AmendmentStatement>,
    /// The ground of a denial in words; empty of others.
    pub ground: String,
    /// The note that amends the record.
    pub amendment: Option<String>,
    /// What the patient stated against the denial.
    pub disagreement: Option<DisagreementView>,
}

/// A signed note that a request or a decision can name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NoteChoice {
    /// The Composition.
    pub id: String,
    /// `Progress note, 21-Nov-2026 10:42`.
    pub title: String,
    /// The note that it follows.
    pub follows: Option<String>,
}

/// A request of the patient is recorded.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmendmentCreateRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// The note that it is about; none of one about something else.
    pub note: Option<String>,
    /// What it is about, in words; may be empty where a note is named.
    pub about: String,
    /// What is asked, and why, as the patient puts it.
    pub asked: String,
    /// On which day it was received, `2026-11-21`; empty: today.
    pub received: String,
}

/// The time to decide is extended: once, by at most 30 days.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmendmentExtendRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// The Task.
    pub id: String,
    /// The version that was read.
    pub version: u32,
    /// Until which day, `2026-11-21`.
    pub until: String,
    /// Why, as the patient is told in writing.
    pub delay: String,
}

/// A request is accepted.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmendmentAcceptRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// The Task.
    pub id: String,
    /// The version that was read.
    pub version: u32,
    /// What was done.
    pub done: String,
    /// The note that amends the record.
    pub amendment: Option<String>,
}

/// A request is denied.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmendmentDenyRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// The Task.
    pub id: String,
    /// The version that was read.
    pub version: u32,
    /// On what ground.
    pub ground: DenialGround,
    /// Why that is so, in plain words.
    pub basis: String,
    /// To whom the patient writes and complains: name or title, and telephone number.
    pub contact: String,
}

/// The patient's statement of disagreement is recorded.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmendmentDisagreeRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// The Task of the request that was denied.
    pub id: String,
    /// Word for word.
    pub statement: String,
    /// On which day it was received, `2026-11-21`; empty: today.
    pub received: String,
}

/// A statement of disagreement is answered.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmendmentRebutRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// The Task of the statement.
    pub id: String,
    /// The version that was read.
    pub version: u32,
    /// The rebuttal; the patient gets a copy.
    pub rebuttal: String,
}

/// A request that waits for a decision.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AmendmentDueRow {
    /// Whose chart.
    pub patient: PatientRow,
    /// The Task.
    pub id: String,
    /// By which day it has to be decided, `21-Nov-2026`.
    pub due: String,
    /// Whether that day is over.
    pub overdue: bool,
}

/// What waits for a decision, the most urgent first.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AmendmentsDueView {
    /// The rows.
    pub rows: Vec<AmendmentDueRow>,
}
