//! What lies under the directory key: demographics, what belongs to no patient, tokens and digests.

use rusqlite::params;
use vigil_policy::Interaction;

use super::content::HistoryPlace;
use super::{Job, SEALING, count, number_of, number_of_row};
use crate::error::ResultExt as _;
use crate::key::{Digest, DirectoryKey};
use crate::table::group;
use crate::table::patient::{self, PatientRow};
use crate::table::resource::Shelf;
use crate::table::worklist;
use crate::{RotationProgress, Tx, VaultError, crash};

pub(super) const DIRECTORY: &str = "directory";
/// Rows that are looked at in all steps.
pub(super) const ROWS: &str = "
    SELECT (SELECT count(*) FROM patient) + (SELECT count(*) FROM worklist) + (SELECT count(*) FROM identifier) + (SELECT count(*) FROM resource)
        + (SELECT count(*) FROM resource WHERE row < 4294967296)
        + (SELECT count(*) FROM resource_history WHERE patient = 0)";

/// Where the next step goes on, and how many rows this one looked at; `None`: there were none.
type Went = Option<(Vec<u8>, u64)>;

/// What lies under the directory key, in the order in which it is sealed anew.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Demographics,
    Worklist,
    Shared,
    SharedHistory,
    Tokens,
    Digests,
}

impl Step {
    const ALL: [Self; 6] =
        [Self::Demographics, Self::Worklist, Self::Shared, Self::SharedHistory, Self::Tokens, Self::Digests];

    const fn code(self) -> &'static str {
        match self {
            Self::Demographics => "demographics",
            Self::Worklist => "worklist",
            Self::Shared => "shared",
            Self::SharedHistory => "shared-history",
            Self::Tokens => "tokens",
            Self::Digests => "digests",
        }
    }

    fn next(self) -> Option<Self> {
        Self::ALL.into_iter().skip_while(|step| *step != self).nth(1)
    }
}

impl Tx<'_> {
    /// Notes that everything under the directory key has to be sealed under `version`. One that goes on begins again.
    pub(in crate::table) fn directory_reseal_begin(&self, version: u32) -> Result<(), VaultError> {
        self.begin(DIRECTORY, version, Step::Demographics.code())
    }

    /// Seals the next `rows` rows anew that lie under a former version of the directory key. `None`: nothing is left, and
    /// nothing was.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit; [`VaultError::KeysMissing`]; or the database fails.
    pub fn directory_reseal(&mut self, rows: u32) -> Result<Option<RotationProgress>, VaultError> {
        self.may(&[Interaction::KeyReseal])?;
        let Some(mut job) = self.job(DIRECTORY)? else { return Ok(None) };
        let step = Step::ALL.into_iter().find(|step| step.code() == job.step);
        let step = step.ok_or(VaultError::Tampered("key_rotation"))?;
        let key = self.directory_key()?;
        let cursor = match step {
            Step::Demographics => self.reseal_demographics(&key, &job, rows)?,
            Step::Worklist => self.reseal_worklist(&key, &job, rows)?,
            Step::Shared => self.reseal_shared(&key, &job, rows)?,
            Step::SharedHistory => self.reseal_shared_history(&key, &job, rows)?,
            Step::Tokens => self.lift_tokens(&key, &job, rows)?,
            Step::Digests => self.lift_digests(&key, &job, rows)?,
        };
        crash::point("rows are sealed anew, nothing is committed");
        let finished = match (cursor, step.next()) {
            (Some((cursor, done)), _) => {
                job.done = job.done.saturating_add(done);
                self.go_on(DIRECTORY, step.code(), &cursor, job.done)?;
                false
            }
            (None, Some(next)) => {
                self.go_on(DIRECTORY, next.code(), &[], job.done)?;
                false
            }
            (None, None) => {
                self.end(DIRECTORY)?;
                // Sessions stop to look for tokens of former versions.
                group::changed(self.sql)?;
                true
            }
        };
        let total = count(self.sql, ROWS)?;
        self.about(format!("key=directory/{} sealed-anew={}", job.version, step.code()));
        Ok(Some(RotationProgress { done: job.done.min(total), total, finished }))
    }

    fn reseal_demographics(&self, key: &DirectoryKey, job: &Job, rows: u32) -> Result<Went, VaultError> {
        let found: Vec<(PatientRow, String, Option<Vec<u8>>)> = self
            .sql
            .prepare_cached(
                "SELECT number, restricted, version, directory_version, id, demographics FROM patient
                 WHERE number > ?1 ORDER BY number LIMIT ?2",
            )
            .and_then(|mut statement| {
                let read = |row: &rusqlite::Row<'_>| {
                    let patient = PatientRow {
                        number: row.get(0)?,
                        restricted: row.get(1)?,
                        version: row.get(2)?,
                        sealed_under: row.get(3)?,
                        destroyed_at: None,
                    };
                    Ok((patient, row.get(4)?, row.get(5)?))
                };
                statement.query_map(params![number_of(&job.cursor), rows], read)?.collect()
            })
            .doing(SEALING)?;
        let Some((last, ..)) = found.last() else { return Ok(None) };
        let (cursor, count) = (last.number.to_be_bytes().to_vec(), found.len() as u64);
        let fresh = key.seal()?;
        for (row, id, sealed) in found {
            let next = PatientRow { sealed_under: key.newest(), ..row };
            let sealed = match sealed {
                Some(sealed) if row.sealed_under != key.newest() => sealed,
                _ => continue,
            };
            let Some(former) = key.open(row.sealed_under) else { continue };
            let opened = former.open(&patient::place(row, &id), &sealed);
            self.notice(&opened, "patient", || id.clone());
            let Ok(text) = opened else { continue };
            let place = patient::place(next, &id);
            let sealed = fresh.seal(&place, &text)?;
            if fresh.open(&place, &sealed).is_ok_and(|again| *again == *text) {
                self.sql
                    .prepare_cached("UPDATE patient SET demographics = ?2, directory_version = ?3 WHERE number = ?1")
                    .and_then(|mut statement| statement.execute(params![row.number, sealed, next.sealed_under]))
                    .doing(SEALING)?;
            }
        }
        Ok(Some((cursor, count)))
    }

    fn reseal_worklist(&self, key: &DirectoryKey, job: &Job, rows: u32) -> Result<Went, VaultError> {
        let found: Vec<(i64, [String; 3], u32, Vec<u8>)> = self
            .sql
            .prepare_cached(
                "SELECT row, name, worklist.id, patient.id, worklist.directory_version, sealed FROM worklist
                 JOIN resource_type ON resource_type.number = worklist.type JOIN patient ON patient.number = worklist.patient
                 WHERE row > ?1 ORDER BY row LIMIT ?2",
            )
            .and_then(|mut statement| {
                let read = |row: &rusqlite::Row<'_>| {
                    Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?], row.get(4)?, row.get(5)?))
                };
                statement.query_map(params![number_of_row(&job.cursor), rows], read)?.collect()
            })
            .doing(SEALING)?;
        let Some((last, ..)) = found.last() else { return Ok(None) };
        let (cursor, count) = (last.to_be_bytes().to_vec(), found.len() as u64);
        let fresh = key.seal()?;
        for (row, [r#type, id, patient], version, sealed) in found {
            let Some(former) = key.open(version).filter(|_| version != key.newest()) else { continue };
            let opened = former.open(&worklist::place(&r#type, &id, &patient, version), &sealed);
            self.notice(&opened, "worklist", || format!("{type}/{id}"));
            let Ok(text) = opened else { continue };
            let place = worklist::place(&r#type, &id, &patient, key.newest());
            let sealed = fresh.seal(&place, &text)?;
            if fresh.open(&place, &sealed).is_ok_and(|again| *again == *text) {
                self.sql
                    .prepare_cached("UPDATE worklist SET sealed = ?2, directory_version = ?3 WHERE row = ?1")
                    .and_then(|mut statement| statement.execute(params![row, sealed, key.newest()]))
                    .doing(SEALING)?;
            }
        }
        Ok(Some((cursor, count)))
    }

    fn reseal_shared(&self, key: &DirectoryKey, job: &Job, rows: u32) -> Result<Went, VaultError> {
        let key_of = |version: u32| key.open(version);
        let fresh = key.seal()?;
        let from = number_of_row(&job.cursor).saturating_add(1);
        let done = self.reseal_rows(Shelf(None), (from, i64::from(u32::MAX)), (key.newest(), &fresh), &key_of, rows)?;
        Ok(done.map(|(last, count)| (last.to_be_bytes().to_vec(), count)))
    }

    /// What is replaced meanwhile cannot be missed: the step before sealed every current row anew, so that only rows under
    /// the newest key come into the history behind the cursor.
    fn reseal_shared_history(&self, key: &DirectoryKey, job: &Job, rows: u32) -> Result<Went, VaultError> {
        let key_of = |version: u32| key.open(version);
        let fresh = key.seal()?;
        let after = HistoryPlace::from_cursor(&job.cursor);
        let done = self.reseal_history(Shelf(None), &after, (key.newest(), &fresh), &key_of, rows)?;
        Ok(done.map(|(last, count)| (last.to_cursor(), count)))
    }

    fn lift_tokens(&self, key: &DirectoryKey, job: &Job, rows: u32) -> Result<Went, VaultError> {
        // What was lifted lies elsewhere in the order, under the newest version, and is not met again.
        let found: Vec<([u8; 32], u32, String, u32)> = self
            .sql
            .prepare_cached(
                "SELECT token, type, id, directory_version FROM identifier
                 WHERE token >= ?1 AND directory_version < ?2 ORDER BY token LIMIT ?3",
            )
            .and_then(|mut statement| {
                let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
                statement.query_map(params![job.cursor, key.newest(), rows], read)?.collect()
            })
            .doing(SEALING)?;
        let Some((last, ..)) = found.last() else { return Ok(None) };
        let (cursor, count) = (last.to_vec(), found.len() as u64);
        let mut update = self
            .sql
            .prepare_cached(
                "UPDATE OR REPLACE identifier SET token = ?4, directory_version = ?5
                 WHERE token = ?1 AND type = ?2 AND id = ?3",
            )
            .doing(SEALING)?;
        for (token, r#type, id, version) in found {
            let lifted = key.token_lifted(token, version);
            update.execute(params![token, r#type, id, lifted, key.newest()]).doing(SEALING)?;
        }
        Ok(Some((cursor, count)))
    }

    fn lift_digests(&self, key: &DirectoryKey, job: &Job, rows: u32) -> Result<Went, VaultError> {
        let found: Vec<(i64, Vec<u8>)> = self
            .sql
            .prepare_cached("SELECT row, digest FROM resource WHERE row > ?1 ORDER BY row LIMIT ?2")
            .and_then(|mut statement| {
                let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
                statement.query_map(params![number_of_row(&job.cursor), rows], read)?.collect()
            })
            .doing(SEALING)?;
        let Some((last, _)) = found.last() else { return Ok(None) };
        let (cursor, count) = (last.to_be_bytes().to_vec(), found.len() as u64);
        let mut update = self.sql.prepare_cached("UPDATE resource SET digest = ?2 WHERE row = ?1").doing(SEALING)?;
        for (row, stored) in found {
            let stored = Digest::from_stored(&stored).filter(|digest| digest.version < key.newest());
            if let Some(stored) = stored {
                update.execute(params![row, key.digest_lifted(stored).to_stored()]).doing(SEALING)?;
            }
        }
        Ok(Some((cursor, count)))
    }
}
