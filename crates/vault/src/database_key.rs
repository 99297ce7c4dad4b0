//! Replacing the database key: everything is written to a new file under a new key, judged there, and takes the place of
//! the old file by a rename. Nothing is ever encrypted anew in place.
//!
//! Two files have to change together, `vigil.db` and `device.json`. So `device.json` names both keys while the database is
//! exchanged, and the database that is there says which of them counts ([`header::settle`]).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use vigil_audit::Verification;
use vigil_model::Moment;
use vigil_policy::{Interaction, Permit};
use zeroize::Zeroizing;

use crate::device::{DeviceFile, DeviceSecrets};
use crate::error::ResultExt as _;
use crate::header::DATABASE_FILE;
use crate::in_use::InUse;
use crate::open::{bring_up_to_date, connect};
use crate::{
    BackupProgress, Custodian, GoOn, OpenError, RotationCause, Tx, Vault, VaultError, crash, file, free_space, header,
    in_use, table,
};

/// The new file until it takes the place of the old one.
const NEXT: &str = "vigil.db.next";
const WRITING: &str = "writing the database under its new key";
const JUDGING: &str = "judging the database under its new key";
/// What is left free beside the new file, for the write-ahead log and whatever else the computer does.
const RESERVE: u64 = 64 << 20;
/// How often is asked whether to go on.
const LOOK: Duration = Duration::from_millis(50);

/// What the audit log will say.
struct Act {
    permit: Permit,
    cause: RotationCause,
    at: Moment,
}

impl Vault {
    /// Replaces the database key of the vault in `dir`, which nobody may have open. The entry that `permit` stands for is
    /// written into the new file alone, so that the log says that the key was replaced exactly if it was.
    ///
    /// Cut off anywhere, the folder opens under the one key or the other; [`Vault::open`] clears away.
    ///
    /// # Errors
    /// [`OpenError::InUse`]; [`OpenError::NotSound`] when the disk is too full or what was written is not what was read;
    /// [`VaultError::Cancelled`]; else as [`Vault::open`]. Nothing is changed then.
    pub fn database_key_rotate(
        dir: &Path,
        custodian: Arc<dyn Custodian>,
        permit: Permit,
        cause: RotationCause,
        at: Moment,
        go_on: &mut GoOn<'_>,
    ) -> Result<Self, OpenError> {
        header::read(dir)?;
        let in_use = in_use::alone(dir)?;
        let header = header::settle(dir)?;
        remove_next(dir)?;
        let secrets =
            DeviceSecrets::unseal(&header, &*custodian).map_err(|unsealed| header::refusal(dir, &header, unsealed))?;
        let act = Act { permit, cause, at };
        let exchanged = written(dir, &in_use, &custodian, &header, secrets, act, go_on)
            .and_then(|next| exchange(dir, header, next));
        if let Err(error) = exchanged {
            // The old file is there as it was, or the new one is in its place already: then there is nothing to remove.
            remove_next(dir)?;
            return Err(error);
        }
        drop(in_use);
        Self::open(dir, custodian)
    }

    /// Copies everything into a new file under another key.
    fn export(&self, next: &Path, fresh: &DeviceSecrets, bytes: u64, go_on: &mut GoOn<'_>) -> Result<(), VaultError> {
        file::make_new(next).map_err(|source| VaultError::Disk { doing: WRITING, source })?;
        let mut connection = self.lock();
        let name = next.to_str().ok_or(VaultError::Invalid("the data folder's path is no text"))?;
        let key = Zeroizing::new(format!("x'{}'", *Zeroizing::new(hex::encode(*fresh.database_key))));
        connection.execute("ATTACH DATABASE ?1 AS next KEY ?2", [name, key.as_str()]).doing(WRITING)?;
        connection
            .execute_batch("PRAGMA next.cipher_hmac_algorithm = HMAC_SHA256; PRAGMA next.synchronous = OFF;")
            .doing(WRITING)?;
        let interrupt = connection.get_interrupt_handle();
        let exported = thread::scope(|scope| {
            let connection = &mut *connection;
            let export = move || connection.query_row("SELECT sqlcipher_export('next')", [], |_| Ok(()));
            let working = thread::Builder::new().spawn_scoped(scope, export);
            let working = working.map_err(|source| VaultError::Disk { doing: WRITING, source })?;
            let mut cancelled = false;
            while !working.is_finished() {
                thread::park_timeout(LOOK);
                let done = fs::metadata(next).map_or(0, |found| found.len()).min(bytes);
                if !cancelled && !go_on(BackupProgress { done, total: bytes.saturating_mul(2) }) {
                    cancelled = true;
                    interrupt.interrupt();
                }
            }
            match working.join() {
                _ if cancelled => Err(VaultError::Cancelled),
                Ok(done) => done.doing(WRITING),
                Err(_) => Err(VaultError::Invalid("copying the database stopped; try again")),
            }
        });
        exported?;
        let layout: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).doing(WRITING)?;
        connection.execute_batch(&format!("PRAGMA next.user_version = {layout}; DETACH DATABASE next;")).doing(WRITING)
    }
}

impl Tx<'_> {
    /// What hangs on the database key beside the pages themselves, in the new file.
    fn database_key_replaced(&mut self, former: &DeviceSecrets, cause: RotationCause) -> Result<(), VaultError> {
        self.may(&[Interaction::DatabaseKeyRotate])?;
        table::device_key::replaced(self.sql, table::device_key::DATABASE, self.now())?;
        table::sign_in::rename_all(self.sql, &former.name_key, &self.vault.secrets.name_key)?;
        table::rotation::database_key_done(self.sql)?;
        self.about(format!("key=database cause={}", cause.code()));
        Ok(())
    }
}

/// Writes and judges the new file; the header that belongs to it.
fn written(
    dir: &Path,
    in_use: &InUse,
    custodian: &Arc<dyn Custodian>,
    header: &DeviceFile,
    secrets: DeviceSecrets,
    act: Act,
    go_on: &mut GoOn<'_>,
) -> Result<DeviceFile, OpenError> {
    let (path, next) = (dir.join(DATABASE_FILE), dir.join(NEXT));
    let mut connection = connect(&path, &secrets.database_key)?;
    bring_up_to_date(&path, &mut connection, &secrets, header.device)?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).doing(WRITING)?;
    let bytes = fs::metadata(&path).map_err(|source| OpenError::Io { path: path.clone(), source })?.len();
    let needed = bytes.saturating_add(bytes / 10).saturating_add(RESERVE);
    if free_space::of(dir).is_some_and(|free| free < needed) {
        let needed = needed.div_ceil(1 << 20);
        return Err(not_sound(&next, format!("a second copy of the database needs {needed} MiB of free space")));
    }
    let fresh = secrets.with_new_database_key()?;
    let vault = |secrets, connection| -> Result<Vault, OpenError> {
        Ok(Vault::new(dir, header.device, Arc::clone(custodian), secrets, connection, in_use.also(dir)?))
    };
    let old = vault(secrets, connection)?;
    let before = old.verify_without_mark()?;
    old.export(&next, &fresh, bytes, go_on)?;
    crash::point("the database is written under its new key");
    let connection = connect(&next, &fresh.database_key)?;
    let new = vault(fresh, connection)?;
    judge(&old, &new, &before, &next)?;
    if !go_on(BackupProgress { done: bytes.saturating_mul(2), total: bytes.saturating_mul(2) }) {
        return Err(VaultError::Cancelled.into());
    }
    new.transaction(act.permit, None, act.at, |tx| tx.database_key_replaced(&old.secrets, act.cause))?;
    new.lock().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).doing(WRITING)?;
    let salt = header::first_bytes(&next).map_err(|source| OpenError::Io { path: next.clone(), source })?;
    let next_header = new.secrets.seal(header.device, &**custodian, &salt)?;
    close(new)?;
    fs::File::open(&next).and_then(|file| file.sync_all()).map_err(|source| OpenError::Io { path: next, source })?;
    close(old)?;
    crash::point("the database under its new key is durable");
    Ok(next_header)
}

/// Whether the new file holds what the old one does.
fn judge(old: &Vault, new: &Vault, before: &Verification, next: &Path) -> Result<(), OpenError> {
    let after = new.verify_without_mark()?;
    let same = after.entries == before.entries && after.root == before.root;
    if !same || after.findings.len() > before.findings.len() {
        return Err(not_sound(next, "its audit log is not the one that was read"));
    }
    let (old, new) = (old.lock(), new.lock());
    for check in ["PRAGMA cipher_integrity_check", "PRAGMA integrity_check", "PRAGMA foreign_key_check"] {
        let mut statement = new.prepare(check).doing(JUDGING)?;
        let mut rows = statement.query([]).doing(JUDGING)?;
        while let Some(row) = rows.next().doing(JUDGING)? {
            if row.get::<_, String>(0).doing(JUDGING)? != "ok" {
                return Err(not_sound(next, format!("{check} finds damage")));
            }
        }
    }
    let counted = |sql: &Connection| -> Result<Vec<(String, u64)>, VaultError> {
        let names: Vec<String> = sql
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
            .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
            .doing(JUDGING)?;
        let count = |name: String| {
            let rows = sql.query_row(&format!("SELECT count(*) FROM \"{name}\""), [], |row| row.get(0));
            rows.doing(JUDGING).map(|rows| (name, rows))
        };
        names.into_iter().map(count).collect()
    };
    if counted(&old)? == counted(&new)? { Ok(()) } else { Err(not_sound(next, "a table of it has lost rows")) }
}

/// The new file and its header take the place of the old ones.
fn exchange(dir: &Path, header: DeviceFile, next: DeviceFile) -> Result<(), OpenError> {
    let (path, new) = (dir.join(DATABASE_FILE), dir.join(NEXT));
    let io = |source| OpenError::Io { path: path.clone(), source };
    header::put(dir, &header.with_next(next))?;
    crash::point("device.json names both database keys");
    // Nobody has the old database open; a log that were left beside it would belong to the wrong file.
    for suffix in ["-wal", "-shm"] {
        remove(&beside(&path, suffix)).map_err(io)?;
        remove(&beside(&new, suffix)).map_err(io)?;
    }
    fs::rename(&new, &path).and_then(|()| file::sync_folder_of(&path)).map_err(io)?;
    crash::point("the new database is in its place");
    header::settle(dir).map(|_header| ())
}

fn close(vault: Vault) -> Result<(), OpenError> {
    let connection = vault.connection.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    Ok(connection.close().map_err(|(_, error)| error).doing(WRITING)?)
}

/// Whether there is a new file that did not take the place of the old one.
pub(crate) fn is_left_behind(dir: &Path) -> bool {
    dir.join(NEXT).symlink_metadata().is_ok()
}

/// Removes what a program left behind that was cut off.
pub(crate) fn remove_next(dir: &Path) -> Result<(), OpenError> {
    let path = dir.join(NEXT);
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let path = beside(&path, suffix);
        remove(&path).map_err(|source| OpenError::Io { path, source })?;
    }
    Ok(())
}

fn remove(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(suffix);
    PathBuf::from(name)
}

fn not_sound(path: &Path, reason: impl Into<String>) -> OpenError {
    OpenError::NotSound { path: path.to_owned(), reason: reason.into() }
}
