//! Sealing anew what lies under former keys: step by step, each step one transaction with its audit entry, so that it can
//! be stopped or cut off anywhere and goes on where it was.
//!
//! A row is opened, sealed under the new key, opened again from what was sealed, and only then replaced, within the
//! transaction. A row that does not open is left as it is, with an alert.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use vigil_model::PatientId;
use vigil_policy::Interaction;

use super::grant;
use super::group::{self, GroupKey};
use super::patient::{self, PatientRow};
use super::resource::{self, PATIENT_BITS, Shelf};
use crate::crash;
use crate::error::ResultExt as _;
use crate::key::{Digest, DirectoryKey, Kek, PrivateKey};
use crate::slot::Owner;
use crate::{RotationProgress, Tx, UserKeys, VaultError};

const SEALING: &str = "sealing anew what lies under a former key";
const DIRECTORY: &str = "directory";
const PATIENTS: &str = "patients";

/// What lies under the directory key, in the order in which it is sealed anew.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Demographics,
    Shared,
    SharedHistory,
    Tokens,
    Digests,
}

impl Step {
    const ALL: [Self; 5] = [Self::Demographics, Self::Shared, Self::SharedHistory, Self::Tokens, Self::Digests];

    const fn code(self) -> &'static str {
        match self {
            Self::Demographics => "demographics",
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

/// How far a change has come.
struct Job {
    version: u32,
    step: String,
    cursor: Vec<u8>,
    done: u64,
}

impl Tx<'_> {
    /// Notes that everything under the directory key has to be sealed under `version`. One that goes on begins again.
    pub(super) fn directory_reseal_begin(&self, version: u32) -> Result<(), VaultError> {
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
        let total = count(self.sql, DIRECTORY_ROWS)?;
        self.about(format!("key=directory/{} sealed-anew={}", job.version, step.code()));
        Ok(Some(RotationProgress { done: job.done.min(total), total, finished }))
    }

    /// Notes that the content of every chart has to be sealed under a new key of its patient.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit; or the database fails.
    pub fn patient_keys_rotate(&mut self) -> Result<(), VaultError> {
        self.may(&[Interaction::KeyRotate])?;
        self.begin(PATIENTS, 0, PATIENTS)?;
        // Sessions write under new keys from now on.
        group::changed(self.sql)?;
        self.about("key=patient".to_owned());
        Ok(())
    }

    /// Seals the content of the next patients under new keys, until `rows` records were sealed anew: old versions stay, for
    /// what the audit log remembers lies under them. The entry names the patients. `None`: nothing is left.
    ///
    /// # Errors
    /// As [`Tx::directory_reseal`].
    pub fn patients_reseal(&mut self, rows: u32, from: &UserKeys) -> Result<Option<RotationProgress>, VaultError> {
        self.may(&[Interaction::KeyReseal])?;
        let Some(mut job) = self.job(PATIENTS)? else { return Ok(None) };
        let device = self.vault.device;
        let authority = grant::authority(self.sql, Owner { device, user: from.user }, &from.private)?;
        self.used_group_key(GroupKey::Authority)?;
        self.used_group_key(GroupKey::BreakGlass)?;
        let (_, secret) = group::held(self.sql, device, GroupKey::BreakGlass, &authority)?;
        let break_glass = PrivateKey::from_secret(&secret)?;
        let mut sealed = 0_u64;
        let mut last = number_of(&job.cursor);
        let mut finished = false;
        while sealed < u64::from(rows) {
            let Some((row, id)) = self.patient_after(last)? else {
                finished = true;
                break;
            };
            sealed = sealed.saturating_add(1).saturating_add(self.reseal_patient(row, &id, &break_glass)?);
            last = row.number;
            job.done = job.done.saturating_add(1);
            crash::point("a patient's records are sealed anew, nothing is committed");
        }
        if finished {
            self.end(PATIENTS)?;
        } else {
            self.go_on(PATIENTS, PATIENTS, &last.to_be_bytes(), job.done)?;
        }
        self.about("key=patient sealed-anew=records".to_owned());
        let total = count(self.sql, PATIENT_ROWS)?;
        Ok(Some(RotationProgress { done: job.done.min(total), total, finished }))
    }

    fn reseal_patient(&mut self, row: PatientRow, id: &PatientId, with: &PrivateKey) -> Result<u64, VaultError> {
        let former = patient::keys_in_emergency(self.sql, with, row.number, id)?;
        // A patient without a key that opens has nothing that could be sealed anew: never written about, or destroyed.
        if former.is_empty() {
            return Ok(0);
        }
        let (version, kek) = self.patient_key_make(row, id)?;
        self.fresh.patient.remove(&row.number);
        self.touched.insert(row.number);
        let shelf = Shelf(Some((row, id)));
        let first = i64::from(row.number) << PATIENT_BITS;
        let key_of = |version: u32| former.get(&version).cloned();
        let current =
            self.reseal_rows(shelf, first, first | i64::from(u32::MAX), (version, &kek), &key_of, u32::MAX)?;
        let history = self.reseal_history(shelf, 0, (version, &kek), &key_of, u32::MAX)?;
        Ok(current.map_or(0, |(_, count)| count).saturating_add(history.map_or(0, |(_, count)| count)))
    }

    fn reseal_demographics(
        &self,
        key: &DirectoryKey,
        job: &Job,
        rows: u32,
    ) -> Result<Option<(Vec<u8>, u64)>, VaultError> {
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

    fn reseal_shared(&self, key: &DirectoryKey, job: &Job, rows: u32) -> Result<Option<(Vec<u8>, u64)>, VaultError> {
        let key_of = |version: u32| key.open(version);
        let fresh = key.seal()?;
        let from = number_of_row(&job.cursor).saturating_add(1);
        let done = self.reseal_rows(Shelf(None), from, i64::from(u32::MAX), (key.newest(), &fresh), &key_of, rows)?;
        Ok(done.map(|(last, count)| (last.to_be_bytes().to_vec(), count)))
    }

    fn reseal_shared_history(
        &self,
        key: &DirectoryKey,
        job: &Job,
        rows: u32,
    ) -> Result<Option<(Vec<u8>, u64)>, VaultError> {
        let key_of = |version: u32| key.open(version);
        let fresh = key.seal()?;
        let done =
            self.reseal_history(Shelf(None), number_of_row(&job.cursor), (key.newest(), &fresh), &key_of, rows)?;
        Ok(done.map(|(last, count)| (last.to_be_bytes().to_vec(), count)))
    }

    /// Seals the content of rows `first` to `last` anew, at most so many; the last one looked at and how many.
    fn reseal_rows(
        &self,
        shelf: Shelf<'_>,
        first: i64,
        last: i64,
        next: (u32, &Arc<Kek>),
        key_of: &dyn Fn(u32) -> Option<Arc<Kek>>,
        limit: u32,
    ) -> Result<Option<(i64, u64)>, VaultError> {
        let found = self.sealed_rows(
            "SELECT row, name, id, version, key_version, content FROM resource JOIN resource_type ON number = type
             WHERE row BETWEEN ?1 AND ?2 ORDER BY row LIMIT ?3",
            params![first, last, limit],
        )?;
        self.reseal_found(
            shelf,
            &found,
            next,
            key_of,
            "resource",
            "UPDATE resource SET content = ?2, key_version = ?3 WHERE row = ?1",
        )
    }

    fn reseal_history(
        &self,
        shelf: Shelf<'_>,
        after: i64,
        next: (u32, &Arc<Kek>),
        key_of: &dyn Fn(u32) -> Option<Arc<Kek>>,
        limit: u32,
    ) -> Result<Option<(i64, u64)>, VaultError> {
        let found = self.sealed_rows(
            "SELECT h.rowid, name, id, version, key_version, content FROM resource_history AS h
             JOIN resource_type ON number = type WHERE patient = ?1 AND h.rowid > ?2 ORDER BY h.rowid LIMIT ?3",
            params![shelf.number(), after, limit],
        )?;
        self.reseal_found(
            shelf,
            &found,
            next,
            key_of,
            "resource_history",
            "UPDATE resource_history SET content = ?2, key_version = ?3 WHERE rowid = ?1",
        )
    }

    fn sealed_rows(&self, select: &str, params: impl rusqlite::Params) -> Result<Vec<SealedRow>, VaultError> {
        self.sql
            .prepare_cached(select)
            .and_then(|mut statement| {
                let read = |row: &rusqlite::Row<'_>| {
                    Ok(SealedRow {
                        row: row.get(0)?,
                        r#type: row.get(1)?,
                        id: row.get(2)?,
                        version: row.get(3)?,
                        key_version: row.get(4)?,
                        content: row.get(5)?,
                    })
                };
                statement.query_map(params, read)?.collect()
            })
            .doing(SEALING)
    }

    fn reseal_found(
        &self,
        shelf: Shelf<'_>,
        found: &[SealedRow],
        (version, kek): (u32, &Arc<Kek>),
        key_of: &dyn Fn(u32) -> Option<Arc<Kek>>,
        table: &'static str,
        update: &str,
    ) -> Result<Option<(i64, u64)>, VaultError> {
        let Some(last) = found.last() else { return Ok(None) };
        let mut statement = self.sql.prepare_cached(update).doing(SEALING)?;
        for row in found.iter().filter(|row| row.key_version != version) {
            let Some(former) = key_of(row.key_version) else { continue };
            let place = |key_version| resource::place(shelf, &row.r#type, &row.id, key_version, row.version);
            let opened = former.open_content(&place(row.key_version), &row.content);
            self.notice(&opened, table, || format!("{}/{}", row.r#type, row.id));
            let Ok(text) = opened else { continue };
            let sealed = kek.seal_content(&place(version), &text)?;
            if kek.open_content(&place(version), &sealed).is_ok_and(|again| *again == *text) {
                statement.execute(params![row.row, sealed, version]).doing(SEALING)?;
            }
        }
        Ok(Some((last.row, found.len() as u64)))
    }

    fn lift_tokens(&self, key: &DirectoryKey, job: &Job, rows: u32) -> Result<Option<(Vec<u8>, u64)>, VaultError> {
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

    fn lift_digests(&self, key: &DirectoryKey, job: &Job, rows: u32) -> Result<Option<(Vec<u8>, u64)>, VaultError> {
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

    fn patient_after(&self, number: u32) -> Result<Option<(PatientRow, PatientId)>, VaultError> {
        let id: Option<String> = self
            .sql
            .prepare_cached("SELECT id FROM patient WHERE number > ?1 ORDER BY number LIMIT 1")
            .and_then(|mut statement| statement.query_row([number], |row| row.get(0)).optional())
            .doing(SEALING)?;
        let Some(id) = id else { return Ok(None) };
        let id = PatientId::parse(&id).map_err(|_| VaultError::Tampered("patient"))?;
        Ok(self.patient(&id)?.map(|row| (row, id)))
    }

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

/// Rows that are looked at in all steps of the directory.
const DIRECTORY_ROWS: &str = "
    SELECT (SELECT count(*) FROM patient) + (SELECT count(*) FROM identifier) + (SELECT count(*) FROM resource)
        + (SELECT count(*) FROM resource WHERE row < 4294967296)
        + (SELECT count(*) FROM resource_history WHERE patient = 0)";
const PATIENT_ROWS: &str = "SELECT count(*) FROM patient";

/// How far the directory has come; `None`: nothing is under way.
pub(super) fn progress_of_directory(sql: &Connection) -> Result<Option<RotationProgress>, VaultError> {
    progress(sql, DIRECTORY, DIRECTORY_ROWS)
}

/// How far the patients' records have come; `None`: nothing is under way.
pub(super) fn progress_of_patients(sql: &Connection) -> Result<Option<RotationProgress>, VaultError> {
    progress(sql, PATIENTS, PATIENT_ROWS)
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

/// A sealed record as it lies in a table.
struct SealedRow {
    row: i64,
    r#type: String,
    id: String,
    version: u32,
    key_version: u32,
    content: Vec<u8>,
}

fn number_of(cursor: &[u8]) -> u32 {
    cursor.try_into().map_or(0, u32::from_be_bytes)
}

fn number_of_row(cursor: &[u8]) -> i64 {
    cursor.try_into().map_or(0, i64::from_be_bytes)
}
