//! Destroying a patient's keys for good, after two persons decided so, and again wherever an older copy comes back.
//!
//! Two steps, each a transaction with its entry: the second person agrees, and the workstation does it. Cut off in between,
//! the next start does it. What was destroyed is named in the database and in a sealed list beside it
//! (`destroyed.json`), which a restore of an older backup leaves where it is.

use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use vigil_model::{DestructionReason, Moment, PatientId, UserId};
use vigil_policy::Permit;
use zeroize::Zeroizing;

use crate::device::DeviceSecrets;
use crate::error::ResultExt as _;
use crate::header::DATABASE_FILE;
use crate::key::{Secret, derive, open, seal};
use crate::{Undecodable, Vault, VaultError, crash, file, table};

/// The list beside the database.
const LIST: &str = "destroyed.json";
/// How the folders begin in which a restore puts aside what was there, or works.
const COPIES: [&str; 2] = ["before-restore-", "restoring"];
/// Up to this size a database is written anew at once, in memory; a larger one by the new database key of the next start.
const REWRITTEN_AT_ONCE: u64 = 256 << 20;
const SCRUBBING: &str = "overwriting what was destroyed";

/// What two persons decided: only this crate makes one, from what the database or the sealed list says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone(pub(crate) Decision);

/// Ids, times and a code, nothing of the record. **Do not modify**: lists hold it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Decision {
    pub(crate) patient: PatientId,
    pub(crate) reason: DestructionReason,
    pub(crate) requested_by: UserId,
    pub(crate) requested_at: DateTime<Utc>,
    pub(crate) approved_by: UserId,
    pub(crate) approved_at: DateTime<Utc>,
}

impl Tombstone {
    /// Whose record it was.
    pub const fn patient(&self) -> &PatientId {
        &self.0.patient
    }
}

/// How far a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DestructionState {
    /// It waits for the second person.
    Waiting,
    /// Nobody agreed in time.
    Lapsed,
    /// It was withdrawn.
    Withdrawn,
    /// Two persons agreed; it is being done, or will be at the next start.
    Approved,
    /// It was done.
    Destroyed,
}

/// A request to destroy a patient's keys, and what became of it.
pub struct Destruction {
    /// Its number on this workstation.
    pub id: u32,
    /// Whose.
    pub patient: PatientId,
    /// Why, coded.
    pub reason: DestructionReason,
    /// Why, in the words of who asked; `None`: it was taken over from the list, in a copy that does not have them.
    pub words: Option<Result<String, Undecodable>>,
    /// Who asked.
    pub requested_by: UserId,
    /// Their name, if the user is known here.
    pub requested_by_display: Option<String>,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// Until when somebody may agree.
    pub expires_at: DateTime<Utc>,
    /// How far it is.
    pub state: DestructionState,
    /// Who agreed or withdrew it.
    pub decided_by: Option<UserId>,
    /// Their name, if the user is known here.
    pub decided_by_display: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// When it was done here.
    pub destroyed_at: Option<DateTime<Utc>>,
    /// How many resources the record has now.
    pub resources: u64,
}

impl Vault {
    /// Everything that two persons decided, by the list beside the database and by the database itself.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] when the list does not authenticate; or the database fails.
    pub fn tombstones(&self) -> Result<Vec<Tombstone>, VaultError> {
        let mut all = self.tombstones_listed(&self.dir)?;
        for known in table::tombstone::decided(&self.lock())? {
            if !all.iter().any(|one| one.patient() == known.patient()) {
                all.push(known);
            }
        }
        Ok(all)
    }

    /// What the list in `dir` names, if this vault's device wrote it.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] when it does not authenticate.
    pub fn tombstones_listed(&self, dir: &Path) -> Result<Vec<Tombstone>, VaultError> {
        read_list(&self.secrets, &dir.join(LIST))
    }

    /// What is decided and not done in this database: an approval after which the program was cut off, and whatever of
    /// `known` came back with an older copy.
    ///
    /// # Errors
    /// When the database fails.
    pub fn destructions_due(&self, known: &[Tombstone]) -> Result<Vec<Tombstone>, VaultError> {
        let connection = self.lock();
        let mut due = table::tombstone::approved(&connection)?;
        for tombstone in known {
            let met = due.iter().any(|one| one.patient() == tombstone.patient());
            if !met && !table::tombstone::is_destroyed(&connection, tombstone.patient())? {
                due.push(tombstone.clone());
            }
        }
        Ok(due)
    }

    /// Does it: deletes every key, demographics, contents, tokens and remembered details of the patient, and overwrites
    /// where they lay. The permit is the workstation's and names the patient.
    ///
    /// # Errors
    /// When the entry or the rows cannot be written; then it is due as before.
    pub fn patient_destroy(&self, permit: Permit, at: Moment, tombstone: &Tombstone) -> Result<(), VaultError> {
        self.lock().execute_batch("PRAGMA secure_delete = ON").doing(SCRUBBING)?;
        self.transaction(permit, None, at, |tx| tx.patient_destroy(&tombstone.0))?;
        crash::point("a patient's keys are destroyed, old pages are not overwritten");
        self.scrub();
        Ok(())
    }

    /// Brings the list up to the database and overwrites what could not be overwritten before.
    ///
    /// # Errors
    /// When the list cannot be written; or the database fails.
    pub fn destructions_settle(&self) -> Result<(), VaultError> {
        let (known, scrubbed) = {
            let connection = self.lock();
            (table::tombstone::destroyed(&connection)?, table::tombstone::all_scrubbed(&connection)?)
        };
        if known.is_empty() {
            return Ok(());
        }
        let path = self.dir.join(LIST);
        // One that does not authenticate is made anew; whoever opens the vault has left an alert.
        let (sound, mut listed) = match read_list(&self.secrets, &path) {
            Ok(listed) => (true, listed),
            Err(VaultError::Tampered(_)) => (false, Vec::new()),
            Err(error) => return Err(error),
        };
        let before = listed.len();
        for tombstone in known {
            if !listed.iter().any(|one| one.patient() == tombstone.patient()) {
                listed.push(tombstone);
            }
        }
        if !sound || listed.len() != before {
            write_list(&self.secrets, &path, &listed)?;
            crash::point("what is destroyed is listed beside the database");
        }
        if !scrubbed {
            self.scrub();
        }
        Ok(())
    }

    /// How many patients' keys were destroyed here; no permit: a number. Sessions look whether theirs is among them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn destroyed_count(&self) -> Result<u64, VaultError> {
        table::tombstone::count(&self.lock())
    }

    /// Whose keys were destroyed here: ids of which nothing else is left.
    ///
    /// # Errors
    /// When the database fails.
    pub fn destroyed_patients(&self) -> Result<Vec<PatientId>, VaultError> {
        let all = table::tombstone::destroyed(&self.lock())?;
        Ok(all.into_iter().map(|tombstone| tombstone.0.patient).collect())
    }

    /// Where another program is in the way it is done again at the next start; the keys are gone either way.
    fn scrub(&self) {
        match scrub(&self.lock(), &self.dir.join(DATABASE_FILE)) {
            Ok(true) => {}
            Ok(false) => tracing::warn!("old pages of a destroyed record are overwritten at the next start"),
            Err(error) => tracing::warn!(%error, "old pages of a destroyed record are overwritten at the next start"),
        }
    }
}

/// Writes the database anew where it is not too large, so that no page keeps a part of what was deleted, and empties the
/// write-ahead log. Whether all of that was done.
fn scrub(connection: &Connection, database: &Path) -> Result<bool, VaultError> {
    let small = fs::metadata(database).is_ok_and(|found| found.len() <= REWRITTEN_AT_ONCE);
    if small {
        connection.execute_batch("VACUUM").doing(SCRUBBING)?;
        crash::point("the database is written anew, its log is not emptied");
    }
    let emptied = || -> Result<bool, VaultError> {
        let busy: i64 =
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).doing(SCRUBBING)?;
        Ok(busy == 0)
    };
    if !emptied()? || !small {
        return Ok(false);
    }
    table::tombstone::scrubbed(connection)?;
    emptied()
}

/// Refuses where whole copies of the database lie in the data folder, which would still open.
pub(crate) fn refuse_copies(dir: &Path) -> Result<(), VaultError> {
    let disk = |source| VaultError::Disk { doing: "looking for copies of the record", source };
    for entry in fs::read_dir(dir).map_err(disk)? {
        let name = entry.map_err(disk)?.file_name();
        let name = name.to_string_lossy();
        if COPIES.iter().any(|copy| name.starts_with(copy)) {
            return Err(VaultError::Invalid(
                "the data folder still has what a restore put aside (before-restore-..., restoring), and the record is in \
                 it too; have IT delete that folder first",
            ));
        }
    }
    Ok(())
}

/// The list as it lies on the disk. **Do not modify**: installations hold it; a new form needs a new `format`.
#[derive(Serialize, Deserialize)]
struct Listed {
    format: u32,
    /// AES-256-GCM under a key made from the device's signing key, hex: it outlives a new database key.
    sealed: String,
}

const PLACE: &str = "vigil/destroyed/v1";
const FORMAT: u32 = 1;

fn list_key(secrets: &DeviceSecrets) -> Result<Secret, VaultError> {
    derive(secrets.head_key.as_slice(), "vigil/destroyed/seal/v1")
}

fn read_list(secrets: &DeviceSecrets, path: &Path) -> Result<Vec<Tombstone>, VaultError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(VaultError::Disk { doing: "reading the list of what was destroyed", source }),
    };
    let tampered = || VaultError::Tampered(LIST);
    let listed: Listed = serde_json::from_slice(&bytes).map_err(|_| tampered())?;
    let sealed = hex::decode(&listed.sealed).map_err(|_| tampered())?;
    let text = open(&list_key(secrets)?, PLACE, &sealed).map_err(|_| tampered())?;
    let decisions: Vec<Decision> = serde_json::from_slice(&text).map_err(|_| tampered())?;
    Ok(decisions.into_iter().map(Tombstone).collect())
}

fn write_list(secrets: &DeviceSecrets, path: &Path, listed: &[Tombstone]) -> Result<(), VaultError> {
    let no_form = |_| VaultError::Invalid("the list of what was destroyed has no JSON form");
    let decisions: Vec<&Decision> = listed.iter().map(|tombstone| &tombstone.0).collect();
    let text = Zeroizing::new(serde_json::to_vec(&decisions).map_err(no_form)?);
    let sealed = seal(&list_key(secrets)?, PLACE, &text)?;
    let json = serde_json::to_vec(&Listed { format: FORMAT, sealed: hex::encode(sealed) }).map_err(no_form)?;
    file::replace(path, &json)
        .map_err(|source| VaultError::Disk { doing: "writing the list of what was destroyed", source })
}
