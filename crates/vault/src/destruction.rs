//! Destroying a patient's keys or one resource for good, after two persons decided so, and again wherever an older copy comes
//! back.
//!
//! Two steps, each a transaction with its entry: the second person agrees, and the workstation does it. Cut off in between,
//! the next start does it. What was destroyed is named in the database and in a sealed list beside it
//! (`destroyed.json`), which a restore of an older backup leaves where it is.

mod list;

use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use vigil_model::{DestructionReason, Moment, PatientId, ResourceName, UserId};
use vigil_policy::{Interaction, Permit};

use crate::error::ResultExt as _;
use crate::header::DATABASE_FILE;
use crate::{Undecodable, Vault, VaultError, crash, table};

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
    /// One resource; `None`: the whole record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) resource: Option<ResourceName>,
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

    /// What the workstation asks the policy for to do it.
    pub const fn interaction(&self) -> Interaction {
        if self.0.resource.is_some() { Interaction::ResourceDestroy } else { Interaction::PatientDestroy }
    }

    /// Whether both are about the same record, or the same resource of it.
    fn is_about_the_same(&self, other: &Self) -> bool {
        (&self.0.patient, &self.0.resource) == (&other.0.patient, &other.0.resource)
    }
}

/// A resource that was destroyed by itself: what is left of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DestroyedResource {
    /// Whose it was.
    pub patient: PatientId,
    /// Its type and id.
    pub name: ResourceName,
    /// When it was destroyed here.
    pub at: DateTime<Utc>,
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
    /// One resource of theirs; `None`: the whole record.
    pub resource: Option<ResourceName>,
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
    /// How many resources there are now that it is about.
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
            if !all.iter().any(|one| one.is_about_the_same(&known)) {
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
        list::read(&self.secrets, dir)
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
            let met = due.iter().any(|one| one.is_about_the_same(tombstone));
            if !met && !table::tombstone::is_destroyed(&connection, &tombstone.0)? {
                due.push(tombstone.clone());
            }
        }
        Ok(due)
    }

    /// Does it: deletes every key, demographics, contents, tokens and remembered details of the patient, or every version of
    /// the one resource, and overwrites where they lay. The permit is the workstation's and names the patient.
    ///
    /// # Errors
    /// When the entry or the rows cannot be written; then it is due as before.
    pub fn destroy(&self, permit: Permit, at: Moment, tombstone: &Tombstone) -> Result<(), VaultError> {
        self.lock().execute_batch("PRAGMA secure_delete = ON").doing(SCRUBBING)?;
        self.transaction(permit, None, at, |tx| tx.destroy(&tombstone.0))?;
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
        // One that does not authenticate is made anew; whoever opens the vault has left an alert.
        let (sound, mut listed) = match list::read(&self.secrets, &self.dir) {
            Ok(listed) => (true, listed),
            Err(VaultError::Tampered(_)) => (false, Vec::new()),
            Err(error) => return Err(error),
        };
        let before = listed.len();
        for tombstone in known {
            if !listed.iter().any(|one| one.is_about_the_same(&tombstone)) {
                listed.push(tombstone);
            }
        }
        if !sound || listed.len() != before {
            list::write(&self.secrets, &self.dir, &listed)?;
            crash::point("what is destroyed is listed beside the database");
        }
        if !scrubbed {
            self.scrub();
        }
        Ok(())
    }

    /// How many records and single resources were destroyed here; no permit: a number. Sessions look whether theirs are among
    /// them.
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
        Ok(all.into_iter().filter(|one| one.0.resource.is_none()).map(|one| one.0.patient).collect())
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
