//! What is deleted when keys are destroyed: everything of a patient, or one resource of a record that stays.

use rusqlite::params;
use vigil_model::{PatientId, ResourceName};
use vigil_policy::Interaction;

use super::access::bring_up_to;
use super::resource::PATIENT_BITS;
use super::{group, rotation};
use crate::destruction::Decision;
use crate::error::ResultExt as _;
use crate::{Tx, VaultError, crash, log};

const DESTROYING: &str = "destroying a patient's keys";

impl Tx<'_> {
    /// Deletes whatever opens or tells what was decided about. What stays are ids, times and the audit entries.
    pub(crate) fn destroy(&mut self, decision: &Decision) -> Result<(), VaultError> {
        let id = &decision.patient;
        self.covered(self.permit.patient() == Some(id))?;
        match &decision.resource {
            Some(name) => {
                self.may(&[Interaction::ResourceDestroy])?;
                self.decision_noted(decision)?;
                self.erase_resource(name)?;
            }
            None => {
                self.may(&[Interaction::PatientDestroy])?;
                let row = match self.patient(id)? {
                    Some(row) => row,
                    // A copy from before the patient came needs the name all the same: the record must not come in later.
                    None => self.patient_insert(id)?,
                };
                self.decision_noted(decision)?;
                self.erase_record(row.number, id)?;
            }
        }
        crash::point("a patient's keys are destroyed, nothing is committed");
        // Other sessions drop what they opened; what the disk may keep of the old pages opens no more after the next start.
        group::changed(self.sql)?;
        rotation::database_key_at_start(self.sql)?;
        self.patients.borrow_mut().clear();
        let what = decision.resource.as_ref().map(|name| format!("resource={name} ")).unwrap_or_default();
        self.about(format!(
            "{what}reason={} requested-by={} approved-by={}",
            decision.reason.code(),
            decision.requested_by,
            decision.approved_by
        ));
        Ok(())
    }

    fn erase_record(&self, number: u32, id: &PatientId) -> Result<(), VaultError> {
        // What the log remembers beside its entries about this patient: reasons, texts of searches that found them.
        bring_up_to(self.sql, log::next_seq(self.sql)?.saturating_sub(1))?;
        let first = i64::from(number) << PATIENT_BITS;
        let last = first | i64::from(u32::MAX);
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
        run(
            "DELETE FROM resource_version WHERE (type, id) IN
                (SELECT type, id FROM resource WHERE row BETWEEN ?1 AND ?2
                 UNION SELECT type, id FROM resource_history WHERE patient = ?3)
             AND (type, id) NOT IN (SELECT type, id FROM resource WHERE row NOT BETWEEN ?1 AND ?2)",
            &[&first, &last, &number],
        )?;
        run("DELETE FROM resource WHERE row BETWEEN ?1 AND ?2", &[&first, &last])?;
        run("DELETE FROM resource_history WHERE patient = ?1", &[&number])?;
        run("DELETE FROM resource_count WHERE patient = ?1", &[&number])?;
        run("DELETE FROM patient_key WHERE patient = ?1", &[&number])?;
        self.worklist_remove_all(number)?;
        self.erase_notes(number)?;
        run(
            "UPDATE patient SET demographics = NULL, restricted = 0, destroyed_at = ?2 WHERE number = ?1",
            &[&number, &self.now()],
        )?;
        Ok(())
    }

    /// Every version with the content key that lies in it, what the log remembers beside the entries that wrote it, and what
    /// finds it.
    fn erase_resource(&self, name: &ResourceName) -> Result<(), VaultError> {
        let Some(r#type) = self.type_number(name.resource_type.as_str())? else { return Ok(()) };
        let id = name.id.as_str();
        let rows: Vec<i64> = self
            .sql
            .prepare_cached("DELETE FROM resource WHERE type = ?1 AND id = ?2 RETURNING row")
            .and_then(|mut statement| statement.query_map(params![r#type, id], |row| row.get(0))?.collect())
            .doing(DESTROYING)?;
        for row in rows {
            self.uncount(row, r#type)?;
        }
        self.worklist_remove(r#type, id)?;
        if name.resource_type.as_str() == "Composition" {
            self.sql.execute("DELETE FROM cosign_request WHERE composition = ?1", [id]).doing(DESTROYING)?;
        }
        if name.resource_type.as_str() == "Task" {
            self.sql.execute("DELETE FROM amendment_request WHERE task = ?1", [id]).doing(DESTROYING)?;
        }
        self.sql
            .execute(
                "UPDATE audit_entry SET detail = NULL
                 WHERE seq IN (SELECT seq FROM resource_version WHERE type = ?1 AND id = ?2)",
                params![r#type, id],
            )
            .doing(DESTROYING)?;
        for table in ["resource_history", "resource_version", "identifier"] {
            self.sql
                .execute(&format!("DELETE FROM {table} WHERE type = ?1 AND id = ?2"), params![r#type, id])
                .doing(DESTROYING)?;
        }
        Ok(())
    }
}
