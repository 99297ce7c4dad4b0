//! `patient.destroyed_at` and what `patient_destruction` decided: the deletion itself, and what is left of it.

use rusqlite::{Connection, OptionalExtension, Row, params};
use vigil_model::{DestructionReason, PatientId, UserId};
use vigil_policy::Interaction;

use super::access::bring_up_to;
use super::{group, rotation, time};
use crate::destruction::{Decision, Tombstone};
use crate::error::ResultExt as _;
use crate::{Tx, VaultError, crash, log};

const READING: &str = "reading what was destroyed";
const DESTROYING: &str = "destroying a patient's keys";
pub(super) const APPROVED: &str = "approved";
pub(super) const DESTROYED: &str = "destroyed";

impl Tx<'_> {
    /// Deletes whatever opens or tells the record of the permit's patient. What stays are ids, times and the audit entries.
    pub(crate) fn patient_destroy(&mut self, decision: &Decision) -> Result<(), VaultError> {
        self.may(&[Interaction::PatientDestroy])?;
        let id = &decision.patient;
        self.covered(self.permit.patient() == Some(id))?;
        let row = match self.patient(id)? {
            Some(row) => row,
            // A copy from before the patient came needs the name all the same: the record must not come in later.
            None => self.patient_insert(id)?,
        };
        self.decision_noted(decision)?;
        self.erase(row.number, id)?;
        crash::point("a patient's keys are destroyed, nothing is committed");
        // Other sessions drop what they opened; what the disk may keep of the old pages opens no more after the next start.
        group::changed(self.sql)?;
        rotation::database_key_at_start(self.sql)?;
        self.patients.borrow_mut().clear();
        self.about(format!(
            "reason={} requested-by={} approved-by={}",
            decision.reason.code(),
            decision.requested_by,
            decision.approved_by
        ));
        Ok(())
    }

    /// When this patient's keys were destroyed, for whoever would have read the record.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] for any other patient than the permit's; or the database fails.
    pub fn destroyed_at(&self, patient: &PatientId) -> Result<Option<chrono::DateTime<chrono::Utc>>, VaultError> {
        self.covered(self.permit.patient().is_none_or(|named| named == patient))?;
        Ok(self.patient(patient)?.and_then(|row| row.destroyed_at).map(time))
    }

    /// The request is done; one that this database does not have is taken over.
    fn decision_noted(&self, decision: &Decision) -> Result<(), VaultError> {
        let done = self
            .sql
            .execute(
                "UPDATE patient_destruction SET state = ?3, destroyed_at = ?4 WHERE patient = ?1 AND state = ?2",
                params![decision.patient.as_str(), APPROVED, DESTROYED, self.now()],
            )
            .doing(DESTROYING)?;
        if done == 0 {
            self.sql
                .execute(
                    "INSERT INTO patient_destruction (patient, reason, state, requested_by, requested_at, request_entry,
                     expires_at, decided_by, decided_at, destroyed_at) VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, ?6, ?7, ?8)",
                    params![
                        decision.patient.as_str(),
                        decision.reason.code(),
                        DESTROYED,
                        decision.requested_by.to_string(),
                        decision.requested_at.timestamp_micros(),
                        decision.approved_by.to_string(),
                        decision.approved_at.timestamp_micros(),
                        self.now(),
                    ],
                )
                .doing(DESTROYING)?;
        }
        Ok(())
    }

    fn erase(&self, number: u32, id: &PatientId) -> Result<(), VaultError> {
        // What the log remembers beside its entries about this patient: reasons, texts of searches that found them.
        bring_up_to(self.sql, log::next_seq(self.sql)?.saturating_sub(1))?;
        let (first, last) = (i64::from(number) << 32, i64::from(number) << 32 | i64::from(u32::MAX));
        let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| self.sql.execute(sql, values).doing(DESTROYING);
        run(
            "UPDATE audit_entry SET detail = NULL WHERE detail IS NOT NULL
             AND seq NOT IN (SELECT request_entry FROM patient_destruction WHERE patient = ?2)
             AND (seq IN (SELECT seq FROM audit_patient WHERE patient = ?1)
                  OR seq IN (SELECT review_entry FROM emergency_access WHERE patient = ?1))",
            &[&number, &id.as_str()],
        )?;
        run("DELETE FROM audit_opened WHERE patient = ?1", &[&id.as_str()])?;
        // An identifier leads to a resource that may have moved to another patient since: that one keeps it.
        run(
            "DELETE FROM identifier WHERE (type, id) IN
                (SELECT type, id FROM resource WHERE row BETWEEN ?1 AND ?2
                 UNION SELECT type, id FROM resource_history WHERE patient = ?3)
             AND (type, id) NOT IN (SELECT type, id FROM resource WHERE row NOT BETWEEN ?1 AND ?2)",
            &[&first, &last, &number],
        )?;
        run("DELETE FROM resource WHERE row BETWEEN ?1 AND ?2", &[&first, &last])?;
        run("DELETE FROM resource_history WHERE patient = ?1", &[&number])?;
        run("DELETE FROM resource_count WHERE patient = ?1", &[&number])?;
        run("DELETE FROM patient_key WHERE patient = ?1", &[&number])?;
        run(
            "UPDATE patient SET demographics = NULL, restricted = 0, destroyed_at = ?2 WHERE number = ?1",
            &[&number, &self.now()],
        )?;
        Ok(())
    }
}

/// Whether this database has it as destroyed.
pub(crate) fn is_destroyed(sql: &Connection, patient: &PatientId) -> Result<bool, VaultError> {
    let found: Option<Option<i64>> = sql
        .query_row("SELECT destroyed_at FROM patient WHERE id = ?1", [patient.as_str()], |row| row.get(0))
        .optional()
        .doing(READING)?;
    Ok(found.flatten().is_some())
}

/// The workstation's numbers of the patients whose keys were destroyed.
pub(crate) fn numbers(sql: &Connection) -> Result<Vec<u32>, VaultError> {
    sql.prepare_cached("SELECT number FROM patient WHERE destroyed_at IS NOT NULL")
        .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
        .doing(READING)
}

/// How many were destroyed.
pub(crate) fn count(sql: &Connection) -> Result<u64, VaultError> {
    sql.prepare_cached("SELECT count(*) FROM patient_destruction WHERE state = ?1")
        .and_then(|mut statement| statement.query_row([DESTROYED], |row| row.get(0)))
        .doing(READING)
}

/// Decided and not done.
pub(crate) fn approved(sql: &Connection) -> Result<Vec<Tombstone>, VaultError> {
    read(sql, &[APPROVED])
}

/// Done.
pub(crate) fn destroyed(sql: &Connection) -> Result<Vec<Tombstone>, VaultError> {
    read(sql, &[DESTROYED])
}

/// Both.
pub(crate) fn decided(sql: &Connection) -> Result<Vec<Tombstone>, VaultError> {
    read(sql, &[DESTROYED, APPROVED])
}

/// Whether every page that held something destroyed was overwritten.
pub(crate) fn all_scrubbed(sql: &Connection) -> Result<bool, VaultError> {
    sql.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM patient_destruction WHERE state = ?1 AND scrubbed = 0)",
        [DESTROYED],
        |row| row.get(0),
    )
    .doing(READING)
}

/// Notes that they were.
pub(crate) fn scrubbed(sql: &Connection) -> Result<(), VaultError> {
    sql.execute("UPDATE patient_destruction SET scrubbed = 1 WHERE state = ?1 AND scrubbed = 0", [DESTROYED])
        .doing(DESTROYING)?;
    Ok(())
}

fn read(sql: &Connection, states: &[&str]) -> Result<Vec<Tombstone>, VaultError> {
    let mut statement = sql
        .prepare_cached(
            "SELECT patient, reason, requested_by, requested_at, decided_by, decided_at FROM patient_destruction
             WHERE state = ?1 ORDER BY id",
        )
        .doing(READING)?;
    let mut all = Vec::new();
    for state in states {
        let rows: Vec<Raw> = statement.query_map([state], raw).and_then(Iterator::collect).doing(READING)?;
        for row in rows {
            all.push(tombstone(&row).ok_or(VaultError::Tampered("patient_destruction"))?);
        }
    }
    Ok(all)
}

fn tombstone((patient, reason, requested_by, requested_at, approved_by, approved_at): &Raw) -> Option<Tombstone> {
    Some(Tombstone(Decision {
        patient: PatientId::parse(patient).ok()?,
        reason: DestructionReason::from_code(reason)?,
        requested_by: UserId::parse(requested_by).ok()?,
        requested_at: time(*requested_at),
        approved_by: UserId::parse(approved_by.as_deref()?).ok()?,
        approved_at: time((*approved_at)?),
    }))
}

type Raw = (String, String, String, i64, Option<String>, Option<i64>);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
}
