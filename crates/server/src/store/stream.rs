//! The stream of every log, as the rules read it.

use std::collections::BTreeMap;

use vigil_model::DeviceId;

use super::device::device_id;
use super::sql::{Row, Tx, values};
use super::{AlarmKind, EventRow, StoreError};

const DOING: &str = "reading the stream";

/// An entry as far as the rules look at it.
pub(crate) struct StreamRow {
    pub(crate) seq: u64,
    pub(crate) at: i64,
    pub(crate) r#type: String,
    pub(crate) outcome: i64,
    pub(crate) interaction: String,
    pub(crate) purpose: String,
    pub(crate) agent: String,
    pub(crate) user: Option<String>,
    pub(crate) role: Option<String>,
    pub(crate) session: Option<String>,
    pub(crate) patient: Option<String>,
    pub(crate) section: Option<String>,
    pub(crate) reason: Option<String>,
}

impl StreamRow {
    /// The same of a row that is not stored in turn yet.
    pub(crate) fn of(seq: u64, row: EventRow) -> Self {
        let EventRow {
            at,
            r#type,
            outcome,
            interaction,
            purpose,
            agent,
            user,
            role,
            session,
            patient,
            section,
            reason,
            ..
        } = row;
        let agent = agent.to_owned();
        Self { seq, at, r#type, outcome, interaction, purpose, agent, user, role, session, patient, section, reason }
    }
}

/// Key, id and size of each log.
pub(crate) async fn heads(tx: &mut Tx) -> Result<Vec<(i64, DeviceId, u64)>, StoreError> {
    let rows = tx.all(DOING, "SELECT key, id, size FROM audit_log ORDER BY key", &[]).await?;
    rows.iter().map(|row| Ok((row.int(0)?, device_id(&row.text(1)?)?, row.uint(2)?))).collect()
}

const COLUMNS: &str =
    "seq, at, type, outcome, interaction, purpose, agent, user_id, role, session, patient, section, reason";

/// The entries of a log behind `from` up to `to`, in order. Those that retention let go are missing.
pub(crate) async fn entries_after(tx: &mut Tx, log: i64, from: u64, to: u64) -> Result<Vec<StreamRow>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM audit_event WHERE log = $1 AND seq > $2 AND seq <= $3 ORDER BY seq"
    ));
    tx.all(DOING, sql, &values![log, from, to]).await?.iter().map(read).collect()
}

/// The entries of every log between two times, in the order in which they happened, each with the key of its log.
pub(crate) async fn entries_between(tx: &mut Tx, from: i64, until: i64) -> Result<Vec<(i64, StreamRow)>, StoreError> {
    let sql = format!("SELECT {COLUMNS}, log FROM audit_event WHERE at >= $1 AND at < $2 ORDER BY at, log, seq");
    let rows = tx.all(DOING, sqlx::AssertSqlSafe(sql), &values![from, until]).await?;
    rows.iter().map(|row| Ok((row.int(13)?, read(row)?))).collect()
}

fn read(row: &Row) -> Result<StreamRow, StoreError> {
    Ok(StreamRow {
        seq: row.uint(0)?,
        at: row.int(1)?,
        r#type: row.text(2)?,
        outcome: row.int(3)?,
        interaction: row.text(4)?,
        purpose: row.text(5)?,
        agent: row.text(6)?,
        user: row.opt_text(7)?,
        role: row.opt_text(8)?,
        session: row.opt_text(9)?,
        patient: row.opt_text(10)?,
        section: row.opt_text(11)?,
        reason: row.opt_text(12)?,
    })
}

/// The last number of each log before a time, by the log's key.
pub(crate) async fn numbers_before(tx: &mut Tx, at: i64) -> Result<BTreeMap<i64, u64>, StoreError> {
    let sql = "SELECT log, MIN(seq) - 1 FROM audit_event WHERE at >= $1 GROUP BY log";
    let rows = tx.all(DOING, sql, &values![at]).await?;
    rows.iter().map(|row| Ok((row.int(0)?, row.uint(1)?))).collect()
}

/// An alarm of the intake.
pub(crate) struct RecentAlarm {
    pub(crate) key: i64,
    pub(crate) at: i64,
    pub(crate) kind: AlarmKind,
    pub(crate) log: Option<DeviceId>,
    pub(crate) seq: Option<u64>,
}

/// The number of the newest alarm; 0: there is none.
pub(crate) async fn newest_alarm(tx: &mut Tx) -> Result<i64, StoreError> {
    tx.one(DOING, "SELECT COALESCE(MAX(key), 0) FROM alarm", &[]).await?.int(0)
}

/// The alarms behind one, in order; those of no kind that is known are left out.
pub(crate) async fn alarms_after(tx: &mut Tx, key: i64) -> Result<Vec<RecentAlarm>, StoreError> {
    let sql = "SELECT key, at, kind, log, seq FROM alarm WHERE key > $1 ORDER BY key LIMIT 1000";
    let rows = tx.all(DOING, sql, &values![key]).await?;
    let read = |row: &Row| -> Result<Option<RecentAlarm>, StoreError> {
        let Some(kind) = AlarmKind::from_code(&row.text(2)?) else { return Ok(None) };
        let log = row.opt_text(3)?.map(|id| device_id(&id)).transpose()?;
        let seq = row.opt_int(4)?.and_then(|seq| u64::try_from(seq).ok());
        Ok(Some(RecentAlarm { key: row.int(0)?, at: row.int(1)?, kind, log, seq }))
    };
    rows.iter().filter_map(|row| read(row).transpose()).collect()
}

/// The canonical bytes of an entry that came out of turn.
pub(crate) async fn early_event(tx: &mut Tx, log: DeviceId, seq: u64) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT e.event FROM early_alert e JOIN audit_log l ON l.key = e.log WHERE l.id = $1 AND e.seq = $2";
    tx.optional(DOING, sql, &values![log.to_string(), seq]).await?.map(|row| row.bytes(0)).transpose()
}
