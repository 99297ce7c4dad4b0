//! Entries that came out of turn.

use super::sql::{Tx, values};
use super::{Log, StoreError};

/// An entry that came out of turn.
pub(crate) struct Early {
    pub(crate) seq: u64,
    pub(crate) leaf: [u8; 32],
    pub(crate) event: Vec<u8>,
    pub(crate) beside: Option<Vec<u8>>,
}

/// What became of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It is new.
    New,
    /// It is there already.
    Known,
    /// Another one is there under its number.
    Conflict,
}

impl Early {
    /// Keeps it, once.
    pub(crate) async fn insert(&self, tx: &mut Tx, log: &Log, received: i64) -> Result<Kept, StoreError> {
        const DOING: &str = "keeping an entry out of turn";
        let sql = "INSERT INTO early_alert (log, seq, received, leaf, event, beside) VALUES ($1, $2, $3, $4, $5, $6) \
                   ON CONFLICT (log, seq) DO NOTHING";
        let values = values![log.key, self.seq, received, self.leaf, self.event.as_slice(), self.beside.as_deref()];
        if tx.execute(DOING, sql, &values).await? == 1 {
            return Ok(Kept::New);
        }
        let sql = "SELECT leaf FROM early_alert WHERE log = $1 AND seq = $2";
        let leaf = tx.one(DOING, sql, &values![log.key, self.seq]).await?.bytes(0)?;
        Ok(if leaf == self.leaf { Kept::Known } else { Kept::Conflict })
    }

    /// Numbers and leaf hashes of those that are expected in turn between these numbers; they are expected no longer.
    pub(crate) async fn settle(
        tx: &mut Tx,
        log: &Log,
        from: u64,
        to: u64,
        now: i64,
    ) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        let sql = "UPDATE early_alert SET settled = $1 WHERE log = $2 AND seq BETWEEN $3 AND $4 AND settled IS NULL \
                   RETURNING seq, leaf";
        let rows = tx.all("settling entries out of turn", sql, &values![now, log.key, from, to]).await?;
        rows.iter().map(|row| Ok((row.uint(0)?, row.bytes(1)?))).collect()
    }
}
