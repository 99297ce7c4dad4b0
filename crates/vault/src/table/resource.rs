//! `resource`, `resource_history`, `resource_type` and `resource_count`: reading. Storing is in `put`, what people write in `write`.

mod history;
mod put;
mod write;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use rusqlite::{OptionalExtension, params};
use vigil_model::{PatientId, ResourceId, ResourceType};
use vigil_policy::Interaction;

use super::patient::PatientRow;
use crate::beside::beside;
use crate::error::ResultExt as _;
use crate::key::Kek;
use crate::{Stored, Text, Tx, Undecodable, VaultError};

const READING: &str = "reading resources";
const STORING: &str = "storing a resource";
const TYPE_BITS: u32 = 22;
pub(super) const PATIENT_BITS: u32 = 32;

/// Whose resources: a patient's, or nobody's.
#[derive(Clone, Copy)]
pub(super) struct Shelf<'a>(pub(super) Option<(PatientRow, &'a PatientId)>);

impl Shelf<'_> {
    pub(super) fn number(self) -> u32 {
        self.0.map_or(0, |(patient, _)| patient.number)
    }
}

impl Tx<'_> {
    /// How many resources of each type; nothing is decrypted.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] for any other patient than the permit's; or the database fails.
    pub fn resource_counts(&self, patient: &PatientId) -> Result<Vec<(ResourceType, u32)>, VaultError> {
        self.may_read(patient)?;
        let Some(row) = self.patient(patient)? else { return Ok(Vec::new()) };
        let counts: Vec<(String, u32)> = self
            .sql
            .prepare_cached(
                "SELECT name, count FROM resource_count JOIN resource_type ON number = type
                 WHERE patient = ?1 AND count > 0 ORDER BY name",
            )
            .and_then(|mut statement| {
                statement.query_map([row.number], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            })
            .doing(READING)?;
        counts.into_iter().map(|(name, count)| Ok((parse_type(&name)?, count))).collect()
    }

    /// The patient's resources of these types, newest first within each type.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] for any other patient than the permit's; or the database fails. A resource that does
    /// not open is in the list and says so.
    pub fn resources(&self, patient: &PatientId, types: &[&str]) -> Result<Vec<Stored>, VaultError> {
        self.may_read(patient)?;
        let Some(row) = self.patient(patient)? else { return Ok(Vec::new()) };
        let mut out = Vec::new();
        for name in types {
            let Some(number) = self.type_number(name)? else { continue };
            let first = row_number(row.number, number, 0);
            let mut read = self.read(Shelf(Some((row, patient))), first, first | ((1 << TYPE_BITS) - 1))?;
            read.sort_by(|(a, left), (b, right)| b.cmp(a).then_with(|| left.id.cmp(&right.id)));
            out.extend(read.into_iter().map(|(_, stored)| stored));
        }
        Ok(out)
    }

    /// One resource of the patient.
    ///
    /// # Errors
    /// As [`Tx::resources`].
    pub fn resource(
        &self,
        patient: &PatientId,
        r#type: &ResourceType,
        id: &ResourceId,
    ) -> Result<Option<Stored>, VaultError> {
        self.may_read(patient)?;
        let Some(row) = self.patient(patient)? else { return Ok(None) };
        self.one(Shelf(Some((row, patient))), r#type, id)
    }

    /// Every resource of the patient, one after the other.
    ///
    /// # Errors
    /// As [`Tx::resources`].
    pub fn all_resources(&self, patient: &PatientId, visit: impl FnMut(Stored)) -> Result<(), VaultError> {
        self.may_read(patient)?;
        let Some(row) = self.patient(patient)? else { return Ok(()) };
        self.each(Shelf(Some((row, patient))), visit)
    }

    /// A resource that belongs to no patient: a practitioner, an organization, a place, a medicine.
    ///
    /// # Errors
    /// [`VaultError::KeysMissing`] when the session does not hold the directory key; or the database fails.
    pub fn shared_resource(&self, r#type: &ResourceType, id: &ResourceId) -> Result<Option<Stored>, VaultError> {
        self.directory_key()?;
        self.one(Shelf(None), r#type, id)
    }

    /// Every resource that belongs to no patient, one after the other.
    ///
    /// # Errors
    /// As [`Tx::shared_resource`].
    pub fn shared_resources(&self, visit: impl FnMut(Stored)) -> Result<(), VaultError> {
        self.directory_key()?;
        self.each(Shelf(None), visit)
    }

    /// Whether a resource is stored; an import asks before it resolves a reference.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit than that of an import; or the database fails.
    pub fn resource_exists(&self, r#type: &ResourceType, id: &ResourceId) -> Result<bool, VaultError> {
        self.may(&[Interaction::ImportCreate])?;
        let Some(number) = self.type_number(r#type.as_str())? else { return Ok(false) };
        self.sql
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM resource WHERE type = ?1 AND id = ?2)")
            .and_then(|mut statement| statement.query_row(params![number, id.as_str()], |row| row.get(0)))
            .doing(READING)
    }

    /// Whose a stored resource is: `None` when it is not stored, `Some(None)` when all patients share it.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit than that of an import; or the database fails.
    pub fn resource_owner(
        &self,
        r#type: &ResourceType,
        id: &ResourceId,
    ) -> Result<Option<Option<PatientId>>, VaultError> {
        self.may(&[Interaction::ImportCreate])?;
        let Some(number) = self.type_number(r#type.as_str())? else { return Ok(None) };
        let owner: Option<Option<String>> = self
            .sql
            .prepare_cached(
                "SELECT patient.id FROM resource LEFT JOIN patient ON patient.number = resource.row >> 32
                 WHERE resource.type = ?1 AND resource.id = ?2",
            )
            .and_then(|mut statement| statement.query_row(params![number, id.as_str()], |row| row.get(0)).optional())
            .doing(READING)?;
        owner
            .map(|patient| patient.map(|id| PatientId::parse(&id)).transpose())
            .transpose()
            .map_err(|_| VaultError::Invalid("a patient id in the database has no FHIR form"))
    }

    fn one(&self, shelf: Shelf<'_>, r#type: &ResourceType, id: &ResourceId) -> Result<Option<Stored>, VaultError> {
        let Some(number) = self.type_number(r#type.as_str())? else { return Ok(None) };
        let row: Option<i64> = self
            .sql
            .prepare_cached("SELECT row FROM resource WHERE type = ?1 AND id = ?2")
            .and_then(|mut statement| statement.query_row(params![number, id.as_str()], |row| row.get(0)).optional())
            .doing(READING)?;
        // The row number says whose it is: another patient's resource is not there.
        let row = row.filter(|row| row >> PATIENT_BITS == i64::from(shelf.number()));
        let Some(row) = row else { return Ok(None) };
        Ok(self.read(shelf, row, row)?.pop().map(|(_, stored)| stored))
    }

    fn read(&self, shelf: Shelf<'_>, first: i64, last: i64) -> Result<Vec<(String, Stored)>, VaultError> {
        let mut out = Vec::new();
        self.each_between(shelf, first, last, |sort, stored| out.push((sort, stored)))?;
        Ok(out)
    }

    fn each(&self, shelf: Shelf<'_>, mut visit: impl FnMut(Stored)) -> Result<(), VaultError> {
        let first = i64::from(shelf.number()) << PATIENT_BITS;
        self.each_between(shelf, first, first | i64::from(u32::MAX), |_, stored| visit(stored))
    }

    fn each_between(
        &self,
        shelf: Shelf<'_>,
        first: i64,
        last: i64,
        mut visit: impl FnMut(String, Stored),
    ) -> Result<(), VaultError> {
        let mut statement = self
            .sql
            .prepare_cached(
                "SELECT type, id, version, key_version, sort, content FROM resource WHERE row BETWEEN ?1 AND ?2 ORDER BY row",
            )
            .doing(READING)?;
        let mut rows = statement.query([first, last]).doing(READING)?;
        let mut keys: HashMap<u32, Result<Arc<Kek>, Undecodable>> = HashMap::new();
        let read = || {
            let Some(row) = rows.next().doing(READING)? else { return Ok(None) };
            let tampered = |_| VaultError::Tampered("resource");
            let id = row.get_ref(1).doing(READING)?.as_str().map_err(tampered)?;
            let key_version = row.get(3).doing(READING)?;
            let key = match keys.get(&key_version) {
                Some(key) => key.clone(),
                None => {
                    let key = self.key_of(shelf, key_version)?;
                    keys.insert(key_version, key.clone());
                    key
                }
            };
            Ok(Some(Sealed {
                resource_type: self.type_name(row.get(0).doing(READING)?)?,
                id: ResourceId::parse(id).map_err(|_| VaultError::Tampered("resource"))?,
                version: row.get(2).doing(READING)?,
                key_version,
                key,
                sort: row.get_ref(4).doing(READING)?.as_str().map_err(tampered)?.to_owned(),
                content: row.get_ref(5).doing(READING)?.as_blob().map_err(tampered)?.to_vec(),
            }))
        };
        beside(
            read,
            |sealed| sealed.open(shelf),
            |(sort, stored)| {
                self.notice(&stored.json, "resource", || format!("{}/{}", stored.resource_type, stored.id));
                visit(sort, stored);
                Ok(())
            },
        )
    }

    fn key_of(&self, shelf: Shelf<'_>, version: u32) -> Result<Result<Arc<Kek>, Undecodable>, VaultError> {
        match shelf.0 {
            Some((patient, id)) => self.reading_key(patient, id, version),
            None => Ok(self.directory_key()?.open(version).ok_or(Undecodable::NoKey)),
        }
    }

    fn type_name(&self, number: u32) -> Result<ResourceType, VaultError> {
        if let Some(name) = self.type_names.borrow().get(&number) {
            return Ok(name.clone());
        }
        let name: String = self
            .sql
            .prepare_cached("SELECT name FROM resource_type WHERE number = ?1")
            .and_then(|mut statement| statement.query_row([number], |row| row.get(0)))
            .doing(READING)?;
        let name = parse_type(&name)?;
        self.type_names.borrow_mut().insert(number, name.clone());
        Ok(name)
    }

    pub(super) fn type_number(&self, name: &str) -> Result<Option<u32>, VaultError> {
        if let Some(number) = self.types.borrow().get(name) {
            return Ok(Some(*number));
        }
        let number: Option<u32> = self
            .sql
            .prepare_cached("SELECT number FROM resource_type WHERE name = ?1")
            .and_then(|mut statement| statement.query_row([name], |row| row.get(0)).optional())
            .doing(READING)?;
        self.types.borrow_mut().extend(number.map(|number| (name.to_owned(), number)));
        Ok(number)
    }

    pub(super) fn type_number_or_new(&self, name: &str) -> Result<u32, VaultError> {
        if let Some(number) = self.type_number(name)? {
            return Ok(number);
        }
        let number: u32 = self
            .sql
            .query_row("INSERT INTO resource_type (name) VALUES (?1) RETURNING number", [name], |row| row.get(0))
            .doing(STORING)?;
        if number >> (PATIENT_BITS - TYPE_BITS) != 0 {
            return Err(VaultError::Invalid("a vault holds at most 1,023 resource types"));
        }
        self.types.borrow_mut().insert(name.to_owned(), number);
        Ok(number)
    }
}

const fn row_number(patient: u32, r#type: u32, running: u32) -> i64 {
    (patient as i64) << PATIENT_BITS | (r#type as i64) << TYPE_BITS | running as i64
}

/// **Do not modify**: content is bound to this text.
pub(super) fn place(shelf: Shelf<'_>, r#type: &str, id: &str, key_version: u32, version: u32) -> String {
    let mut text = String::with_capacity(192);
    let whose = shelf.0.map_or("-", |(_, id)| id.as_str());
    for part in ["vigil/record/v1|resource|", r#type, "|", id, "|content|", whose, "|"] {
        text.push_str(part);
    }
    // Writing to a String does not fail.
    let _ = write!(text, "{}/{key_version}|{version}", shelf.number());
    text
}

fn parse_type(name: &str) -> Result<ResourceType, VaultError> {
    ResourceType::parse(name).map_err(|_| VaultError::Tampered("resource_type"))
}

/// A row as it lies in the database.
struct Sealed {
    resource_type: ResourceType,
    id: ResourceId,
    version: u32,
    key_version: u32,
    key: Result<Arc<Kek>, Undecodable>,
    sort: String,
    content: Vec<u8>,
}

impl Sealed {
    /// What it is sorted by, and what is in it.
    fn open(self, shelf: Shelf<'_>) -> (String, Stored) {
        let Self { resource_type, id, version, key_version, key, sort, content } = self;
        let place = place(shelf, resource_type.as_str(), id.as_str(), key_version, version);
        let json = key
            .and_then(|kek| kek.open_content_in(&place, content))
            .and_then(|mut text| Text::from_bytes(std::mem::take(&mut *text)));
        (sort, Stored { resource_type, id, version, json })
    }
}
