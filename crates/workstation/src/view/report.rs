//! Access reports: who looked at a patient, and what a user did.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Whom a report is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum ReportAbout {
    /// Who looked at this patient.
    Patient {
        /// The patient.
        patient_id: String,
    },
    /// What this user did.
    User {
        /// The user.
        user_id: String,
    },
}

/// A column by which a report is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum ReportColumn {
    /// When.
    Recorded,
    /// Who.
    Who,
    /// In which role.
    Role,
    /// Whose record, in the order of patient lists.
    Patient,
    /// What, in words.
    What,
    /// What for.
    Purpose,
    /// How it went.
    Outcome,
    /// What is worth a second look.
    Flags,
    /// The number of the audit entry.
    Entry,
}

/// Which report, and in which order.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessReportSelection {
    /// About whom.
    pub about: ReportAbout,
    /// From the beginning of this day on (`2026-11-21`); empty: from the first entry.
    pub from: String,
    /// Until the end of this day; empty: until now.
    pub until: String,
    /// Only what carries a flag.
    pub flagged_only: bool,
    /// By which column.
    pub sort: ReportColumn,
    /// From the end.
    pub descending: bool,
}

/// One page of a report.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessReportRequest {
    /// Which report.
    pub selection: AccessReportSelection,
    /// How many rows come before the page.
    pub offset: u32,
    /// The last entry that the report's first page saw; `None`: this is the first page.
    pub up_to: Option<u32>,
}

/// One page of a report.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessReportView {
    /// `SMITH, Jane (Ms), born 14-Jul-1945, MRN 004217` or `Dr A. OKAFOR, physician`.
    pub about: String,
    /// At most 500 rows.
    pub rows: Vec<AccessReportRow>,
    /// How many rows come before them.
    pub offset: u32,
    /// How many rows the report has.
    pub total: u32,
    /// How many accesses of the period carry a flag.
    pub flagged: u32,
    /// The last entry that the report saw; to be given back with the next page.
    pub up_to: u32,
}

/// One access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessReportRow {
    /// The number of the audit entry.
    pub sequence: u32,
    /// `21-Nov-2026 10:42:07`.
    pub recorded: String,
    /// Who.
    pub who: String,
    /// Their id; `None`: nobody was signed in, or the workstation itself.
    pub user_id: Option<String>,
    /// In which role.
    pub role: String,
    /// Whose record: `SMITH, Jane (Ms)`, `12 patients of a list`; empty when it was nobody's.
    pub patient: String,
    /// Their id; `None`: nobody's, or several.
    pub patient_id: Option<String>,
    /// What in words.
    pub what: String,
    /// The purpose of use in words.
    pub purpose: String,
    /// Its code: HL7 v3 `PurposeOfUse` (`TREAT`, `BTG`).
    pub purpose_code: String,
    /// The purpose is an emergency: the glass was broken.
    pub emergency: bool,
    /// `done`, `refused` or `failed`.
    pub outcome: String,
    /// What is worth a second look.
    pub flags: Vec<AccessFlagView>,
}

/// Something about an access that is worth a second look. It accuses nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessFlagView {
    /// Which.
    pub kind: AccessFlag,
    /// What it means here, in words.
    pub meaning: String,
}

/// Which flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum AccessFlag {
    /// User and patient have the same family name.
    SameName,
    /// User and patient have the same address.
    SameAddress,
    /// The patient works here, or may.
    CoWorker,
    /// The patient is labelled a very important person.
    Vip,
}

/// A user whom a report can be about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReportUser {
    /// The id.
    pub user_id: String,
    /// `Dr A. OKAFOR`.
    pub who: String,
    /// The role in words.
    pub role: String,
    /// The account is closed.
    pub disabled: bool,
}
