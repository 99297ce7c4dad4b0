//! The logs and their heads.

use std::collections::HashMap;

use vigil_audit::{Frontier, StoredHead};
use vigil_model::DeviceId;

use super::device::device_id;
use super::sql::{Row, Tx, values};
use super::{HeadKey, StoreError};
use crate::Keys;

/// How a log stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogState {
    /// Nothing contradicts it.
    Ok,
    /// Somebody has shown another history under the same key.
    Forked,
}

/// A log: its head, and what vouches for it.
#[derive(Clone, Debug)]
pub struct Log {
    pub(crate) key: i64,
    /// Its id.
    pub id: DeviceId,
    /// The key that signs its checkpoints (C2SP vkey).
    pub verifier_key: String,
    /// How many entries it has.
    pub size: u64,
    pub(crate) frontier: Vec<u8>,
    pub(crate) mac: Vec<u8>,
    /// How it stands.
    pub state: LogState,
    /// The newest cosigned checkpoint.
    pub checkpoint: Option<String>,
    /// The size that it speaks of.
    pub checkpoint_size: u64,
    /// How much of it a witness elsewhere has cosigned.
    pub witnessed_size: u64,
}

const COLUMNS: &str = "SELECT key, id, verifier_key, size, frontier, mac, state, checkpoint, checkpoint_size, witnessed_size \
     FROM audit_log";

impl Log {
    /// The log of a workstation that enrols, made when it is not there; how many entries are held of it. `None` when it is held under
    /// another key: a log belongs to the key that signs it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn enrol(tx: &mut Tx, keys: &Keys, log: DeviceId, verifier_key: &str) -> Result<Option<u64>, StoreError> {
        let sql = "INSERT INTO audit_log (id, verifier_key, size, frontier, mac, state, checkpoint_size, witnessed_size) \
                   VALUES ($1, $2, 0, $3, $4, 'ok', 0, 0) ON CONFLICT (id) DO NOTHING";
        let mac = keys.head().mac(log, verifier_key, &Frontier::default());
        tx.execute("making a log", sql, &values![log.to_string(), verifier_key, Vec::new(), mac]).await?;
        let held = Self::find(tx, log).await?.ok_or(StoreError::Corrupt("a log that was made is not there"))?;
        Ok((held.verifier_key == verifier_key).then_some(held.size))
    }

    /// The log with this id.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn find(tx: &mut Tx, log: DeviceId) -> Result<Option<Self>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE id = $1"));
        tx.optional("reading a log's head", sql, &values![log.to_string()]).await?.as_ref().map(read).transpose()
    }

    /// The same, and nobody else appends to it before this transaction ends. In the embedded database every writer has that.
    pub(crate) async fn lock(tx: &mut Tx, log: DeviceId) -> Result<Option<Self>, StoreError> {
        let lock = if matches!(tx, Tx::Postgres(_)) { " FOR UPDATE" } else { "" };
        let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE id = $1{lock}"));
        tx.optional("locking a log's head", sql, &values![log.to_string()]).await?.as_ref().map(read).transpose()
    }

    /// Every log, by id.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn all(tx: &mut Tx) -> Result<Vec<Self>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} ORDER BY id"));
        tx.all("reading the logs' heads", sql, &[]).await?.iter().map(read).collect()
    }

    /// The head as verification takes it.
    pub(crate) fn stored_head(&self, key: &HeadKey) -> StoredHead {
        let authentic = key.is_authentic(self.id, &self.verifier_key, self.size, &self.frontier, &self.mac);
        StoredHead { size: self.size, frontier: self.frontier.clone(), authentic }
    }

    /// The frontier, to append to; a head that somebody else wrote is not appended to, for that would vouch for it.
    pub(crate) fn frontier(&self, key: &HeadKey) -> Result<Frontier, StoreError> {
        let head = self.stored_head(key);
        let forged = StoreError::Corrupt("the head of a log was not written by this server");
        if !head.authentic {
            return Err(forged);
        }
        Frontier::from_bytes(head.size, &head.frontier).map_err(|_| forged)
    }

    /// Writes the head, and the cosigned checkpoint over it.
    pub(crate) async fn advance(
        &self,
        tx: &mut Tx,
        key: &HeadKey,
        frontier: &Frontier,
        note: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        const DOING: &str = "writing a log's head";
        let sql = "UPDATE audit_log SET size = $1, frontier = $2, mac = $3, checkpoint = $4, checkpoint_size = $1 WHERE key = $5";
        let mac = key.mac(self.id, &self.verifier_key, frontier);
        tx.execute(DOING, sql, &values![frontier.size(), frontier.to_bytes(), mac, note, self.key]).await?;
        let sql = "INSERT INTO audit_checkpoint (log, day, size, note) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (log, day) DO UPDATE SET size = $3, note = $4";
        let day = now.div_euclid(DAY);
        tx.execute(DOING, sql, &values![self.key, day, frontier.size(), note]).await.map(drop)
    }

    /// Vouches for the head with another key, if it was written under the former one.
    pub(crate) async fn vouch_anew(&self, tx: &mut Tx, former: &HeadKey, key: &HeadKey) -> Result<(), StoreError> {
        let mac = key.mac(self.id, &self.verifier_key, &self.frontier(former)?);
        let sql = "UPDATE audit_log SET mac = $1 WHERE key = $2";
        tx.execute("writing a log's head", sql, &values![mac, self.key]).await.map(drop)
    }

    /// Notes that another history was shown.
    pub(crate) async fn forked(tx: &mut Tx, log: DeviceId) -> Result<(), StoreError> {
        let sql = "UPDATE audit_log SET state = 'forked' WHERE id = $1";
        tx.execute("noting a forked log", sql, &values![log.to_string()]).await.map(drop)
    }

    /// Notes what another witness has cosigned: the note with its cosignature takes the place of the one without, unless the log has
    /// grown meanwhile.
    pub(crate) async fn witnessed(&self, tx: &mut Tx, size: u64, note: &str) -> Result<(), StoreError> {
        const DOING: &str = "keeping a cosignature";
        let sql = "UPDATE audit_log SET witnessed_size = $1, \
                   checkpoint = CASE WHEN checkpoint_size = $1 THEN $2 ELSE checkpoint END WHERE key = $3";
        tx.execute(DOING, sql, &values![size, note, self.key]).await?;
        let sql = "UPDATE audit_checkpoint SET note = $1 WHERE log = $2 AND size = $3";
        tx.execute(DOING, sql, &values![note, self.key, size]).await.map(drop)
    }

    /// The cosigned checkpoints that are kept, with their sizes.
    pub(crate) async fn checkpoints(&self, tx: &mut Tx) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        let sql = "SELECT size, note FROM audit_checkpoint WHERE log = $1 ORDER BY size";
        let rows = tx.all("reading the checkpoints", sql, &values![self.key]).await?;
        let mut kept = rows
            .iter()
            .map(|row| Ok((row.uint(0)?, row.text(1)?.into_bytes())))
            .collect::<Result<Vec<_>, StoreError>>()?;
        if let Some(note) =
            self.checkpoint.as_ref().filter(|_| kept.iter().all(|(size, _)| *size != self.checkpoint_size))
        {
            kept.push((self.checkpoint_size, note.clone().into_bytes()));
        }
        Ok(kept)
    }

    /// The hashes beside these entries, by their numbers.
    pub(crate) async fn hashes(&self, tx: &mut Tx, from: u64, to: u64) -> Result<HashMap<u64, Vec<u8>>, StoreError> {
        let sql = "SELECT seq, hashes FROM audit_event WHERE log = $1 AND seq BETWEEN $2 AND $3 \
                   UNION ALL SELECT seq, hashes FROM audit_leaf WHERE log = $1 AND seq BETWEEN $2 AND $3";
        let rows = tx.all("reading hashes", sql, &values![self.key, from, to]).await?;
        rows.iter().map(|row| Ok((row.uint(0)?, row.bytes(1)?))).collect()
    }

    /// What `find` makes of the stored hashes. They are fetched as it asks for them: a proof needs a few out of millions.
    pub(crate) async fn with_hashes<T>(
        &self,
        tx: &mut Tx,
        find: impl Fn(&dyn Fn(u64) -> Option<Vec<u8>>) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        let mut known: HashMap<u64, Vec<u8>> = HashMap::new();
        loop {
            let missing = std::cell::Cell::new(None);
            let found = find(&|seq| {
                let hashes = known.get(&seq).cloned();
                if hashes.is_none() {
                    missing.set(Some(seq));
                }
                hashes
            });
            let Some(seq) = missing.get().filter(|_| found.is_none()) else { return Ok(found) };
            let fetched = self.hashes(tx, seq, seq).await?;
            if fetched.is_empty() {
                return Ok(None);
            }
            known.extend(fetched);
        }
    }
}

const DAY: i64 = 24 * 60 * 60 * 1_000_000;

fn read(row: &Row) -> Result<Log, StoreError> {
    Ok(Log {
        key: row.int(0)?,
        id: device_id(&row.text(1)?)?,
        verifier_key: row.text(2)?,
        size: row.uint(3)?,
        frontier: row.bytes(4)?,
        mac: row.bytes(5)?,
        state: if row.text(6)? == "ok" { LogState::Ok } else { LogState::Forked },
        checkpoint: row.opt_text(7)?,
        checkpoint_size: row.uint(8)?,
        witnessed_size: row.uint(9)?,
    })
}
