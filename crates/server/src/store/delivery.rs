//! What is to be sent of incidents, and what was.

use super::StoreError;
use super::sql::{Row, Tx, values};

const CORRUPT: StoreError = StoreError::Corrupt("a row of a delivery is none");

/// How a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// It is tried (again).
    Waiting,
    /// Whoever it went to has confirmed it.
    Delivered,
    /// It is not tried any more.
    Failed,
}

impl DeliveryStatus {
    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Waiting, Self::Delivered, Self::Failed].into_iter().find(|status| status.code() == code)
    }
}

/// A message on its way. Times are microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Goes with the message.
    pub id: String,
    /// The incident.
    pub incident: u64,
    /// The channel, as it is configured.
    pub channel: String,
    /// What happened: `raised`, `escalated`, `acknowledged`, `closed`.
    pub event: String,
    /// The level that is called.
    pub level: u32,
    /// When it was decided to send it.
    pub made: i64,
    /// How it stands.
    pub status: DeliveryStatus,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next.
    pub next: i64,
    /// When it was delivered, or given up.
    pub ended: Option<i64>,
    /// What the receiver calls it.
    pub receipt: Option<String>,
    /// What went wrong the last time.
    pub error: Option<String>,
}

const COLUMNS: &str =
    "SELECT id, incident, channel, event, level, made, state, attempts, next, ended, receipt, error FROM delivery";

impl DeliveryRow {
    /// Puts it in the queue.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let sql = "INSERT INTO delivery (id, incident, channel, event, level, made, state, attempts, next) \
                   VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, $7)";
        let values = values![
            self.id.as_str(),
            self.incident,
            self.channel.as_str(),
            self.event.as_str(),
            self.level,
            self.made,
            self.next
        ];
        tx.execute("queueing a message", sql, &values).await.map(drop)
    }

    /// Takes up to `most` that are due; nobody else takes them before `until`. One channel is told of an incident in the order in which things
    /// happened: what came later waits for what came before.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn take_due(tx: &mut Tx, now: i64, until: i64, most: u32) -> Result<Vec<Self>, StoreError> {
        const DOING: &str = "taking messages that are due";
        let skip = if matches!(tx, Tx::Postgres(_)) { " FOR UPDATE SKIP LOCKED" } else { "" };
        let sql = format!(
            "{COLUMNS} WHERE state = 'waiting' AND next <= $1 AND NOT EXISTS (SELECT 1 FROM delivery AS former WHERE \
             former.incident = delivery.incident AND former.channel = delivery.channel AND former.state = 'waiting' AND \
             former.id < delivery.id) ORDER BY next, id LIMIT $2{skip}"
        );
        let due = tx.all(DOING, sqlx::AssertSqlSafe(sql), &values![now, most]).await?;
        let due = due.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        for one in &due {
            let sql = "UPDATE delivery SET next = $2, attempts = attempts + 1 WHERE id = $1";
            tx.execute(DOING, sql, &values![one.id.as_str(), until]).await?;
        }
        Ok(due)
    }

    /// Writes how an attempt ended.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn settle(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let sql = "UPDATE delivery SET state = $2, next = $3, ended = $4, receipt = $5, error = $6 WHERE id = $1 AND state = 'waiting'";
        let values = values![
            self.id.as_str(),
            self.status.code(),
            self.next,
            self.ended,
            self.receipt.as_deref(),
            self.error.as_deref()
        ];
        tx.execute("writing how a message went", sql, &values).await.map(drop)
    }

    /// Those of an incident, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn of(tx: &mut Tx, incident: u64) -> Result<Vec<Self>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE incident = $1 ORDER BY made, id"));
        tx.all("reading the messages of an incident", sql, &values![incident]).await?.iter().map(read).collect()
    }

    /// When the next is due.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn next_due(tx: &mut Tx) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT MIN(next) FROM delivery WHERE state = 'waiting'";
        tx.one("asking for the next message", sql, &[]).await?.opt_int(0)
    }

    /// How many wait and how many failed.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn counts(tx: &mut Tx) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT COUNT(CASE WHEN state = 'waiting' THEN 1 END), COUNT(CASE WHEN state = 'failed' THEN 1 END) FROM delivery";
        let row = tx.one("counting the messages", sql, &[]).await?;
        Ok((row.uint(0)?, row.uint(1)?))
    }
}

fn read(row: &Row) -> Result<DeliveryRow, StoreError> {
    Ok(DeliveryRow {
        id: row.text(0)?,
        incident: row.uint(1)?,
        channel: row.text(2)?,
        event: row.text(3)?,
        level: u32::try_from(row.int(4)?).map_err(|_| CORRUPT)?,
        made: row.int(5)?,
        status: DeliveryStatus::from_code(&row.text(6)?).ok_or(CORRUPT)?,
        attempts: u32::try_from(row.int(7)?).map_err(|_| CORRUPT)?,
        next: row.int(8)?,
        ended: row.opt_int(9)?,
        receipt: row.opt_text(10)?,
        error: row.opt_text(11)?,
    })
}
