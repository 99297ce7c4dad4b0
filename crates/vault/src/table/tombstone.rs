//! `patient.destroyed_at` and what `patient_destruction` decided: what is left of what was destroyed.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};
use vigil_model::{DestructionReason, PatientId, ResourceId, ResourceName, ResourceType, UserId};

use super::time;
use crate::destruction::{Decision, Tombstone};
use crate::error::ResultExt as _;
use crate::{DestroyedResource, Tx, VaultError};

const READING: &str = "reading what was destroyed";
const NOTING: &str = "noting what was destroyed";
pub(super) const APPROVED: &str = "approved";
pub(super) const DESTROYED: &str = "destroyed";

impl Tx<'_> {
    /// When this patient's keys were destroyed, for whoever would have read the record.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] for any other patient than the permit's; or the database fails.
    pub fn destroyed_at(&self, patient: &PatientId) -> Result<Option<DateTime<Utc>>, VaultError> {
        self.covered(self.permit.patient().is_none_or(|named| named == patient))?;
        Ok(self.patient(patient)?.and_then(|row| row.destroyed_at).map(time))
    }

    /// What was destroyed of the permit's patient by itself: the chart says so where it was.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] for any other patient than the permit's; or the database fails.
    pub fn destroyed_resources(&self, patient: &PatientId) -> Result<Vec<DestroyedResource>, VaultError> {
        self.may_read(patient)?;
        let mut all = resources(self.sql)?;
        all.retain(|gone| gone.patient == *patient);
        Ok(all)
    }

    /// The request is done; one that this database does not have is taken over.
    pub(super) fn decision_noted(&self, decision: &Decision) -> Result<(), VaultError> {
        let name = decision.resource.as_ref();
        let (r#type, id) = (name.map(|name| name.resource_type.as_str()), name.map(|name| name.id.as_str()));
        let done = self
            .sql
            .execute(
                "UPDATE patient_destruction SET state = ?3, destroyed_at = ?4
                 WHERE patient = ?1 AND state = ?2 AND resource_type IS ?5 AND resource_id IS ?6",
                params![decision.patient.as_str(), APPROVED, DESTROYED, self.now(), r#type, id],
            )
            .doing(NOTING)?;
        if done == 0 {
            self.sql
                .execute(
                    "INSERT INTO patient_destruction (patient, reason, state, requested_by, requested_at, request_entry,
                     expires_at, decided_by, decided_at, destroyed_at, resource_type, resource_id)
                     VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, ?6, ?7, ?8, ?9, ?10)",
                    params![
                        decision.patient.as_str(),
                        decision.reason.code(),
                        DESTROYED,
                        decision.requested_by.to_string(),
                        decision.requested_at.timestamp_micros(),
                        decision.approved_by.to_string(),
                        decision.approved_at.timestamp_micros(),
                        self.now(),
                        r#type,
                        id,
                    ],
                )
                .doing(NOTING)?;
        }
        Ok(())
    }
}

/// Whether this database has it as destroyed; what went with the whole record is.
pub(crate) fn is_destroyed(sql: &Connection, decision: &Decision) -> Result<bool, VaultError> {
    let found: Option<Option<i64>> = sql
        .query_row("SELECT destroyed_at FROM patient WHERE id = ?1", [decision.patient.as_str()], |row| row.get(0))
        .optional()
        .doing(READING)?;
    if found.flatten().is_some() {
        return Ok(true);
    }
    let Some(name) = &decision.resource else { return Ok(false) };
    Ok(resources(sql)?.iter().any(|gone| gone.patient == decision.patient && gone.name == *name))
}

/// Every resource that was destroyed by itself.
pub(super) fn resources(sql: &Connection) -> Result<Vec<DestroyedResource>, VaultError> {
    let rows: Vec<(String, String, String, i64)> = sql
        .prepare_cached(
            "SELECT patient, resource_type, resource_id, destroyed_at FROM patient_destruction
             WHERE state = ?1 AND resource_id IS NOT NULL ORDER BY id",
        )
        .and_then(|mut statement| {
            let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
            statement.query_map([DESTROYED], read)?.collect()
        })
        .doing(READING)?;
    let parse = |(patient, r#type, id, at): &(String, String, String, i64)| {
        let name = name_of(Some(r#type), Some(id))??;
        Some(DestroyedResource { patient: PatientId::parse(patient).ok()?, name, at: time(*at) })
    };
    rows.iter().map(|row| parse(row).ok_or(VaultError::Tampered("patient_destruction"))).collect()
}

/// The resource that a row names, if it names one; `None`: it is malformed.
pub(super) fn name_of(r#type: Option<&str>, id: Option<&str>) -> Option<Option<ResourceName>> {
    match (r#type, id) {
        (None, None) => Some(None),
        (Some(r#type), Some(id)) => Some(Some(ResourceName {
            resource_type: ResourceType::parse(r#type).ok()?,
            id: ResourceId::parse(id).ok()?,
        })),
        (Some(_), None) | (None, Some(_)) => None,
    }
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
        .doing(NOTING)?;
    Ok(())
}

fn read(sql: &Connection, states: &[&str]) -> Result<Vec<Tombstone>, VaultError> {
    let mut statement = sql
        .prepare_cached(
            "SELECT patient, reason, requested_by, requested_at, decided_by, decided_at, resource_type, resource_id
             FROM patient_destruction WHERE state = ?1 ORDER BY id",
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

fn tombstone(raw: &Raw) -> Option<Tombstone> {
    Some(Tombstone(Decision {
        patient: PatientId::parse(&raw.patient).ok()?,
        resource: name_of(raw.resource_type.as_deref(), raw.resource_id.as_deref())?,
        reason: DestructionReason::from_code(&raw.reason)?,
        requested_by: UserId::parse(&raw.requested_by).ok()?,
        requested_at: time(raw.requested_at),
        approved_by: UserId::parse(raw.approved_by.as_deref()?).ok()?,
        approved_at: time(raw.approved_at?),
    }))
}

struct Raw {
    patient: String,
    reason: String,
    requested_by: String,
    requested_at: i64,
    approved_by: Option<String>,
    approved_at: Option<i64>,
    resource_type: Option<String>,
    resource_id: Option<String>,
}

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok(Raw {
        patient: row.get(0)?,
        reason: row.get(1)?,
        requested_by: row.get(2)?,
        requested_at: row.get(3)?,
        approved_by: row.get(4)?,
        approved_at: row.get(5)?,
        resource_type: row.get(6)?,
        resource_id: row.get(7)?,
    })
}
