//! Disclosures and reports as files.

use serde::{Deserialize, Serialize};
use specta::Type;
use vigil_model::DisclosureBasis;

use super::AccessReportSelection;
use crate::ExportForm;

/// A patient's record that leaves this workstation, with what 45 CFR 164.528(b)(2) wants to be known of it.
#[derive(Clone, Debug)]
pub struct PatientExportRequest {
    /// The patient.
    pub patient_id: String,
    /// The form of the export.
    pub form: ExportForm,
    /// On what ground.
    pub basis: DisclosureBasis,
    /// Who receives it: 1 to 200 characters.
    pub recipient: String,
    /// Where they are; empty when not known.
    pub address: String,
    /// What for, in words that tell the patient: 1 to 500 characters.
    pub purpose: String,
}

/// The form of a report that is written to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum ReportForm {
    /// To be read and handed over.
    Pdf,
    /// Comma-separated values (RFC 4180), for a spreadsheet.
    Csv,
}

/// An access report as CSV.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessReportSaveRequest {
    /// Which report.
    pub selection: AccessReportSelection,
    /// The new file.
    pub path: String,
}

/// A patient's own access report.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OwnAccessReportSaveRequest {
    /// The patient.
    pub patient_id: String,
    /// From the beginning of this day on (`2026-11-21`); empty: from the first entry.
    pub from: String,
    /// Until the end of this day; empty: until now.
    pub until: String,
    /// In which form.
    pub form: ReportForm,
    /// The new file.
    pub path: String,
}

/// Whose disclosures.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DisclosureAccountingReadRequest {
    /// The patient.
    pub patient_id: String,
}

/// An accounting of disclosures to be written.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DisclosureAccountingSaveRequest {
    /// The patient.
    pub patient_id: String,
    /// In which form.
    pub form: ReportForm,
    /// The new file.
    pub path: String,
}

/// A report that was written.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReportSavedView {
    /// The new file; only its owner reads it.
    pub path: String,
}

/// What was disclosed about a patient in six years (45 CFR 164.528).
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DisclosureAccountingView {
    /// `SMITH, Jane (Ms), born 14-Jul-1945, MRN 004217`.
    pub about: String,
    /// The first day of the period: `21-Nov-2020`.
    pub from: String,
    /// The last one.
    pub until: String,
    /// Newest first.
    pub rows: Vec<DisclosureRow>,
}

/// One disclosure.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DisclosureRow {
    /// The number of the audit entry.
    pub sequence: u32,
    /// `21-Nov-2026 10:42:07`.
    pub recorded: String,
    /// Who disclosed it.
    pub who: String,
    /// Who received it; why that is not known.
    pub recipient: String,
    /// Where they are; empty when not known.
    pub address: String,
    /// What was disclosed, in brief.
    pub description: String,
    /// What for.
    pub purpose: String,
    /// On what ground; `None`: not recorded.
    pub basis: Option<DisclosureBasis>,
    /// Whether an accounting has to name it (164.528(a)(1)).
    pub accountable: bool,
}
