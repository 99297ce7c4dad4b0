//! One act upon an incident.

use chrono::NaiveDate;
use vigil_audit::Outcome as Went;
use vigil_model::UserId;
use vigil_model::wire::{BreachAssessment, Incident, IncidentAct, IncidentState};

use super::raise::queue;
use super::{IncidentError, Officer, may_work_at_the_desk, view, words};
use crate::channels::Channels;
use crate::installation::Installation;
use crate::kind;
use crate::store::incident::{AssessmentRow, IncidentRow, SubjectRow, finding_code, put_step};
use crate::store::{DirectorySettings, Tx, directory, suspension};

const CLOSED: IncidentError = IncidentError::State("The incident is closed; open it anew first");

/// Does it, and returns the incident as it stands then.
///
/// # Errors
/// [`IncidentError`]; nothing was done then.
pub async fn act(
    installation: &Installation,
    officer: Officer,
    id: u64,
    act: &IncidentAct,
    channels: &Channels,
) -> Result<Incident, IncidentError> {
    let now = installation.now();
    let at = now.timestamp_micros();
    let mut tx = installation.store.begin().await?;
    let mut row = IncidentRow::find(&mut tx, id).await?.ok_or(IncidentError::NoIncident)?;
    if officer.is_subject_of(&row) {
        return Err(IncidentError::OwnCase);
    }
    let done = apply(installation, &mut tx, officer, &mut row, act, at).await?;
    row.put(&mut tx).await?;
    let sealed = match &done.words {
        Some(text) => Some(words::seal(&installation.keyring.case, id, done.what, at, text)?),
        None => None,
    };
    put_step(&mut tx, id, at, officer.user(), done.what, sealed).await?;
    if let Some(event) = done.call {
        queue(&mut tx, channels, &row, event, at).await?;
    }
    let reason = format!("incident={id} act={}{}", done.what, done.beside);
    installation.record(&mut tx, kind::INCIDENT_UPDATE, Went::Success, officer.agent(), reason, None).await?;
    let read = view::read(installation, &mut tx, officer, id).await?;
    tx.commit().await?;
    Ok(read)
}

/// What was done, for the history and the record.
struct Done {
    what: &'static str,
    words: Option<String>,
    /// What is sent of it.
    call: Option<&'static str>,
    /// Ids and codes alone.
    beside: String,
}

impl Done {
    fn new(what: &'static str) -> Self {
        Self { what, words: None, call: None, beside: String::new() }
    }
}

async fn apply(
    installation: &Installation,
    tx: &mut Tx,
    officer: Officer,
    row: &mut IncidentRow,
    act: &IncidentAct,
    at: i64,
) -> Result<Done, IncidentError> {
    let is_closed = row.state == IncidentState::Closed;
    match act {
        IncidentAct::Acknowledge => {
            if row.state != IncidentState::Open {
                return Err(IncidentError::State("The incident is acknowledged already, or closed"));
            }
            row.state = IncidentState::Acknowledged;
            row.acknowledged = Some(at);
            row.assigned = row.assigned.or(officer.user());
            Ok(Done { call: Some("acknowledged"), ..Done::new("acknowledged") })
        }
        IncidentAct::Assign { to } => {
            decides(officer)?;
            if is_closed {
                return Err(CLOSED);
            }
            assignable(tx, *to, &row.subject).await?;
            row.assigned = Some(*to);
            Ok(Done { beside: format!(" user={to}"), ..Done::new("assigned") })
        }
        IncidentAct::Comment { words: text } => {
            decides(officer)?;
            Ok(Done { words: Some(words::checked(text)?.to_owned()), ..Done::new("commented") })
        }
        IncidentAct::Escalate { words: text } => {
            if is_closed {
                return Err(CLOSED);
            }
            row.level = row.level.saturating_add(1);
            row.escalated = at;
            let words = Some(words::checked(text)?.to_owned());
            Ok(Done { words, call: Some("escalated"), ..Done::new("escalated") })
        }
        IncidentAct::Assess { assessment } => {
            decides(officer)?;
            assess(installation, tx, officer, row, assessment, at).await
        }
        IncidentAct::Suspend { words: text } => {
            let SubjectRow::User(user) = row.subject else { return Err(NOT_A_USER) };
            let words = words::checked(text)?.to_owned();
            if is_closed {
                return Err(CLOSED);
            }
            if directory::user(tx, user).await?.is_none() {
                return Err(IncidentError::State(
                    "The directory does not know this account; it is suspended or closed at its workstation",
                ));
            }
            if !suspension::suspend(tx, user, row.id, at).await? {
                return Err(IncidentError::State("The account is suspended already"));
            }
            DirectorySettings::advance(tx).await?;
            Ok(Done { words: Some(words), beside: format!(" user={user}"), ..Done::new("suspended") })
        }
        IncidentAct::LiftSuspension { words: text } => {
            let SubjectRow::User(user) = row.subject else { return Err(NOT_A_USER) };
            let words = words::checked(text)?.to_owned();
            if suspension::lift(tx, user, officer.user(), at).await?.is_none() {
                return Err(IncidentError::State("The account is not suspended"));
            }
            DirectorySettings::advance(tx).await?;
            Ok(Done { words: Some(words), beside: format!(" user={user}"), ..Done::new("suspension-lifted") })
        }
        IncidentAct::Close { finding, words: text } => {
            decides(officer)?;
            if is_closed {
                return Err(IncidentError::State("The incident is closed already"));
            }
            row.state = IncidentState::Closed;
            row.closed = Some(at);
            row.finding = Some(*finding);
            let words = Some(words::checked(text)?.to_owned());
            let beside = format!(" finding={}", finding_code(*finding));
            Ok(Done { words, beside, call: Some("closed"), ..Done::new("closed") })
        }
        IncidentAct::Reopen { words: text } => {
            decides(officer)?;
            if !is_closed {
                return Err(IncidentError::State("The incident is not closed"));
            }
            row.state = IncidentState::Acknowledged;
            row.acknowledged = Some(row.acknowledged.unwrap_or(at));
            (row.closed, row.finding) = (None, None);
            Ok(Done { words: Some(words::checked(text)?.to_owned()), ..Done::new("reopened") })
        }
    }
}

const NOT_A_USER: IncidentError = IncidentError::State("The incident is not about an account");

fn decides(officer: Officer) -> Result<(), IncidentError> {
    if officer.decides() { Ok(()) } else { Err(IncidentError::Role) }
}

/// Whoever works on a case can open the desk, and is not whom it is about.
async fn assignable(tx: &mut Tx, to: UserId, subject: &SubjectRow) -> Result<(), IncidentError> {
    let user = directory::user(tx, to).await?;
    if *subject == SubjectRow::User(to) {
        return Err(IncidentError::OwnCase);
    }
    match user {
        Some(user) if !user.disabled && may_work_at_the_desk(user.role) => Ok(()),
        _ => Err(IncidentError::State("A case is given to a privacy officer or an administrator of the directory")),
    }
}

async fn assess(
    installation: &Installation,
    tx: &mut Tx,
    officer: Officer,
    row: &IncidentRow,
    assessment: &BreachAssessment,
    at: i64,
) -> Result<Done, IncidentError> {
    if !words::complete(assessment) {
        return Err(IncidentError::State("Each of the four factors is assessed in words (10 to 4,000 characters)"));
    }
    let discovered: NaiveDate = assessment.discovered.parse().map_err(|_| IncidentError::Day)?;
    if discovered > installation.now().date_naive() {
        return Err(IncidentError::Day);
    }
    let BreachAssessment { nature, recipient, acquired, mitigated, breach, .. } = assessment;
    let factors = serde_json::to_string(&[nature.trim(), recipient.trim(), acquired.trim(), mitigated.trim()]);
    let factors = factors.map_err(|_| IncidentError::Words)?;
    let factors = words::seal(&installation.keyring.case, row.id, "assessed", at, &factors)?;
    let discovered = discovered.to_string();
    let new = AssessmentRow { at, by: officer.user(), breach: *breach, discovered, factors };
    new.insert(tx, row.id).await?;
    Ok(Done { beside: format!(" breach={breach}"), ..Done::new("assessed") })
}
