//! Versions of the rules, and where the reading of the stream stands.

use super::StoreError;
use super::sql::{Row, Tx, values};

/// A version of the rules. Times are microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetRow {
    /// The version.
    pub version: u64,
    /// TOML.
    pub rules: String,
    /// When it was made.
    pub made: i64,
    /// Since when it has decided.
    pub active: Option<i64>,
}

impl RuleSetRow {
    /// Keeps a version that decides from now on; one that is there already stays as it is and decides again.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when other rules are kept under this version.
    pub async fn activate(tx: &mut Tx, version: u64, rules: &str, now: i64) -> Result<(), StoreError> {
        const DOING: &str = "keeping rules";
        let sql = "INSERT INTO rule_set (version, rules, made, active) VALUES ($1, $2, $3, $3) ON CONFLICT (version) DO NOTHING";
        tx.execute(DOING, sql, &values![version, rules, now]).await?;
        let sql = "UPDATE rule_set SET active = $2 WHERE version = $1 AND rules = $3";
        if tx.execute(DOING, sql, &values![version, now, rules]).await? == 1 {
            return Ok(());
        }
        Err(StoreError::Invalid("other rules are kept under this version; give these the next one"))
    }

    /// The version that decides, if any was kept.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn active(tx: &mut Tx) -> Result<Option<Self>, StoreError> {
        let sql = "SELECT version, rules, made, active FROM rule_set WHERE active IS NOT NULL ORDER BY active DESC, version DESC LIMIT 1";
        tx.optional("reading the rules", sql, &[]).await?.as_ref().map(read).transpose()
    }

    /// Every version, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn all(tx: &mut Tx) -> Result<Vec<Self>, StoreError> {
        let sql = "SELECT version, rules, made, active FROM rule_set ORDER BY version DESC";
        tx.all("reading the rules", sql, &[]).await?.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<RuleSetRow, StoreError> {
    Ok(RuleSetRow { version: row.uint(0)?, rules: row.text(1)?, made: row.int(2)?, active: row.opt_int(3)? })
}

/// Takes or keeps the right to read the stream until `until`; whether `holder` has it, and whether it had it before.
pub(crate) async fn hold_stream(tx: &mut Tx, holder: &str, now: i64, until: i64) -> Result<Option<Held>, StoreError> {
    const DOING: &str = "taking the stream";
    let lock = if matches!(tx, Tx::Postgres(_)) { " FOR UPDATE" } else { "" };
    let sql = sqlx::AssertSqlSafe(format!("SELECT holder, holds_until FROM detection_state WHERE id = 1{lock}"));
    let row = tx.one(DOING, sql, &[]).await?;
    let (former, holds) = (row.text(0)?, row.int(1)?);
    if former != holder && holds > now {
        return Ok(None);
    }
    // A look that finds nothing costs no write: half of the time that it is held for is enough for the next one.
    let is_fresh = former == holder && holds - now > (until - now) / 2;
    if !is_fresh {
        let sql = "UPDATE detection_state SET holder = $1, holds_until = $2 WHERE id = 1";
        tx.execute(DOING, sql, &values![holder, until]).await?;
    }
    Ok(Some(if former == holder { Held::Still } else { Held::Anew }))
}

/// How a process came to read the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// It read it before: what it remembers holds.
    Still,
    /// Another process, or none, read it before.
    Anew,
}

/// Gives the stream to whoever wants it.
pub(crate) async fn release_stream(tx: &mut Tx, holder: &str) -> Result<(), StoreError> {
    let sql = "UPDATE detection_state SET holds_until = 0, holder = '' WHERE id = 1 AND holder = $1";
    tx.execute("giving the stream up", sql, &values![holder]).await.map(drop)
}

/// What the rules remembered at the last saving.
pub(crate) async fn stream_state(tx: &mut Tx) -> Result<Option<Vec<u8>>, StoreError> {
    let row = tx.optional("reading where the rules are", "SELECT state FROM detection_state WHERE id = 1", &[]).await?;
    row.map_or(Ok(None), |row| row.opt_bytes(0))
}

/// Saves what the rules remember.
pub(crate) async fn save_stream_state(tx: &mut Tx, state: &[u8]) -> Result<(), StoreError> {
    let sql = "UPDATE detection_state SET state = $1 WHERE id = 1";
    tx.execute("saving where the rules are", sql, &values![state]).await.map(drop)
}
