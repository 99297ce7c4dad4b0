//! An incident as a line of a list.

use chrono::{DateTime, Utc};
use vigil_model::UserId;
use vigil_model::wire::{
    IncidentFigures, IncidentFinding, IncidentSeverity, IncidentState, IncidentSubject, IncidentSummary, Person,
};

use super::super::names::{PatientNames, or_id};
use super::super::time::{ServerTime, day_words, days_until, small};
use crate::view::{
    CaseFinding, DeskPerson, IncidentAbout, IncidentGravity, IncidentNumbers, IncidentRow, IncidentStage,
};

/// Who reads, when, and whom they know.
pub(in crate::fleet::desk) struct Reader<'n> {
    pub(in crate::fleet::desk) user: UserId,
    pub(in crate::fleet::desk) now: DateTime<Utc>,
    pub(in crate::fleet::desk) names: &'n PatientNames,
}

impl Reader<'_> {
    pub(super) fn row(&self, of: &IncidentSummary) -> IncidentRow {
        let opened = ServerTime::of(&of.opened);
        IncidentRow {
            id: small(of.id),
            rule: of.rule.clone(),
            rules_version: small(of.rules_version),
            gravity: gravity(of.severity),
            stage: stage(of.state),
            subject: self.about(&of.subject),
            own: matches!(&of.subject, IncidentSubject::User { id, .. } if *id == self.user),
            opened: opened.words(),
            age_minutes: opened.minutes_ago(self.now),
            newest: ServerTime::of(&of.newest).words(),
            events: small(of.events),
            figures: numbers(&of.figures),
            level: of.level,
            assigned: of.assigned.as_ref().map(person),
            suspended: of.suspended,
            finding: of.finding.map(finding),
            notify_by: of.notify_by.as_deref().map(day_words),
            notify_days: of.notify_by.as_deref().and_then(|day| days_until(day, self.now)),
        }
    }

    fn about(&self, subject: &IncidentSubject) -> IncidentAbout {
        match subject {
            IncidentSubject::User { id, name } => {
                IncidentAbout::User { user_id: id.to_string(), who: or_id(name.clone(), *id) }
            }
            IncidentSubject::Workstation { log, host } => {
                let host = if host.is_empty() { log.to_string() } else { host.clone() };
                IncidentAbout::Workstation { log: log.to_string(), host }
            }
            IncidentSubject::Patient { id } => IncidentAbout::Patient {
                patient_id: id.to_string(),
                patient: self.names.get(id).map(|named| named.name.clone()),
            },
            IncidentSubject::Server => IncidentAbout::Server,
        }
    }
}

pub(super) fn person(of: &Person) -> DeskPerson {
    DeskPerson { user_id: of.id.to_string(), who: or_id(of.name.clone(), of.id) }
}

fn numbers(of: &IncidentFigures) -> IncidentNumbers {
    IncidentNumbers {
        count: small(of.count),
        limit: small(of.limit),
        usual: of.usual.clone(),
        window_seconds: small(of.window_seconds),
    }
}

const fn gravity(severity: IncidentSeverity) -> IncidentGravity {
    match severity {
        IncidentSeverity::Low => IncidentGravity::Low,
        IncidentSeverity::Medium => IncidentGravity::Medium,
        IncidentSeverity::High => IncidentGravity::High,
        IncidentSeverity::Critical => IncidentGravity::Critical,
    }
}

const fn stage(state: IncidentState) -> IncidentStage {
    match state {
        IncidentState::Open => IncidentStage::Open,
        IncidentState::Acknowledged => IncidentStage::Acknowledged,
        IncidentState::Closed => IncidentStage::Closed,
    }
}

const fn finding(of: IncidentFinding) -> CaseFinding {
    match of {
        IncidentFinding::Appropriate => CaseFinding::Appropriate,
        IncidentFinding::Mistake => CaseFinding::Mistake,
        IncidentFinding::Inappropriate => CaseFinding::Inappropriate,
        IncidentFinding::Attack => CaseFinding::Attack,
        IncidentFinding::Technical => CaseFinding::Technical,
    }
}
