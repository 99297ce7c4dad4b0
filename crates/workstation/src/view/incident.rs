//! Incidents of the whole fleet, as the desk shows and works on them.

use serde::{Deserialize, Serialize};
use specta::Type;

/// How an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum IncidentStage {
    /// Nobody has said yet that they look at it.
    Open,
    /// Somebody looks at it.
    Acknowledged,
    /// It has a finding.
    Closed,
}

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum IncidentGravity {
    /// Worth a look.
    Low,
    /// To be looked at this week.
    Medium,
    /// To be looked at today.
    High,
    /// To be looked at now.
    Critical,
}

/// What it turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum CaseFinding {
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

/// Which incidents.
#[derive(Clone, Copy, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IncidentSearchRequest {
    /// Of this stage alone; absent: every one.
    #[serde(default)]
    pub stage: Option<IncidentStage>,
}

/// Incidents: those that are not closed first, the gravest first, then the newest.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IncidentListView {
    /// The newest 500.
    pub rows: Vec<IncidentRow>,
    /// How many are open, whatever was asked for.
    pub open: u32,
    /// How many are acknowledged.
    pub acknowledged: u32,
    /// How many are closed.
    pub closed: u32,
}

/// An incident in a list.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IncidentRow {
    /// Its number.
    pub id: u32,
    /// The rule that raised it.
    pub rule: String,
    /// The version of the rules.
    pub rules_version: u32,
    /// How grave it is.
    pub gravity: IncidentGravity,
    /// How it stands.
    pub stage: IncidentStage,
    /// Whom it is about.
    pub subject: IncidentAbout,
    /// Whether that is the reader: somebody else works on it.
    pub own: bool,
    /// When it was raised.
    pub opened: String,
    /// Minutes since then.
    pub age_minutes: u32,
    /// When the newest of its events happened.
    pub newest: String,
    /// How many events it has.
    pub events: u32,
    /// The numbers.
    pub figures: IncidentNumbers,
    /// To which level it was escalated, from 0.
    pub level: u32,
    /// Who looks after it.
    pub assigned: Option<DeskPerson>,
    /// Whether the account that it is about is suspended on every workstation because of it.
    pub suspended: bool,
    /// What it turned out to be.
    pub finding: Option<CaseFinding>,
    /// The last day for the notices of a breach (45 CFR 164.404 to 164.408), `21-Nov-2026`.
    pub notify_by: Option<String>,
    /// Days until then; negative when it is over.
    pub notify_days: Option<i32>,
}

/// Whom an incident is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum IncidentAbout {
    /// A user of the directory, or of one workstation.
    User {
        /// The user.
        user_id: String,
        /// The name, or the id where the directory does not know them.
        who: String,
    },
    /// A workstation.
    Workstation {
        /// Its log.
        log: String,
        /// What the machine calls itself.
        host: String,
    },
    /// A chart that several people looked at.
    Patient {
        /// The patient.
        patient_id: String,
        /// The name, where this workstation knows it.
        patient: Option<String>,
    },
    /// The server itself, or what the reader's role does not see.
    Server,
}

/// The numbers that an incident was raised over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IncidentNumbers {
    /// How many there were.
    pub count: u32,
    /// How many are still allowed.
    pub limit: u32,
    /// What is usual, for people.
    pub usual: Option<String>,
    /// Within how many seconds.
    pub window_seconds: u32,
}

/// A privacy officer or administrator of the server's directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeskPerson {
    /// The id.
    pub user_id: String,
    /// The name.
    pub who: String,
}

/// Which incident.
#[derive(Clone, Copy, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IncidentReadRequest {
    /// Its number.
    pub id: u32,
}

/// An incident with everything that belongs to it.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IncidentView {
    /// What a list shows of it.
    pub row: IncidentRow,
    /// When it was raised, in seconds since 1970 UTC.
    #[specta(type = i32)]
    pub opened_epoch: f64,
    /// Its events, oldest first; the newest 500 where there are more.
    pub events: Vec<IncidentEventRow>,
    /// Every patient that is affected; none for a role that sees no patients.
    pub patients: Vec<AffectedPatient>,
    /// What was done about it, oldest first.
    pub history: Vec<IncidentStepView>,
    /// The assessment, where there is one and the role reads it.
    pub assessment: Option<BreachAssessmentView>,
    /// What was sent of it.
    pub deliveries: Vec<IncidentDelivery>,
    /// To whom it can be given.
    pub assignable: Vec<DeskPerson>,
}

/// An audit entry that belongs to an incident.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IncidentEventRow {
    /// The log.
    pub log: String,
    /// The number in it.
    pub sequence: u32,
    /// When, with seconds.
    pub at: String,
    /// The same in seconds since 1970 UTC.
    #[specta(type = i32)]
    pub epoch_seconds: f64,
    /// Who; absent: nobody was signed in, or the machine itself.
    pub who: Option<String>,
    /// What, in words.
    pub what: String,
    /// `done`, `refused` or `failed`.
    pub outcome: String,
    /// What for, in words.
    pub purpose: String,
    /// Whose chart.
    pub patient_id: Option<String>,
    /// The name, where this workstation knows it.
    pub patient: Option<String>,
    /// At which machine.
    pub host: String,
    /// What explains the access (`care-team`, `encounter`, `none`), where the workstation said it.
    pub basis: Option<String>,
}

/// A patient who is affected.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AffectedPatient {
    /// The id: the one of the audit log.
    pub patient_id: String,
    /// `SMITH, Jane (Ms), born 14-Jul-1945, MRN 004217`, where this workstation knows them.
    pub patient: Option<String>,
    /// In how many of the events that are shown.
    pub events: u32,
}

/// Something that was done about an incident.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IncidentStepView {
    /// When.
    pub at: String,
    /// By whom; absent: the server itself, or its operator.
    pub by: Option<String>,
    /// `raised`, `acknowledged`, `assigned`, `commented`, `escalated`, `assessed`, `suspended`, `suspension-lifted`, `closed`, `reopened`,
    /// `evidence-exported`.
    pub what: String,
    /// The words of whoever did it, if any.
    pub words: Option<String>,
}

/// What was sent of an incident, by which way.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IncidentDelivery {
    /// The channel, as the server is configured.
    pub channel: String,
    /// `raised`, `escalated`, `acknowledged`, `closed`.
    pub event: String,
    /// `waiting`, `delivered`, `failed`.
    pub state: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was delivered, or is tried next.
    pub at: String,
    /// What went wrong the last time.
    pub error: Option<String>,
}

/// The risk assessment of 45 CFR 164.402 (2).
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BreachAssessmentView {
    /// (i) The nature and extent of the protected health information involved.
    pub nature: String,
    /// (ii) The unauthorized person who used it or to whom the disclosure was made.
    pub recipient: String,
    /// (iii) Whether it was actually acquired or viewed.
    pub acquired: String,
    /// (iv) The extent to which the risk has been mitigated.
    pub mitigated: String,
    /// Whether it is a breach.
    pub breach: bool,
    /// When it was discovered, `21-Nov-2026`.
    pub discovered: String,
    /// The same as a field takes it, `2026-11-21`.
    pub discovered_day: String,
    /// Who assessed it.
    pub by: Option<String>,
    /// When.
    pub at: Option<String>,
}

/// Something urgent about an incident.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IncidentUpdateRequest {
    /// Its number.
    pub id: u32,
    /// What.
    pub step: IncidentStep,
    /// Why, 10 to 2,000 characters; nothing where it is acknowledged.
    pub words: String,
}

/// What those who oversee do about an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum IncidentStep {
    /// The caller looks at it: nobody else is called any more.
    Acknowledge,
    /// The next level is called.
    Escalate,
    /// The account that it is about is suspended on every workstation.
    Suspend,
    /// That suspension is lifted.
    LiftSuspension,
}

/// Work on a case.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IncidentDecideRequest {
    /// The number of the incident.
    pub id: u32,
    /// What.
    pub decision: CaseDecision,
}

/// What a privacy officer decides about a case. Words are 10 to 2,000 characters.
#[derive(Clone, Deserialize, Type)]
#[serde(tag = "act", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum CaseDecision {
    /// Somebody else looks after it.
    Assign {
        /// A privacy officer or administrator of the directory.
        user_id: String,
    },
    /// Words are added.
    Comment {
        /// The words.
        words: String,
    },
    /// It is assessed whether it is a breach.
    Assess {
        /// The four factors.
        assessment: BreachAssessmentRequest,
    },
    /// It is closed.
    Close {
        /// What it turned out to be.
        finding: CaseFinding,
        /// Why.
        words: String,
    },
    /// It is opened anew.
    Reopen {
        /// Why.
        words: String,
    },
}

/// The four factors of 45 CFR 164.402 (2), 10 to 4,000 characters each.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BreachAssessmentRequest {
    /// (i)
    pub nature: String,
    /// (ii)
    pub recipient: String,
    /// (iii)
    pub acquired: String,
    /// (iv)
    pub mitigated: String,
    /// Whether it is a breach: unless a low probability of compromise was demonstrated, it is.
    pub breach: bool,
    /// The first day on which it was known, or would have been by reasonable diligence: `2026-11-21`.
    pub discovered: String,
}

/// Evidence for somebody else.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IncidentExportRequest {
    /// The number of the incident.
    pub id: u32,
    /// A new file, by its whole path.
    pub path: String,
}
