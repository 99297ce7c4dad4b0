//! Rules as data: what each looks for, from which number on, and what follows.

mod read;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, FixedOffset, NaiveTime, Offset, TimeDelta, Utc, Weekday};
use vigil_model::Role;

use crate::{Action, FactKind, Severity};

/// The rules of a hospital, with their version. They change by a new version, never in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSet {
    /// The version: findings carry it.
    pub version: u32,
    /// The hospital's time: a fixed distance from UTC, without summer time. For the half of the year in which the clocks are
    /// changed the hours of `off-hours` are an hour off; choose the standard time and the hours with an hour to spare.
    pub offset: FixedOffset,
    /// The rules, in the order of the file.
    pub rules: Vec<Rule>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name: findings and incidents carry it.
    pub id: String,
    /// Whether it is switched on.
    pub enabled: bool,
    /// How bad it is what it finds.
    pub severity: Severity,
    /// Whose doings it looks at; `None`: everybody's.
    pub roles: Option<BTreeSet<Role>>,
    /// What follows.
    pub action: Action,
    /// What comes within this time of an episode belongs to it.
    pub cool_down: TimeDelta,
    /// What it looks for.
    pub kind: Kind,
}

/// What a rule looks for. Every `most` is the greatest number that does not fire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// More different patients in 60 minutes than so many times the usual (ADR 16, over the whole fleet).
    UnusualVolume(UnusualVolume),
    /// More emergency accesses than is usual.
    BreakGlassBurst(BreakGlassBurst),
    /// Charts of patients whom others are curious about, without an explanation.
    VipAccess(Returns),
    /// Charts of people who work here, without an explanation.
    CoWorkerAccess(Returns),
    /// Charts of anybody, without an explanation, over days.
    RepeatedUnexplained(Returns),
    /// Charts that are opened when the user does not work.
    OffHours(OffHours),
    /// Sign-ins that are refused. It can only notify: else an attacker could have a clinician locked out.
    FailedSignIns(FailedSignIns),
    /// What leaves the workstation.
    BulkExport(BulkExport),
    /// What the server found about a log: gaps, forks, bad checkpoints.
    LogIntegrity(BTreeSet<FactKind>),
    /// A workstation that is not heard of.
    SilentDevice(SilentDevice),
    /// Doings that concern keys and are rare enough to be told of each time: the interactions.
    KeyEvent(BTreeSet<String>),
    /// Security alerts of workstations, but for these interactions. An alert that no list knows is told of.
    SecurityAlert(BTreeSet<String>),
}

/// Which charts are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// All that were opened.
    All,
    /// Those that nothing explains.
    Unexplained,
    /// Those, and those of which the workstation could not find out.
    NotExplained,
}

/// What is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// The user's own past alone.
    Own,
    /// That of their role alone.
    Role,
    /// The greater of the two.
    OwnOrRole,
}

/// Parameters of `unusual-volume`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnusualVolume {
    /// Which charts.
    pub counts: Counts,
    /// So many times the usual is let pass.
    pub times: u32,
    /// The least that is usual for anybody, in patients an hour; 0: there is no floor, and whoever has no habit is not judged.
    pub floor: u32,
    /// What is compared with.
    pub baseline: Baseline,
}

/// Parameters of `break-glass-burst`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakGlassBurst {
    /// Different patients.
    pub most: u32,
    /// Within this time.
    pub within: TimeDelta,
    /// And more than so many times what is usual among the colleagues in the same role.
    pub times: Option<u32>,
}

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// The visits of one user to any such patient.
    User,
    /// The visits of one user to one patient.
    Pair,
    /// The different users who visit one patient.
    Patient,
}

/// Parameters of the rules over unexplained visits. A visit is any number of accesses of one user to one chart with less than
/// eight hours between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returns {
    /// What is counted together.
    pub per: Per,
    /// Visits, or users.
    pub most: u32,
    /// Within so many days.
    pub within_days: u32,
    /// And, of one user, more than so many times what is usual among the colleagues in the same role.
    pub times: Option<u32>,
}

/// Parameters of `off-hours`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffHours {
    /// From when on it is night, by the hospital's time.
    pub from: NaiveTime,
    /// Until when.
    pub until: NaiveTime,
    /// Whether Saturdays and Sundays are off as a whole.
    pub weekends: bool,
    /// Different patients whose chart nothing explains.
    pub most: u32,
    /// Within this time.
    pub within: TimeDelta,
    /// Whoever worked at this hour of the day on more than so many of the last 56 days is used to it.
    pub habit_days: u32,
    /// Whoever opens more charts than this with an explanation meanwhile is at work.
    pub explained_most: u32,
}

/// Whose refused sign-ins are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Those of one account.
    Account,
    /// Those at one workstation.
    Workstation,
}

/// Parameters of `failed-sign-ins`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailedSignIns {
    /// What is counted together.
    pub per: Door,
    /// Refusals.
    pub most: u32,
    /// And different workstations (of an account) or accounts (at a workstation; all that name none are one).
    pub most_places: u32,
    /// Within this time.
    pub within: TimeDelta,
}

/// Parameters of `bulk-export`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkExport {
    /// What counts as leaving.
    pub interactions: BTreeSet<String>,
    /// Which.
    pub counts: Counts,
    /// So many times.
    pub most: u32,
    /// Within this time.
    pub within: TimeDelta,
}

/// Parameters of `silent-device`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SilentDevice {
    /// Not heard of for longer than this.
    pub after: TimeDelta,
    /// If more than so many fall silent at once, it is the network or the server: one finding about the fleet.
    pub together: u32,
}

/// Why rules are not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// No TOML.
    #[error("no TOML: {0}")]
    Syntax(String),
    /// Something outside the rules.
    #[error("{key}: {allowed}")]
    Top {
        /// Which key.
        key: String,
        /// What is allowed there.
        allowed: String,
    },
    /// Something within a rule.
    #[error("rule {rule}: {key}: {allowed}")]
    Rule {
        /// Which rule: its id, or its place in the file.
        rule: String,
        /// Which key.
        key: String,
        /// What is allowed there.
        allowed: String,
    },
    /// Two rules have one id.
    #[error("rule {0}: two rules have this id")]
    Twice(String),
    /// A suspension that somebody else could bring about, or that would answer an emergency.
    #[error("rule {rule}: action: {kind} can only notify, for {reason}")]
    MayNotSuspend {
        /// Which rule.
        rule: String,
        /// Its kind.
        kind: &'static str,
        /// Why not.
        reason: &'static str,
    },
}

impl RuleSet {
    /// Reads rules: TOML with `version` and a list of `[[rule]]`.
    ///
    /// # Errors
    /// [`RuleError`]: which rule, which key, and what is allowed there.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        read::rule_set(text)
    }

    /// The rules that a hospital starts with (`rules/default.toml`, which says why each number is what it is).
    pub fn default_rules() -> Self {
        // A test reads them; a mistake there would leave a hospital without rules.
        Self::parse(Self::DEFAULT).unwrap_or_else(|_| Self::none())
    }

    /// The text of those, to start from.
    pub const DEFAULT: &'static str = include_str!("../rules/default.toml");

    /// The version.
    pub fn version(&self) -> u64 {
        u64::from(self.version)
    }

    /// Three times the user's own past over all accesses, and nothing else: what every other rule set is held against.
    pub fn bare_threefold() -> Self {
        let volume = UnusualVolume {
            counts: Counts::All,
            times: vigil_policy::unusual::STEP_UP_ABOVE,
            floor: 0,
            baseline: Baseline::Own,
        };
        let rule = Rule {
            id: "bare-threefold".to_owned(),
            enabled: true,
            severity: Severity::High,
            roles: None,
            action: Action::Notify,
            cool_down: TimeDelta::hours(12),
            kind: Kind::UnusualVolume(volume),
        };
        Self { rules: vec![rule], ..Self::none() }
    }

    /// The rule with this id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// What differs from `old`, rule by rule: `+ id`, `- id`, `~ id`.
    pub fn changes(&self, old: &Self) -> Vec<String> {
        let by_id =
            |set: &Self| set.rules.iter().map(|rule| (rule.id.clone(), rule.clone())).collect::<BTreeMap<_, _>>();
        let (before, after) = (by_id(old), by_id(self));
        let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let change = |id: &String| match (before.get(id), after.get(id)) {
            (None, Some(_)) => Some(format!("+ {id}")),
            (Some(_), None) => Some(format!("- {id}")),
            (was, is) => (was != is).then(|| format!("~ {id}")),
        };
        ids.into_iter().filter_map(change).collect()
    }

    fn none() -> Self {
        Self { version: 0, offset: Utc.fix(), rules: Vec::new() }
    }
}

impl Rule {
    /// Whether it looks at what somebody in `role` does; `None`: whoever did it has none.
    pub(crate) fn looks_at(&self, role: Option<Role>) -> bool {
        match (&self.roles, role) {
            (None, _) => true,
            (Some(roles), Some(role)) => roles.contains(&role),
            (Some(_), None) => false,
        }
    }
}

impl Kind {
    /// Its code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnusualVolume(_) => "unusual-volume",
            Self::BreakGlassBurst(_) => "break-glass-burst",
            Self::VipAccess(_) => "vip-access",
            Self::CoWorkerAccess(_) => "co-worker-access",
            Self::RepeatedUnexplained(_) => "repeated-unexplained",
            Self::OffHours(_) => "off-hours",
            Self::FailedSignIns(_) => "failed-sign-ins",
            Self::BulkExport(_) => "bulk-export",
            Self::LogIntegrity(_) => "log-integrity",
            Self::SilentDevice(_) => "silent-device",
            Self::KeyEvent(_) => "key-event",
            Self::SecurityAlert(_) => "security-alert",
        }
    }

    /// Why it must not suspend anybody; `None`: it may.
    const fn why_not_suspend(&self) -> Option<&'static str> {
        match self {
            Self::FailedSignIns(_) => Some("whoever types wrong passwords would have somebody else locked out"),
            Self::BreakGlassBurst(_) => Some("emergency access is reviewed afterwards and never stopped by a rule"),
            Self::VipAccess(Returns { per: Per::Patient, .. })
            | Self::CoWorkerAccess(Returns { per: Per::Patient, .. })
            | Self::RepeatedUnexplained(Returns { per: Per::Patient, .. }) => {
                Some("what many did is about a patient, and not about one account")
            }
            Self::LogIntegrity(_) | Self::SilentDevice(_) => Some("it is about a machine, and not about an account"),
            Self::KeyEvent(_) | Self::SecurityAlert(_) => Some("a single entry is no misuse of an account"),
            Self::UnusualVolume(_)
            | Self::VipAccess(_)
            | Self::CoWorkerAccess(_)
            | Self::RepeatedUnexplained(_)
            | Self::OffHours(_)
            | Self::BulkExport(_) => None,
        }
    }
}

impl OffHours {
    /// Whether it is a day on which nobody works who is not on duty.
    pub(crate) fn is_free_day(&self, at: DateTime<Utc>, offset: FixedOffset) -> bool {
        self.weekends && matches!(at.with_timezone(&offset).weekday(), Weekday::Sat | Weekday::Sun)
    }

    /// Whether it is off hours then, by the hospital's time.
    pub fn is_off(&self, at: DateTime<Utc>, offset: FixedOffset) -> bool {
        if self.is_free_day(at, offset) {
            return true;
        }
        let time = at.with_timezone(&offset).time();
        if self.from <= self.until {
            self.from <= time && time < self.until
        } else {
            self.from <= time || time < self.until
        }
    }
}
