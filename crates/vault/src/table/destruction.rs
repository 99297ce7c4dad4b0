//! `patient_destruction`: who asks for the destruction of a patient's keys or of one resource, who agrees, who takes it back.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};
use serde_json::json;
use vigil_model::{DestructionReason, PatientId, ResourceName, UserId};
use vigil_policy::{Interaction, Principal};

use super::access::open_detail;
use super::tombstone::{APPROVED, DESTROYED, name_of};
use super::{patient, time, user};
use crate::destruction::{Destruction, DestructionState, refuse_copies};
use crate::error::ResultExt as _;
use crate::{Tx, Undecodable, VaultError, crash, log};

const READING: &str = "reading requests to destroy";
const WRITING: &str = "recording a request to destroy";
const WAITING: &str = "waiting";
const WITHDRAWN: &str = "withdrawn";
const COLUMNS: &str = "id, patient, reason, state, requested_by, requested_at, request_entry, expires_at, decided_by,
    decided_at, destroyed_at, resource_type, resource_id";

impl Tx<'_> {
    /// Asks for the destruction of the keys of the permit's patient, or of one `resource` of theirs. `words` are sealed
    /// beside the entry; they outlive the record and must not tell its content. Returns the number of the request.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] when there is nothing to destroy or the same waits already; [`VaultError::Destroyed`].
    pub fn destruction_request(
        &mut self,
        resource: Option<&ResourceName>,
        reason: DestructionReason,
        words: &str,
        expires_at: DateTime<Utc>,
    ) -> Result<u32, VaultError> {
        self.may(&[Interaction::PatientDestructionRequest])?;
        let id = self.permit.patient().cloned().ok_or(VaultError::OutsidePermit)?;
        let row = self.patient(&id)?.ok_or(VaultError::Invalid("there is no patient with this id"))?;
        if let Some(at) = row.destroyed_at {
            return Err(VaultError::Destroyed { at: time(at) });
        }
        self.must_be_of(row.number, resource)?;
        let (resource_type, resource_id) =
            (resource.map(|name| name.resource_type.as_str()), resource.map(|name| name.id.as_str()));
        let waits: bool = self
            .sql
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM patient_destruction WHERE patient = ?1
                 AND (state = ?2 AND expires_at > ?3 OR state = ?4) AND resource_type IS ?5 AND resource_id IS ?6)",
                params![id.as_str(), WAITING, self.now(), APPROVED, resource_type, resource_id],
                |row| row.get(0),
            )
            .doing(READING)?;
        if waits {
            return Err(VaultError::Invalid("this was asked for already and waits for the second person"));
        }
        self.detail(json!({ "destruction": reason.code(), "words": words }));
        let number: u32 = self
            .sql
            .query_row(
                "INSERT INTO patient_destruction (patient, reason, state, requested_by, requested_at, request_entry,
                 expires_at, resource_type, resource_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING id",
                params![
                    id.as_str(),
                    reason.code(),
                    WAITING,
                    self.person()?.to_string(),
                    self.now(),
                    log::next_seq(self.sql)?,
                    expires_at.timestamp_micros(),
                    resource_type,
                    resource_id,
                ],
                |row| row.get(0),
            )
            .doing(WRITING)?;
        self.about(format!("request={number} {}reason={}", about(resource), reason.code()));
        Ok(number)
    }

    /// A resource that is named has to be the patient's, and not the patient itself.
    fn must_be_of(&self, patient: u32, resource: Option<&ResourceName>) -> Result<(), VaultError> {
        let Some(name) = resource else { return Ok(()) };
        if name.resource_type.as_str() == "Patient" {
            return Err(VaultError::Invalid("a Patient resource goes with the whole record alone; ask for that"));
        }
        if self.holds(patient, name)? {
            return Ok(());
        }
        Err(VaultError::Invalid("the record has no entry with this type and id"))
    }

    fn holds(&self, patient: u32, name: &ResourceName) -> Result<bool, VaultError> {
        let Some(r#type) = self.type_number(name.resource_type.as_str())? else { return Ok(false) };
        self.sql
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM resource WHERE type = ?1 AND id = ?2 AND row >> 32 = ?3)",
                params![r#type, name.id.as_str(), patient],
                |row| row.get(0),
            )
            .doing(READING)
    }

    /// Every request, newest first, and what became of it.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit; or the database fails.
    pub fn destructions(&self, limit: u32) -> Result<Vec<Destruction>, VaultError> {
        self.may(&[Interaction::PatientDestructionSearch])?;
        let rows: Vec<Raw> = self
            .sql
            .prepare_cached(&format!("SELECT {COLUMNS} FROM patient_destruction ORDER BY id DESC LIMIT ?1"))
            .and_then(|mut statement| statement.query_map([limit], raw)?.collect())
            .doing(READING)?;
        rows.iter().map(|row| self.destruction(row)).collect()
    }

    /// Takes a waiting request back.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] when it does not wait any more, or is about another patient than the permit's.
    pub fn destruction_withdraw(&mut self, id: u32) -> Result<(), VaultError> {
        self.may(&[Interaction::PatientDestructionWithdraw])?;
        let row = self.waiting(id)?;
        self.about(format!("request={id} {}reason={}", about(row.resource()?.as_ref()), row.reason));
        self.decide(id, WITHDRAWN)
    }

    /// The second person agrees: another than the first, by account and by name, whose account was there when it was asked
    /// for. From here on it is due ([`crate::Vault::destructions_due`]).
    ///
    /// # Errors
    /// [`VaultError::SamePerson`] when both are one; [`VaultError::Invalid`] when it does not wait any more, is about
    /// another patient than the permit's, names what the record does not have any more, or while the data folder has copies
    /// of the record.
    pub fn destruction_approve(&mut self, id: u32) -> Result<(), VaultError> {
        self.may(&[Interaction::PatientDestructionApprove])?;
        let row = self.waiting(id)?;
        let approver = self.person()?;
        let requester = UserId::parse(&row.requested_by).map_err(|_| tampered())?;
        let another = |is: bool| if is { Ok(()) } else { Err(VaultError::SamePerson) };
        another(requester != approver)?;
        // Two accounts of one person are two users here; where they carry one name, or one was made for this, it is seen.
        let folded = |user| -> Result<Option<String>, VaultError> {
            let name = user::display_name(self.sql, user)?;
            Ok(name.map(|name| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()))
        };
        another(folded(requester)? != folded(approver)?)?;
        let made: i64 = self
            .sql
            .query_row("SELECT created_at FROM user WHERE id = ?1", [approver.to_string()], |row| row.get(0))
            .doing(READING)?;
        another(made <= row.requested_at)?;
        let resource = row.resource()?;
        let patient = PatientId::parse(&row.patient).map_err(|_| tampered())?;
        let number = self.patient(&patient)?.map_or(0, |patient| patient.number);
        self.must_be_of(number, resource.as_ref())?;
        refuse_copies(&self.vault.dir)?;
        self.about(format!("request={id} {}reason={} requested-by={requester}", about(resource.as_ref()), row.reason));
        self.decide(id, APPROVED)?;
        crash::point("a destruction is approved, nothing is committed");
        Ok(())
    }

    fn decide(&self, id: u32, state: &str) -> Result<(), VaultError> {
        self.sql
            .execute(
                "UPDATE patient_destruction SET state = ?2, decided_by = ?3, decided_at = ?4 WHERE id = ?1",
                params![id, state, self.person()?.to_string(), self.now()],
            )
            .doing(WRITING)?;
        Ok(())
    }

    fn waiting(&self, id: u32) -> Result<Raw, VaultError> {
        let row: Option<Raw> = self
            .sql
            .query_row(&format!("SELECT {COLUMNS} FROM patient_destruction WHERE id = ?1"), [id], raw)
            .optional()
            .doing(READING)?;
        let row = row.filter(|row| self.permit.patient().is_some_and(|patient| patient.as_str() == row.patient));
        let row = row.ok_or(VaultError::Invalid("there is no request with this number for this patient"))?;
        match row.state.as_str() {
            WAITING if row.expires_at > self.now() => Ok(row),
            WAITING => Err(VaultError::Invalid("nobody agreed in time; it has to be asked for again")),
            _ => Err(VaultError::Invalid("this request was decided already")),
        }
    }

    fn destruction(&self, row: &Raw) -> Result<Destruction, VaultError> {
        let user = |id: &str| UserId::parse(id).map_err(|_| tampered());
        let requested_by = user(&row.requested_by)?;
        let decided_by = row.decided_by.as_deref().map(user).transpose()?;
        let patient = PatientId::parse(&row.patient).map_err(|_| tampered())?;
        let state = match row.state.as_str() {
            WAITING if row.expires_at <= self.now() => DestructionState::Lapsed,
            WAITING => DestructionState::Waiting,
            WITHDRAWN => DestructionState::Withdrawn,
            APPROVED => DestructionState::Approved,
            DESTROYED => DestructionState::Destroyed,
            _ => return Err(tampered()),
        };
        let words = match row.request_entry {
            0 => None,
            entry => Some(open_detail(self, entry)?.and_then(|detail| {
                detail.get("words").and_then(|text| text.as_str()).map(str::to_owned).ok_or(Undecodable::Malformed)
            })),
        };
        let resource = row.resource()?;
        let resources = match (patient::number(self.sql, &patient)?, &resource) {
            (None, _) => 0,
            (Some(number), Some(name)) => u64::from(self.holds(number, name)?),
            (Some(number), None) => self
                .sql
                .query_row("SELECT coalesce(sum(count), 0) FROM resource_count WHERE patient = ?1", [number], |row| {
                    row.get(0)
                })
                .doing(READING)?,
        };
        Ok(Destruction {
            id: row.id,
            reason: DestructionReason::from_code(&row.reason).ok_or_else(tampered)?,
            words,
            requested_by,
            requested_by_display: user::display_name(self.sql, requested_by)?,
            requested_at: time(row.requested_at),
            expires_at: time(row.expires_at),
            state,
            decided_by,
            decided_by_display: decided_by.map(|user| user::display_name(self.sql, user)).transpose()?.flatten(),
            decided_at: row.decided_at.map(time),
            destroyed_at: row.destroyed_at.map(time),
            resources,
            patient,
            resource,
        })
    }

    fn person(&self) -> Result<UserId, VaultError> {
        match self.permit.principal() {
            Principal::User { id, .. } => Ok(*id),
            Principal::Anonymous | Principal::Workstation => Err(VaultError::OutsidePermit),
        }
    }
}

/// The part of an entry that names the resource.
fn about(resource: Option<&ResourceName>) -> String {
    resource.map(|name| format!("resource={name} ")).unwrap_or_default()
}

const fn tampered() -> VaultError {
    VaultError::Tampered("patient_destruction")
}

struct Raw {
    id: u32,
    patient: String,
    reason: String,
    state: String,
    requested_by: String,
    requested_at: i64,
    request_entry: u64,
    expires_at: i64,
    decided_by: Option<String>,
    decided_at: Option<i64>,
    destroyed_at: Option<i64>,
    resource_type: Option<String>,
    resource_id: Option<String>,
}

impl Raw {
    fn resource(&self) -> Result<Option<ResourceName>, VaultError> {
        name_of(self.resource_type.as_deref(), self.resource_id.as_deref()).ok_or_else(tampered)
    }
}

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok(Raw {
        id: row.get(0)?,
        patient: row.get(1)?,
        reason: row.get(2)?,
        state: row.get(3)?,
        requested_by: row.get(4)?,
        requested_at: row.get(5)?,
        request_entry: row.get(6)?,
        expires_at: row.get(7)?,
        decided_by: row.get(8)?,
        decided_at: row.get(9)?,
        destroyed_at: row.get(10)?,
        resource_type: row.get(11)?,
        resource_id: row.get(12)?,
    })
}
