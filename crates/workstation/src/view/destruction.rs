//! Destroying a patient's keys, or one entry of a record, with two persons.

use serde::{Deserialize, Serialize};
use specta::Type;
use vigil_model::DestructionReason;

/// Asks for it.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DestructionRequest {
    /// The patient's FHIR id.
    pub patient_id: String,
    /// One entry of the record as a FHIR reference (`DocumentReference/d1`); absent: the whole record.
    pub resource: Option<String>,
    /// Why, coded.
    pub reason: DestructionReason,
    /// Why, in words that outlive the record: 10 to 500 characters.
    pub words: String,
}

/// Agrees to a request, or withdraws it. The patient is named once more, so that nobody decides about the wrong one.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DestructionDecideRequest {
    /// Which request.
    pub id: u32,
    /// The patient's FHIR id.
    pub patient_id: String,
}

/// How far a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum DestructionStage {
    /// It waits for the second person.
    Waiting,
    /// Nobody agreed in time.
    Lapsed,
    /// It was withdrawn.
    Withdrawn,
    /// Two persons agreed; it is done at the next start at the latest.
    Approved,
    /// It was done.
    Destroyed,
}

/// The requests.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DestructionListView {
    /// Newest first; at most 200.
    pub rows: Vec<DestructionRow>,
    /// Hours within which the second person has to agree.
    pub hours: u32,
}

/// One request.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DestructionRow {
    /// Its number.
    pub id: u32,
    /// The patient's FHIR id.
    pub patient_id: String,
    /// The patient's name, for whoever may search patients, while the record is there.
    pub patient: Option<String>,
    /// One entry of the record; absent: the whole record.
    pub resource: Option<String>,
    /// Why, coded.
    pub reason: DestructionReason,
    /// Why, in words.
    pub words: String,
    /// When it was asked for.
    pub requested: String,
    /// Who asked.
    pub requested_by: String,
    /// Until when somebody may agree.
    pub expires: String,
    /// How far it is.
    pub stage: DestructionStage,
    /// When it was decided.
    pub decided: Option<String>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When it was done here.
    pub destroyed: Option<String>,
    /// How many resources there are now that it is about.
    pub resources: u32,
    /// Whether the user who looks asked for it, and therefore may not agree.
    pub own: bool,
}
