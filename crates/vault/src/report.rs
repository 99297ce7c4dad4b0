//! What goes in and comes out of an access report.

use chrono::{DateTime, Utc};
use vigil_model::{Disclosure, PatientId, UserId};

use crate::{AccessRecord, FactorRecord, Undecodable, UserRecord};

/// Whom an access report is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportSubject {
    /// Who looked at this patient.
    Patient(PatientId),
    /// What this user did.
    User(UserId),
}

/// Which accesses a report is made of.
#[derive(Clone, Debug)]
pub struct ReportFilter {
    /// About whom.
    pub subject: ReportSubject,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub until: Option<DateTime<Utc>>,
    /// Up to this entry, so that the pages of one report do not move while the log grows.
    pub up_to: u64,
}

/// A word of the audit index: a user's id, a role, an interaction, a section, a purpose. 0 is none.
pub type AuditWord = u32;

/// One access as the index holds it: numbers only, so that a million of them are sorted without opening the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexedAccess {
    /// The number of the audit entry.
    pub seq: u64,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// Who.
    pub user: AuditWord,
    /// In which role.
    pub role: AuditWord,
    /// What.
    pub interaction: AuditWord,
    /// Which page of the chart.
    pub section: AuditWord,
    /// What for.
    pub purpose: AuditWord,
    /// FHIR `AuditEvent.outcome`.
    pub outcome: u8,
    /// Whose record, by this workstation's own number; 0: nobody's, or somebody's who is not stored here.
    pub patient: u32,
}

/// One line of a report, from the log itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRecord {
    /// Who, when, what.
    pub access: AccessRecord,
    /// Whose record the entry names itself.
    pub patient: Option<PatientId>,
    /// How many patients it names as a list or a batch.
    pub named: u32,
}

/// What one user may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RightsRecord {
    /// The user.
    pub user: UserRecord,
    /// The names of their teams; `None`: account or links were changed outside Vigil.
    pub teams: Option<Vec<String>>,
    /// Their second factors.
    pub factors: Vec<FactorRecord>,
    /// The newest entry that they left.
    pub last_use: Option<DateTime<Utc>>,
    /// The group keys that they hold: id and version.
    pub keys: Vec<String>,
    /// The entry that changed their rights last; `None`: before such changes were noted.
    pub changed: Option<AccessRecord>,
}

/// One disclosure of a patient's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisclosureRecord {
    /// Who disclosed it, and when.
    pub access: AccessRecord,
    /// To whom and what for; `None`: it was not asked.
    pub disclosure: Option<Result<Disclosure, Undecodable>>,
}
