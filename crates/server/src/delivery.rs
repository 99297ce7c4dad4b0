//! Messages on their way: each is tried until it is delivered or its receiver says that it never will be.
//!
//! A message is queued in the transaction of what it tells of, carries one id whatever happens, and is settled when its receiver has
//! confirmed it. A process that dies in between sends it again: nothing is lost, and whoever gets one twice can tell by the id.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;
use vigil_model::UserId;
use vigil_notification::{DeliveryError, Notice, NoticeEvent, Severity, SubjectKind, plan};

use crate::channels::{Channels, event_of, severity_of};
use crate::custody::random;
use crate::incident::queue;
use crate::installation::Installation;
use crate::store::incident::{IncidentRow, SubjectRow, put_step};
use crate::store::{DeliveryRow, DeliveryStatus, StoreError, suspension};

/// So many are sent at once.
const AT_ONCE: u32 = 16;
/// Longer than any attempt takes: until then no other process tries the same message.
const TRYING: TimeDelta = TimeDelta::seconds(120);

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Messages that were delivered.
    pub delivered: u32,
    /// Messages that are tried again.
    pub waiting: u32,
    /// Messages that were given up.
    pub failed: u32,
}

/// Sends what is due.
///
/// # Errors
/// [`StoreError`]; what was sent meanwhile may be sent again.
pub async fn deliver_due(installation: &Installation, channels: &Channels) -> Result<Round, StoreError> {
    let now = installation.now();
    let mut tx = installation.store.begin().await?;
    let until = (now + TRYING).timestamp_micros();
    let due = DeliveryRow::take_due(&mut tx, now.timestamp_micros(), until, AT_ONCE).await?;
    tx.commit().await?;
    let attempts = due.into_iter().map(|row| attempt(installation, channels, row));
    let mut round = Round::default();
    for settled in futures_util::future::join_all(attempts).await {
        match settled?.status {
            DeliveryStatus::Delivered => round.delivered += 1,
            DeliveryStatus::Waiting => round.waiting += 1,
            DeliveryStatus::Failed => round.failed += 1,
        }
    }
    Ok(round)
}

/// One attempt, and what became of it.
async fn attempt(
    installation: &Installation,
    channels: &Channels,
    mut row: DeliveryRow,
) -> Result<DeliveryRow, StoreError> {
    let notice = notice(installation, channels, &row).await?;
    let sent = match (channels.named(&row.channel), notice) {
        (Some(channel), Some(notice)) => channel.deliver(&notice, installation.now()).await.map_err(Refused::Sent),
        // Whoever configures it again gets what waited for it.
        (None, _) => Err(Refused::Unconfigured),
        (_, None) => Err(Refused::Unsayable),
    };
    let now = installation.now();
    let tried = row.attempts.saturating_add(1);
    match sent {
        Ok(delivered) => {
            (row.status, row.receipt, row.error) = (DeliveryStatus::Delivered, delivered.receipt, None);
            row.ended = Some(now.timestamp_micros());
        }
        Err(refused) => {
            let gives_up = refused.is_final(tried);
            row.error = Some(refused.to_string());
            if gives_up {
                row.status = DeliveryStatus::Failed;
                row.ended = Some(now.timestamp_micros());
                tracing::error!(
                    channel = row.channel,
                    incident = row.incident,
                    error = refused.to_string(),
                    "a message is given up"
                );
            } else {
                row.next = (now + wait(tried, &refused)).timestamp_micros();
                tracing::warn!(
                    channel = row.channel,
                    incident = row.incident,
                    error = refused.to_string(),
                    "a message is tried again"
                );
            }
        }
    }
    metrics::counter!("vigil_deliveries_total", "state" => row.status.code()).increment(1);
    let mut tx = installation.store.begin().await?;
    row.settle(&mut tx).await?;
    tx.commit().await?;
    Ok(row)
}

/// Why an attempt came to nothing.
enum Refused {
    Sent(DeliveryError),
    Unconfigured,
    Unsayable,
}

impl Refused {
    fn is_final(&self, attempts: u32) -> bool {
        match self {
            Self::Sent(error) => plan::verdict(error, attempts) == plan::Verdict::Failed,
            Self::Unconfigured => false,
            Self::Unsayable => true,
        }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sent(error) => f.write_str(&error.what),
            Self::Unconfigured => f.write_str("no channel of this name is configured"),
            Self::Unsayable => f.write_str("the incident has no form that can be told"),
        }
    }
}

fn wait(tried: u32, refused: &Refused) -> TimeDelta {
    // Where the system has no randomness, everybody waits the longest time.
    let random = random::<8>().map_or(u64::MAX, |bytes| u64::from_le_bytes(*bytes));
    let after = match refused {
        Refused::Sent(error) => error.retry_after,
        Refused::Unconfigured | Refused::Unsayable => None,
    };
    let wait: Duration = plan::next_attempt(tried, random, after);
    TimeDelta::from_std(wait).unwrap_or(TimeDelta::minutes(5))
}

/// What is told: numbers, codes and ids.
async fn notice(
    installation: &Installation,
    channels: &Channels,
    row: &DeliveryRow,
) -> Result<Option<Notice>, StoreError> {
    let mut tx = installation.store.read().await?;
    let Some(incident) = IncidentRow::read(&mut tx, row.incident).await? else { return Ok(None) };
    let suspended = match &incident.subject {
        SubjectRow::User(user) => suspension::standing(&mut tx).await?.contains_key(&user.to_string()),
        SubjectRow::Workstation(_) | SubjectRow::Patient(_) | SubjectRow::Server => false,
    };
    drop(tx);
    Ok(told(channels, row, &incident, suspended))
}

pub(crate) fn told(channels: &Channels, row: &DeliveryRow, incident: &IncidentRow, suspended: bool) -> Option<Notice> {
    let (hospital, server) = channels.from()?.clone();
    let (subject_kind, subject) = match &incident.subject {
        SubjectRow::User(user) => (SubjectKind::User, uuid(user)),
        SubjectRow::Workstation(log) => (SubjectKind::Device, Uuid::parse_str(&log.to_string()).ok()),
        SubjectRow::Patient(_) => (SubjectKind::Patient, None),
        SubjectRow::Server => (SubjectKind::Log, None),
    };
    Some(Notice {
        id: Uuid::parse_str(&row.id).ok()?,
        incident: incident.id,
        event: event_of(&row.event)?,
        severity: severity_of(incident.severity),
        rule: incident.rule.parse().ok()?,
        opened: time(incident.opened)?,
        at: time(row.made)?,
        level: u8::try_from(row.level).unwrap_or(u8::MAX),
        hospital,
        server,
        suspended,
        subject_kind,
        subject,
    })
}

/// What a test of a channel sends: an incident that there is none of, with the number 0.
pub(crate) fn test_notice(channels: &Channels, now: DateTime<Utc>) -> Option<Notice> {
    let (hospital, server) = channels.from()?.clone();
    Some(Notice {
        id: Uuid::now_v7(),
        incident: 0,
        event: NoticeEvent::Raised,
        severity: Severity::Low,
        rule: "test".parse().ok()?,
        opened: now,
        at: now,
        level: 0,
        hospital,
        server,
        suspended: false,
        subject_kind: SubjectKind::Log,
        subject: None,
    })
}

fn uuid(user: &UserId) -> Option<Uuid> {
    Uuid::parse_str(&user.to_string()).ok()
}

fn time(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros)
}

/// Calls the next level for every incident that nobody has acknowledged in time; how many that were.
///
/// # Errors
/// [`StoreError`]
pub async fn escalate_due(installation: &Installation, channels: &Channels) -> Result<u32, StoreError> {
    let now = installation.now();
    let at = now.timestamp_micros();
    let waiting = IncidentRow::unanswered(&mut installation.store.read().await?).await?;
    let mut escalated = 0;
    for known in waiting {
        if next_level(channels, &known, now).is_none() {
            continue;
        }
        let mut tx = installation.store.begin().await?;
        // Somebody may have answered since, or another process called.
        let Some(mut row) = IncidentRow::find(&mut tx, known.id).await? else { continue };
        let is_open = row.state == vigil_model::wire::IncidentState::Open;
        let Some(level) = next_level(channels, &row, now).filter(|_| is_open) else { continue };
        (row.level, row.escalated) = (level, at);
        row.put(&mut tx).await?;
        put_step(&mut tx, row.id, at, None, "escalated", None).await?;
        queue(&mut tx, channels, &row, "escalated", at).await?;
        let reason = format!("incident={} act=escalated level={level}", row.id);
        let (kind, agent) = (crate::kind::INCIDENT_UPDATE, vigil_audit::Agent::Server);
        installation.record(&mut tx, kind, vigil_audit::Outcome::Success, agent, reason, None).await?;
        tx.commit().await?;
        escalated += 1;
    }
    Ok(escalated)
}

fn next_level(channels: &Channels, row: &IncidentRow, now: DateTime<Utc>) -> Option<u32> {
    let severity = severity_of(row.severity);
    let level = u8::try_from(row.level).ok()?;
    channels.escalation().due(severity, time(row.opened)?, row.acknowledged.is_some(), level, now).map(u32::from)
}
