//! Incidents as the desk reads them. Each reading is on record.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use vigil_audit::Outcome as Went;
use vigil_model::wire::{
    BreachAssessment, DeliveryState, Incident, IncidentEvent, IncidentList, IncidentState, IncidentStep,
    IncidentSubject, IncidentSummary, Person,
};
use vigil_model::{DeviceId, PatientId, UserId};

use super::{IncidentError, Officer, words};
use crate::clock::rfc3339_of;
use crate::detection::basis_of;
use crate::installation::Installation;
use crate::kind;
use crate::store::incident::{AssessmentRow, IncidentRow, SubjectRow, steps};
use crate::store::{DeliveryRow, Device, StoreError, Tx, directory, event, suspension};

/// The most incidents of a list.
const LISTED: u32 = 500;
/// The most events of one that are shown.
const EVENTS: u32 = 500;
/// 45 CFR 164.404 (b), 164.406 (b), 164.408 (b): without unreasonable delay and in no case later than 60 calendar days after discovery.
const NOTIFY_WITHIN: Days = Days::new(60);

/// What names are read from, once for an answer.
struct Names {
    users: HashMap<String, String>,
    hosts: HashMap<DeviceId, String>,
}

impl Names {
    async fn read(tx: &mut Tx) -> Result<Self, StoreError> {
        let users = directory::display_names(tx).await?;
        // The newest enrolment of a log comes first.
        let mut hosts = HashMap::new();
        for device in Device::all(tx).await? {
            hosts.entry(device.log).or_insert(device.host);
        }
        Ok(Self { users, hosts })
    }

    fn person(&self, id: UserId) -> Person {
        Person { id, name: self.users.get(&id.to_string()).cloned().unwrap_or_default() }
    }

    fn host(&self, log: DeviceId) -> String {
        self.hosts.get(&log).cloned().unwrap_or_default()
    }

    fn subject(&self, subject: &SubjectRow) -> IncidentSubject {
        match subject {
            SubjectRow::User(id) => {
                let Person { id, name } = self.person(*id);
                IncidentSubject::User { id, name }
            }
            SubjectRow::Workstation(log) => IncidentSubject::Workstation { log: *log, host: self.host(*log) },
            SubjectRow::Patient(id) => IncidentSubject::Patient { id: id.clone() },
            SubjectRow::Server => IncidentSubject::Server,
        }
    }
}

/// The incidents, of one state where it is named.
///
/// # Errors
/// [`IncidentError`]; what could not be put on record is not shown.
pub async fn incidents(
    installation: &Installation,
    officer: Officer,
    state: Option<IncidentState>,
) -> Result<IncidentList, IncidentError> {
    let mut tx = installation.store.begin().await?;
    let names = Names::read(&mut tx).await?;
    let mut rows = IncidentRow::all(&mut tx, state, LISTED).await?;
    rows.retain(|row| !officer.is_subject_of(row));
    let counts = IncidentRow::counts(&mut tx).await?;
    let suspended = suspension::standing(&mut tx).await?;
    let mut incidents = Vec::new();
    for row in &rows {
        let assessment = AssessmentRow::newest(&mut tx, row.id).await?;
        incidents.push(summary(row, &names, &suspended, assessment.as_ref(), officer));
    }
    let reason = format!("incidents={}", incidents.len());
    installation.record(&mut tx, kind::INCIDENT_SEARCH, Went::Success, officer.agent(), reason, None).await?;
    tx.commit().await?;
    Ok(IncidentList { incidents, counts })
}

/// One incident with everything that belongs to it.
///
/// # Errors
/// [`IncidentError`]
pub async fn incident(installation: &Installation, officer: Officer, id: u64) -> Result<Incident, IncidentError> {
    let mut tx = installation.store.begin().await?;
    let read = read(installation, &mut tx, officer, id).await?;
    let reason = format!("incident={id} events={} patients={}", read.events.len(), read.patients.len());
    installation.record(&mut tx, kind::INCIDENT_READ, Went::Success, officer.agent(), reason, None).await?;
    tx.commit().await?;
    Ok(read)
}

/// The same within a transaction that puts it on record.
pub(crate) async fn read(
    installation: &Installation,
    tx: &mut Tx,
    officer: Officer,
    id: u64,
) -> Result<Incident, IncidentError> {
    let row = IncidentRow::read(tx, id).await?.ok_or(IncidentError::NoIncident)?;
    if officer.is_subject_of(&row) {
        return Err(IncidentError::OwnCase);
    }
    let names = Names::read(tx).await?;
    let suspended = suspension::standing(tx).await?;
    let key = &installation.keyring.case;
    let newest = AssessmentRow::newest(tx, id).await?;
    let summary = summary(&row, &names, &suspended, newest.as_ref(), officer);
    let mut events = Vec::new();
    for (log, seq) in row.evidence(tx, EVENTS).await? {
        if let Some(entry) = event::of(tx, log, seq).await? {
            events.push(event_view(log, seq, &entry, &names, officer));
        }
    }
    events.sort_by(|one, other| (&one.at, one.log, one.seq).cmp(&(&other.at, other.log, other.seq)));
    let patients = if officer.sees_patients() { row.patients(tx).await? } else { Vec::new() };
    let history = steps(tx, id).await?.into_iter().map(|step| IncidentStep {
        at: rfc3339_of(step.at),
        by: step.by.map(|user| names.person(user)),
        // What people wrote may name patients.
        words: if officer.decides() {
            step.words.map(|sealed| words::open(key, id, &step.what, step.at, &sealed))
        } else {
            None
        },
        what: step.what,
    });
    let assessment = match newest.filter(|_| officer.decides()) {
        Some(row) => Some(assessment(installation, id, &row, &names)?),
        None => None,
    };
    let deliveries = DeliveryRow::of(tx, id).await?;
    Ok(Incident {
        summary,
        events,
        patients,
        history: history.collect(),
        assessment,
        deliveries: deliveries.into_iter().map(delivery).collect(),
    })
}

fn summary(
    row: &IncidentRow,
    names: &Names,
    suspended: &HashMap<String, vigil_model::wire::DirectorySuspension>,
    assessment: Option<&AssessmentRow>,
    officer: Officer,
) -> IncidentSummary {
    // Whose chart it is stays with whoever may see patients.
    let hidden = matches!(row.subject, SubjectRow::Patient(_)) && !officer.sees_patients();
    let subject = if hidden { IncidentSubject::Server } else { names.subject(&row.subject) };
    let is_suspended = match &row.subject {
        SubjectRow::User(id) => suspended.get(&id.to_string()).is_some_and(|under| under.incident == row.id),
        SubjectRow::Workstation(_) | SubjectRow::Patient(_) | SubjectRow::Server => false,
    };
    let notify_by = assessment.filter(|found| found.breach).and_then(|found| {
        let discovered: NaiveDate = found.discovered.parse().ok()?;
        Some(discovered.checked_add_days(NOTIFY_WITHIN)?.to_string())
    });
    IncidentSummary {
        id: row.id,
        rule: row.rule.clone(),
        rules_version: row.rules_version,
        severity: row.severity,
        state: row.state,
        subject,
        opened: rfc3339_of(row.opened),
        newest: rfc3339_of(row.newest),
        events: row.events,
        figures: row.figures.clone(),
        level: row.level,
        assigned: row.assigned.map(|user| names.person(user)),
        suspended: is_suspended,
        finding: row.finding,
        notify_by,
    }
}

fn event_view(log: DeviceId, seq: u64, entry: &event::EventRow, names: &Names, officer: Officer) -> IncidentEvent {
    let patient = entry.patient.as_deref().and_then(|id| PatientId::parse(id).ok());
    let user = entry.user.as_deref().filter(|_| entry.agent == "user").and_then(|id| UserId::parse(id).ok());
    IncidentEvent {
        log,
        seq,
        at: rfc3339_of(entry.at),
        interaction: entry.interaction.clone(),
        outcome: entry.outcome.to_string(),
        purpose: entry.purpose.clone(),
        user: user.map(|id| names.person(id)),
        patient: patient.filter(|_| officer.sees_patients()),
        host: names.host(log),
        basis: entry.reason.as_deref().and_then(basis_of).map(str::to_owned),
    }
}

fn assessment(
    installation: &Installation,
    incident: u64,
    row: &AssessmentRow,
    names: &Names,
) -> Result<BreachAssessment, IncidentError> {
    const CORRUPT: StoreError = StoreError::Corrupt("the factors of an assessment do not open");
    let text = words::open(&installation.keyring.case, incident, "assessed", row.at, &row.factors);
    let [nature, recipient, acquired, mitigated]: [String; 4] = serde_json::from_str(&text).map_err(|_| CORRUPT)?;
    Ok(BreachAssessment {
        nature,
        recipient,
        acquired,
        mitigated,
        breach: row.breach,
        discovered: row.discovered.clone(),
        by: row.by.map(|user| names.person(user)),
        at: Some(rfc3339_of(row.at)),
    })
}

fn delivery(row: DeliveryRow) -> DeliveryState {
    DeliveryState {
        channel: row.channel,
        event: row.event,
        state: row.status.code().to_owned(),
        attempts: u64::from(row.attempts),
        at: rfc3339_of(row.ended.unwrap_or(row.next)),
        error: row.error,
    }
}
