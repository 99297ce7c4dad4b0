//! `patient` and `patient_key`: who there is, and the keys of each.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use vigil_model::{Demographics, PatientId};
use vigil_policy::Interaction;
use zeroize::Zeroizing;

use super::group::{self, GroupKey};
use super::{grant, time, wrapping};
use crate::error::ResultExt as _;
use crate::key::{DirectoryKey, Held, Kek, PrivateKey, Secret, random};
use crate::slot::Owner;
use crate::{DirectoryRow, Tx, Undecodable, VaultError};

const GENERAL: &str = GroupKey::CareGroup.id();
const BREAK_GLASS: &str = GroupKey::BreakGlass.id();

/// A patient as the other tables know one.
#[derive(Clone, Copy)]
pub(crate) struct PatientRow {
    pub(crate) number: u32,
    pub(crate) restricted: bool,
    pub(crate) version: u32,
    /// The version of the directory key under which the demographics lie.
    pub(crate) sealed_under: u32,
    /// When its keys were destroyed, in microseconds since 1970; the row is all that is left.
    pub(crate) destroyed_at: Option<i64>,
}

impl Tx<'_> {
    /// Every patient: for the search index that is made at sign-in and unlock.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit than that of a directory read; [`VaultError::KeysMissing`]; or
    /// the database fails. A row that does not open is a row, not an error.
    pub fn directory(&self, mut visit: impl FnMut(DirectoryRow)) -> Result<(), VaultError> {
        self.may(&[Interaction::DirectoryRead])?;
        let (doing, key) = ("reading the directory", self.directory_key()?);
        let mut statement = self
            .sql
            .prepare_cached(
                "SELECT number, id, restricted, version, demographics, directory_version FROM patient
                 WHERE destroyed_at IS NULL ORDER BY number",
            )
            .doing(doing)?;
        let mut rows = statement.query([]).doing(doing)?;
        while let Some(row) = rows.next().doing(doing)? {
            let sealed = row.get_ref(4).doing(doing)?.as_blob_or_null().map_err(|_| VaultError::Tampered("patient"))?;
            let patient = PatientRow {
                number: row.get(0).doing(doing)?,
                restricted: row.get(2).doing(doing)?,
                version: row.get(3).doing(doing)?,
                sealed_under: row.get(5).doing(doing)?,
                destroyed_at: None,
            };
            let id = row.get_ref(1).doing(doing)?.as_str().map_err(|_| VaultError::Tampered("patient"))?;
            let row = directory_row(&key, patient, id, sealed)?;
            self.notice(&row.demographics, "patient", || id.to_owned());
            visit(row);
        }
        Ok(())
    }

    /// What the banner shows of the permit's patient.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] for any other patient; [`VaultError::KeysMissing`]; or the database fails.
    pub fn demographics(&self, patient: &PatientId) -> Result<Option<DirectoryRow>, VaultError> {
        self.may_read(patient)?;
        let (doing, key) = ("reading demographics", self.directory_key()?);
        let Some(row) = self.patient(patient)?.filter(|row| row.destroyed_at.is_none()) else { return Ok(None) };
        let sealed: Option<Vec<u8>> = self
            .sql
            .prepare_cached("SELECT demographics FROM patient WHERE number = ?1")
            .and_then(|mut statement| statement.query_row([row.number], |row| row.get(0)))
            .doing(doing)?;
        let row = directory_row(&key, row, patient.as_str(), sealed.as_deref())?;
        self.notice(&row.demographics, "patient", || patient.as_str().to_owned());
        Ok(Some(row))
    }

    /// The patient with this id.
    pub(crate) fn patient(&self, id: &PatientId) -> Result<Option<PatientRow>, VaultError> {
        if let Some(row) = self.patients.borrow().get(id) {
            return Ok(Some(*row));
        }
        let row = self
            .sql
            .prepare_cached(
                "SELECT number, restricted, version, directory_version, destroyed_at FROM patient WHERE id = ?1",
            )
            .and_then(|mut statement| {
                let read = |row: &rusqlite::Row<'_>| {
                    Ok(PatientRow {
                        number: row.get(0)?,
                        restricted: row.get(1)?,
                        version: row.get(2)?,
                        sealed_under: row.get(3)?,
                        destroyed_at: row.get(4)?,
                    })
                };
                statement.query_row([id.as_str()], read).optional()
            })
            .doing("looking up a patient")?;
        self.patients.borrow_mut().extend(row.map(|row| (id.clone(), row)));
        Ok(row)
    }

    /// The patient with this id, made if there is none.
    pub(super) fn patient_or_new(&mut self, id: &PatientId) -> Result<PatientRow, VaultError> {
        if let Some(row) = self.patient(id)? {
            // What was destroyed does not come in again.
            return row.destroyed_at.map_or(Ok(row), |at| Err(VaultError::Destroyed { at: time(at) }));
        }
        self.patient_insert(id)
    }

    pub(super) fn patient_insert(&mut self, id: &PatientId) -> Result<PatientRow, VaultError> {
        let number = self
            .sql
            .prepare_cached("INSERT INTO patient (id) VALUES (?1) RETURNING number")
            .and_then(|mut statement| statement.query_row([id.as_str()], |row| row.get(0)))
            .doing("adding a patient")?;
        let row = PatientRow { number, restricted: false, version: 0, sealed_under: 1, destroyed_at: None };
        self.patients.borrow_mut().insert(id.clone(), row);
        Ok(row)
    }

    /// Seals demographics and notes whether the chart is restricted.
    ///
    /// A chart that becomes restricted loses its wraps for the care group, of every key version, and later writes use a
    /// new key that never had one. When the restriction is lifted, whoever holds the authority key (the administrator who
    /// imports) gives the care group its wraps of the older versions back. Each change is an audit entry.
    pub(super) fn demographics_put(
        &mut self,
        id: &PatientId,
        demographics: &Demographics,
        restricted: bool,
    ) -> Result<(), VaultError> {
        let doing = "storing demographics";
        let mut row = self.patient_or_new(id)?;
        if row.restricted != restricted {
            if row.version > 0 {
                self.worklist_restricted(row.number)?;
            }
            self.sql
                .execute("DELETE FROM patient_key WHERE patient = ?1 AND recipient = ?2", params![row.number, GENERAL])
                .doing(doing)?;
            self.fresh.patient.remove(&row.number);
            if let Some(keys) = self.keys {
                keys.forget_written(row.number);
            }
            self.restriction_changed(id, restricted);
            if !restricted {
                self.open_again(row, id)?;
            }
        }
        let directory = self.directory_key()?;
        let sealed_under = directory.newest();
        row = PatientRow { restricted, version: row.version.saturating_add(1), sealed_under, ..row };
        let json = serde_json::to_vec(demographics).map(Zeroizing::new);
        let json = json.map_err(|_| VaultError::Invalid("these demographics have no form"))?;
        let sealed = directory.seal()?.seal(&place(row, id.as_str()), &json)?;
        self.sql
            .prepare_cached(
                "UPDATE patient SET restricted = ?2, version = ?3, demographics = ?4, directory_version = ?5
                 WHERE number = ?1",
            )
            .and_then(|mut statement| {
                statement.execute(params![row.number, restricted, row.version, sealed, sealed_under])
            })
            .doing(doing)?;
        self.patients.borrow_mut().insert(id.clone(), row);
        Ok(())
    }

    /// Wraps every version of a patient's key for the care group. The private half of the break-glass group, which opens
    /// them, and the keys themselves exist for the length of this call; nothing of the chart is opened. Without the
    /// authority key the versions stay as they are.
    fn open_again(&mut self, patient: PatientRow, id: &PatientId) -> Result<(), VaultError> {
        let Some(keys) = self.keys else { return Ok(()) };
        let owner = Owner { device: self.vault.device, user: keys.user };
        let authority = match grant::authority(self.sql, owner, &keys.private) {
            Err(VaultError::KeysMissing) => return Ok(()),
            authority => authority.inspect_err(|error| self.integrity_failure(error))?,
        };
        let break_glass = group::held(self.sql, owner.device, GroupKey::BreakGlass, &authority)
            .and_then(|(_, secret)| PrivateKey::from_secret(&secret))
            .inspect_err(|error| self.integrity_failure(error))?;
        self.used_group_key(GroupKey::BreakGlass)?;
        let doing = "opening a chart that was restricted";
        for (version, secret) in secrets_in_emergency(self.sql, &break_glass, patient.number, id)? {
            self.notice(&secret, "patient_key", || id.to_string());
            // What does not open stays closed, and an alert says so.
            let Ok(secret) = secret else { continue };
            self.used_key(format!("patient/{version}"));
            let (wrapping, kek) = self.wrapping_key(GroupKey::CareGroup)?;
            let sealed = kek.seal(&key_place(patient.number, id, version, GENERAL), secret.as_slice())?;
            self.sql
                .prepare_cached(
                    "INSERT INTO patient_key (patient, version, recipient, wrapping, sealed, made_at)
                     SELECT patient, version, ?3, ?4, ?5, made_at FROM patient_key
                     WHERE patient = ?1 AND version = ?2 AND recipient = ?6",
                )
                .and_then(|mut statement| {
                    statement.execute(params![patient.number, version, GENERAL, wrapping, sealed, BREAK_GLASS])
                })
                .doing(doing)?;
        }
        Ok(())
    }

    /// The key under which this session writes about a patient: its own if it has one, else a new version. Nobody needs
    /// to open an older version for that.
    pub(super) fn writing_key(&mut self, patient: PatientRow, id: &PatientId) -> Result<(u32, Arc<Kek>), VaultError> {
        match self.wrote_with(patient) {
            Some(known) => Ok(known),
            None => self.patient_key_make(patient, id),
        }
    }

    /// The key that this session has made for writing about a patient, if it has.
    pub(super) fn wrote_with(&self, patient: PatientRow) -> Option<(u32, Arc<Kek>)> {
        let known = self.fresh.patient.get(&patient.number).cloned();
        known.or_else(|| self.keys?.written(patient.number))
    }

    /// A new version of a patient's key, wrapped for every group that may open the chart.
    pub(super) fn patient_key_make(
        &mut self,
        patient: PatientRow,
        id: &PatientId,
    ) -> Result<(u32, Arc<Kek>), VaultError> {
        let doing = "making a patient key";
        let version: u32 = self
            .sql
            .prepare_cached("SELECT coalesce(max(version), 0) + 1 FROM patient_key WHERE patient = ?1")
            .and_then(|mut statement| statement.query_row([patient.number], |row| row.get(0)))
            .doing(doing)?;
        let secret: Secret = Zeroizing::new(random()?);
        let recipients: &[GroupKey] =
            if patient.restricted { &[GroupKey::BreakGlass] } else { &[GroupKey::BreakGlass, GroupKey::CareGroup] };
        for group in recipients {
            let recipient = group.id();
            let (wrapping, kek) = self.wrapping_key(*group)?;
            let sealed = kek.seal(&key_place(patient.number, id, version, recipient), secret.as_slice())?;
            self.sql
                .prepare_cached(
                    "INSERT INTO patient_key (patient, version, recipient, wrapping, sealed, made_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )
                .and_then(|mut statement| {
                    statement.execute(params![patient.number, version, recipient, wrapping, sealed, self.now()])
                })
                .doing(doing)?;
        }
        let made = (version, Arc::new(Kek::new(&secret)));
        self.fresh.patient.insert(patient.number, made.clone());
        Ok(made)
    }

    /// Notes the keys that the break-glass group's key is about to release.
    pub(crate) fn will_release(&self, patient: u32) -> Result<(), VaultError> {
        self.used_group_key(GroupKey::BreakGlass)?;
        let versions: Vec<u32> = self
            .sql
            .prepare_cached("SELECT version FROM patient_key WHERE patient = ?1 AND recipient = ?2")
            .and_then(|mut statement| statement.query_map(params![patient, BREAK_GLASS], |row| row.get(0))?.collect())
            .doing("reading a patient key")?;
        versions.into_iter().for_each(|version| self.used_key(format!("patient/{version}")));
        Ok(())
    }

    /// The newest version of a patient's key, if what the session holds opens it.
    pub(super) fn newest_reading_key(
        &self,
        patient: PatientRow,
        id: &PatientId,
    ) -> Result<Option<(u32, Arc<Kek>)>, VaultError> {
        let version: u32 = self
            .sql
            .prepare_cached("SELECT coalesce(max(version), 0) FROM patient_key WHERE patient = ?1")
            .and_then(|mut statement| statement.query_row([patient.number], |row| row.get(0)))
            .doing("reading a patient key")?;
        Ok(self.reading_key(patient, id, version)?.ok().map(|kek| (version, kek)))
    }

    /// A version of a patient's key, if what the session holds opens it.
    pub(super) fn reading_key(
        &self,
        patient: PatientRow,
        id: &PatientId,
        version: u32,
    ) -> Result<Result<Arc<Kek>, Undecodable>, VaultError> {
        let held = Held { patient: patient.number, version };
        // What a broken glass released opens for what is asked in an emergency, and for nothing else.
        let emergency = self.keys.filter(|_| self.permit.purpose().overrides());
        if let Some(kek) = emergency.and_then(|keys| keys.released(held)) {
            self.used_key(format!("patient/{version}"));
            return Ok(Ok(kek));
        }
        let member = self.keys.zip(self.group.as_ref().and_then(|group| group.general.as_ref()));
        let (Some((keys, (_, general))), false) = (member, patient.restricted) else {
            return Ok(Err(Undecodable::NoKey));
        };
        if let Some(kek) = keys.opened(held) {
            self.used_key(format!("patient/{version}"));
            return Ok(Ok(kek));
        }
        let row: Option<(i64, Vec<u8>)> = self
            .sql
            .prepare_cached(
                "SELECT wrapping, sealed FROM patient_key WHERE patient = ?1 AND version = ?2 AND recipient = ?3",
            )
            .and_then(|mut statement| {
                let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
                statement.query_row(params![patient.number, version, GENERAL], read).optional()
            })
            .doing("reading a patient key")?;
        let Some((wrapping, sealed)) = row else { return Ok(Err(Undecodable::NoKey)) };
        let wrapping = match self.unwrapping_key(keys, general, wrapping)? {
            Ok(wrapping) => wrapping,
            Err(undecodable) => return Ok(Err(undecodable)),
        };
        Ok(wrapping.open_key(&key_place(patient.number, id, version, GENERAL), &sealed).map(|secret| {
            let kek = Arc::new(Kek::new(&secret));
            keys.remember_opened(held, &kek);
            self.used_key(format!("patient/{version}"));
            kek
        }))
    }
}

/// The workstation's number of a patient.
pub(crate) fn number(sql: &Connection, id: &PatientId) -> Result<Option<u32>, VaultError> {
    sql.prepare_cached("SELECT number FROM patient WHERE id = ?1")
        .and_then(|mut statement| statement.query_row([id.as_str()], |row| row.get(0)).optional())
        .doing("looking up a patient")
}

/// Every version of a patient's key that the break-glass group opens.
pub(crate) fn keys_in_emergency(
    sql: &Connection,
    break_glass: &PrivateKey,
    patient: u32,
    id: &PatientId,
) -> Result<HashMap<u32, Arc<Kek>>, VaultError> {
    // A version that does not open is left out: what lies under it is shown as what it is, a row that does not open.
    let opened = |(version, secret): OpenedVersion| Some((version, Arc::new(Kek::new(&secret.ok()?))));
    Ok(secrets_in_emergency(sql, break_glass, patient, id)?.into_iter().filter_map(opened).collect())
}

/// One version of a patient's key, or why it does not open.
type OpenedVersion = (u32, Result<Secret, Undecodable>);

/// The same as secrets, each version of which there is a wrap.
fn secrets_in_emergency(
    sql: &Connection,
    break_glass: &PrivateKey,
    patient: u32,
    id: &PatientId,
) -> Result<Vec<OpenedVersion>, VaultError> {
    let wraps: Vec<(u32, i64, Vec<u8>)> = sql
        .prepare_cached("SELECT version, wrapping, sealed FROM patient_key WHERE patient = ?1 AND recipient = ?2")
        .and_then(|mut statement| {
            let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
            statement.query_map(params![patient, BREAK_GLASS], read)?.collect()
        })
        .doing("reading a patient key")?;
    let open = |(version, wrapping, sealed): (u32, i64, Vec<u8>)| {
        let place = key_place(patient, id, version, BREAK_GLASS);
        let secret =
            wrapping::open_in_emergency(sql, break_glass, wrapping)?.and_then(|kek| kek.open_key(&place, &sealed));
        Ok((version, secret))
    };
    wraps.into_iter().map(open).collect()
}

fn directory_row(
    key: &DirectoryKey,
    patient: PatientRow,
    id: &str,
    sealed: Option<&[u8]>,
) -> Result<DirectoryRow, VaultError> {
    let demographics = match sealed {
        None => Ok(Demographics::default()),
        Some(sealed) => key
            .open(patient.sealed_under)
            .ok_or(Undecodable::NoKey)
            .and_then(|kek| kek.open(&place(patient, id), sealed))
            .and_then(|json| serde_json::from_slice(&json).map_err(|_| Undecodable::Malformed)),
    };
    let patient_id = PatientId::parse(id).map_err(|_| VaultError::Tampered("patient"))?;
    Ok(DirectoryRow { patient: patient_id, demographics, restricted: patient.restricted })
}

/// **Do not modify**: demographics are bound to this text; the restriction with them, so that nobody lifts it by hand.
pub(super) fn place(patient: PatientRow, id: &str) -> String {
    let PatientRow { number, restricted, version, sealed_under, destroyed_at: _ } = patient;
    format!("vigil/demographics/v1|{number}|{id}|{restricted}|directory/{sealed_under}|{version}")
}

/// **Do not modify**: patient keys are bound to this text.
fn key_place(number: u32, id: &PatientId, version: u32, recipient: &str) -> String {
    format!("vigil/patient-key/v1|{number}|{id}|{version}|{recipient}|1")
}
