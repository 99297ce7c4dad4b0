//! Sealing anew what lies under former keys: step by step, each step one transaction with its audit entry, so that it can
//! be stopped or cut off anywhere and goes on where it was.
//!
//! A row is opened, sealed under the new key, opened again from what was sealed, and only then replaced, within the
//! transaction. A row that does not open is left as it is, with an alert.

mod content;
mod directory;
mod patients;

use rusqlite::{Connection, OptionalExtension, params};

use self::directory::DIRECTORY;
use self::patients::PATIENTS;
use crate::error::ResultExt as _;
use crate::{RotationProgress, Tx, VaultError};

const SEALING: &str = "sealing anew what lies under a former key";

/// How far a change has come.
struct Job {
    version: u32,
    step: String,
    cursor: Vec<u8>,
    done: u64,
}

impl Tx<'_> {
    fn begin(&self, kind: &str, version: u32, step: &str) -> Result<(), VaultError> {
        self.sql
            .execute(
                "INSERT OR REPLACE INTO key_rotation VALUES (?1, ?2, ?3, x'', 0, ?4)",
                params![kind, version, step, self.now()],
            )
            .doing(SEALING)?;
        Ok(())
    }

    fn go_on(&self, kind: &str, step: &str, cursor: &[u8], done: u64) -> Result<(), VaultError> {
        self.sql
            .execute(
                "UPDATE key_rotation SET step = ?2, cursor = ?3, done = ?4 WHERE kind = ?1",
                params![kind, step, cursor, done],
            )
            .doing(SEALING)?;
        Ok(())
    }

    fn end(&self, kind: &str) -> Result<(), VaultError> {
        self.sql.execute("DELETE FROM key_rotation WHERE kind = ?1", [kind]).doing(SEALING)?;
        Ok(())
    }

    fn job(&self, kind: &str) -> Result<Option<Job>, VaultError> {
        job(self.sql, kind)
    }
}

/// How far the directory has come; `None`: nothing is under way.
pub(super) fn progress_of_directory(sql: &Connection) -> Result<Option<RotationProgress>, VaultError> {
    progress(sql, DIRECTORY, directory::ROWS)
}

/// How far the patients' records have come; `None`: nothing is under way.
pub(super) fn progress_of_patients(sql: &Connection) -> Result<Option<RotationProgress>, VaultError> {
    progress(sql, PATIENTS, patients::ROWS)
}

fn progress(sql: &Connection, kind: &str, rows: &str) -> Result<Option<RotationProgress>, VaultError> {
    let Some(job) = job(sql, kind)? else { return Ok(None) };
    let total = count(sql, rows)?;
    Ok(Some(RotationProgress { done: job.done.min(total), total, finished: false }))
}

fn job(sql: &Connection, kind: &str) -> Result<Option<Job>, VaultError> {
    sql.query_row("SELECT version, step, cursor, done FROM key_rotation WHERE kind = ?1", [kind], |row| {
        Ok(Job { version: row.get(0)?, step: row.get(1)?, cursor: row.get(2)?, done: row.get(3)? })
    })
    .optional()
    .doing(SEALING)
}

fn count(sql: &Connection, select: &str) -> Result<u64, VaultError> {
    sql.query_row(select, [], |row| row.get(0)).doing(SEALING)
}

fn number_of(cursor: &[u8]) -> u32 {
    cursor.try_into().map_or(0, u32::from_be_bytes)
}

fn number_of_row(cursor: &[u8]) -> i64 {
    cursor.try_into().map_or(0, i64::from_be_bytes)
}
