//! One audit event and its canonical bytes.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vigil_model::{BootId, DeviceId, PatientId, PurposeOfUse, Role, Section, SessionId, UserId};

use crate::{HybridTime, Kind};

/// FHIR R4 `AuditEvent.outcome`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 0: it was done.
    Success,
    /// 4: it was refused; nothing was done, and nothing is wrong with the system.
    MinorFailure,
    /// 8: it failed.
    SeriousFailure,
}

impl Outcome {
    /// The FHIR code.
    pub const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::MinorFailure => 4,
            Self::SeriousFailure => 8,
        }
    }

    /// The outcome with this code.
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Success),
            4 => Some(Self::MinorFailure),
            8 => Some(Self::SeriousFailure),
            _ => None,
        }
    }
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Agent {
    /// Nobody was signed in.
    Anonymous,
    /// The workstation itself.
    Workstation,
    /// A user.
    User {
        /// The user.
        id: UserId,
        /// In which role.
        role: Role,
        /// In which session.
        session: SessionId,
    },
    /// The central server itself.
    Server,
    /// Whoever has the server's command line.
    Operator,
    /// An enrolled workstation, in the server's own log.
    Device {
        /// Its enrolment.
        id: DeviceId,
    },
    /// Another system that the server knows.
    Client {
        /// Its id.
        id: Uuid,
    },
}

impl Agent {
    /// The user and the role, where it is one.
    pub const fn user(&self) -> Option<(UserId, Role)> {
        match self {
            Self::User { id, role, .. } => Some((*id, *role)),
            Self::Anonymous
            | Self::Workstation
            | Self::Server
            | Self::Operator
            | Self::Device { .. }
            | Self::Client { .. } => None,
        }
    }
}

/// Where an event comes from: what no role or purpose says. Events of form 1 have none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The program and its version, as a user agent says it (`Vigil/0.1.0`).
    pub client: String,
    /// The network address of the machine, or what it calls itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The request: entries of one request share it.
    pub request: Uuid,
    /// The hybrid logical time: it never goes back within a log, whatever the wall clock does.
    pub hlc: HybridTime,
    /// Which boot the next counts from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot: Option<BootId>,
    /// Milliseconds since then, suspended time included.
    pub up: u64,
}

/// One audit event.
///
/// **Do not modify**: name, order and form of every field are hashed into logs that exist. A change needs a new `v`, and
/// the old form must go on being read. `frozen_bytes` below repeats them. Form 1 has no origin, form 2 has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditEvent {
    v: u8,
    /// The number of the entry, from 1, without gaps.
    pub seq: u64,
    #[serde(with = "instant")]
    /// When, to the microsecond.
    pub at: DateTime<Utc>,
    /// Vigil's word for what was done.
    #[serde(rename = "is")]
    pub interaction: String,
    /// `AuditEvent.type` code.
    pub r#type: String,
    /// `AuditEvent.subtype` code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subtype: String,
    /// `AuditEvent.action` code.
    pub action: String,
    #[serde(with = "outcome")]
    /// `AuditEvent.outcome`.
    pub outcome: Outcome,
    /// Who.
    #[serde(rename = "by")]
    pub agent: Agent,
    /// What for.
    pub purpose: PurposeOfUse,
    /// Whose record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<PatientId>,
    /// Which page of the chart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<Section>,
    /// Why it was refused, as a code; or what an administrative act was about, as words of Vigil's and ids
    /// (`user=... by=recovery-key`). Never the name of a patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The patients that a list or a batch named, by this workstation's own numbers, which are never reused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub listed: Vec<u64>,
    /// Salted commitment (SHA-256, hex) to what is sealed beside the entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Where it comes from; form 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// What stands before the ids of the keys that an event used, in [`AuditEvent::reason`].
pub const KEYS: &str = "keys=";

impl AuditEvent {
    /// The ids of the keys that were opened or used for it, as the event names them: each once in a session for each patient
    /// and purpose.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let reason = self.reason.as_deref().unwrap_or_default();
        let keys = reason.split(' ').filter_map(|word| word.strip_prefix(KEYS));
        keys.flat_map(|keys| keys.split(',')).filter(|key| !key.is_empty())
    }

    /// An event without patient, section, reason, list or detail.
    pub fn new(seq: u64, at: DateTime<Utc>, kind: Kind, outcome: Outcome, agent: Agent, purpose: PurposeOfUse) -> Self {
        Self {
            v: 1,
            seq,
            at: instant::truncated(at),
            interaction: kind.interaction.to_owned(),
            r#type: kind.r#type.to_owned(),
            subtype: kind.subtype.to_owned(),
            action: kind.action.code().to_owned(),
            outcome,
            agent,
            purpose,
            patient: None,
            section: None,
            reason: None,
            listed: Vec::new(),
            detail: None,
            origin: None,
        }
    }

    /// The same in form 2: with where it comes from.
    #[must_use]
    pub fn from_origin(mut self, origin: Origin) -> Self {
        self.v = 2;
        self.origin = Some(origin);
        self
    }

    /// The bytes that are hashed and stored. **Do not modify**: see [`AuditEvent`].
    ///
    /// # Errors
    /// [`MalformedEvent`]; in practice never, for every field has a JSON form.
    pub fn canonical(&self) -> Result<Vec<u8>, MalformedEvent> {
        serde_json::to_vec(self).map_err(|_| MalformedEvent)
    }

    /// Reads canonical bytes, and only those: another spelling of the same event is refused.
    ///
    /// # Errors
    /// [`MalformedEvent`]
    pub fn parse(bytes: &[u8]) -> Result<Self, MalformedEvent> {
        let event = Self::reread(bytes)?;
        if event.canonical()? == bytes { Ok(event) } else { Err(MalformedEvent) }
    }

    /// Reads bytes that were parsed when they came into a log, and whose leaf hash shows that they are the same still: how they are
    /// spelled is not looked at again. Everybody else parses.
    ///
    /// # Errors
    /// [`MalformedEvent`]
    pub fn reread(bytes: &[u8]) -> Result<Self, MalformedEvent> {
        let event: Self = serde_json::from_slice(bytes).map_err(|_| MalformedEvent)?;
        let known = event.v == if event.origin.is_some() { 2 } else { 1 };
        if known { Ok(event) } else { Err(MalformedEvent) }
    }
}

/// The bytes are not those of an audit event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are no audit event in canonical form")]
pub struct MalformedEvent;

mod instant {
    use super::{DateTime, SecondsFormat, Utc};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn truncated(at: DateTime<Utc>) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
    }

    pub(super) fn serialize<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Micros, true))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        let text = String::deserialize(deserializer)?;
        DateTime::parse_from_rfc3339(&text).map(|at| at.to_utc()).map_err(D::Error::custom)
    }
}

mod outcome {
    use super::Outcome;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    pub(super) fn serialize<S: Serializer>(outcome: &Outcome, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(outcome.code())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Outcome, D::Error> {
        Outcome::from_code(u8::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("no outcome code"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frozen_bytes() {
        let expected = concat!(
            r#"{"v":1,"seq":7,"at":"2026-11-22T20:53:35.123456Z","is":"section-read","type":"rest","#,
            r#""subtype":"search-type","action":"E","outcome":4,"by":{"user":{"#,
            r#""id":"01900000-0000-7000-8000-000000000001","role":"nurse","#,
            r#""session":"01900000-0000-7000-8000-000000000002"}},"purpose":"TREAT","patient":"p-1","#,
            r#""section":"results","reason":"restricted","listed":[3,9],"detail":"00ff"}"#
        );
        let bytes = full().canonical().unwrap();
        assert_eq!(String::from_utf8_lossy(&bytes), expected, "these bytes are hashed into logs that exist");
        assert_eq!(AuditEvent::parse(expected.as_bytes()), Ok(full()), "and must go on being read");
    }

    #[test]
    fn frozen_bytes_of_form_2() {
        let event = full().from_origin(Origin {
            client: "Vigil/0.1.0".to_owned(),
            address: Some("ward-3".to_owned()),
            request: "01900000-0000-7000-8000-000000000003".parse().unwrap(),
            hlc: HybridTime::from_bits(0x0123_4567_89ab_cdef),
            boot: BootId::parse("01900000-0000-7000-8000-000000000004"),
            up: 90_061,
        });
        let expected = concat!(
            r#"{"v":2,"seq":7,"at":"2026-11-22T20:53:35.123456Z","is":"section-read","type":"rest","#,
            r#""subtype":"search-type","action":"E","outcome":4,"by":{"user":{"#,
            r#""id":"01900000-0000-7000-8000-000000000001","role":"nurse","#,
            r#""session":"01900000-0000-7000-8000-000000000002"}},"purpose":"TREAT","patient":"p-1","#,
            r#""section":"results","reason":"restricted","listed":[3,9],"detail":"00ff","origin":{"#,
            r#""client":"Vigil/0.1.0","address":"ward-3","request":"01900000-0000-7000-8000-000000000003","#,
            r#""hlc":"0123456789abcdef","boot":"01900000-0000-7000-8000-000000000004","up":90061}}"#
        );
        let bytes = event.canonical().unwrap();
        assert_eq!(String::from_utf8_lossy(&bytes), expected, "these bytes are hashed into logs that exist");
        assert_eq!(AuditEvent::parse(expected.as_bytes()), Ok(event), "and must go on being read");
        let mixed = expected.replacen("\"v\":2", "\"v\":1", 1);
        assert_eq!(AuditEvent::parse(mixed.as_bytes()), Err(MalformedEvent), "form 1 has no origin");
    }

    #[test]
    fn frozen_bytes_of_the_agents_of_a_server() {
        let id = "01900000-0000-7000-8000-000000000001";
        let text = |agent: Agent| serde_json::to_string(&agent).unwrap();
        assert_eq!(text(Agent::Server), r#""server""#, "the server itself");
        assert_eq!(text(Agent::Operator), r#""operator""#, "its command line");
        let device = Agent::Device { id: DeviceId::parse(id).unwrap() };
        assert_eq!(text(device), format!(r#"{{"device":{{"id":"{id}"}}}}"#), "a workstation");
        let client = Agent::Client { id: id.parse().unwrap() };
        assert_eq!(text(client), format!(r#"{{"client":{{"id":"{id}"}}}}"#), "another system");
    }

    #[test]
    fn an_event_names_the_keys_that_it_used_behind_whatever_else_it_says() {
        let with = |reason: &str| AuditEvent { reason: Some(reason.to_owned()), ..full() };
        let event = with("user=7 keys=directory/2,patient/1");
        assert_eq!(event.keys().collect::<Vec<_>>(), ["directory/2", "patient/1"], "both, in order");
        assert_eq!(with("restricted").keys().count(), 0, "a reason that is none of keys");
    }

    #[test]
    fn frozen_bytes_of_the_smallest_event() {
        let at = "2026-11-22T00:00:00Z".parse().unwrap();
        let purpose = PurposeOfUse::Administration;
        let event = AuditEvent::new(1, at, Kind::AUDIT_VERIFY, Outcome::Success, Agent::Workstation, purpose);
        let expected = concat!(
            r#"{"v":1,"seq":1,"at":"2026-11-22T00:00:00.000000Z","is":"audit-verify","type":"110101","action":"R","#,
            r#""outcome":0,"by":"workstation","purpose":"HSYSADMIN"}"#
        );
        assert_eq!(String::from_utf8_lossy(&event.canonical().unwrap()), expected, "empty fields are left out");
    }

    #[test]
    fn another_spelling_of_the_same_event_is_refused() {
        let text = String::from_utf8(full().canonical().unwrap()).unwrap();
        let spaced = text.replacen(':', ": ", 1);
        assert_eq!(AuditEvent::parse(spaced.as_bytes()), Err(MalformedEvent), "one event has one form");
    }

    fn full() -> AuditEvent {
        let at = "2026-11-22T20:53:35.123456789Z".parse().unwrap();
        let agent = Agent::User {
            id: UserId::parse("01900000-0000-7000-8000-000000000001").unwrap(),
            role: Role::Nurse,
            session: SessionId::parse("01900000-0000-7000-8000-000000000002").unwrap(),
        };
        let purpose = PurposeOfUse::Treatment;
        AuditEvent {
            patient: Some(PatientId::parse("p-1").unwrap()),
            section: Some(Section::Results),
            reason: Some("restricted".to_owned()),
            listed: vec![3, 9],
            detail: Some("00ff".to_owned()),
            ..AuditEvent::new(7, at, Kind::SECTION_READ, Outcome::MinorFailure, agent, purpose)
        }
    }
}
