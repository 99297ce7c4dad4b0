//! A document from elsewhere: compared with a chart, reviewed, and what of it is taken.

use serde::{Deserialize, Serialize};
use specta::Type;
pub use vigil_ccda::{Block, Cell, Row, Span, Style};
use vigil_model::Section;

/// Whose chart a document is looked for.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentChooseRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
}

/// A document is opened beside a chart.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentReviewRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// The file that was chosen.
    pub path: String,
}

/// What is taken of the document that is reviewed.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentTakeRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// Which review: a document that was opened since is another one.
    pub review: String,
    /// The numbers of the entries that are taken; none stores the document alone.
    pub taken: Vec<u32>,
    /// Why it is this patient's although it does not look so; may be empty where it does.
    pub reason: String,
}

/// How far reading is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DocumentProgress {
    /// Percent of the file.
    pub percent: u32,
}

/// A document beside a chart.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DocumentReviewView {
    /// Which review it is.
    pub review: String,
    /// Its title.
    pub title: String,
    /// What kind of document it is, in words.
    pub kind: String,
    /// When it was written, `15-Aug-2013 10:30`, or `Not known`.
    pub written: String,
    /// Who wrote it, by name.
    pub authors: Vec<String>,
    /// Who keeps the original.
    pub custodian: String,
    /// That it, or a version of it, is stored in this chart already, in words; none where it is not.
    pub known: Option<String>,
    /// Whether the same file is stored already: then it is not stored a second time.
    pub stored: bool,
    /// How it says who the patient is, beside what the chart says.
    pub identity: IdentityView,
    /// Its sections in order.
    pub sections: Vec<ReviewSection>,
}

/// Who a document is about, beside whose chart it is.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IdentityView {
    /// Name, birth date, sex, identifiers.
    pub rows: Vec<IdentityRow>,
    /// Whether it is about this patient as far as anybody can tell. If not, taking anything of it needs a reason.
    pub agrees: bool,
    /// What that comes to, in words.
    pub words: String,
}

/// One thing that tells people apart.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IdentityRow {
    /// `Name`.
    pub what: String,
    /// As the document has it.
    pub document: String,
    /// As the chart has it.
    pub chart: String,
    /// How they compare.
    pub verdict: IdentityVerdict,
}

/// How two of them compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityVerdict {
    /// They are the same.
    Same,
    /// They differ.
    Different,
    /// One of them is not known, or they cannot be compared.
    Unknown,
}

/// One section of a document.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewSection {
    /// Its title.
    pub title: String,
    /// How deep it stands in others.
    pub depth: u32,
    /// Who wrote it, where that is not who wrote the document.
    pub authors: Vec<String>,
    /// Its text.
    pub narrative: Vec<Block>,
    /// What can be taken.
    pub entries: Vec<ReviewEntry>,
    /// What stays in the document.
    pub left: Vec<ReviewLeft>,
}

/// An entry that can be taken.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewEntry {
    /// Its number in this review.
    pub number: u32,
    /// The page of the chart that it would be on.
    pub section: Section,
    /// What it is, in words.
    pub title: String,
    /// When, `03-May-2019`; empty where that is not said.
    pub when: String,
    /// Its status, as FHIR names it; empty where it has none.
    pub status: String,
    /// More of it.
    pub facts: Vec<ReviewFact>,
    /// What of it is not taken along, and why.
    pub remarks: Vec<String>,
    /// How it stands to the chart.
    pub standing: ReviewStanding,
    /// Why it stands so, in words; empty for what is new.
    pub why: String,
}

/// One thing that an entry says.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewFact {
    /// What: `Dosage`.
    pub what: String,
    /// In words.
    pub words: String,
}

/// How an entry of a document stands to the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewStanding {
    /// The chart has nothing like it.
    New,
    /// The chart, or the document before it, has the same.
    Known,
    /// It cannot be taken by this user, or into this chart.
    Closed,
}

/// Something that stays in the document.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewLeft {
    /// What it is.
    pub what: String,
    /// Why it becomes no entry.
    pub why: String,
}

/// A part of a stored document that has sections.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DocumentPart {
    /// Its title.
    pub title: String,
    /// How deep it stands in others.
    pub depth: u32,
    /// Its text.
    pub blocks: Vec<Block>,
}
