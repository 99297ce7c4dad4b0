//! `terminology`: which release of each code system was imported, and the digest of its file.

use rusqlite::{Connection, Row, params};
use vigil_policy::Interaction;

use super::time;
use crate::error::ResultExt as _;
use crate::{TerminologyRecord, Tx, VaultError};

const READING: &str = "reading the code systems";
const WRITING: &str = "noting a code system";

impl Tx<'_> {
    /// Notes that a release was imported, in place of the one before.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit; or the database fails.
    pub fn terminology_put(&mut self, record: &TerminologyRecord) -> Result<(), VaultError> {
        self.may(&[Interaction::TerminologyCreate])?;
        let TerminologyRecord { system, release, source, concepts, sha256, at } = record;
        let concepts_stored = i64::try_from(*concepts).unwrap_or(i64::MAX);
        self.sql
            .execute(
                "INSERT OR REPLACE INTO terminology (system, release, source, concepts, sha256, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![system, release, source, concepts_stored, sha256, at.timestamp_micros()],
            )
            .doing(WRITING)?;
        // Not the name of the file: whoever imports it chose that.
        self.about(format!("system={system} release={release} concepts={concepts} sha256={sha256}"));
        Ok(())
    }
}

/// Every release that was imported, by code system.
pub(crate) fn all(sql: &Connection) -> Result<Vec<TerminologyRecord>, VaultError> {
    let read = "SELECT system, release, source, concepts, sha256, at FROM terminology ORDER BY system";
    let mut statement = sql.prepare_cached(read).doing(READING)?;
    let rows = statement.query_map([], of_row).doing(READING)?;
    rows.collect::<Result<_, _>>().doing(READING)
}

fn of_row(row: &Row<'_>) -> rusqlite::Result<TerminologyRecord> {
    let concepts: i64 = row.get(3)?;
    Ok(TerminologyRecord {
        system: row.get(0)?,
        release: row.get(1)?,
        source: row.get(2)?,
        concepts: u64::try_from(concepts).unwrap_or_default(),
        sha256: row.get(4)?,
        at: time(row.get(5)?),
    })
}
