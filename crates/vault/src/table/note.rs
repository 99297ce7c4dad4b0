//! `note_draft` and `cosign_request`: notes that are being written, each its author's alone, and signed ones that wait for a second
//! signature. Clear are ids, kinds and times; the text of a draft lies under the key of its patient.
//!
//! A draft is no record yet: it is replaced in place and thrown away. What is signed is a resource (`resource`).

use std::sync::Arc;

use rusqlite::{OptionalExtension, Row, params};
use vigil_model::{PatientId, ResourceId, Section, UserId};
use vigil_policy::{Interaction, Principal};

use super::patient::PatientRow;
use super::time;
use crate::error::ResultExt as _;
use crate::key::Kek;
use crate::{CosignRequest, NoteDraft, NoteDraftRow, Text, Tx, Undecodable, VaultError};

const READING: &str = "reading notes that are not signed";
const STORING: &str = "storing a note that is not signed";

const GONE: VaultError = VaultError::Invalid("there is no such draft of yours in this chart any more");

/// A draft as it lies.
struct Sealed {
    row: NoteDraftRow,
    key_version: u32,
    content: Vec<u8>,
}

impl Tx<'_> {
    /// Stores a draft of the permit's user: a new one, or the next version of the one that `based_on` says; its version.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] for another patient and with a permit that writes no notes; [`VaultError::VersionConflict`];
    /// [`VaultError::Invalid`] when the draft to be changed is not there or is somebody else's; [`VaultError::Destroyed`],
    /// [`VaultError::KeysMissing`]; or the database fails.
    pub fn note_draft_put(
        &mut self,
        patient: &PatientId,
        id: &str,
        kind: &str,
        content: &str,
        based_on: Option<u32>,
    ) -> Result<u32, VaultError> {
        let user = self.may_write_notes(patient)?;
        let row = self.living(patient)?;
        let stands = self.draft_row(row, patient, id)?;
        let version = match (&stands, based_on) {
            (None, None) => 1,
            (None, Some(_)) => return Err(GONE),
            (Some(stands), based_on) if stands.row.user != user || based_on.is_none() => return Err(GONE),
            (Some(stands), based_on) if based_on != Some(stands.row.version) => {
                return Err(VaultError::VersionConflict { newest: stands.row.version });
            }
            (Some(stands), _) => stands.row.version.saturating_add(1),
        };
        let (key_version, kek) = self.writing_key(row, patient)?;
        self.touched.insert(row.number);
        let place = place(row, patient, id, user, kind, key_version, version);
        let sealed = kek.seal_content(&place, content.as_bytes())?;
        self.sql
            .prepare_cached(
                "INSERT INTO note_draft (id, patient, user, kind, version, key_version, began_at, changed_at, content)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)
                 ON CONFLICT (id) DO UPDATE SET version = ?5, key_version = ?6, changed_at = ?7, content = ?8",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    id,
                    row.number,
                    user.to_string(),
                    kind,
                    version,
                    key_version,
                    self.now(),
                    sealed
                ])
            })
            .doing(STORING)?;
        self.about(format!("draft={id} version={version}"));
        Ok(version)
    }

    /// A draft of the permit's user in the permit's chart; `None`: there is none with this id that is theirs.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] for another patient; or the database fails.
    pub fn note_draft(&mut self, patient: &PatientId, id: &str) -> Result<Option<NoteDraft>, VaultError> {
        self.may_read(patient)?;
        let user = self.own_user()?;
        let Some(row) = self.patient(patient)? else { return Ok(None) };
        let Some(sealed) = self.draft_row(row, patient, id)?.filter(|sealed| sealed.row.user == user) else {
            return Ok(None);
        };
        let key = self.reading_key(row, patient, sealed.key_version)?;
        let content = open(&key, row, patient, &sealed);
        self.notice(&content, "note_draft", || id.to_owned());
        Ok(Some(NoteDraft { row: sealed.row, content }))
    }

    /// Throws a draft of the permit's user away, or takes it off once it is signed.
    ///
    /// # Errors
    /// As [`Tx::note_draft_put`].
    pub fn note_draft_delete(&mut self, patient: &PatientId, id: &str, based_on: u32) -> Result<(), VaultError> {
        let user = self.may_write_notes(patient)?;
        let Some(row) = self.patient(patient)? else { return Err(GONE) };
        let stands = self.draft_row(row, patient, id)?.filter(|sealed| sealed.row.user == user).ok_or(GONE)?;
        if stands.row.version != based_on {
            return Err(VaultError::VersionConflict { newest: stands.row.version });
        }
        self.sql.execute("DELETE FROM note_draft WHERE id = ?1", [id]).doing(STORING)?;
        self.about(format!("draft={id} version={based_on}"));
        Ok(())
    }

    /// The drafts of the permit's user, the one that was begun first at the head: in the permit's chart, or everywhere where the
    /// permit is for the list of what is not signed. Nothing is decrypted.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`]; or the database fails.
    pub fn note_drafts(&self) -> Result<Vec<NoteDraftRow>, VaultError> {
        let user = self.own_user()?;
        let patient = match self.permit.patient() {
            Some(patient) => {
                self.may_read(patient)?;
                match self.patient(patient)? {
                    Some(row) => Some(row.number),
                    None => return Ok(Vec::new()),
                }
            }
            None => {
                self.may(&[Interaction::CompositionSearch])?;
                None
            }
        };
        let mut statement = self
            .sql
            .prepare_cached(&format!(
                "{DRAFTS} WHERE note_draft.user = ?1 AND (?2 IS NULL OR note_draft.patient = ?2)
                 AND patient.destroyed_at IS NULL ORDER BY began_at, note_draft.id"
            ))
            .doing(READING)?;
        let rows = statement.query_map(params![user.to_string(), patient], read).doing(READING)?;
        rows.map(|row| Ok(parsed(row.doing(READING)?)?.row)).collect()
    }

    /// Asks a user to sign what the permit's user has signed in this transaction.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] for another patient; [`VaultError::Invalid`] when there is no such user; or the database fails.
    pub fn cosign_ask(
        &mut self,
        patient: &PatientId,
        composition: &ResourceId,
        kind: &str,
        of: UserId,
    ) -> Result<(), VaultError> {
        let by = self.may_write_notes(patient)?;
        let row = self.living(patient)?;
        let known: bool = self
            .sql
            .query_row("SELECT EXISTS (SELECT 1 FROM user WHERE id = ?1)", [of.to_string()], |row| row.get(0))
            .doing(STORING)?;
        if !known || of == by {
            return Err(VaultError::Invalid("nobody else with this id can sign too; choose somebody of the list"));
        }
        self.sql
            .execute(
                "INSERT INTO cosign_request (composition, patient, kind, user, asked_by, asked_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![composition.as_str(), row.number, kind, of.to_string(), by.to_string(), self.now()],
            )
            .doing(STORING)?;
        Ok(())
    }

    /// What waits for the signature of the permit's user, longest first. The rows only lead there: what is asked stands in the note.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`]; or the database fails.
    pub fn cosign_requests(&self) -> Result<Vec<CosignRequest>, VaultError> {
        self.may(&[Interaction::CompositionSearch])?;
        let user = self.own_user()?;
        let mut statement = self
            .sql
            .prepare_cached(
                "SELECT composition, patient.id, kind, asked_by, asked_at FROM cosign_request
                 JOIN patient ON patient.number = cosign_request.patient
                 WHERE user = ?1 AND done_at IS NULL AND patient.destroyed_at IS NULL ORDER BY asked_at, composition",
            )
            .doing(READING)?;
        type Asked = (String, String, String, String, i64);
        let rows = statement
            .query_map([user.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
            .doing(READING)?;
        rows.map(|row| {
            let (composition, patient, kind, asked_by, asked_at): Asked = row.doing(READING)?;
            let tampered = || VaultError::Tampered("cosign_request");
            Ok(CosignRequest {
                composition: ResourceId::parse(&composition).map_err(|_| tampered())?,
                patient: PatientId::parse(&patient).map_err(|_| tampered())?,
                kind,
                asked_by: UserId::parse(&asked_by).map_err(|_| tampered())?,
                asked_at: time(asked_at),
            })
        })
        .collect()
    }

    /// Nobody is asked any more to sign what was marked as entered in error.
    ///
    /// # Errors
    /// As [`Tx::cosign_ask`].
    pub fn cosign_withdraw(&mut self, patient: &PatientId, composition: &ResourceId) -> Result<(), VaultError> {
        self.may(&[Interaction::ResourceCreate(Section::Documents), Interaction::CompositionNullify])?;
        self.covered(self.permit.patient() == Some(patient))?;
        self.sql
            .execute(
                "UPDATE cosign_request SET done_at = ?2 WHERE composition = ?1 AND done_at IS NULL",
                params![composition.as_str(), self.now()],
            )
            .doing(STORING)?;
        Ok(())
    }

    /// The permit's user has signed what they were asked to.
    ///
    /// # Errors
    /// As [`Tx::cosign_ask`].
    pub fn cosign_done(&mut self, patient: &PatientId, composition: &ResourceId) -> Result<(), VaultError> {
        let user = self.may_write_notes(patient)?;
        self.sql
            .execute(
                "UPDATE cosign_request SET done_at = ?3 WHERE composition = ?1 AND user = ?2",
                params![composition.as_str(), user.to_string(), self.now()],
            )
            .doing(STORING)?;
        Ok(())
    }

    /// Seals the drafts about a patient anew; how many.
    pub(super) fn reseal_drafts(
        &self,
        row: PatientRow,
        patient: &PatientId,
        (version, kek): (u32, &Arc<Kek>),
        key_of: &dyn Fn(u32) -> Option<Arc<Kek>>,
    ) -> Result<u64, VaultError> {
        let mut statement =
            self.sql.prepare_cached(&format!("{DRAFTS} WHERE note_draft.patient = ?1")).doing(STORING)?;
        let found: Vec<Raw> = statement.query_map([row.number], read).and_then(Iterator::collect).doing(STORING)?;
        let mut count = 0_u64;
        for sealed in found {
            let sealed = parsed(sealed)?;
            count = count.saturating_add(1);
            let Some(former) = key_of(sealed.key_version).filter(|_| sealed.key_version != version) else { continue };
            let opened = open(&Ok(former), row, patient, &sealed);
            self.notice(&opened, "note_draft", || sealed.row.id.clone());
            let Ok(text) = opened else { continue };
            let NoteDraftRow { id, user, kind, version: own, .. } = &sealed.row;
            let place = place(row, patient, id, *user, kind, version, *own);
            let anew = kek.seal_content(&place, text.as_bytes())?;
            if kek.open_content(&place, &anew).is_ok_and(|again| *again == *text.as_bytes()) {
                self.sql
                    .execute(
                        "UPDATE note_draft SET content = ?1, key_version = ?2 WHERE id = ?3",
                        params![anew, version, id],
                    )
                    .doing(STORING)?;
            }
        }
        Ok(count)
    }

    /// Deletes the drafts about a patient, and what leads to their notes and requests.
    pub(super) fn erase_notes(&self, patient: u32) -> Result<(), VaultError> {
        for table in ["note_draft", "cosign_request", "amendment_request"] {
            self.sql.execute(&format!("DELETE FROM {table} WHERE patient = ?1"), [patient]).doing(STORING)?;
        }
        Ok(())
    }

    /// The user whose permit writes notes in the chart of `patient`.
    fn may_write_notes(&self, patient: &PatientId) -> Result<UserId, VaultError> {
        self.may(&[Interaction::ResourceCreate(Section::Documents), Interaction::ResourceUpdate(Section::Documents)])?;
        self.covered(self.permit.patient() == Some(patient))?;
        self.own_user()
    }

    fn own_user(&self) -> Result<UserId, VaultError> {
        match self.permit.principal() {
            Principal::User { id, .. } => Ok(*id),
            Principal::Anonymous | Principal::Workstation => Err(VaultError::OutsidePermit),
        }
    }

    fn living(&self, patient: &PatientId) -> Result<PatientRow, VaultError> {
        let row = self.patient(patient)?.ok_or(VaultError::Invalid("there is no patient with this id"))?;
        match row.destroyed_at {
            Some(at) => Err(VaultError::Destroyed { at: time(at) }),
            None => Ok(row),
        }
    }

    fn draft_row(&self, row: PatientRow, patient: &PatientId, id: &str) -> Result<Option<Sealed>, VaultError> {
        let found: Option<Raw> = self
            .sql
            .prepare_cached(&format!("{DRAFTS} WHERE note_draft.id = ?1"))
            .and_then(|mut statement| statement.query_row([id], read).optional())
            .doing(READING)?;
        let found = found.map(parsed).transpose()?;
        // The id is another chart's: there it stays.
        Ok(found.filter(|sealed| sealed.row.patient == *patient && row.destroyed_at.is_none()))
    }
}

const DRAFTS: &str =
    "SELECT note_draft.id, patient.id, user, kind, note_draft.version, key_version, began_at, changed_at, content
    FROM note_draft JOIN patient ON patient.number = note_draft.patient";

type Raw = (String, String, String, String, u32, u32, i64, i64, Vec<u8>);

fn read(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
        row.get(8)?,
    ))
}

fn parsed((id, patient, user, kind, version, key_version, began, changed, content): Raw) -> Result<Sealed, VaultError> {
    let tampered = || VaultError::Tampered("note_draft");
    let row = NoteDraftRow {
        id,
        patient: PatientId::parse(&patient).map_err(|_| tampered())?,
        user: UserId::parse(&user).map_err(|_| tampered())?,
        kind,
        version,
        began_at: time(began),
        changed_at: time(changed),
    };
    Ok(Sealed { row, key_version, content })
}

fn open(
    key: &Result<Arc<Kek>, Undecodable>,
    row: PatientRow,
    patient: &PatientId,
    sealed: &Sealed,
) -> Result<Text, Undecodable> {
    let NoteDraftRow { id, user, kind, version, .. } = &sealed.row;
    let place = place(row, patient, id, *user, kind, sealed.key_version, *version);
    let kek = key.as_ref().map_err(Clone::clone)?;
    let mut text = kek.open_content(&place, &sealed.content)?;
    Text::from_bytes(std::mem::take(&mut *text))
}

/// **Do not modify**: drafts are bound to this text.
fn place(
    row: PatientRow,
    patient: &PatientId,
    id: &str,
    user: UserId,
    kind: &str,
    key_version: u32,
    version: u32,
) -> String {
    let number = row.number;
    format!("vigil/record/v1|note_draft|{kind}|{id}|content|{patient}|{number}/{key_version}|{version}|{user}")
}
