//! Papers: what is printed, for whom, and where it goes.

use serde::{Deserialize, Serialize};
use specta::Type;
use vigil_model::DisclosureBasis;

/// What can be put on paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum PaperKind {
    /// What happened in one visit, and what comes next.
    VisitSummary,
    /// What the patient takes.
    MedicationList,
    /// A note that was signed here.
    Note,
    /// An identity band.
    Wristband,
    /// Labels for specimens and papers.
    Labels,
}

/// What a paper is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum PaperPurpose {
    /// The patient gets it.
    Patient,
    /// It stays with those who treat the patient here.
    Care,
    /// Somebody else gets it: who and why has to be said.
    Other,
}

/// The size of a page of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum PageSize {
    /// 210 by 297 mm (ISO 216).
    A4,
    /// 8.5 by 11 inches.
    Letter,
}

/// The printable part of an identity band, in tenths of a millimetre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BandStock {
    /// Along the band.
    pub length: u32,
    /// Across it.
    pub breadth: u32,
}

/// A sheet of labels, or one label of a roll, in tenths of a millimetre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LabelStock {
    /// The sheet.
    pub sheet_width: u32,
    /// The sheet.
    pub sheet_height: u32,
    /// Labels beside each other.
    pub columns: u32,
    /// Labels below each other.
    pub rows: u32,
    /// One label.
    pub label_width: u32,
    /// One label.
    pub label_height: u32,
    /// Free on the left of the first.
    pub left: u32,
    /// Free above the first.
    pub top: u32,
    /// Between two columns.
    pub gutter: u32,
}

/// A paper is asked for: to be looked at, printed or saved.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrintRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// What.
    pub kind: PaperKind,
    /// Of a visit summary: the Encounter; none for what happened today.
    pub encounter: Option<String>,
    /// Of a note: the Composition.
    pub note: Option<String>,
    /// What for. Bands and labels are for care.
    pub purpose: PaperPurpose,
    /// For somebody else: on what ground.
    pub basis: Option<DisclosureBasis>,
    /// For somebody else: who, 1 to 200 characters.
    pub recipient: String,
    /// Where they are; empty when not known.
    pub address: String,
    /// For somebody else: why, 1 to 500 characters.
    pub reason: String,
    /// The size of a page of text.
    pub page: PageSize,
    /// The size of a band.
    pub band: BandStock,
    /// The size of labels.
    pub labels: LabelStock,
    /// How many labels, from 1.
    pub count: u32,
    /// How many of the first sheet are used already.
    pub skip: u32,
}

/// A paper is printed or saved.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrintCreateRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// See [`PrintRequest`].
    pub kind: PaperKind,
    /// See [`PrintRequest`].
    pub encounter: Option<String>,
    /// See [`PrintRequest`].
    pub note: Option<String>,
    /// See [`PrintRequest`].
    pub purpose: PaperPurpose,
    /// See [`PrintRequest`].
    pub basis: Option<DisclosureBasis>,
    /// See [`PrintRequest`].
    pub recipient: String,
    /// See [`PrintRequest`].
    pub address: String,
    /// See [`PrintRequest`].
    pub reason: String,
    /// See [`PrintRequest`].
    pub page: PageSize,
    /// See [`PrintRequest`].
    pub band: BandStock,
    /// See [`PrintRequest`].
    pub labels: LabelStock,
    /// See [`PrintRequest`].
    pub count: u32,
    /// See [`PrintRequest`].
    pub skip: u32,
    /// The printer that gets it; none where it is saved.
    pub printer: Option<String>,
    /// The new file; none where it is printed.
    pub path: Option<String>,
    /// How many times it is printed, from 1.
    pub copies: u32,
}

/// A paper as it will be.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PrintPreviewView {
    /// `Medication list`.
    pub title: String,
    /// How many pages it has.
    pub pages: u32,
    /// The first pages as SVG.
    pub pictures: Vec<String>,
    /// Letters that the fonts lack, `U+75C5`; the paper says so.
    pub missing: Vec<String>,
}

/// A paper that was handed over.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PrintCreatedView {
    /// `Medication list`.
    pub title: String,
    /// How many pages it has.
    pub pages: u32,
    /// Where it went: the printer, or the file.
    pub to: String,
}

/// The printers of this workstation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PrintersView {
    /// By name.
    pub printers: Vec<String>,
    /// The one that is meant where none is named.
    pub usual: Option<String>,
    /// Why there is none, where there is none.
    pub problem: Option<String>,
}
