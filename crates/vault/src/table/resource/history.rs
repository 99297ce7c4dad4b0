//! The versions of one resource: what each said, and which entry of the audit log wrote it.

use rusqlite::params;
use vigil_model::{PatientId, ResourceId, ResourceType};

use super::{READING, Sealed, Shelf};
use crate::error::ResultExt as _;
use crate::table::access::parse;
use crate::table::time;
use crate::{AccessRecord, ResourceVersion, Tx, VaultError};

/// A version as it lies: its number, that of the key, when it was replaced (not for the newest), its content.
type Row = (u32, u32, Option<i64>, Vec<u8>);

impl Tx<'_> {
    /// Every version of one resource of the patient, newest first; none when the chart has no such resource.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] for any other patient than the permit's; or the database fails. A version that does not
    /// open is in the list and says so.
    pub fn resource_versions(
        &self,
        patient: &PatientId,
        r#type: &ResourceType,
        id: &ResourceId,
    ) -> Result<Vec<ResourceVersion>, VaultError> {
        self.may_read(patient)?;
        let (Some(whose), Some(number)) = (self.patient(patient)?, self.type_number(r#type.as_str())?) else {
            return Ok(Vec::new());
        };
        let shelf = Shelf(Some((whose, patient)));
        let rows: Vec<Row> = self
            .sql
            .prepare_cached(
                "SELECT version, key_version, NULL, content FROM resource
                 WHERE type = ?1 AND id = ?2 AND row >> 32 = ?3
                 UNION ALL
                 SELECT version, key_version, replaced_at, content FROM resource_history
                 WHERE type = ?1 AND id = ?2 AND patient = ?3
                 ORDER BY 1 DESC",
            )
            .and_then(|mut statement| {
                let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
                statement.query_map(params![number, id.as_str(), whose.number], read)?.collect()
            })
            .doing(READING)?;
        rows.into_iter()
            .map(|(version, key_version, replaced_at, content)| {
                let sealed = Sealed {
                    resource_type: r#type.clone(),
                    id: id.clone(),
                    version,
                    key_version,
                    key: self.key_of(shelf, key_version)?,
                    sort: String::new(),
                    content,
                };
                let (_, stored) = sealed.open(shelf);
                self.notice(&stored.json, "resource_history", || format!("{}/{}", r#type, id));
                let written = self.written(number, id, version, patient)?;
                Ok(ResourceVersion { version, json: stored.json, written, replaced_at: replaced_at.map(time) })
            })
            .collect()
    }

    fn written(
        &self,
        r#type: u32,
        id: &ResourceId,
        version: u32,
        patient: &PatientId,
    ) -> Result<Option<AccessRecord>, VaultError> {
        let events: Vec<Vec<u8>> = self
            .sql
            .prepare_cached(
                "SELECT event FROM resource_version JOIN audit_entry USING (seq)
                 WHERE type = ?1 AND id = ?2 AND version = ?3",
            )
            .and_then(|mut statement| {
                statement.query_map(params![r#type, id.as_str(), version], |row| row.get(0))?.collect()
            })
            .doing(READING)?;
        events.first().map(|event| self.access(parse(event)?, Some(patient))).transpose()
    }
}
