//! `outbox`, `outbox_urgent`, `outbox_quarantine` and `outbox_receipt`: what waits for the server and what it confirmed.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use vigil_policy::Interaction;

use crate::error::ResultExt as _;
use crate::table::time;
use crate::{Tx, VaultError};

pub(crate) const READING: &str = "reading the outbox";
pub(crate) const WRITING: &str = "writing the outbox";

/// One sealed entry.
pub(crate) struct OutboxRow {
    /// The id of the server's key.
    pub(crate) key: u32,
    /// HPKE's encapsulated key.
    pub(crate) encapsulated: Vec<u8>,
    pub(crate) nonce: u64,
    pub(crate) sealed: Vec<u8>,
}

/// The newest receipt.
pub(crate) struct ReceiptRow {
    pub(crate) size: u64,
    pub(crate) at: DateTime<Utc>,
}

impl Tx<'_> {
    /// Leaves an entry behind that the server cannot open: its leaf hash goes in its place. That it stays is on record.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit; or the database fails.
    pub fn outbox_quarantine(&mut self, seq: u64, why: &str) -> Result<(), VaultError> {
        self.may(&[Interaction::OutboxQuarantine])?;
        self.sql
            .execute(
                "INSERT OR IGNORE INTO outbox_quarantine VALUES (?1, ?2, ?3)",
                params![seq, why, self.at.utc.timestamp_micros()],
            )
            .doing(WRITING)?;
        self.about(format!("entry={seq} why={why}"));
        Ok(())
    }
}

pub(crate) fn insert(sql: &Connection, seq: u64, row: &OutboxRow, urgent: bool) -> Result<(), VaultError> {
    sql.prepare_cached("INSERT INTO outbox VALUES (?1, ?2, ?3, ?4, ?5)")
        .and_then(|mut statement| statement.execute(params![seq, row.key, row.encapsulated, row.nonce, row.sealed]))
        .doing(WRITING)?;
    if urgent {
        sql.execute("INSERT INTO outbox_urgent VALUES (?1)", [seq]).doing(WRITING)?;
    }
    Ok(())
}

pub(crate) fn row(sql: &Connection, seq: u64) -> Result<Option<OutboxRow>, VaultError> {
    sql.prepare_cached("SELECT key, encapsulated, nonce, sealed FROM outbox WHERE seq = ?1")
        .and_then(|mut statement| {
            statement
                .query_row([seq], |row| {
                    Ok(OutboxRow {
                        key: row.get(0)?,
                        encapsulated: row.get(1)?,
                        nonce: row.get(2)?,
                        sealed: row.get(3)?,
                    })
                })
                .optional()
        })
        .doing(READING)
}

pub(crate) fn is_quarantined(sql: &Connection, seq: u64) -> Result<bool, VaultError> {
    sql.prepare_cached("SELECT 1 FROM outbox_quarantine WHERE seq = ?1")
        .and_then(|mut statement| statement.exists([seq]))
        .doing(READING)
}

/// Urgent entries that no receipt covers and that were not delivered out of turn either, oldest first. One in quarantine is not among them:
/// its hash alone tells nobody anything.
pub(crate) fn urgent(sql: &Connection, most: usize) -> Result<Vec<u64>, VaultError> {
    sql.prepare_cached(
        "SELECT seq FROM outbox_urgent WHERE seq NOT IN (SELECT seq FROM outbox_quarantine) ORDER BY seq LIMIT ?1",
    )
    .and_then(|mut statement| {
        statement.query_map([i64::try_from(most).unwrap_or(i64::MAX)], |row| row.get(0))?.collect()
    })
    .doing(READING)
}

pub(crate) fn urgent_delivered(sql: &Connection, seqs: &[u64]) -> Result<(), VaultError> {
    for seq in seqs {
        sql.execute("DELETE FROM outbox_urgent WHERE seq = ?1", [seq]).doing(WRITING)?;
    }
    Ok(())
}

pub(crate) fn forget_seal(sql: &Connection, seq: u64) -> Result<(), VaultError> {
    sql.execute("DELETE FROM outbox WHERE seq = ?1", [seq]).doing(WRITING)?;
    Ok(())
}

/// In quarantine, and urgent.
pub(crate) fn counts(sql: &Connection) -> Result<(u64, u64), VaultError> {
    sql.query_row(
        "SELECT (SELECT count(*) FROM outbox_quarantine),
            (SELECT count(*) FROM outbox_urgent WHERE seq NOT IN (SELECT seq FROM outbox_quarantine))",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
    .doing(READING)
}

pub(crate) fn receipt(sql: &Connection) -> Result<Option<ReceiptRow>, VaultError> {
    sql.prepare_cached("SELECT size, at FROM outbox_receipt")
        .and_then(|mut statement| {
            statement.query_row([], |row| Ok(ReceiptRow { size: row.get(0)?, at: time(row.get(1)?) })).optional()
        })
        .doing(READING)
}

/// The server holds everything up to `size`. An older receipt says nothing new.
pub(crate) fn confirm(sql: &Connection, size: u64, note: &str, at: DateTime<Utc>) -> Result<(), VaultError> {
    if receipt(sql)?.is_some_and(|known| known.size > size) {
        return Ok(());
    }
    sql.execute(
        "INSERT OR REPLACE INTO outbox_receipt VALUES (1, ?1, ?2, ?3)",
        params![size, note, at.timestamp_micros()],
    )
    .doing(WRITING)?;
    sql.execute("DELETE FROM outbox WHERE seq <= ?1", [size]).doing(WRITING)?;
    sql.execute("DELETE FROM outbox_urgent WHERE seq <= ?1", [size]).doing(WRITING)?;
    Ok(())
}
