//! What a rule found: the beginning or the growth of an incident. It is as long as what is remembered of whom it is about.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigil_model::{DeviceId, PatientId, UserId};

use crate::EventId;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// To be seen in a list.
    Low,
    /// To be looked at within days.
    Medium,
    /// To be looked at today.
    High,
    /// To be looked at now.
    Critical,
}

impl Severity {
    /// Every severity, the mildest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// What follows a finding. There is none that touches emergency access: whoever is suspended breaks the glass as before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Somebody is told.
    Notify,
    /// Somebody is told, and the account is suspended on every workstation: emergency access stays.
    Suspend,
}

impl Action {
    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Notify => "notify",
            Self::Suspend => "suspend",
        }
    }
}

/// Whom it is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A user.
    User(UserId),
    /// A workstation or its log.
    Device(DeviceId),
    /// A patient, whose chart draws too many.
    Patient(PatientId),
    /// The server or the whole fleet.
    Fleet,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user/{id}"),
            Self::Device(id) => write!(f, "device/{id}"),
            Self::Patient(id) => write!(f, "patient/{id}"),
            Self::Fleet => f.write_str("fleet"),
        }
    }
}

/// The numbers behind a finding, so that whoever reads it can follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// What was counted.
    pub count: u64,
    /// The most that does not fire.
    pub limit: u64,
    /// What is usual, where the rule compares: whole, or with one decimal cut off.
    pub usual: Option<String>,
    /// Over which time it was counted, in seconds; 0: a single entry.
    pub window_seconds: u64,
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// The version of the rules.
    pub rules_version: u32,
    /// How bad it is.
    pub severity: Severity,
    /// Whom it is about.
    pub subject: Subject,
    /// The same for everything that belongs to one episode: an incident that has it is added to.
    pub key: String,
    /// Whether somebody is told: the episode is new, or has doubled since it was told last. What is not is added to the episode.
    pub tells: bool,
    /// When the entry happened that made it fire.
    pub at: DateTime<Utc>,
    /// The entries behind it, oldest first: all of them where it tells, else those that it adds. Readings of one chart within five minutes
    /// are one, and so is one visit where visits are counted.
    pub evidence: Vec<EventId>,
    /// Whose charts these entries are about.
    pub patients: BTreeSet<PatientId>,
    /// The numbers.
    pub figures: Figures,
    /// What follows.
    pub action: Action,
}
