//! Restoring: everything is decrypted and judged in a new folder beside the data before anything takes its place, and
//! what was there is put aside, never deleted.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::stream::{NONCE, SealedReader};
use super::{Backup, BackupContent, BackupProgress, GoOn, Manifest, block_key, not_sound};
use crate::device::DeviceSecrets;
use crate::header::{DATABASE_FILE, DEVICE_FILE};
use crate::open::{bring_up_to_date, connect};
use crate::{Custodian, OpenError, RecoveryKey, Vault, VaultError, file, header, in_use};

/// A manifest is a few hundred bytes.
const LONGEST_MANIFEST: u32 = 1 << 20;
const PIECE: usize = 1 << 20;
/// The folder that is worked in begins so; one that is left over was cut short and holds nothing that counts.
const WORKPLACE: &str = "restoring";

/// Looks at a backup that proved sound, opened in a folder of its own, before it takes the place of what is there.
pub type Judge<'a> = dyn FnMut(&Vault) -> Result<(), OpenError> + 'a;

/// A restored vault. Its audit log does not say so yet: [`Vault::restored`].
pub struct Restored {
    /// The vault.
    pub vault: Vault,
    /// What the backup held.
    pub content: BackupContent,
    /// Where what was there before lies now.
    pub aside: Option<PathBuf>,
}

impl Vault {
    /// Verifies `backup` in a folder of its own and puts it into `dir`, sealed for `custodian`; nobody else may use `dir`.
    /// With `key` the organisation recovery key opens it, else the custodian has to. `aside` names the folder in `dir` that
    /// takes what was there. `judge` has the last word; what it writes is in what is restored.
    ///
    /// # Errors
    /// [`OpenError::NotSound`] with what was found; [`OpenError::WrongKey`] when the custodian's root is another and no key
    /// was given. Until the backup has proved sound, nothing is changed.
    pub fn restore(
        dir: &Path,
        mut backup: Backup,
        custodian: Arc<dyn Custodian>,
        key: Option<&RecoveryKey>,
        aside: &str,
        judge: &mut Judge<'_>,
        go_on: &mut GoOn<'_>,
    ) -> Result<Restored, OpenError> {
        let io = |source| OpenError::Io { path: dir.to_owned(), source };
        file::make_folder(dir).map_err(io)?;
        let in_use = in_use::alone(dir)?;
        let head = &backup.head.device_file;
        let secrets = match key {
            Some(key) => DeviceSecrets::recover(head, key),
            None => DeviceSecrets::unseal(head, &*custodian),
        };
        let secrets = secrets.map_err(|unsealed| header::refusal(&backup.path, head, unsealed))?;
        let device = head.device;

        let workplace = Workplace::make(dir).map_err(io)?;
        let database = workplace.0.join(DATABASE_FILE);
        let manifest = unpack(&mut backup, &secrets, &database, go_on)?;
        let content = {
            let mut connection = connect(&database, &secrets.database_key)?;
            let unsound = |reason: &str| not_sound(&backup.path, reason);
            check(&connection, "PRAGMA cipher_integrity_check")
                .map_err(|_| unsound("a page of it does not authenticate"))?;
            check(&connection, "PRAGMA integrity_check").map_err(|_| unsound("its database is damaged"))?;
            bring_up_to_date(&database, &mut connection, &secrets, device)?;
            // Sealed before anything moves: a custodian that is not there must not leave half a vault behind.
            let salt = header::first_bytes(&database).map_err(io)?;
            let json = header::bytes(&secrets.seal(device, &*custodian, &salt)?)?;
            file::write_new(&workplace.0.join(DEVICE_FILE), &json).map_err(io)?;
            let judged = Self::new(&workplace.0, device, Arc::clone(&custodian), secrets, connection, in_use);
            let log = judged.verify_without_mark()?;
            if let Some(first) = log.findings.first() {
                return Err(not_sound(&backup.path, format!("its audit log is not what was written: {first}")));
            }
            let root = if log.entries == 0 { [0; 32] } else { log.root };
            if log.entries != manifest.entries || hex::encode(root) != manifest.root {
                return Err(unsound("its audit log is not the one that its manifest names"));
            }
            judge(&judged)?;
            // Closing writes the log back into the file.
            BackupContent { bytes: manifest.bytes, entries: log.entries, root }
        };
        let in_use = in_use::alone(dir)?;
        let aside = take_place(dir, &workplace.0, aside).map_err(io)?;
        drop(workplace);
        drop(in_use);
        Ok(Restored { vault: Self::open(dir, custodian)?, content, aside })
    }
}

/// Decrypts the database to `target` and holds it against the manifest.
fn unpack(
    backup: &mut Backup,
    secrets: &DeviceSecrets,
    target: &Path,
    go_on: &mut GoOn<'_>,
) -> Result<Manifest, OpenError> {
    let path = backup.path.clone();
    let failed = |source: io::Error| {
        if [io::ErrorKind::InvalidData, io::ErrorKind::UnexpectedEof].contains(&source.kind()) {
            not_sound(&path, "it is damaged, cut off or was changed: a part of it does not authenticate")
        } else {
            OpenError::Io { path: path.clone(), source }
        }
    };
    let no_backup = || not_sound(&path, "its beginning is damaged");
    let salt = hex::decode(&backup.head.salt).map_err(|_| no_backup())?;
    let nonce: [u8; NONCE] =
        hex::decode(&backup.head.nonce).ok().and_then(|nonce| nonce.try_into().ok()).ok_or_else(no_backup)?;
    let key = block_key(secrets, &salt)?;
    let mut open = SealedReader::new(&mut backup.blocks, &key, nonce, backup.bound_to).map_err(failed)?;

    let mut length = [0; 4];
    open.read_exact(&mut length).map_err(failed)?;
    let length = u32::from_be_bytes(length);
    if length > LONGEST_MANIFEST {
        return Err(no_backup());
    }
    let mut json = vec![0; usize::try_from(length).map_err(|_| no_backup())?];
    open.read_exact(&mut json).map_err(failed)?;
    let manifest: Manifest = serde_json::from_slice(&json).map_err(|_| no_backup())?;

    let write = |source| OpenError::Io { path: target.to_owned(), source };
    let mut out: File = file::make_new(target).map_err(write)?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; PIECE];
    let mut done = 0;
    loop {
        let read = open.read(&mut piece).map_err(failed)?;
        if read == 0 {
            break;
        }
        let bytes = piece.get(..read).unwrap_or_default();
        hasher.update(bytes);
        out.write_all(bytes).map_err(write)?;
        done += read as u64;
        if !go_on(BackupProgress { done, total: backup.bytes }) {
            return Err(VaultError::Cancelled.into());
        }
    }
    out.sync_all().map_err(write)?;
    if done != manifest.bytes || hex::encode(hasher.finalize()) != manifest.sha256 {
        return Err(not_sound(&path, "its database is not the one that its manifest names"));
    }
    Ok(manifest)
}

/// A check passes when it has nothing to say, or says `ok`.
fn check(connection: &rusqlite::Connection, pragma: &str) -> Result<(), ()> {
    let mut statement = connection.prepare(pragma).map_err(|_| ())?;
    let mut rows = statement.query([]).map_err(|_| ())?;
    while let Some(row) = rows.next().map_err(|_| ())? {
        if row.get::<_, String>(0).map_err(|_| ())? != "ok" {
            return Err(());
        }
    }
    Ok(())
}

/// Puts the files of `from` into `dir`, and what was there into `dir/aside`. `device.json` goes first and comes back last:
/// at any moment in between the folder is one without it, which opens for nobody and is never taken for an empty one.
fn take_place(dir: &Path, from: &Path, aside: &str) -> io::Result<Option<PathBuf>> {
    let occupied = Vault::exists(dir);
    let kept = dir.join(aside);
    if occupied {
        file::make_folder(&kept)?;
        move_if_there(&dir.join(DEVICE_FILE), &kept.join(DEVICE_FILE))?;
        file::sync_folder_of(&kept.join(DEVICE_FILE))?;
        file::sync_folder_of(&dir.join(DEVICE_FILE))?;
        for suffix in ["-wal", "-shm"] {
            let name = format!("{DATABASE_FILE}{suffix}");
            move_if_there(&dir.join(&name), &kept.join(&name))?;
        }
        let (old, kept) = (dir.join(DATABASE_FILE), kept.join(DATABASE_FILE));
        // It stays where it is until the new one takes its name: without either, the folder would look empty. Where the
        // file system has no second names for a file, it is copied.
        if old.exists() && fs::hard_link(&old, &kept).is_err() {
            fs::copy(&old, &kept)?;
        }
    }
    fs::rename(from.join(DATABASE_FILE), dir.join(DATABASE_FILE))?;
    file::sync_folder_of(&dir.join(DATABASE_FILE))?;
    fs::rename(from.join(DEVICE_FILE), dir.join(DEVICE_FILE))?;
    file::sync_folder_of(&dir.join(DEVICE_FILE))?;
    Ok(occupied.then_some(kept))
}

fn move_if_there(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// The folder that is worked in; removed with what is left in it.
struct Workplace(PathBuf);

impl Workplace {
    fn make(dir: &Path) -> io::Result<Self> {
        let path = dir.join(WORKPLACE);
        // Nobody else uses the folder, so this one was cut short.
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        file::make_folder(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "the folder of a restore could not be removed");
        }
    }
}
