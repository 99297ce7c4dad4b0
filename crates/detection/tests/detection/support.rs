//! Entries and rules in a few words.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;
use vigil_detection::{Actor, Basis, Detector, Finding, Observation, Outcome, RuleSet};
use vigil_model::{DeviceId, PatientId, PurposeOfUse, Role, UserId};

/// Monday, 9 November 2026.
pub(crate) fn monday() -> DateTime<Utc> {
    "2026-11-09T10:00:00Z".parse().unwrap()
}

pub(crate) fn user(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(0x1000 + number))
}

pub(crate) fn log(number: u128) -> DeviceId {
    DeviceId::from_uuid(Uuid::from_u128(0x2000 + number))
}

pub(crate) fn patient(number: u32) -> PatientId {
    PatientId::parse(&format!("p{number}")).unwrap()
}

/// Writes entries with numbers that rise, in one log.
pub(crate) struct Log {
    pub(crate) log: DeviceId,
    pub(crate) seq: u64,
}

impl Log {
    pub(crate) fn new(number: u128) -> Self {
        Self { log: log(number), seq: 0 }
    }

    pub(crate) fn entry(&mut self, at: DateTime<Utc>, who: u128, role: Role, interaction: &str) -> Observation {
        self.seq += 1;
        Observation {
            at,
            log: self.log,
            seq: self.seq,
            interaction: interaction.to_owned(),
            outcome: Outcome::Success,
            security_alert: false,
            purpose: Some(PurposeOfUse::Treatment),
            actor: Some(Actor { id: user(who), role, session: None }),
            device: None,
            account: None,
            patient: None,
            section: None,
            basis: None,
            vip: false,
            employee: false,
        }
    }

    /// A nurse opens a chart.
    pub(crate) fn chart(&mut self, at: DateTime<Utc>, who: u128, whose: u32, basis: Basis) -> Observation {
        let entry = self.entry(at, who, Role::Nurse, "patient-read");
        Observation { patient: Some(patient(whose)), basis: Some(basis), ..entry }
    }

    /// A nurse breaks the glass of a chart.
    pub(crate) fn emergency(&mut self, at: DateTime<Utc>, who: u128, whose: u32) -> Observation {
        let entry = self.entry(at, who, Role::Nurse, "emergency-access-start");
        let purpose = Some(PurposeOfUse::BreakTheGlass);
        Observation { patient: Some(patient(whose)), purpose, security_alert: true, ..entry }
    }
}

/// A rule set of one rule: its kind with its parameters, one on each line.
pub(crate) fn rules(parameters: &str) -> RuleSet {
    let text = format!(
        "version = 7\nutc_offset_minutes = 0\n[[rule]]\nid = \"it\"\nenabled = true\nseverity = \"high\"
        action = \"notify\"\ncool_down_hours = 12\n{parameters}"
    );
    RuleSet::parse(&text).unwrap()
}

/// What somebody is told of.
pub(crate) fn told(found: Vec<Finding>) -> Vec<Finding> {
    found.into_iter().filter(|finding| finding.tells).collect()
}

/// Opens `count` charts, five seconds apart, and returns what is found.
pub(crate) fn open(
    detector: &mut Detector,
    rules: &RuleSet,
    log: &mut Log,
    (from, who, count, basis): (DateTime<Utc>, u128, u32, Basis),
) -> Vec<Finding> {
    let entry = |number: u32| log.chart(from + TimeDelta::seconds(i64::from(number) * 5), who, number, basis);
    let entries: Vec<Observation> = (0..count).map(entry).collect();
    entries.iter().flat_map(|entry| detector.observe(rules, entry)).collect()
}
