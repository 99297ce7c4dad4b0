//! Writing in a chart by hand: each write says which version it is based on, and leaves what was before and after it beside
//! its audit entry.

use std::collections::HashSet;

use rusqlite::{OptionalExtension, params};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use vigil_model::{PatientId, ResourceId, ResourceType, Section};
use vigil_policy::Interaction;

use super::{PATIENT_BITS, STORING, Shelf};
use crate::error::ResultExt as _;
use crate::table::{time, tombstone};
use crate::{PatientWrite, PutOutcome, ResourcePut, ResourceWrite, Text, Tx, VaultError, WrittenVersion, log};

impl Tx<'_> {
    /// Writes resources of the permit's patient and section, all or none; their versions, in order. The states before and
    /// after are sealed beside the entry.
    ///
    /// # Errors
    /// [`VaultError::VersionConflict`] when another version stands than the one that a write is based on;
    /// [`VaultError::OutsidePermit`] for another patient, their resources, or a type that the section does not have;
    /// [`VaultError::Invalid`] when nothing would change, or what stands cannot be read; [`VaultError::Destroyed`],
    /// [`VaultError::ResourceDestroyed`], [`VaultError::KeysMissing`]; or the database fails.
    pub fn resource_write(
        &mut self,
        patient: &PatientId,
        writes: &[ResourceWrite<'_>],
    ) -> Result<Vec<u32>, VaultError> {
        let writable = self.may_write(patient)?;
        let row = self.patient(patient)?.ok_or(VaultError::Invalid("there is no patient with this id"))?;
        if let Some(at) = row.destroyed_at {
            return Err(VaultError::Destroyed { at: time(at) });
        }
        let mut names = HashSet::with_capacity(writes.len());
        if !writes.iter().all(|write| names.insert((write.resource_type, write.id))) {
            return Err(VaultError::Invalid("one entry is written twice at once"));
        }
        let destroyed = tombstone::resources(self.sql)?;
        let (mut changes, mut versions) = (Vec::with_capacity(writes.len()), Vec::with_capacity(writes.len()));
        for write in writes {
            let ResourceWrite { resource_type, id, json: after, .. } = write;
            self.covered(writable.contains(&resource_type.as_str()))?;
            if matches!(resource_type.as_str(), "Composition" | "Provenance" | BINARY) && write.based_on.is_some() {
                return Err(VaultError::Invalid("a signed note never changes; write an addendum or an amendment"));
            }
            let gone = destroyed.iter().find(|gone| gone.name.resource_type == **resource_type && gone.name.id == **id);
            if let Some(gone) = gone {
                return Err(VaultError::ResourceDestroyed { at: gone.at });
            }
            let before = self.as_read(write, Shelf(Some((row, patient))))?;
            let version = write.based_on.unwrap_or_default().saturating_add(1);
            let resource = format!("{resource_type}/{id}");
            changes.push(if resource_type.as_str() == BINARY {
                // A file that came from elsewhere is new and never changes: the entry commits to it by its digest and does not hold it
                // a second time.
                json!({ "resource": resource, "version": version, "before": null, "sha256": hex::encode(Sha256::digest(after)) })
            } else {
                json!({ "resource": resource, "version": version, "before": before.as_deref(), "after": after })
            });
            versions.push(version);
        }
        let puts: Vec<ResourcePut<'_>> = writes.iter().map(|write| put_of(write, patient)).collect();
        if self.put_by_hand(&puts)?.contains(&PutOutcome::Unchanged) {
            return Err(VaultError::Invalid("nothing was changed"));
        }
        self.note_versions(writes, &versions)?;
        self.written.extend(writes.iter().zip(&versions).map(|(write, version)| WrittenVersion {
            resource_type: write.resource_type.clone(),
            id: write.id.clone(),
            version: *version,
        }));
        self.detail(json!({ "changes": changes }));
        Ok(versions)
    }

    /// Registers the permit's patient, or changes who they are; the version. The states before and after are sealed beside the entry.
    ///
    /// # Errors
    /// As [`Tx::resource_write`]; [`VaultError::Invalid`] when there is such a patient already.
    pub fn patient_write(&mut self, write: &PatientWrite<'_>) -> Result<u32, VaultError> {
        let PatientWrite { patient, json, demographics, based_on } = *write;
        self.may(&[Interaction::PatientCreate, Interaction::PatientUpdate])?;
        self.covered(self.permit.patient() == Some(patient))?;
        let stands = self.patient(patient)?;
        if let Some(at) = stands.and_then(|row| row.destroyed_at) {
            return Err(VaultError::Destroyed { at: time(at) });
        }
        let creates = self.permit.interaction() == Interaction::PatientCreate;
        if creates != (stands.is_none() && based_on.is_none()) {
            return Err(VaultError::Invalid("a patient is registered once, and changed after that"));
        }
        let no_type = |_| VaultError::Invalid("this patient has no FHIR form");
        let kind = ResourceType::parse("Patient").map_err(no_type)?;
        let id = ResourceId::parse(patient.as_str()).map_err(no_type)?;
        let written = ResourceWrite { resource_type: &kind, id: &id, json, sort: "", based_on };
        let before = match stands {
            Some(row) => self.as_read(&written, Shelf(Some((row, patient))))?,
            None => None,
        };
        let version = based_on.unwrap_or_default().saturating_add(1);
        let restricted = demographics.restricted;
        let put = ResourcePut { demographics: Some(demographics), restricted, ..put_of(&written, patient) };
        if self.put_by_hand(std::slice::from_ref(&put))?.contains(&PutOutcome::Unchanged) {
            return Err(VaultError::Invalid("nothing was changed"));
        }
        self.note_versions(std::slice::from_ref(&written), &[version])?;
        let states = json!({
            "resource": format!("{kind}/{id}"), "version": version, "before": before.as_deref(), "after": json,
        });
        self.detail(json!({ "changes": [states] }));
        Ok(version)
    }

    /// The resource types that the permit lets be written in the chart of `patient`.
    fn may_write(&self, patient: &PatientId) -> Result<&'static [&'static str], VaultError> {
        let interaction = self.permit.interaction();
        let types = if let Interaction::ResourceCreate(section) | Interaction::ResourceUpdate(section) = interaction {
            written_in(section)
        } else if let Interaction::DocumentImport(Section::Documents) = interaction {
            TAKEN
        } else if interaction == Interaction::CompositionNullify {
            // The mark alone: the note is never written again.
            &["Provenance"]
        } else {
            return Err(VaultError::OutsidePermit);
        };
        self.covered(self.permit.patient() == Some(patient))?;
        Ok(types)
    }

    /// What stands, once it is sure that it is what the write is based on.
    fn as_read(&self, write: &ResourceWrite<'_>, shelf: Shelf<'_>) -> Result<Option<Text>, VaultError> {
        let r#type = self.type_number(write.resource_type.as_str())?;
        let found: Option<(i64, u32)> = self
            .sql
            .prepare_cached("SELECT row, version FROM resource WHERE type = ?1 AND id = ?2")
            .and_then(|mut statement| {
                let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
                statement.query_row(params![r#type, write.id.as_str()], read).optional()
            })
            .doing(STORING)?;
        let Some((row, newest)) = found else {
            let new = write.based_on.is_none();
            return if new {
                Ok(None)
            } else {
                Err(VaultError::Invalid("there is no such entry in this chart any more"))
            };
        };
        self.covered(row >> PATIENT_BITS == i64::from(shelf.number()))?;
        if write.based_on != Some(newest) {
            return Err(VaultError::VersionConflict { newest });
        }
        let stored = self.one(shelf, write.resource_type, write.id)?;
        match stored.map(|stored| stored.json) {
            Some(Ok(text)) => Ok(Some(text)),
            // Nobody can say what is lost with it.
            _ => Err(VaultError::Invalid("this entry cannot be read as it stands, so it cannot be changed")),
        }
    }

    fn note_versions(&self, writes: &[ResourceWrite<'_>], versions: &[u32]) -> Result<(), VaultError> {
        let seq = log::next_seq(self.sql)?;
        for (write, version) in writes.iter().zip(versions) {
            let r#type = self.type_number(write.resource_type.as_str())?;
            self.sql
                .prepare_cached("INSERT INTO resource_version VALUES (?1, ?2, ?3, ?4)")
                .and_then(|mut statement| statement.execute(params![r#type, write.id.as_str(), version, seq]))
                .doing(STORING)?;
        }
        Ok(())
    }
}

/// The bytes of a document that came from elsewhere.
const BINARY: &str = "Binary";

/// The resource types that a document from elsewhere is taken as: itself, where what was taken comes from, and the entries. Which of them
/// a role may take is decided before, page by page.
const TAKEN: &[&str] = &[
    "DocumentReference",
    BINARY,
    "Provenance",
    "Condition",
    "AllergyIntolerance",
    "MedicationStatement",
    "Immunization",
    "Procedure",
    "Observation",
    "DiagnosticReport",
    "Encounter",
    "FamilyMemberHistory",
    "Device",
    "Goal",
];

/// The resource types that are written in a section: what it shows, and the signatures under its notes.
fn written_in(section: Section) -> &'static [&'static str] {
    if section == Section::Documents { &["Composition", "Provenance"] } else { section.resource_types() }
}

const fn put_of<'a>(write: &ResourceWrite<'a>, patient: &'a PatientId) -> ResourcePut<'a> {
    ResourcePut {
        resource_type: write.resource_type,
        id: write.id,
        patient: Some(patient),
        json: write.json,
        sort: write.sort,
        demographics: None,
        restricted: false,
    }
}
