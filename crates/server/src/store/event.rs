//! The rows of audit entries. Columns beside the canonical bytes are taken from them, for the search alone.

use sqlx::AssertSqlSafe;
use vigil_audit::{Agent, AuditEvent, Beside};

use super::copy::CopyRows;
use super::sql::{Row, Tx, Value, values};
use super::{Log, StoreError};

/// An entry that comes in.
pub(crate) struct NewEvent {
    pub(crate) seq: u64,
    pub(crate) hashes: Vec<u8>,
    pub(crate) row: EventRow,
}

/// What a row holds beside log, number and hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EventRow {
    pub(crate) at: i64,
    pub(crate) r#type: String,
    pub(crate) subtype: String,
    pub(crate) action: String,
    pub(crate) outcome: i64,
    pub(crate) interaction: String,
    pub(crate) purpose: String,
    pub(crate) agent: &'static str,
    pub(crate) user: Option<String>,
    pub(crate) role: Option<String>,
    pub(crate) session: Option<String>,
    pub(crate) patient: Option<String>,
    pub(crate) section: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) event: Option<Vec<u8>>,
    pub(crate) beside: Option<Vec<u8>>,
    /// Every patient that it names.
    pub(crate) patients: Vec<String>,
}

/// Stands where the words of an entry would, when the workstation keeps it in quarantine.
pub(crate) const QUARANTINED: &str = "quarantined";

impl EventRow {
    /// The row of an entry, its canonical bytes, and what lies beside.
    pub(crate) fn of(event: &AuditEvent, bytes: Vec<u8>, beside: &Beside) -> Result<Self, StoreError> {
        let has_beside = !beside.listed.is_empty() || beside.detail.is_some();
        let json = |_| StoreError::Invalid("what lies beside an entry has no JSON form");
        let (agent, user, role, session) = match &event.agent {
            Agent::Anonymous => ("anonymous", None, None, None),
            Agent::Workstation => ("workstation", None, None, None),
            Agent::Server => ("server", None, None, None),
            Agent::Operator => ("operator", None, None, None),
            Agent::Device { id } => ("device", Some(id.to_string()), None, None),
            Agent::Client { id } => ("client", Some(id.to_string()), None, None),
            Agent::User { id, role, session } => {
                ("user", Some(id.to_string()), Some(role.code().to_owned()), Some(session.to_string()))
            }
        };
        let named = event.patient.iter().chain(beside.listed.iter().map(|(_, patient)| patient));
        let mut patients: Vec<String> = named.map(ToString::to_string).collect();
        patients.sort_unstable();
        patients.dedup();
        Ok(Self {
            at: event.at.timestamp_micros(),
            r#type: plain(&event.r#type),
            subtype: plain(&event.subtype),
            action: plain(&event.action),
            outcome: i64::from(event.outcome.code()),
            interaction: plain(&event.interaction),
            purpose: event.purpose.code().to_owned(),
            agent,
            user,
            role,
            session,
            patient: event.patient.as_ref().map(ToString::to_string),
            section: event.section.map(|section| section.code().to_owned()),
            reason: event.reason.as_deref().map(plain),
            address: event.origin.as_ref().and_then(|origin| origin.address.as_deref()).map(plain),
            event: Some(bytes),
            beside: if has_beside { Some(serde_json::to_vec(beside).map_err(json)?) } else { None },
            patients,
        })
    }

    /// The row of an entry that is kept in quarantine: its leaf hash alone is known, and when it came.
    pub(crate) fn quarantined(received: i64) -> Self {
        Self {
            at: received,
            r#type: String::new(),
            subtype: String::new(),
            action: String::new(),
            outcome: 8,
            interaction: QUARANTINED.to_owned(),
            purpose: String::new(),
            agent: QUARANTINED,
            user: None,
            role: None,
            session: None,
            patient: None,
            section: None,
            reason: None,
            address: None,
            event: None,
            beside: None,
            patients: Vec::new(),
        }
    }

    /// Length of the values, for a buffer.
    fn length(&self) -> usize {
        512 + self.event.as_ref().map_or(0, Vec::len) + self.beside.as_ref().map_or(0, Vec::len)
    }
}

/// PostgreSQL's text has no zero byte.
fn plain(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

pub(crate) const COLUMNS: &str = "log, seq, at, received, type, subtype, action, outcome, interaction, purpose, agent, user_id, role, \
     session, patient, section, reason, address, event, hashes, beside";
const WIDTH: usize = 21;
/// Rows of one INSERT of the embedded database.
const ROWS: usize = 64;

/// The row of one entry; `None`: there is none, or retention let it go.
pub(crate) async fn of(tx: &mut Tx, log: vigil_model::DeviceId, seq: u64) -> Result<Option<EventRow>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM audit_event WHERE log = (SELECT key FROM audit_log WHERE id = $1) AND seq = $2");
    let row = tx.optional("reading an entry", AssertSqlSafe(sql), &values![log.to_string(), seq]).await?;
    row.map(|row| read(&row).map(|(_, _, stored)| stored)).transpose()
}

/// Appends rows to a log.
pub(crate) async fn insert(tx: &mut Tx, log: &Log, received: i64, events: &[NewEvent]) -> Result<(), StoreError> {
    match tx {
        Tx::Postgres(tx) => copy(tx, log, received, events).await.map_err(StoreError::database("copying entries")),
        Tx::Sqlite(_) => {
            for part in events.chunks(ROWS) {
                let values: Vec<Value> = part.iter().flat_map(|event| row_values(log, received, event)).collect();
                let sql = format!("INSERT INTO audit_event ({COLUMNS}) VALUES {}", places(part.len(), WIDTH));
                tx.execute("writing entries", AssertSqlSafe(sql), &values).await?;
            }
            let patients: Vec<Vec<Value>> = events
                .iter()
                .flat_map(|event| event.row.patients.iter().map(move |patient| (event, patient)))
                .map(|(event, patient)| values![patient.as_str(), event.row.at, log.key, event.seq].into())
                .collect();
            for part in patients.chunks(ROWS * 4) {
                let sql =
                    format!("INSERT INTO audit_event_patient (patient, at, log, seq) VALUES {}", places(part.len(), 4));
                tx.execute("writing patients of entries", AssertSqlSafe(sql), &part.concat()).await?;
            }
            Ok(())
        }
    }
}

fn row_values(log: &Log, received: i64, event: &NewEvent) -> Vec<Value> {
    let row = &event.row;
    values![
        log.key,
        event.seq,
        row.at,
        received,
        row.r#type.as_str(),
        row.subtype.as_str(),
        row.action.as_str(),
        row.outcome,
        row.interaction.as_str(),
        row.purpose.as_str(),
        row.agent,
        row.user.as_deref(),
        row.role.as_deref(),
        row.session.as_deref(),
        row.patient.as_deref(),
        row.section.as_deref(),
        row.reason.as_deref(),
        row.address.as_deref(),
        row.event.as_deref(),
        event.hashes.as_slice(),
        row.beside.as_deref(),
    ]
    .into()
}

/// `($1, $2), ($3, $4)`
fn places(rows: usize, width: usize) -> String {
    let row = |row: usize| {
        let places: Vec<String> = (1..=width).map(|column| format!("${}", row * width + column)).collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// Writes a row into those that are copied.
fn write(rows: &mut CopyRows, log: i64, seq: u64, received: i64, hashes: &[u8], row: &EventRow) {
    rows.row(WIDTH);
    for number in [log, i64::try_from(seq).unwrap_or(i64::MAX), row.at, received] {
        rows.int(number);
    }
    for text in [&row.r#type, &row.subtype, &row.action] {
        rows.bytes(text.as_bytes());
    }
    rows.int(row.outcome);
    for text in [row.interaction.as_str(), row.purpose.as_str(), row.agent] {
        rows.bytes(text.as_bytes());
    }
    for text in [&row.user, &row.role, &row.session, &row.patient, &row.section, &row.reason, &row.address] {
        rows.optional(text.as_deref().map(str::as_bytes));
    }
    rows.optional(row.event.as_deref());
    rows.bytes(hashes);
    rows.optional(row.beside.as_deref());
}

async fn copy(tx: &mut sqlx::PgConnection, log: &Log, received: i64, events: &[NewEvent]) -> Result<(), sqlx::Error> {
    if events.is_empty() {
        return Ok(());
    }
    let mut rows = CopyRows::new(events.iter().map(|event| event.row.length()).sum());
    let mut patients = CopyRows::new(64 * events.len());
    for event in events {
        let row = &event.row;
        write(&mut rows, log.key, event.seq, received, &event.hashes, row);
        for patient in &row.patients {
            patients.row(4);
            patients.bytes(patient.as_bytes());
            patients.int(row.at);
            patients.int(log.key);
            patients.int(i64::try_from(event.seq).unwrap_or(i64::MAX));
        }
    }
    rows.send(tx, &format!("COPY audit_event ({COLUMNS}) FROM STDIN (FORMAT binary)")).await?;
    patients.send(tx, "COPY audit_event_patient (patient, at, log, seq) FROM STDIN (FORMAT binary)").await
}

/// Rows of a log as PostgreSQL copied them out.
pub(crate) struct CopiedEvents {
    log: i64,
    /// How many were asked for.
    asked: u64,
    bytes: Vec<u8>,
}

/// What a copied row says that is not taken from the entry itself.
pub(crate) struct CopiedEvent<'a> {
    pub(crate) seq: u64,
    pub(crate) at: i64,
    pub(crate) event: Option<&'a [u8]>,
    pub(crate) hashes: &'a [u8],
    pub(crate) beside: Option<&'a [u8]>,
}

/// Copies out the rows of a log between two numbers, in order; `None` of the embedded database, which has no COPY.
pub(crate) async fn copy_out(tx: &mut Tx, log: i64, from: u64, to: u64) -> Result<Option<CopiedEvents>, StoreError> {
    let Tx::Postgres(tx) = tx else { return Ok(None) };
    let query =
        format!("SELECT {COLUMNS} FROM audit_event WHERE log = {log} AND seq BETWEEN {from} AND {to} ORDER BY seq");
    let copied = super::copy::copy_out(tx, &query).await.map_err(StoreError::database("copying a log"))?;
    Ok(Some(CopiedEvents { log, asked: to.saturating_sub(from).saturating_add(1), bytes: copied }))
}

impl CopiedEvents {
    /// Whether every row is there, and is, byte for byte, the one that `told` makes of its entry, with the columns that are searched. What
    /// `told` says of each is returned; `None` as soon as one is missing or differs, or nothing is told of it.
    pub(crate) fn each_as_told<T>(&self, told: impl Fn(&CopiedEvent<'_>) -> Option<(EventRow, T)>) -> Option<Vec<T>> {
        let mut again = CopyRows::new(4_096);
        let rows = super::copy::rows::<WIDTH>(&self.bytes)?;
        if rows.len() as u64 != self.asked {
            return None;
        }
        let each = rows.into_iter().map(|row| {
            let [_, seq, at, received, .., event, hashes, beside] = row.fields;
            let received = int(received)?;
            let copied =
                CopiedEvent { seq: u64::try_from(int(seq)?).ok()?, at: int(at)?, event, hashes: hashes?, beside };
            let (expected, said) = told(&copied)?;
            again.clear();
            write(&mut again, self.log, copied.seq, received, copied.hashes, &expected);
            (again.only_row() == row.bytes).then_some(said)
        });
        each.collect()
    }
}

fn int(field: Option<&[u8]>) -> Option<i64> {
    Some(i64::from_be_bytes(field?.try_into().ok()?))
}

/// The row behind [`COLUMNS`]: number, hashes and the rest. The patients are those that the row itself names.
pub(crate) fn read(row: &Row) -> Result<(u64, Vec<u8>, EventRow), StoreError> {
    let agent = row.text(10)?;
    let agents = ["user", "workstation", "anonymous", "server", "operator", "device", "client", QUARANTINED];
    let stored = EventRow {
        at: row.int(2)?,
        r#type: row.text(4)?,
        subtype: row.text(5)?,
        action: row.text(6)?,
        outcome: row.int(7)?,
        interaction: row.text(8)?,
        purpose: row.text(9)?,
        // One that is none is unlike every other.
        agent: agents.into_iter().find(|known| *known == agent).unwrap_or_default(),
        user: row.opt_text(11)?,
        role: row.opt_text(12)?,
        session: row.opt_text(13)?,
        patient: row.opt_text(14)?,
        section: row.opt_text(15)?,
        reason: row.opt_text(16)?,
        address: row.opt_text(17)?,
        event: row.opt_bytes(18)?,
        beside: row.opt_bytes(20)?,
        patients: Vec::new(),
    };
    Ok((row.uint(1)?, row.bytes(19)?, stored))
}
