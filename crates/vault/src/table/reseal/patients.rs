//! What lies under the patients' own keys: each chart whole, in the transaction that makes its new key.

use rusqlite::OptionalExtension;
use vigil_model::PatientId;
use vigil_policy::Interaction;

use super::content::HistoryPlace;
use super::{SEALING, count, number_of};
use crate::error::ResultExt as _;
use crate::key::PrivateKey;
use crate::slot::Owner;
use crate::table::grant;
use crate::table::group::{self, GroupKey};
use crate::table::patient::{self, PatientRow};
use crate::table::resource::{PATIENT_BITS, Shelf};
use crate::{RotationProgress, Tx, UserKeys, VaultError, crash};

pub(super) const PATIENTS: &str = "patients";
pub(super) const ROWS: &str = "SELECT count(*) FROM patient";

impl Tx<'_> {
    /// Notes that the content of every chart has to be sealed under a new key of its patient.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit; or the database fails.
    pub fn patient_keys_rotate(&mut self) -> Result<(), VaultError> {
        self.may(&[Interaction::KeyRotate])?;
        self.begin(PATIENTS, 0, PATIENTS)?;
        // Sessions write under new keys from now on.
        group::changed(self.sql)?;
        self.about("key=patient".to_owned());
        Ok(())
    }

    /// Seals the content of the next patients under new keys, until `rows` records were sealed anew: old versions stay, for
    /// what the audit log remembers lies under them. The entry names the patients. `None`: nothing is left.
    ///
    /// # Errors
    /// As [`Tx::directory_reseal`].
    pub fn patients_reseal(&mut self, rows: u32, from: &UserKeys) -> Result<Option<RotationProgress>, VaultError> {
        self.may(&[Interaction::KeyReseal])?;
        let Some(mut job) = self.job(PATIENTS)? else { return Ok(None) };
        let device = self.vault.device;
        let authority = grant::authority(self.sql, Owner { device, user: from.user }, &from.private)?;
        self.used_group_key(GroupKey::Authority)?;
        self.used_group_key(GroupKey::BreakGlass)?;
        let (_, secret) = group::held(self.sql, device, GroupKey::BreakGlass, &authority)?;
        let break_glass = PrivateKey::from_secret(&secret)?;
        let mut sealed = 0_u64;
        let mut last = number_of(&job.cursor);
        let mut finished = false;
        while sealed < u64::from(rows) {
            let Some((row, id)) = self.patient_after(last)? else {
                finished = true;
                break;
            };
            sealed = sealed.saturating_add(1).saturating_add(self.reseal_patient(row, &id, &break_glass)?);
            last = row.number;
            job.done = job.done.saturating_add(1);
            crash::point("a patient's records are sealed anew, nothing is committed");
        }
        if finished {
            self.end(PATIENTS)?;
        } else {
            self.go_on(PATIENTS, PATIENTS, &last.to_be_bytes(), job.done)?;
        }
        self.about("key=patient sealed-anew=records".to_owned());
        let total = count(self.sql, ROWS)?;
        Ok(Some(RotationProgress { done: job.done.min(total), total, finished }))
    }

    fn reseal_patient(&mut self, row: PatientRow, id: &PatientId, with: &PrivateKey) -> Result<u64, VaultError> {
        let former = patient::keys_in_emergency(self.sql, with, row.number, id)?;
        // A patient without a key that opens has nothing that could be sealed anew: never written about, or destroyed.
        if former.is_empty() {
            return Ok(0);
        }
        let (version, kek) = self.patient_key_make(row, id)?;
        self.fresh.patient.remove(&row.number);
        self.touched.insert(row.number);
        let shelf = Shelf(Some((row, id)));
        let first = i64::from(row.number) << PATIENT_BITS;
        let key_of = |version: u32| former.get(&version).cloned();
        let current =
            self.reseal_rows(shelf, (first, first | i64::from(u32::MAX)), (version, &kek), &key_of, u32::MAX)?;
        let history = self.reseal_history(shelf, &HistoryPlace::START, (version, &kek), &key_of, u32::MAX)?;
        let drafts = self.reseal_drafts(row, id, (version, &kek), &key_of)?;
        let records = current.map_or(0, |(_, count)| count).saturating_add(history.map_or(0, |(_, count)| count));
        Ok(records.saturating_add(drafts))
    }

    fn patient_after(&self, number: u32) -> Result<Option<(PatientRow, PatientId)>, VaultError> {
        let id: Option<String> = self
            .sql
            .prepare_cached("SELECT id FROM patient WHERE number > ?1 ORDER BY number LIMIT 1")
            .and_then(|mut statement| statement.query_row([number], |row| row.get(0)).optional())
            .doing(SEALING)?;
        let Some(id) = id else { return Ok(None) };
        let id = PatientId::parse(&id).map_err(|_| VaultError::Tampered("patient"))?;
        Ok(self.patient(&id)?.map(|row| (row, id)))
    }
}
