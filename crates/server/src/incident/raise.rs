//! From a finding to an incident, and from an incident to what is sent of it.

use chrono::{DateTime, Utc};
use uuid::Uuid;
use vigil_audit::Agent;
use vigil_audit::Outcome as Went;
use vigil_detection::{Action, Finding, Severity, Subject};
use vigil_model::wire::{IncidentFigures, IncidentSeverity, IncidentState};

use crate::channels::Channels;
use crate::delivery::told;
use crate::installation::Installation;
use crate::kind;
use crate::store::incident::{IncidentRow, NewIncident, Raised, SubjectRow, put_step};
use crate::store::{DeliveryRow, DeliveryStatus, DirectorySettings, StoreError, Tx, directory, suspension};

/// Keeps what a rule found, with what follows from it; whether it is an incident of its own. What is added to one that is there, and is no
/// more than it was told of, changes nothing but what belongs to it.
pub(crate) async fn raise(
    installation: &Installation,
    tx: &mut Tx,
    channels: &Channels,
    finding: &Finding,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let at = now.timestamp_micros();
    let new = incident_of(finding, at);
    let raised = if finding.tells { new.raise(tx).await? } else { new.add(tx).await? };
    let id = match raised {
        Raised::Joined(_) => return Ok(false),
        Raised::Grown(id) => {
            open_anew(installation, tx, channels, id, at).await?;
            return Ok(false);
        }
        Raised::New(id) => id,
    };
    put_step(tx, id, at, None, "raised", None).await?;
    let severity = finding.severity.code();
    let about = format!("incident={id} rule={} severity={severity}", finding.rule);
    let subject = match &finding.subject {
        Subject::User(user) => format!(" user={user}"),
        Subject::Device(log) => format!(" log={log}"),
        Subject::Patient(_) | Subject::Fleet => String::new(),
    };
    let raised = kind::INCIDENT_RAISE;
    installation.record(tx, raised, Went::Success, Agent::Server, format!("{about}{subject}"), None).await?;
    if let (Action::Suspend, Subject::User(user)) = (finding.action, &finding.subject) {
        // Whom the directory does not know, the workstation itself looks after.
        let known = directory::user(tx, *user).await?.is_some();
        if known && suspension::suspend(tx, *user, id, at).await? {
            DirectorySettings::advance(tx).await?;
            put_step(tx, id, at, None, "suspended", None).await?;
            let reason = format!("{about} user={user}");
            let suspended = kind::ACCOUNT_SUSPEND;
            installation.record(tx, suspended, Went::Success, Agent::Server, reason, None).await?;
        }
    }
    let row =
        IncidentRow::read(tx, id).await?.ok_or(StoreError::Corrupt("an incident that was raised is not there"))?;
    queue(tx, channels, &row, "raised", at).await?;
    metrics::counter!("vigil_incidents_total", "severity" => severity).increment(1);
    tracing::warn!(incident = id, rule = finding.rule, severity, "an incident was raised");
    Ok(true)
}

/// A closed incident that goes on was closed too early: it stands open again, and whoever is told of incidents is told.
async fn open_anew(
    installation: &Installation,
    tx: &mut Tx,
    channels: &Channels,
    id: u64,
    at: i64,
) -> Result<(), StoreError> {
    let Some(mut row) = IncidentRow::find(tx, id).await? else { return Ok(()) };
    if row.state != IncidentState::Closed {
        return Ok(());
    }
    row.state = IncidentState::Open;
    (row.closed, row.finding, row.acknowledged, row.level) = (None, None, None, 0);
    row.put(tx).await?;
    put_step(tx, id, at, None, "reopened", None).await?;
    let reason = format!("incident={id} act=reopened events={}", row.events);
    let updated = kind::INCIDENT_UPDATE;
    installation.record(tx, updated, Went::Success, Agent::Server, reason, None).await?;
    queue(tx, channels, &row, "raised", at).await
}

/// Queues a message for every channel that is told of this.
pub(crate) async fn queue(
    tx: &mut Tx,
    channels: &Channels,
    row: &IncidentRow,
    event: &str,
    at: i64,
) -> Result<(), StoreError> {
    let mut delivery = waiting(row, event, at);
    // Without a channel nobody is told.
    let Some(notice) = told(channels, &delivery, row, false) else { return Ok(()) };
    for channel in channels.told_of(&notice) {
        delivery = DeliveryRow { id: Uuid::now_v7().to_string(), channel: channel.to_owned(), ..delivery };
        delivery.insert(tx).await?;
    }
    Ok(())
}

/// A message that nobody has tried to send.
fn waiting(row: &IncidentRow, event: &str, at: i64) -> DeliveryRow {
    DeliveryRow {
        id: Uuid::now_v7().to_string(),
        incident: row.id,
        channel: String::new(),
        event: event.to_owned(),
        level: row.level,
        made: at,
        status: DeliveryStatus::Waiting,
        attempts: 0,
        next: at,
        ended: None,
        receipt: None,
        error: None,
    }
}

fn incident_of(finding: &Finding, opened: i64) -> NewIncident {
    let figures = IncidentFigures {
        count: finding.figures.count,
        limit: finding.figures.limit,
        usual: finding.figures.usual.clone(),
        window_seconds: finding.figures.window_seconds,
    };
    NewIncident {
        episode: finding.key.clone(),
        rule: finding.rule.clone(),
        rules_version: u64::from(finding.rules_version),
        severity: match finding.severity {
            Severity::Low => IncidentSeverity::Low,
            Severity::Medium => IncidentSeverity::Medium,
            Severity::High => IncidentSeverity::High,
            Severity::Critical => IncidentSeverity::Critical,
        },
        subject: match &finding.subject {
            Subject::User(user) => SubjectRow::User(*user),
            Subject::Device(log) => SubjectRow::Workstation(*log),
            Subject::Patient(patient) => SubjectRow::Patient(patient.clone()),
            Subject::Fleet => SubjectRow::Server,
        },
        opened,
        newest: finding.at.timestamp_micros(),
        events: finding.evidence.len() as u64,
        figures,
        evidence: finding.evidence.iter().map(|event| (event.log, event.seq)).collect(),
        patients: finding.patients.clone(),
    }
}
