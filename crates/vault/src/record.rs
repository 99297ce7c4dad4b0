//! What goes in and comes out of a transaction.

use std::time::Duration;

use chrono::{DateTime, Utc};
use vigil_audit::Outcome;
use vigil_model::{
    BootId, Demographics, PatientId, PurposeOfUse, ResourceId, ResourceType, Role, Section, TeamId, UserId,
    WorklistEntry,
};

use crate::{KdfCost, Text, Undecodable};

/// Which kind of installation this is; set once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Real patients.
    Live,
    /// Invented patients.
    Demo,
    /// For learning.
    Training,
}

impl Environment {
    /// The code that the database holds.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Demo => "demo",
            Self::Training => "training",
        }
    }

    /// The environment with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Live, Self::Demo, Self::Training].into_iter().find(|environment| environment.code() == code)
    }
}

/// How a vault is set up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The hospital's name; may be empty until the first administrator names it.
    pub organization: String,
    /// Which kind of installation.
    pub environment: Environment,
    /// What passwords cost.
    pub kdf: KdfCost,
}

/// What the frame shows before anyone signs in. No PHI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The hospital's name.
    pub organization: String,
    /// Which kind of installation.
    pub environment: Environment,
}

/// Where a workstation stands with its organisation recovery key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecoveryState {
    /// There is one.
    Made {
        /// The name at the top of the paper.
        fingerprint: String,
        /// When it was made.
        at: DateTime<Utc>,
    },
    /// Nobody has decided yet.
    Missing,
    /// An administrator decided to go on without.
    Declined,
    /// `device.json` and the database name different ones; a new one has to be made.
    Broken,
}

/// Failed sign-ins under one name, known or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignInFailures {
    /// How many since the last success.
    pub count: u32,
    /// When the last one was.
    pub last: Option<DateTime<Utc>>,
    /// During which boot that was, where the system said so.
    pub boot: Option<BootId>,
    /// How long after that boot.
    pub since_boot: Option<Duration>,
    /// Until when sign-in under this name is refused.
    pub refused_until: Option<DateTime<Utc>>,
}

/// What sign-in needs to know about a user.
#[derive(Clone, Debug)]
pub struct LoginRecord {
    /// The id.
    pub id: UserId,
    /// The role.
    pub role: Role,
    /// `Dr A. OKAFOR`.
    pub display_name: String,
    /// Whether the account is closed.
    pub disabled: bool,
    /// Failed sign-ins.
    pub failures: SignInFailures,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRecord {
    /// The id.
    pub id: UserId,
    /// What they type to sign in.
    pub username: String,
    /// `Dr A. OKAFOR`.
    pub display_name: String,
    /// The role.
    pub role: Role,
    /// Whether the account is closed.
    pub disabled: bool,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// The last sign-in.
    pub last_sign_in: Option<DateTime<Utc>>,
    /// Who the user is in the charts: a normalised reference to a Practitioner or a PractitionerRole.
    pub practitioner: Option<String>,
    /// Whether it is the emergency account, whose password is two halves.
    pub emergency_account: bool,
}

/// How an account stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountStanding {
    /// It is open.
    Open {
        /// In this role.
        role: Role,
        /// How often the keys of the workstation have changed.
        epoch: i64,
    },
    /// It is closed, or gone.
    Closed,
    /// Its role, its state or its public keys were changed outside Vigil.
    Tampered,
}

/// What another user is to become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserChange {
    /// `Dr A. OKAFOR`.
    pub display_name: String,
    /// The role.
    pub role: Role,
    /// Who the user is in the charts: a normalised reference to a Practitioner or a PractitionerRole.
    pub practitioner: Option<String>,
    /// The teams, all of them.
    pub teams: Vec<TeamId>,
}

/// A team, by name and reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamRecord {
    /// The id.
    pub id: TeamId,
    /// `Ward 3 West`; no two have the same.
    pub name: String,
    /// What stands for it in the charts: a normalised reference to an Organization, a Location or a CareTeam.
    pub reference: Option<String>,
    /// Its members, those with a closed account too.
    pub members: Vec<UserId>,
    /// Whether it is a team of the server's directory, which alone changes it.
    pub by_server: bool,
}

/// What a team is to become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamChange {
    /// As in [`TeamRecord`].
    pub name: String,
    /// As in [`TeamRecord`].
    pub reference: Option<String>,
    /// The members, all of them.
    pub members: Vec<UserId>,
}

/// A user to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// What they type to sign in; compared without case.
    pub username: String,
    /// Their name.
    pub display_name: String,
    /// Their role.
    pub role: Role,
}

/// One patient of the directory.
pub struct DirectoryRow {
    /// Who.
    pub patient: PatientId,
    /// What search and the banner show; empty for a patient whose Patient resource has not come yet.
    pub demographics: Result<Demographics, Undecodable>,
    /// Whether the chart is restricted.
    pub restricted: bool,
}

/// One entry of a worklist.
pub struct WorklistRow {
    /// The type of the resource that it was read from.
    pub resource_type: ResourceType,
    /// Its id.
    pub id: ResourceId,
    /// Whose it is.
    pub patient: PatientId,
    /// What it says.
    pub entry: Result<WorklistEntry, Undecodable>,
}

/// A stored resource, opened.
pub struct Stored {
    /// Its type.
    pub resource_type: ResourceType,
    /// Its id.
    pub id: ResourceId,
    /// Its version, from 1.
    pub version: u32,
    /// The JSON text as it was stored.
    pub json: Result<Text, Undecodable>,
}

/// A resource to be stored.
pub struct ResourcePut<'a> {
    /// Its type.
    pub resource_type: &'a ResourceType,
    /// Its id.
    pub id: &'a ResourceId,
    /// Whose it is; `None`: shared (Practitioner, Organization ...).
    pub patient: Option<&'a PatientId>,
    /// Its JSON.
    pub json: &'a str,
    /// ISO date by which lists sort, or empty.
    pub sort: &'a str,
    /// For a Patient: what search and the banner show.
    pub demographics: Option<&'a Demographics>,
    /// For a Patient: whether the chart is restricted.
    pub restricted: bool,
}

/// A resource of a chart to be written by hand: a new one, or a new version of one that was read before.
pub struct ResourceWrite<'a> {
    /// Its type.
    pub resource_type: &'a ResourceType,
    /// Its id.
    pub id: &'a ResourceId,
    /// Its JSON.
    pub json: &'a str,
    /// ISO date by which lists sort, or empty.
    pub sort: &'a str,
    /// The version that whoever writes has read; `None`: it was not there.
    pub based_on: Option<u32>,
}

/// A version that was written by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenVersion {
    /// The resource's type.
    pub resource_type: ResourceType,
    /// Its id.
    pub id: ResourceId,
    /// Which of its versions.
    pub version: u32,
}

/// A Patient to be written by hand: a new one, or a new version of one that was read before.
pub struct PatientWrite<'a> {
    /// Who.
    pub patient: &'a PatientId,
    /// The JSON of the Patient.
    pub json: &'a str,
    /// What search and the banner show of it.
    pub demographics: &'a Demographics,
    /// The version that whoever writes has read; `None`: there was no such patient.
    pub based_on: Option<u32>,
}

/// One version of a resource.
pub struct ResourceVersion {
    /// Its number, from 1.
    pub version: u32,
    /// The JSON text as it was stored.
    pub json: Result<Text, Undecodable>,
    /// The audit entry that wrote it; `None`: it came with an import.
    pub written: Option<AccessRecord>,
    /// When the next version took its place; `None`: it is the newest.
    pub replaced_at: Option<DateTime<Utc>>,
}

/// A note that is being written, without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteDraftRow {
    /// Its id.
    pub id: String,
    /// Whose chart.
    pub patient: PatientId,
    /// Whose draft.
    pub user: UserId,
    /// The code of its kind.
    pub kind: String,
    /// Its version, from 1.
    pub version: u32,
    /// When it was begun.
    pub began_at: DateTime<Utc>,
    /// When it was stored last.
    pub changed_at: DateTime<Utc>,
}

/// A release of a code system, as it was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminologyRecord {
    /// The word for the code system.
    pub system: String,
    /// Which release.
    pub release: String,
    /// The file that it was read from.
    pub source: String,
    /// How many concepts it has.
    pub concepts: u64,
    /// The digest of what is kept of it, in hexadecimal digits.
    pub sha256: String,
    /// When it was imported.
    pub at: DateTime<Utc>,
}

/// A note that is being written.
pub struct NoteDraft {
    /// What is known without opening it.
    pub row: NoteDraftRow,
    /// What was typed, as it was stored.
    pub content: Result<Text, Undecodable>,
}

/// An amendment that a patient asks for and nobody has decided yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmendmentDue {
    /// The request.
    pub task: ResourceId,
    /// Whose chart.
    pub patient: PatientId,
    /// By which day it has to be decided: `2026-11-21`.
    pub due: String,
}

/// A signed note that waits for somebody's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CosignRequest {
    /// The note.
    pub composition: ResourceId,
    /// Whose chart.
    pub patient: PatientId,
    /// The code of its kind.
    pub kind: String,
    /// Who signed and asks.
    pub asked_by: UserId,
    /// Since when.
    pub asked_at: DateTime<Utc>,
}

/// What a put did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PutOutcome {
    /// It is new.
    Created,
    /// It replaced another version, which is kept in the history.
    Updated,
    /// It was there already, the same.
    Unchanged,
}

/// One line of the access report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRecord {
    /// The number of the audit entry.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; `None`: nobody was signed in, or the workstation itself.
    pub user: Option<UserId>,
    /// Their name, if the user is known here.
    pub user_display: Option<String>,
    /// In which role.
    pub role: Option<Role>,
    /// What (`patient-read`, `section-read`, `import-create` ...).
    pub interaction: String,
    /// Which page of the chart.
    pub section: Option<Section>,
    /// What for.
    pub purpose: PurposeOfUse,
    /// How it went.
    pub outcome: Outcome,
    /// True when the patient was one of several named by a list or a batch.
    pub listed: bool,
}

/// How the review of emergency accesses stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewsDue {
    /// Nobody has reviewed these.
    pub unreviewed: u32,
    /// And these for too long.
    pub overdue: u32,
    /// Of those the ones that the audit log does not tell of yet: number and patient.
    pub to_escalate: Vec<(u32, PatientId)>,
}
