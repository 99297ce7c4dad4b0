//! `worklist` and `worklist_actor`: who is to be looked after by whom, and when. Clear are ids and times, which find the
//! rows; what counts is the sealed entry, which is bound to its resource and its patient.

use std::collections::HashSet;

use rusqlite::{Row, params};
use vigil_model::{PatientId, ResourceId, ResourceType, Section, WorklistEntry, WorklistKind};
use vigil_policy::Interaction;
use zeroize::Zeroizing;

use crate::error::ResultExt as _;
use crate::key::DirectoryKey;
use crate::{Tx, Undecodable, VaultError, WorklistRow};

const DOING: &str = "reading worklists";
const STORING: &str = "storing a worklist entry";

/// What began and ended before is on nobody's list: no policy looks back further.
const KEPT_SECONDS: i64 = 400 * 24 * 3600;

const COLUMNS: &str = "name, worklist.id, patient.id, worklist.directory_version, sealed";
const FROM: &str = "worklist JOIN resource_type ON resource_type.number = worklist.type
    JOIN patient ON patient.number = worklist.patient";

/// Which entries of a kind: seconds since 1970 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorklistSpan {
    /// What begins from the first second on and before the second one.
    Begins(i64, i64),
    /// What has no end.
    GoesOn,
}

impl Tx<'_> {
    /// Notes what a resource says of worklists. What is past, and what is none any more, is taken off; the rows of a patient
    /// who is stored again are complete from then on.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit than that of an import or of a write of this type about this patient;
    /// [`VaultError::KeysMissing`]; or the database fails.
    pub fn worklist_put(
        &mut self,
        r#type: &ResourceType,
        id: &ResourceId,
        patient: &PatientId,
        entry: Option<&WorklistEntry>,
    ) -> Result<(), VaultError> {
        let interaction = self.permit.interaction();
        let by_hand = if let Interaction::ResourceCreate(section) | Interaction::ResourceUpdate(section) = interaction {
            section.resource_types().contains(&r#type.as_str()) && self.permit.patient() == Some(patient)
        } else {
            // A document's entries were covered when they were written, in this transaction.
            interaction == Interaction::DocumentImport(Section::Documents) && self.permit.patient() == Some(patient)
        };
        self.covered(by_hand || interaction == Interaction::ImportCreate)?;
        let number = self.type_number_or_new(r#type.as_str())?;
        self.worklist_remove(number, id.as_str())?;
        let Some(row) = self.patient(patient)?.filter(|row| row.destroyed_at.is_none()) else { return Ok(()) };
        if r#type.as_str() == "Patient" {
            self.sql
                .prepare_cached("UPDATE patient SET worklists = 1 WHERE number = ?1 AND worklists = 0")
                .and_then(|mut statement| statement.execute([row.number]))
                .doing(STORING)?;
        }
        let Some(entry) = entry.filter(|entry| !self.is_past(entry)) else { return Ok(()) };
        let bare;
        let entry = if row.restricted {
            // The directory key opens no more of a restricted chart than that somebody is here, and when.
            bare = entry.bare();
            &bare
        } else {
            entry
        };
        let key = self.directory_key()?;
        let text = serde_json::to_vec(entry).map(Zeroizing::new);
        let text = text.map_err(|_| VaultError::Invalid("this worklist entry has no form"))?;
        let place = place(r#type.as_str(), id.as_str(), patient.as_str(), key.newest());
        let sealed = key.seal()?.seal(&place, &text)?;
        self.sql
            .prepare_cached(
                "INSERT INTO worklist (type, id, patient, kind, starts_at, ends_at, directory_version, sealed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    number,
                    id.as_str(),
                    row.number,
                    code(entry.kind),
                    entry.starts_at,
                    entry.ends_at,
                    key.newest(),
                    sealed
                ])
            })
            .doing(STORING)?;
        for actor in &entry.actors {
            self.sql
                .prepare_cached("INSERT OR IGNORE INTO worklist_actor (actor, type, id) VALUES (?1, ?2, ?3)")
                .and_then(|mut statement| statement.execute(params![actor, number, id.as_str()]))
                .doing(STORING)?;
        }
        Ok(())
    }

    /// Everything in which one of `actors` takes part.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit than that of a directory read or of a worklist;
    /// [`VaultError::KeysMissing`]; or the database fails. A row that does not open is a row, not an error.
    pub fn worklist_of(&self, actors: &[String]) -> Result<Vec<WorklistRow>, VaultError> {
        self.taking_part(actors, "")
    }

    /// The encounters at one of `places` that go on, or went on at `since` or later (seconds since 1970 UTC).
    ///
    /// # Errors
    /// As [`Tx::worklist_of`].
    pub fn worklist_at(&self, places: &[String], since: i64) -> Result<Vec<WorklistRow>, VaultError> {
        let encounter = code(WorklistKind::Encounter);
        self.taking_part(places, &format!("AND kind = {encounter} AND (ends_at IS NULL OR ends_at >= {since})"))
    }

    fn taking_part(&self, actors: &[String], condition: &str) -> Result<Vec<WorklistRow>, VaultError> {
        self.may_list()?;
        let key = self.directory_key()?;
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        for actor in actors {
            let mut statement = self
                .sql
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM {FROM} JOIN worklist_actor
                     ON worklist_actor.type = worklist.type AND worklist_actor.id = worklist.id
                     WHERE actor = ?1 AND patient.destroyed_at IS NULL {condition}"
                ))
                .doing(DOING)?;
            let rows = statement.query_map([actor], Sealed::read).doing(DOING)?;
            for row in rows {
                let row = self.opened(&key, &row.doing(DOING)?)?;
                // The clear row only leads here: whoever has the database key alone puts nobody on a list.
                let forged = row.entry.as_ref().is_ok_and(|entry| !entry.actors.contains(actor));
                if forged {
                    self.integrity_failure(&VaultError::Tampered("worklist_actor"));
                } else if seen.insert((row.resource_type.clone(), row.id.clone())) {
                    found.push(row);
                }
            }
        }
        Ok(found)
    }

    /// The entries of a kind, latest first; at most `most`.
    ///
    /// # Errors
    /// As [`Tx::worklist_of`].
    pub fn worklist(&self, kind: WorklistKind, span: WorklistSpan, most: u32) -> Result<Vec<WorklistRow>, VaultError> {
        self.may_list()?;
        let key = self.directory_key()?;
        let (condition, from, to) = match span {
            WorklistSpan::Begins(from, to) => ("starts_at >= ?2 AND starts_at < ?3", from, to),
            WorklistSpan::GoesOn => ("ends_at IS NULL AND ?2 = ?3", 0, 0),
        };
        let mut statement = self
            .sql
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM {FROM} WHERE kind = ?1 AND {condition} AND patient.destroyed_at IS NULL
                 ORDER BY starts_at DESC, worklist.row DESC LIMIT ?4"
            ))
            .doing(DOING)?;
        let rows = statement.query_map(params![code(kind), from, to, most], Sealed::read).doing(DOING)?;
        rows.map(|row| self.opened(&key, &row.doing(DOING)?)).collect()
    }

    /// The patients of whom worklists tell everything that was imported: those who came, or came again, since there are any.
    ///
    /// # Errors
    /// As [`Tx::worklist_of`].
    pub fn worklist_patients(&self) -> Result<HashSet<PatientId>, VaultError> {
        self.may_list()?;
        let mut statement = self
            .sql
            .prepare_cached("SELECT id FROM patient WHERE worklists = 1 AND destroyed_at IS NULL")
            .doing(DOING)?;
        let ids = statement.query_map([], |row| row.get::<_, String>(0)).doing(DOING)?;
        ids.map(|id| PatientId::parse(&id.doing(DOING)?).map_err(|_| VaultError::Tampered("patient"))).collect()
    }

    fn may_list(&self) -> Result<(), VaultError> {
        self.may(&[
            Interaction::DirectoryRead,
            Interaction::PanelSearch,
            Interaction::WardSearch,
            Interaction::AppointmentSearch,
            Interaction::ClaimSearch,
            Interaction::MedicationRequestSearch,
        ])
    }

    fn is_past(&self, entry: &WorklistEntry) -> bool {
        let horizon = self.at.utc.timestamp().saturating_sub(KEPT_SECONDS);
        let over =
            |entry: &WorklistEntry| matches!(entry.status.as_str(), "finished" | "cancelled" | "entered-in-error");
        let last = match entry.kind {
            // A team without an end stands until it is dissolved.
            WorklistKind::GeneralPractitioner | WorklistKind::CareTeam => entry.ends_at,
            WorklistKind::Encounter if entry.ends_at.is_none() && !over(entry) => None,
            WorklistKind::Encounter => entry.ends_at.or(entry.starts_at).or(Some(i64::MIN)),
            WorklistKind::ServiceRequest => entry.ends_at.or(entry.starts_at).or(Some(i64::MIN)),
            WorklistKind::Appointment | WorklistKind::Claim | WorklistKind::MedicationRequest => {
                entry.starts_at.or(Some(i64::MIN))
            }
        };
        last.is_some_and(|last| last < horizon)
    }

    pub(super) fn worklist_remove(&self, r#type: u32, id: &str) -> Result<(), VaultError> {
        for table in ["worklist_actor", "worklist"] {
            self.sql
                .prepare_cached(&format!("DELETE FROM {table} WHERE type = ?1 AND id = ?2"))
                .and_then(|mut statement| statement.execute(params![r#type, id]))
                .doing(STORING)?;
        }
        Ok(())
    }

    /// A chart becomes restricted, or its restriction is lifted: what was on worklists is gone until it comes again.
    pub(super) fn worklist_restricted(&self, patient: u32) -> Result<(), VaultError> {
        self.worklist_remove_all(patient)?;
        self.sql.execute("UPDATE patient SET worklists = -1 WHERE number = ?1", [patient]).doing(STORING)?;
        Ok(())
    }

    /// Everything about a patient.
    pub(super) fn worklist_remove_all(&self, patient: u32) -> Result<(), VaultError> {
        self.sql
            .execute(
                "DELETE FROM worklist_actor WHERE (type, id) IN (SELECT type, id FROM worklist WHERE patient = ?1)",
                [patient],
            )
            .and_then(|_| self.sql.execute("DELETE FROM worklist WHERE patient = ?1", [patient]))
            .doing(STORING)?;
        Ok(())
    }

    fn opened(&self, key: &DirectoryKey, row: &Sealed) -> Result<WorklistRow, VaultError> {
        let tampered = |_| VaultError::Tampered("worklist");
        let patient = PatientId::parse(&row.patient).map_err(tampered)?;
        let resource_type = ResourceType::parse(&row.r#type).map_err(tampered)?;
        let id = ResourceId::parse(&row.id).map_err(tampered)?;
        let entry = key.open(row.version).ok_or(Undecodable::NoKey).and_then(|kek| {
            let text = kek.open(&place(&row.r#type, &row.id, &row.patient, row.version), &row.sealed)?;
            serde_json::from_slice(&text).map_err(|_| Undecodable::Malformed)
        });
        self.notice(&entry, "worklist", || format!("{resource_type}/{id}"));
        Ok(WorklistRow { resource_type, id, patient, entry })
    }
}

/// A row as it is stored.
struct Sealed {
    r#type: String,
    id: String,
    patient: String,
    version: u32,
    sealed: Vec<u8>,
}

impl Sealed {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            r#type: row.get(0)?,
            id: row.get(1)?,
            patient: row.get(2)?,
            version: row.get(3)?,
            sealed: row.get(4)?,
        })
    }
}

/// **Do not modify**: worklist entries are bound to this text.
pub(super) fn place(r#type: &str, id: &str, patient: &str, version: u32) -> String {
    format!("vigil/worklist/v1|{type}/{id}|{patient}|directory/{version}")
}

/// **Do not modify**: databases hold these numbers.
const fn code(kind: WorklistKind) -> u32 {
    match kind {
        WorklistKind::GeneralPractitioner => 1,
        WorklistKind::CareTeam => 2,
        WorklistKind::Encounter => 3,
        WorklistKind::Appointment => 4,
        WorklistKind::Claim => 5,
        WorklistKind::MedicationRequest => 6,
        WorklistKind::ServiceRequest => 7,
    }
}
