//! Choosing a code for what is written.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What a code is chosen for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum CodedKind {
    /// A problem.
    Problem,
    /// What an allergy is to.
    Allergy,
    /// A medicine that is taken.
    Medicine,
    /// A vaccine.
    Immunization,
    /// A procedure.
    Procedure,
    /// What is observed.
    Observation,
}

/// What somebody types, to be found among the codes.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TerminologySearchRequest {
    /// For what.
    pub kind: CodedKind,
    /// As it is typed.
    pub text: String,
}

/// A code that somebody chose.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CodeChoice {
    /// The word of its code system: `icd-10-cm`.
    pub system: String,
    /// The code.
    pub code: String,
}

/// A concept that was found.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConceptRow {
    /// The word of its code system.
    pub system: String,
    /// The name of its code system: `ICD-10-CM`.
    pub system_name: String,
    /// The release that it is of.
    pub release: String,
    /// The code.
    pub code: String,
    /// What it is called.
    pub display: String,
    /// What it is, in the code system's own word; may be empty.
    pub kind: String,
}

/// What there is of a code system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum TerminologyState {
    /// A release was imported.
    Imported,
    /// The common entries that come with the program.
    Common,
    /// Nothing.
    NotLoaded,
    /// A release was imported and is not used: its file is gone or another one.
    Refused,
}

/// A code system at this workstation.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TerminologyView {
    /// Its word.
    pub system: String,
    /// Its name.
    pub name: String,
    /// What there is of it.
    pub state: TerminologyState,
    /// Which release; empty where there is none.
    pub release: String,
    /// How many concepts.
    pub concepts: u32,
    /// The file that it was read from; empty where there is none.
    pub source: String,
    /// When it was imported; empty where it was not.
    pub imported: String,
    /// All of that in words, and what to do.
    pub words: String,
}

/// What was found.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TerminologySearchView {
    /// At most 20, the best first.
    pub rows: Vec<ConceptRow>,
    /// The code systems that were searched, and those that could not be.
    pub systems: Vec<TerminologyView>,
}
