//! Incidents: what a rule found, what belongs to it, what was done about it.

use std::collections::BTreeSet;

use vigil_model::wire::{IncidentFigures, IncidentFinding, IncidentSeverity, IncidentState};
use vigil_model::{DeviceId, PatientId, UserId};

use super::StoreError;
use super::device::device_id;
use super::sql::{Row, Tx, values};

const CORRUPT: StoreError = StoreError::Corrupt("a row of an incident is none");

/// An incident without what belongs to it. Times are microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentRow {
    /// Its number.
    pub id: u64,
    /// The rule.
    pub rule: String,
    /// The version of the rules.
    pub rules_version: u64,
    /// How grave.
    pub severity: IncidentSeverity,
    /// Whom it is about.
    pub subject: SubjectRow,
    /// When it was raised.
    pub opened: i64,
    /// The time of its newest event.
    pub newest: i64,
    /// How many events belong to it.
    pub events: u64,
    /// The numbers.
    pub figures: IncidentFigures,
    /// How it stands.
    pub state: IncidentState,
    /// To which level it was escalated.
    pub level: u32,
    /// When it came to that level.
    pub escalated: i64,
    /// When somebody said that they look at it.
    pub acknowledged: Option<i64>,
    /// Who looks after it.
    pub assigned: Option<UserId>,
    /// When it was closed.
    pub closed: Option<i64>,
    /// What it turned out to be.
    pub finding: Option<IncidentFinding>,
}

/// Whom an incident is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectRow {
    /// A user.
    User(UserId),
    /// A workstation, by its log.
    Workstation(DeviceId),
    /// A patient.
    Patient(PatientId),
    /// The server itself.
    Server,
}

impl SubjectRow {
    const fn kind(&self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Workstation(_) => "workstation",
            Self::Patient(_) => "patient",
            Self::Server => "server",
        }
    }

    fn id(&self) -> String {
        match self {
            Self::User(id) => id.to_string(),
            Self::Workstation(log) => log.to_string(),
            Self::Patient(id) => id.to_string(),
            Self::Server => String::new(),
        }
    }

    fn read(kind: &str, id: &str) -> Option<Self> {
        match kind {
            "user" => UserId::parse(id).ok().map(Self::User),
            "workstation" => DeviceId::parse(id).ok().map(Self::Workstation),
            "patient" => PatientId::parse(id).ok().map(Self::Patient),
            "server" => Some(Self::Server),
            _ => None,
        }
    }
}

/// What a rule found, on its way to an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIncident {
    /// The same for what belongs together.
    pub episode: String,
    /// The rule.
    pub rule: String,
    /// The version of the rules.
    pub rules_version: u64,
    /// How grave.
    pub severity: IncidentSeverity,
    /// Whom it is about.
    pub subject: SubjectRow,
    /// Now.
    pub opened: i64,
    /// The time of the newest event.
    pub newest: i64,
    /// How many events it names.
    pub events: u64,
    /// The numbers.
    pub figures: IncidentFigures,
    /// Entries that belong to it: log and number.
    pub evidence: Vec<(DeviceId, u64)>,
    /// Patients that are affected.
    pub patients: BTreeSet<PatientId>,
}

/// What became of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raised {
    /// It is an incident of its own.
    New(u64),
    /// It belongs to one that is there, and says no more than was known.
    Joined(u64),
    /// It belongs to one that is there, and says more than was known.
    Grown(u64),
}

impl NewIncident {
    /// Keeps it: an incident of its own, or more of one that is there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn raise(&self, tx: &mut Tx) -> Result<Raised, StoreError> {
        self.keep(tx, true).await
    }

    /// Adds it to the incident that is there, which stays as grave as it is and stands as it does: nobody is told.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn add(&self, tx: &mut Tx) -> Result<Raised, StoreError> {
        self.keep(tx, false).await
    }

    async fn keep(&self, tx: &mut Tx, tells: bool) -> Result<Raised, StoreError> {
        const DOING: &str = "raising an incident";
        let sql = "INSERT INTO incident (episode, rule, rules_version, severity, subject_kind, subject, opened, newest, events, figures, \
                   told, state, level, escalated) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', 0, $7) \
                   ON CONFLICT (episode) DO NOTHING RETURNING id";
        let figures = written(&self.figures)?;
        let values = values![
            self.episode.as_str(),
            self.rule.as_str(),
            self.rules_version,
            severity_number(self.severity),
            self.subject.kind(),
            self.subject.id(),
            self.opened,
            self.newest,
            self.events,
            figures.as_str(),
            self.figures.count,
        ];
        // Looked for first: an insertion that finds it there would use up a number, and a number that is missing looks like a case that was
        // taken away.
        let known = "SELECT id FROM incident WHERE episode = $1";
        let known = tx.optional(DOING, known, &values![self.episode.as_str()]).await?.is_some();
        let raised = if known {
            self.join(tx, tells).await?
        } else {
            match tx.optional(DOING, sql, &values).await? {
                Some(row) => Raised::New(row.uint(0)?),
                None => self.join(tx, tells).await?,
            }
        };
        let id = match raised {
            Raised::New(id) | Raised::Joined(id) | Raised::Grown(id) => id,
        };
        for (log, seq) in &self.evidence {
            let sql = "INSERT INTO incident_event (incident, log, seq) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
            tx.execute(DOING, sql, &values![id, log.to_string(), *seq]).await?;
        }
        for patient in &self.patients {
            let sql = "INSERT INTO incident_patient (incident, patient) VALUES ($1, $2) ON CONFLICT DO NOTHING";
            tx.execute(DOING, sql, &values![id, patient.to_string()]).await?;
        }
        // An incident of a former version may have counted more than it kept.
        let sql = "SELECT COUNT(*) FROM incident_event WHERE incident = $1";
        let events = tx.one(DOING, sql, &values![id]).await?.uint(0)?;
        let sql = "UPDATE incident SET events = $2 WHERE id = $1 AND events < $2";
        tx.execute(DOING, sql, &values![id, events]).await?;
        Ok(raised)
    }

    /// Adds it to the incident that is there. The newest, the gravest and the most stay: a part of the stream that is read again takes
    /// nothing back.
    async fn join(&self, tx: &mut Tx, tells: bool) -> Result<Raised, StoreError> {
        const DOING: &str = "adding to an incident";
        let lock = if matches!(tx, Tx::Postgres(_)) { " FOR UPDATE" } else { "" };
        let sql = format!("SELECT id, newest, severity, figures, told FROM incident WHERE episode = $1{lock}");
        let row = tx.one(DOING, sqlx::AssertSqlSafe(sql), &values![self.episode.as_str()]).await?;
        let (id, newest, severity, told) = (row.uint(0)?, row.int(1)?, row.int(2)?, row.uint(4)?);
        let known: IncidentFigures = serde_json::from_str(&row.text(3)?).map_err(|_| CORRUPT)?;
        let figures = if self.figures.count > known.count { &self.figures } else { &known };
        let grown = tells && self.figures.count > told;
        let severity = if tells { severity.max(severity_number(self.severity)) } else { severity };
        let told = if grown { self.figures.count } else { told };
        let sql = "UPDATE incident SET newest = $2, severity = $3, figures = $4, told = $5 WHERE id = $1";
        let values = values![id, newest.max(self.newest), severity, written(figures)?, told];
        tx.execute(DOING, sql, &values).await?;
        Ok(if grown { Raised::Grown(id) } else { Raised::Joined(id) })
    }
}

const COLUMNS: &str = "SELECT id, rule, rules_version, severity, subject_kind, subject, opened, newest, events, figures, state, level, \
     escalated, acknowledged, assigned, closed, finding FROM incident";

impl IncidentRow {
    /// The incident with this number; nobody else changes it before this transaction ends.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn find(tx: &mut Tx, id: u64) -> Result<Option<Self>, StoreError> {
        let lock = if matches!(tx, Tx::Postgres(_)) { " FOR UPDATE" } else { "" };
        Self::one(tx, id, lock).await
    }

    /// The same in a transaction that only reads.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn read(tx: &mut Tx, id: u64) -> Result<Option<Self>, StoreError> {
        Self::one(tx, id, "").await
    }

    async fn one(tx: &mut Tx, id: u64, lock: &str) -> Result<Option<Self>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE id = $1{lock}"));
        tx.optional("reading an incident", sql, &values![id]).await?.as_ref().map(read).transpose()
    }

    /// Incidents, those that are not closed first, the gravest first, then the newest. `state`: of this alone.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn all(tx: &mut Tx, state: Option<IncidentState>, most: u32) -> Result<Vec<Self>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "{COLUMNS} WHERE $1 = '' OR state = $1 ORDER BY CASE WHEN state = 'closed' THEN 1 ELSE 0 END, \
             CASE WHEN state = 'closed' THEN 0 ELSE severity END DESC, opened DESC, id DESC LIMIT $2"
        ));
        let state = state.map_or("", state_code);
        tx.all("reading the incidents", sql, &values![state, most]).await?.iter().map(read).collect()
    }

    /// Those that nobody has acknowledged, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn unanswered(tx: &mut Tx) -> Result<Vec<Self>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE state = 'open' ORDER BY opened, id"));
        tx.all("reading the incidents", sql, &[]).await?.iter().map(read).collect()
    }

    /// How many there are of each state: open, acknowledged, closed.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn counts(tx: &mut Tx) -> Result<[u64; 3], StoreError> {
        let rows = tx.all("counting the incidents", "SELECT state, COUNT(*) FROM incident GROUP BY state", &[]).await?;
        let mut counts = [0; 3];
        for row in &rows {
            let [open, acknowledged, closed] = &mut counts;
            match state_of(&row.text(0)?).ok_or(CORRUPT)? {
                IncidentState::Open => *open = row.uint(1)?,
                IncidentState::Acknowledged => *acknowledged = row.uint(1)?,
                IncidentState::Closed => *closed = row.uint(1)?,
            }
        }
        Ok(counts)
    }

    /// Writes how it stands: state, level, who looks after it, finding.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn put(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let sql = "UPDATE incident SET state = $2, level = $3, escalated = $4, acknowledged = $5, assigned = $6, closed = $7, \
                   finding = $8 WHERE id = $1";
        let values = values![
            self.id,
            state_code(self.state),
            self.level,
            self.escalated,
            self.acknowledged,
            self.assigned.map(|user| user.to_string()),
            self.closed,
            self.finding.map(finding_code),
        ];
        tx.execute("writing how an incident stands", sql, &values).await.map(drop)
    }

    /// The entries that belong to it, the newest `most` of them by log and number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn evidence(&self, tx: &mut Tx, most: u32) -> Result<Vec<(DeviceId, u64)>, StoreError> {
        let sql = "SELECT log, seq FROM incident_event WHERE incident = $1 ORDER BY seq DESC, log LIMIT $2";
        let rows = tx.all("reading the events of an incident", sql, &values![self.id, most]).await?;
        rows.iter().map(|row| Ok((device_id(&row.text(0)?)?, row.uint(1)?))).collect()
    }

    /// Every patient that is affected.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn patients(&self, tx: &mut Tx) -> Result<Vec<PatientId>, StoreError> {
        let sql = "SELECT patient FROM incident_patient WHERE incident = $1 ORDER BY patient";
        let rows = tx.all("reading the patients of an incident", sql, &values![self.id]).await?;
        rows.iter().map(|row| PatientId::parse(&row.text(0)?).map_err(|_| CORRUPT)).collect()
    }
}

fn written(figures: &IncidentFigures) -> Result<String, StoreError> {
    serde_json::to_string(figures).map_err(|_| CORRUPT)
}

fn read(row: &Row) -> Result<IncidentRow, StoreError> {
    Ok(IncidentRow {
        id: row.uint(0)?,
        rule: row.text(1)?,
        rules_version: row.uint(2)?,
        severity: severity_of(row.int(3)?).ok_or(CORRUPT)?,
        subject: SubjectRow::read(&row.text(4)?, &row.text(5)?).ok_or(CORRUPT)?,
        opened: row.int(6)?,
        newest: row.int(7)?,
        events: row.uint(8)?,
        figures: serde_json::from_str(&row.text(9)?).map_err(|_| CORRUPT)?,
        state: state_of(&row.text(10)?).ok_or(CORRUPT)?,
        level: u32::try_from(row.int(11)?).map_err(|_| CORRUPT)?,
        escalated: row.int(12)?,
        acknowledged: row.opt_int(13)?,
        assigned: row.opt_text(14)?.map(|id| UserId::parse(&id).map_err(|_| CORRUPT)).transpose()?,
        closed: row.opt_int(15)?,
        finding: row.opt_text(16)?.map(|code| finding_of(&code).ok_or(CORRUPT)).transpose()?,
    })
}

/// Something that was done about an incident. The words are sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRow {
    /// Its number: what the words are sealed for.
    pub id: u64,
    /// When.
    pub at: i64,
    /// By whom; `None`: the server or its operator.
    pub by: Option<UserId>,
    /// What.
    pub what: String,
    /// The words, sealed.
    pub words: Option<Vec<u8>>,
}

/// Keeps a step.
///
/// # Errors
/// [`StoreError`]
pub async fn put_step(
    tx: &mut Tx,
    incident: u64,
    at: i64,
    by: Option<UserId>,
    what: &str,
    words: Option<Vec<u8>>,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO incident_step (incident, at, by_user, what, words) VALUES ($1, $2, $3, $4, $5)";
    let values = values![incident, at, by.map(|user| user.to_string()), what, words];
    tx.execute("keeping what was done about an incident", sql, &values).await.map(drop)
}

/// Every step, oldest first.
///
/// # Errors
/// [`StoreError`]
pub async fn steps(tx: &mut Tx, incident: u64) -> Result<Vec<StepRow>, StoreError> {
    let sql = "SELECT id, at, by_user, what, words FROM incident_step WHERE incident = $1 ORDER BY id";
    let read = |row: &Row| {
        let by = row.opt_text(2)?.map(|id| UserId::parse(&id).map_err(|_| CORRUPT)).transpose()?;
        Ok(StepRow { id: row.uint(0)?, at: row.int(1)?, by, what: row.text(3)?, words: row.opt_bytes(4)? })
    };
    tx.all("reading what was done about an incident", sql, &values![incident]).await?.iter().map(read).collect()
}

/// An assessment of 45 CFR 164.402; the four factors are sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssessmentRow {
    /// When.
    pub at: i64,
    /// By whom.
    pub by: Option<UserId>,
    /// Whether it is a breach.
    pub breach: bool,
    /// `YYYY-MM-DD`.
    pub discovered: String,
    /// Sealed.
    pub factors: Vec<u8>,
}

impl AssessmentRow {
    /// Keeps it; those before stay.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(&self, tx: &mut Tx, incident: u64) -> Result<(), StoreError> {
        let sql = "INSERT INTO breach_assessment (incident, at, by_user, breach, discovered, factors) VALUES ($1, $2, $3, $4, $5, $6)";
        let by = self.by.map(|user| user.to_string());
        let values = values![incident, self.at, by, self.breach, self.discovered.as_str(), self.factors.as_slice()];
        tx.execute("keeping an assessment", sql, &values).await.map(drop)
    }

    /// The newest of an incident.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn newest(tx: &mut Tx, incident: u64) -> Result<Option<Self>, StoreError> {
        let sql = "SELECT at, by_user, breach, discovered, factors FROM breach_assessment WHERE incident = $1 ORDER BY id DESC LIMIT 1";
        let read = |row: &Row| {
            let by = row.opt_text(1)?.map(|id| UserId::parse(&id).map_err(|_| CORRUPT)).transpose()?;
            Ok(Self { at: row.int(0)?, by, breach: row.flag(2)?, discovered: row.text(3)?, factors: row.bytes(4)? })
        };
        tx.optional("reading an assessment", sql, &values![incident]).await?.as_ref().map(read).transpose()
    }
}

/// How many incidents each rule raised on each day (days since 1970), within `[from, to)`.
///
/// # Errors
/// [`StoreError`]
pub async fn raised_by_day(tx: &mut Tx, from: i64, to: i64) -> Result<Vec<(i64, String, u64)>, StoreError> {
    let sql = "SELECT opened / 86400000000, rule, COUNT(*) FROM incident WHERE opened >= $1 AND opened < $2 \
               GROUP BY opened / 86400000000, rule ORDER BY 1, 2";
    let read = |row: &Row| Ok((row.int(0)?, row.text(1)?, row.uint(2)?));
    tx.all("counting the incidents", sql, &values![from, to]).await?.iter().map(read).collect()
}

pub(crate) const fn state_code(state: IncidentState) -> &'static str {
    match state {
        IncidentState::Open => "open",
        IncidentState::Acknowledged => "acknowledged",
        IncidentState::Closed => "closed",
    }
}

pub(crate) fn state_of(code: &str) -> Option<IncidentState> {
    [IncidentState::Open, IncidentState::Acknowledged, IncidentState::Closed]
        .into_iter()
        .find(|state| state_code(*state) == code)
}

pub(crate) const fn finding_code(finding: IncidentFinding) -> &'static str {
    match finding {
        IncidentFinding::Appropriate => "appropriate",
        IncidentFinding::Mistake => "mistake",
        IncidentFinding::Inappropriate => "inappropriate",
        IncidentFinding::Attack => "attack",
        IncidentFinding::Technical => "technical",
    }
}

pub(crate) fn finding_of(code: &str) -> Option<IncidentFinding> {
    [
        IncidentFinding::Appropriate,
        IncidentFinding::Mistake,
        IncidentFinding::Inappropriate,
        IncidentFinding::Attack,
        IncidentFinding::Technical,
    ]
    .into_iter()
    .find(|finding| finding_code(*finding) == code)
}

const fn severity_number(severity: IncidentSeverity) -> i64 {
    match severity {
        IncidentSeverity::Low => 0,
        IncidentSeverity::Medium => 1,
        IncidentSeverity::High => 2,
        IncidentSeverity::Critical => 3,
    }
}

const fn severity_of(number: i64) -> Option<IncidentSeverity> {
    match number {
        0 => Some(IncidentSeverity::Low),
        1 => Some(IncidentSeverity::Medium),
        2 => Some(IncidentSeverity::High),
        3 => Some(IncidentSeverity::Critical),
        _ => None,
    }
}
