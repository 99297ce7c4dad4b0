//! The desk of whoever oversees the fleet: incidents, workstations, figures. Ids and numbers; names of patients are at no server.
//!
//! Times are RFC 3339, ids of users, logs and patients those of the audit log.

use serde::{Deserialize, Serialize};

use crate::wire::Bytes;
use crate::{DeviceId, PatientId, Role, UserId};

/// The proof of a password, stretched as the server's challenge for the name says.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskSessionRequest {
    /// What was typed.
    pub username: String,
    /// As in [`crate::wire::SignInProof`].
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Byte))]
    pub proof: Bytes,
}

/// The header that carries [`DeskSession::token`] is `authorization: Bearer`.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskSession {
    /// Holds at the workstation that asked for it, for the user who showed their password.
    pub token: String,
    /// When it ends.
    pub expires: String,
    /// The user.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub user: UserId,
    /// As the directory names it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub role: Role,
}

/// How an incident stands.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IncidentState {
    /// Nobody has said yet that they look at it.
    Open,
    /// Somebody looks at it.
    Acknowledged,
    /// It has a finding.
    Closed,
}

/// How grave it is.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IncidentSeverity {
    /// Worth a look.
    Low,
    /// To be looked at this week.
    Medium,
    /// To be looked at today.
    High,
    /// To be looked at now.
    Critical,
}

/// What an incident turned out to be.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IncidentFinding {
    /// The access was for care or work.
    Appropriate,
    /// A mistake without consequence.
    Mistake,
    /// Somebody looked at what was not theirs to see.
    Inappropriate,
    /// An attack from outside or with somebody else's account.
    Attack,
    /// A fault of a machine or of this system.
    Technical,
}

/// Whom it is about.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum IncidentSubject {
    /// A user of the directory, or of one workstation.
    User {
        /// The user.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        id: UserId,
        /// What people read; empty where the directory does not know them.
        name: String,
    },
    /// A workstation, by its log.
    Workstation {
        /// The log.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        log: DeviceId,
        /// What the machine calls itself.
        host: String,
    },
    /// A chart that several people looked at.
    Patient {
        /// The patient.
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        id: PatientId,
    },
    /// The server itself.
    Server,
}

/// The numbers that an incident was raised over.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentFigures {
    /// How many there were.
    pub count: u64,
    /// How many are still allowed.
    pub limit: u64,
    /// What is usual, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual: Option<String>,
    /// Within how many seconds.
    pub window_seconds: u64,
}

/// An incident in a list.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentSummary {
    /// Its number.
    pub id: u64,
    /// The rule that raised it.
    pub rule: String,
    /// The version of the rules.
    pub rules_version: u64,
    /// How grave it is.
    pub severity: IncidentSeverity,
    /// How it stands.
    pub state: IncidentState,
    /// Whom it is about.
    pub subject: IncidentSubject,
    /// When it was raised.
    pub opened: String,
    /// When the newest of its events happened.
    pub newest: String,
    /// How many events it has.
    pub events: u64,
    /// The numbers.
    pub figures: IncidentFigures,
    /// To which level it was escalated, from 0.
    pub level: u32,
    /// Who looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned: Option<Person>,
    /// Whether the account that it is about is suspended on every workstation because of it.
    pub suspended: bool,
    /// What it turned out to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<IncidentFinding>,
    /// The last day for the notices of 45 CFR 164.404 to 164.408: 60 calendar days after the discovery; where it was assessed as a breach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify_by: Option<String>,
}

/// Somebody of the directory.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The user.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: UserId,
    /// What people read.
    pub name: String,
}

/// A page of incidents: those that are not closed first, the gravest first, then the newest.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentList {
    /// The incidents.
    pub incidents: Vec<IncidentSummary>,
    /// How many there are of each state, whatever was asked for: open, acknowledged, closed.
    pub counts: [u64; 3],
}

/// An incident with everything that belongs to it.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// What a list shows of it.
    pub summary: IncidentSummary,
    /// Its events, oldest first; the newest 500 where there are more.
    pub events: Vec<IncidentEvent>,
    /// Every patient that is affected.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub patients: Vec<PatientId>,
    /// What was done about it, oldest first.
    pub history: Vec<IncidentStep>,
    /// The assessment, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment: Option<BreachAssessment>,
    /// What was sent of it.
    pub deliveries: Vec<DeliveryState>,
}

/// An audit entry that belongs to an incident.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentEvent {
    /// The log.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub log: DeviceId,
    /// The number in it.
    pub seq: u64,
    /// When.
    pub at: String,
    /// Vigil's word for what was done.
    pub interaction: String,
    /// FHIR `AuditEvent.outcome`.
    pub outcome: String,
    /// What for.
    pub purpose: String,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Person>,
    /// Whose chart.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<PatientId>,
    /// The machine's name.
    pub host: String,
    /// What explains the access (`care-team`, `encounter`, ...), where the workstation said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
}

/// Something that was done about an incident.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentStep {
    /// When.
    pub at: String,
    /// By whom; `None`: the server itself, or its operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Person>,
    /// What: `raised`, `acknowledged`, `assigned`, `commented`, `escalated`, `assessed`, `suspended`, `suspension-lifted`, `closed`, `reopened`,
    /// `evidence-exported`.
    pub what: String,
    /// The words of whoever did it, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// What was sent of an incident, by which way.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryState {
    /// The channel, as it is configured.
    pub channel: String,
    /// `raised`, `escalated`, `acknowledged`, `closed`.
    pub event: String,
    /// `waiting`, `delivered`, `failed`.
    pub state: String,
    /// How often it was tried.
    pub attempts: u64,
    /// When it was delivered, or is tried next.
    pub at: String,
    /// What went wrong the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// The risk assessment of 45 CFR 164.402 (2): whether protected health information was compromised.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreachAssessment {
    /// (i) The nature and extent of the protected health information involved.
    pub nature: String,
    /// (ii) The unauthorized person who used it or to whom the disclosure was made.
    pub recipient: String,
    /// (iii) Whether it was actually acquired or viewed.
    pub acquired: String,
    /// (iv) The extent to which the risk has been mitigated.
    pub mitigated: String,
    /// Whether it is a breach: unless a low probability of compromise was demonstrated, it is.
    pub breach: bool,
    /// The first day on which it was known, or would have been by reasonable diligence (164.404 (a)(2)): `YYYY-MM-DD`.
    pub discovered: String,
    /// Who assessed it; set by the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Person>,
    /// When; set by the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// What is done about an incident.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum IncidentAct {
    /// Says that the caller looks at it: nobody else is called any more.
    Acknowledge,
    /// Gives it to somebody.
    Assign {
        /// A privacy officer or administrator of the directory.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        to: UserId,
    },
    /// Adds words.
    Comment {
        /// The words.
        words: String,
    },
    /// Calls the next level.
    Escalate {
        /// Why.
        words: String,
    },
    /// Assesses whether it is a breach.
    Assess {
        /// The four factors.
        assessment: BreachAssessment,
    },
    /// Suspends the account that it is about, on every workstation.
    Suspend {
        /// Why.
        words: String,
    },
    /// Lifts that suspension.
    LiftSuspension {
        /// Why.
        words: String,
    },
    /// Closes it.
    Close {
        /// What it turned out to be.
        finding: IncidentFinding,
        /// Why.
        words: String,
    },
    /// Opens it anew.
    Reopen {
        /// Why.
        words: String,
    },
}

/// A workstation of the fleet.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FleetDevice {
    /// Its enrolment.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub enrolment: DeviceId,
    /// Its log.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub log: DeviceId,
    /// What the machine calls itself.
    pub host: String,
    /// The program's version.
    pub version: String,
    /// When it was enrolled.
    pub enrolled: String,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<String>,
    /// When it was last heard of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_contact: Option<String>,
    /// Seconds that its clock is ahead of the server's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_ahead: Option<i64>,
    /// When its certificate ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_expires: Option<String>,
    /// How many entries wait on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queued: Option<u64>,
    /// Since when the oldest of them waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queued_since: Option<String>,
    /// How many entries the server holds of its log.
    pub entries: u64,
    /// Whether another history of its log was shown.
    pub forked: bool,
    /// What of its posture it last said not to be as it should be (`diskEncryption=fail`), or `ok`; `None`: it did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posture: Option<String>,
    /// The unit at which it stands; `None`: it did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// Figures over a period.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FleetActivity {
    /// Chart accesses that something explains.
    pub explained: u64,
    /// All of which it is known whether something explains them.
    pub accesses: u64,
    /// Chart accesses of each hour that had any, oldest first.
    pub hours: Vec<HourCount>,
    /// Of each user, most first.
    pub users: Vec<UserCount>,
    /// Of each workstation.
    pub workstations: Vec<WorkstationCount>,
    /// Of each unit, most first.
    #[serde(default)]
    pub units: Vec<UnitCount>,
    /// Emergency accesses of each day that had any: day, how many.
    pub emergencies: Vec<(String, u64)>,
    /// Incidents that were raised on each day that had any: day, rule, how many.
    pub incidents: Vec<(String, String, u64)>,
}

/// Chart accesses of an hour.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourCount {
    /// When the hour begins.
    pub hour: String,
    /// All.
    pub accesses: u64,
    /// Those that nothing explains.
    pub unexplained: u64,
}

/// Chart accesses of a user.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserCount {
    /// The user.
    pub user: Person,
    /// In which role.
    pub role: String,
    /// All.
    pub accesses: u64,
    /// Those that nothing explains.
    pub unexplained: u64,
    /// Different patients.
    pub patients: u64,
}

/// Chart accesses at a workstation.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkstationCount {
    /// The machine's name.
    pub host: String,
    /// All.
    pub accesses: u64,
    /// Those that nothing explains.
    pub unexplained: u64,
}

/// Chart accesses at the workstations of a unit.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitCount {
    /// Its name; `None`: workstations that do not say where they stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// All.
    pub accesses: u64,
    /// Those that nothing explains.
    pub unexplained: u64,
}

/// The rules that decide, and those that were tried.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSets {
    /// The version that decides.
    pub active: u64,
    /// Every version, newest first.
    pub versions: Vec<RuleSetVersion>,
    /// The text of the one that decides (TOML).
    pub rules: String,
}

/// A version of the rules.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSetVersion {
    /// The version.
    pub version: u64,
    /// When it was made.
    pub made: String,
    /// Since when it has decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<String>,
}

/// Other rules.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSetUpdate {
    /// TOML, with a version that is greater than every one before.
    pub rules: String,
}
