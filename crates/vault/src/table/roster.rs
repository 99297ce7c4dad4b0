//! `worklist_actor` once more, for what is nobody's: shifts, found by who is on duty, and places, found by the one that they are a part of.
//! The clear row only leads to the sealed resource, which says what counts.

use rusqlite::params;
use vigil_model::fhir::roster;
use vigil_model::{ResourceId, ResourceType};
use vigil_policy::Interaction;

use crate::error::ResultExt as _;
use crate::{Stored, Tx, VaultError};

const DOING: &str = "reading the roster";
const STORING: &str = "storing the roster";

impl Tx<'_> {
    /// Notes what a resource of the roster is found by ([`roster::found_by`]); what was noted before is none any more.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit than that of an import; or the database fails.
    pub fn roster_put(&mut self, r#type: &ResourceType, id: &ResourceId, by: &[String]) -> Result<(), VaultError> {
        self.covered(self.permit.interaction() == Interaction::ImportCreate)?;
        let number = self.type_number_or_new(r#type.as_str())?;
        self.worklist_remove(number, id.as_str())?;
        for actor in by {
            self.sql
                .prepare_cached("INSERT OR IGNORE INTO worklist_actor (actor, type, id) VALUES (?1, ?2, ?3)")
                .and_then(|mut statement| statement.execute(params![actor, number, id.as_str()]))
                .doing(STORING)?;
        }
        Ok(())
    }

    /// The resources of a type of the roster that are found by `by`; one that does not open, or does not name it, is left out and
    /// leaves an alert.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit than that of a directory read; [`VaultError::KeysMissing`]; or the database fails.
    pub fn roster_of(
        &self,
        r#type: &ResourceType,
        by: &str,
    ) -> Result<Vec<(ResourceId, serde_json::Value)>, VaultError> {
        self.may(&[Interaction::DirectoryRead])?;
        let Some(number) = self.type_number(r#type.as_str())? else { return Ok(Vec::new()) };
        let mut statement =
            self.sql.prepare_cached("SELECT id FROM worklist_actor WHERE actor = ?1 AND type = ?2").doing(DOING)?;
        let ids: Vec<String> =
            statement.query_map(params![by, number], |row| row.get(0)).and_then(Iterator::collect).doing(DOING)?;
        let mut found = Vec::new();
        for id in ids {
            let id = ResourceId::parse(&id).map_err(|_| VaultError::Tampered("worklist_actor"))?;
            // What does not open left an alert where it was read.
            let Some(Stored { json: Ok(text), .. }) = self.shared_resource(r#type, &id)? else { continue };
            let resource: serde_json::Value =
                serde_json::from_str(&text).map_err(|_| VaultError::Tampered("resource"))?;
            if roster::found_by(r#type.as_str(), &resource).iter().any(|one| one == by) {
                found.push((id, resource));
            } else {
                self.integrity_failure(&VaultError::Tampered("worklist_actor"));
            }
        }
        Ok(found)
    }
}
