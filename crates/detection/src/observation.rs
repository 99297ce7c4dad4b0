//! One audit entry as the rules see it: ids and codes, never the content of a chart.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigil_model::{DeviceId, PatientId, PurposeOfUse, Role, Section, SessionId, UserId};
use vigil_policy::unusual::counted;

use crate::Basis;

/// DICOM PS3.16 CID 400 "Security Alert".
const SECURITY_ALERT: &str = "110113";

/// The word of a refusal over a treatment relationship that there is none of (`DenialReason::NoRelationship`).
const NO_RELATIONSHIP: &str = "no-relationship";

/// Where an entry stands: the log of a workstation, or the server's own, and the number within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventId {
    /// The log.
    pub log: DeviceId,
    /// The number, from 1.
    pub seq: u64,
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.log, self.seq)
    }
}

/// FHIR R4 `AuditEvent.outcome`, as far as the rules tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// 0: it was done.
    Success,
    /// 4: a chart was refused because nothing explains why this user would open it.
    Withheld,
    /// 4: it was refused for another reason.
    Refused,
    /// 8 and 12: it failed. Codes that nobody knows are held for that too.
    Failed,
}

/// The user who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The user.
    pub id: UserId,
    /// In which role.
    pub role: Role,
    /// In which session, where it is known.
    pub session: Option<SessionId>,
}

/// One audit entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// When it happened, by the clock of the machine whose log it is.
    pub at: DateTime<Utc>,
    /// Whose log.
    pub log: DeviceId,
    /// The number within it.
    pub seq: u64,
    /// Vigil's word for what was done (`patient-read`). Words that no rule knows are kept.
    pub interaction: String,
    /// How it went.
    pub outcome: Outcome,
    /// Whether its type is DICOM's "Security Alert".
    pub security_alert: bool,
    /// What for; `None`: the code is unknown.
    pub purpose: Option<PurposeOfUse>,
    /// Which user did it; `None`: nobody was signed in, or it was a machine.
    pub actor: Option<Actor>,
    /// Which workstation did it, in the server's own log.
    pub device: Option<DeviceId>,
    /// Which account it is about (`user=` of the reason): a refused sign-in, a suspension.
    pub account: Option<UserId>,
    /// Whose record.
    pub patient: Option<PatientId>,
    /// Which page of the chart.
    pub section: Option<Section>,
    /// What explains the access; `None`: the workstation did not say.
    pub basis: Option<Basis>,
    /// Whether the patient is somebody whom others are curious about.
    pub vip: bool,
    /// Whether the patient works at this hospital.
    pub employee: bool,
}

/// An entry as a store has it: codes as text.
#[derive(Clone, Copy, Debug)]
pub struct Plain<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// Whose log.
    pub log: DeviceId,
    /// The number within it.
    pub seq: u64,
    /// Vigil's word.
    pub interaction: &'a str,
    /// `AuditEvent.type` code.
    pub r#type: &'a str,
    /// `AuditEvent.outcome` code.
    pub outcome: i64,
    /// Purpose of use code.
    pub purpose: &'a str,
    /// The id of who did it: a user where there is a role, else a machine.
    pub user: Option<&'a str>,
    /// The role's code.
    pub role: Option<&'a str>,
    /// The session's id.
    pub session: Option<&'a str>,
    /// The patient's id.
    pub patient: Option<&'a str>,
    /// The section's code.
    pub section: Option<&'a str>,
    /// Words between spaces; `basis=`, `vip`, `employee` and `user=` are read, others are not.
    pub reason: Option<&'a str>,
}

impl Observation {
    /// Reads what a store has. Whatever is unknown is left out: an entry of a newer workstation is no error.
    pub fn read(plain: &Plain<'_>) -> Self {
        let words = || plain.reason.unwrap_or_default().split(' ');
        let value = |key: &str| words().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
        let role = plain.role.and_then(Role::from_code);
        let user = plain.user.and_then(|id| UserId::parse(id).ok());
        let session = plain.session.and_then(|id| SessionId::parse(id).ok());
        Self {
            at: plain.at,
            log: plain.log,
            seq: plain.seq,
            interaction: plain.interaction.to_owned(),
            outcome: match plain.outcome {
                0 => Outcome::Success,
                4 if words().any(|word| word == NO_RELATIONSHIP) => Outcome::Withheld,
                4 => Outcome::Refused,
                _ => Outcome::Failed,
            },
            security_alert: plain.r#type == SECURITY_ALERT,
            purpose: PurposeOfUse::from_code(plain.purpose),
            actor: user.zip(role).map(|(id, role)| Actor { id, role, session }),
            device: match plain.role {
                None => plain.user.and_then(|id| DeviceId::parse(id).ok()),
                Some(_) => None,
            },
            account: value("user").and_then(|id| UserId::parse(id).ok()),
            patient: plain.patient.and_then(|id| PatientId::parse(id).ok()),
            section: plain.section.and_then(|code| Section::ALL.into_iter().find(|section| section.code() == code)),
            basis: value("basis").and_then(Basis::from_code),
            vip: words().any(|word| word == "vip"),
            employee: words().any(|word| word == "employee"),
        }
    }

    /// Where it stands.
    pub const fn id(&self) -> EventId {
        EventId { log: self.log, seq: self.seq }
    }

    /// Whether it overrides a restriction. Emergency accesses have a limit, a review and a rule of their own.
    pub fn is_emergency(&self) -> bool {
        self.purpose.is_some_and(PurposeOfUse::overrides)
    }

    /// Whether the name, password or second factor of a sign-in or unlock was refused.
    pub fn is_failed_sign_in(&self) -> bool {
        match self.interaction.as_str() {
            "session-refuse" | "factor-refuse" => true,
            "first-sign-in" | "fleet-sign-in" => self.outcome != Outcome::Success,
            _ => false,
        }
    }

    /// Who opened whose chart, if it is that: what the policy crate counts, in the ordinary way. Whoever asked for a chart that was
    /// withheld would have opened it: curiosity is no less for being refused.
    pub(crate) fn opening(&self) -> Option<(Actor, &PatientId)> {
        let actor = self.actor?;
        let opens = matches!(self.outcome, Outcome::Success | Outcome::Withheld)
            && !self.is_emergency()
            && self.section != Some(Section::Access)
            && counted(actor.role).contains(&self.interaction.as_str());
        self.patient.as_ref().filter(|_| opens).map(|patient| (actor, patient))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01900000-0000-7000-8000-000000000001";
    const OTHER: &str = "01900000-0000-7000-8000-000000000002";

    fn plain() -> Plain<'static> {
        Plain {
            at: DateTime::UNIX_EPOCH,
            log: DeviceId::parse(OTHER).unwrap(),
            seq: 7,
            interaction: "patient-read",
            r#type: "rest",
            outcome: 0,
            purpose: "TREAT",
            user: Some(ID),
            role: Some("nurse"),
            session: None,
            patient: Some("p-1"),
            section: None,
            reason: Some("basis=care-team vip keys=patient/1"),
        }
    }

    #[test]
    fn the_words_of_the_reason_are_read_and_others_are_left() {
        let seen = Observation::read(&plain());
        assert_eq!((seen.basis, seen.vip, seen.employee), (Some(Basis::CareTeam), true, false));
        assert!(seen.opening().is_some(), "a chart that was opened");
        let employee = Observation::read(&Plain { reason: Some("employee basis=none"), ..plain() });
        assert_eq!((employee.basis, employee.vip, employee.employee), (Some(Basis::None), false, true));
        let odd = Observation::read(&Plain { reason: Some("basis=horoscope vipers basis"), ..plain() });
        assert_eq!((odd.basis, odd.vip), (None, false), "words that nobody knows say nothing");
    }

    #[test]
    fn what_is_unknown_is_no_error() {
        let odd = Plain { interaction: "tomorrow", purpose: "??", role: Some("wizard"), outcome: 12, ..plain() };
        let seen = Observation::read(&odd);
        assert_eq!((seen.interaction.as_str(), seen.purpose, seen.actor), ("tomorrow", None, None));
        assert_eq!((seen.outcome, seen.device), (Outcome::Failed, None), "nor is a wizard a workstation");
        assert!(seen.opening().is_none());
    }

    #[test]
    fn a_machine_in_the_log_of_the_server_is_no_user() {
        let reason = format!("user={ID} locked");
        let refused = Plain { interaction: "first-sign-in", outcome: 4, user: Some(OTHER), role: None, ..plain() };
        let seen = Observation::read(&Plain { reason: Some(&reason), ..refused });
        assert!(seen.is_failed_sign_in() && seen.actor.is_none());
        assert_eq!(seen.device.map(|id| id.to_string()).as_deref(), Some(OTHER), "the workstation");
        assert_eq!(seen.account.map(|id| id.to_string()).as_deref(), Some(ID), "and whose account it was about");
    }

    #[test]
    fn emergencies_and_the_list_of_accesses_open_no_chart_in_the_ordinary_way() {
        let opens = |plain: Plain<'_>| Observation::read(&plain).opening().is_some();
        assert!(!opens(Plain { purpose: "BTG", ..plain() }), "an emergency has a rule of its own");
        assert!(!opens(Plain { interaction: "section-read", section: Some("access"), ..plain() }), "who has looked");
        assert!(opens(Plain { interaction: "section-read", section: Some("results"), ..plain() }));
        assert!(!opens(Plain { outcome: 4, ..plain() }), "what was refused showed nothing");
        let withheld = Plain { outcome: 4, reason: Some("no-relationship basis=none"), ..plain() };
        assert!(opens(withheld), "but whoever asks for what is not theirs is counted");
        assert_eq!(Observation::read(&withheld).basis, Some(Basis::None));
        assert!(!opens(Plain { role: Some("privacy-officer"), ..plain() }), "whose work it is");
    }
}
