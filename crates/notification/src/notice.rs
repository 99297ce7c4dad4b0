//! What is told of an alarm. By its types it holds numbers, times, names of few characters and the ids of users and devices, and nothing
//! else: no patient, no free text. All words of a message come from `words.rs`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{HostName, RuleId, SystemName};

/// One thing that happened to an alarm, for one round of messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// The same for every attempt and every channel: whoever gets a message twice can drop the second by it.
    pub id: Uuid,
    /// The number of the alarm in the privacy desk. All notices of an alarm share it.
    pub incident: u64,
    /// What happened.
    pub event: NoticeEvent,
    /// How grave the alarm is.
    pub severity: Severity,
    /// The rule that raised it.
    pub rule: RuleId,
    /// When the alarm was opened.
    pub opened: DateTime<Utc>,
    /// When this happened to it.
    pub at: DateTime<Utc>,
    /// The level of escalation: 0 when it was raised.
    pub level: u8,
    /// The installation that speaks.
    pub hospital: SystemName,
    /// The host that speaks.
    pub server: HostName,
    /// Whether access was suspended because of the alarm.
    pub suspended: bool,
    /// What the alarm is about.
    pub subject_kind: SubjectKind,
    /// The opaque id of the user or device that the alarm is about. With any other kind it is not sent, whatever stands here.
    pub subject: Option<Uuid>,
}

impl Notice {
    /// The id that may be told: of a user or a device.
    pub(crate) fn told_subject(&self) -> Option<Uuid> {
        match self.subject_kind {
            SubjectKind::User | SubjectKind::Device => self.subject,
            SubjectKind::Log | SubjectKind::Patient => None,
        }
    }
}

/// What happened to an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoticeEvent {
    /// It was raised.
    Raised,
    /// Nobody has acknowledged it in time: the next level is told.
    Escalated,
    /// Somebody looks at it.
    Acknowledged,
    /// It is closed.
    Closed,
}

impl NoticeEvent {
    /// As it stands in messages for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Escalated => "escalated",
            Self::Acknowledged => "acknowledged",
            Self::Closed => "closed",
        }
    }

    /// Whether somebody is asked to do something.
    pub const fn asks(self) -> bool {
        matches!(self, Self::Raised | Self::Escalated)
    }
}

/// How grave an alarm is, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// To be looked at some day.
    Low,
    /// To be looked at this week.
    Medium,
    /// To be looked at today.
    High,
    /// To be looked at now.
    Critical,
}

impl Severity {
    /// Every one, the least first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// As it stands in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// What an alarm is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubjectKind {
    /// What a user did.
    User,
    /// A workstation.
    Device,
    /// An audit log.
    Log,
    /// Accesses to one chart. Whose, no message says.
    Patient,
}

impl SubjectKind {
    /// As it stands in messages for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Device => "device",
            Self::Log => "log",
            Self::Patient => "patient",
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A notice such as rules raise.
    pub(crate) fn notice(event: NoticeEvent, severity: Severity) -> Notice {
        let time = |text: &str| text.parse().unwrap();
        Notice {
            id: Uuid::from_u128(0x0193_7b1c_8d2e_7a10_8000_0000_0000_0123),
            incident: 123,
            event,
            severity,
            rule: "unusual-volume".parse().unwrap(),
            opened: time("2026-11-30T02:40:09Z"),
            at: time("2026-11-30T02:45:10Z"),
            level: u8::from(event == NoticeEvent::Escalated),
            hospital: "st-anna".parse().unwrap(),
            server: "vigil.hospital.example".parse().unwrap(),
            suspended: false,
            subject_kind: SubjectKind::User,
            subject: Some(Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0777)),
        }
    }

    #[test]
    fn the_id_of_a_patient_is_not_told_even_if_somebody_put_one_in() {
        for kind in [SubjectKind::Patient, SubjectKind::Log] {
            let planted = Notice { subject_kind: kind, ..notice(NoticeEvent::Raised, Severity::High) };
            assert!(planted.subject.is_some(), "one stands there");
            assert_eq!(planted.told_subject(), None, "{kind:?}");
        }
    }

    #[test]
    fn a_notice_outlives_a_restart_as_json() {
        let notice = notice(NoticeEvent::Escalated, Severity::Critical);
        let text = serde_json::to_string(&notice).unwrap();
        assert_eq!(serde_json::from_str::<Notice>(&text).unwrap(), notice, "{text}");
    }
}
