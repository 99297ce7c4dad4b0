//! `amendment_request`: amendments that patients ask for and nobody has decided yet. Ids and days alone: what is asked stands in the Task,
//! under the key of its patient, and these rows only lead there.

use rusqlite::params;
use vigil_model::{PatientId, ResourceId, Section};
use vigil_policy::Interaction;

use crate::error::ResultExt as _;
use crate::{AmendmentDue, Tx, VaultError};

const READING: &str = "reading which amendments are due";
const STORING: &str = "storing by when an amendment is due";

impl Tx<'_> {
    /// An amendment has to be decided by `due` (`2026-11-21`): a new one, or one whose time was extended.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] for another patient and with a permit that writes no such requests; or the database fails.
    pub fn amendment_due_by(&mut self, patient: &PatientId, task: &ResourceId, due: &str) -> Result<(), VaultError> {
        self.may_write_amendments(patient)?;
        let row = self.patient(patient)?.ok_or(VaultError::Invalid("there is no patient with this id"))?;
        self.sql
            .execute(
                "INSERT INTO amendment_request (task, patient, due) VALUES (?1, ?2, ?3)
                 ON CONFLICT (task) DO UPDATE SET due = ?3",
                params![task.as_str(), row.number, due],
            )
            .doing(STORING)?;
        Ok(())
    }

    /// An amendment was decided.
    ///
    /// # Errors
    /// As [`Tx::amendment_due_by`].
    pub fn amendment_decided(&mut self, patient: &PatientId, task: &ResourceId) -> Result<(), VaultError> {
        self.may_write_amendments(patient)?;
        self.sql.execute("DELETE FROM amendment_request WHERE task = ?1", [task.as_str()]).doing(STORING)?;
        Ok(())
    }

    /// What waits for a decision, the most urgent first.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`]; or the database fails.
    pub fn amendments_due(&self) -> Result<Vec<AmendmentDue>, VaultError> {
        self.may(&[Interaction::TaskSearch])?;
        let mut statement = self
            .sql
            .prepare_cached(
                "SELECT task, patient.id, due FROM amendment_request
                 JOIN patient ON patient.number = amendment_request.patient
                 WHERE patient.destroyed_at IS NULL ORDER BY due, task",
            )
            .doing(READING)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).doing(READING)?;
        rows.map(|row| {
            let (task, patient, due): (String, String, String) = row.doing(READING)?;
            let tampered = || VaultError::Tampered("amendment_request");
            Ok(AmendmentDue {
                task: ResourceId::parse(&task).map_err(|_| tampered())?,
                patient: PatientId::parse(&patient).map_err(|_| tampered())?,
                due,
            })
        })
        .collect()
    }

    fn may_write_amendments(&self, patient: &PatientId) -> Result<(), VaultError> {
        let section = Section::Amendments;
        self.may(&[Interaction::ResourceCreate(section), Interaction::ResourceUpdate(section)])?;
        self.covered(self.permit.patient() == Some(patient))
    }
}
