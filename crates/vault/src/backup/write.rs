//! Writing a backup while the program goes on.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::Connection;
use rusqlite::backup::StepResult;
use sha2::{Digest, Sha256};
use vigil_audit::Frontier;
use vigil_model::Moment;
use vigil_policy::Permit;

use super::stream::{SealedWriter, sealed_length};
use super::{BackupContent, BackupProgress, GoOn, Head, MAGIC, Manifest, NEWEST, block_key, bound_to};
use crate::entry::Draft;
use crate::error::ResultExt as _;
use crate::header::DATABASE_FILE;
use crate::key::random;
use crate::open::{connect, keyed, new_uuid};
use crate::{Vault, VaultError, file, header, in_use, table};

/// Pages that are copied between two looks at whether to go on: 4 MiB.
const PAGES: i32 = 1024;
const PIECE: usize = 1 << 20;
const COPYING: &str = "copying the database";
/// What copies of the database in the data folder are called while they are made.
const COPY: &str = "backup-";
/// Whoever writes a backup holds this file, so that any other copy was left behind.
pub(crate) const TURN: &str = "backup.lock";
/// When the last backup was written.
const LAST: &str = "last-backup";

impl Vault {
    /// Writes a backup to `to`, which must not be there yet. Others go on reading and writing meanwhile; the backup holds
    /// what was committed when it began, its own audit entry among it. `custodian_file` is kept in the head, in the clear.
    ///
    /// # Errors
    /// [`VaultError::Cancelled`] when `go_on` said no; or what failed. Nothing of it is left behind then, and the failure
    /// is on record.
    pub fn backup(
        &self,
        permit: Permit,
        at: Moment,
        to: &Path,
        custodian_file: Option<String>,
        go_on: &mut GoOn<'_>,
    ) -> Result<BackupContent, VaultError> {
        let failed = Draft::of_permit(&permit).failed();
        let id = new_uuid(at)?;
        self.transaction(permit, None, at, |tx| {
            tx.may(&[vigil_policy::Interaction::BackupCreate])?;
            tx.about(format!("backup={id}"));
            Ok::<(), VaultError>(())
        })?;
        // So that the copy carries a signature over its last entry.
        self.checkpoint(at)
            .inspect_err(|error| tracing::warn!(%error, "the backup ends behind its last checkpoint"))
            .ok();
        let _turn = in_use::turn(&self.dir, TURN).map_err(|_| {
            VaultError::Invalid("another backup is being written at this workstation; wait until it has ended")
        })?;
        remove_stale(&self.dir);
        let copy = Gone(self.dir.join(format!("{COPY}{id}.db")));
        let draft = Gone(beside(to, &format!(".{id}.partial")));
        let written = self.write_backup(&copy.0, &draft.0, to, at, custodian_file, go_on);
        let mut connection = self.lock();
        match written {
            // Which one was the last is no record: the entry above is.
            Ok(content) => table::setting::put(&connection, LAST, &at.utc.to_rfc3339()).map(|()| content),
            Err(error) => {
                self.append_alone(&mut connection, &failed, at)?;
                Err(error)
            }
        }
    }

    /// When the last backup of this workstation was written to its end; `None`: never.
    ///
    /// # Errors
    /// When the database fails.
    pub fn last_backup(&self) -> Result<Option<DateTime<Utc>>, VaultError> {
        let text = table::setting::find(&self.lock(), LAST)?;
        Ok(text.and_then(|text| DateTime::parse_from_rfc3339(&text).ok()).map(|at| at.to_utc()))
    }

    fn write_backup(
        &self,
        copy: &Path,
        draft: &Path,
        to: &Path,
        at: Moment,
        custodian_file: Option<String>,
        go_on: &mut GoOn<'_>,
    ) -> Result<BackupContent, VaultError> {
        let disk = |doing| move |source| VaultError::Disk { doing, source };
        if to.symlink_metadata().is_ok() {
            return Err(VaultError::Invalid("there is a file of that name already; name another one"));
        }
        let (entries, root) = self.copy_database(copy, go_on)?;
        let (bytes, sha256) = digest(copy).map_err(disk(COPYING))?;
        let manifest = Manifest {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            bytes,
            sha256: hex::encode(sha256),
            entries,
            root: hex::encode(root),
        };
        let json = |_| VaultError::Invalid("the head of the backup has no JSON form");
        let manifest = serde_json::to_vec(&manifest).map_err(json)?;
        let (salt, nonce) = (random::<32>()?, random()?);
        let head = Head {
            format: NEWEST,
            created: at.utc.to_rfc3339_opts(SecondsFormat::Secs, true),
            salt: hex::encode(salt),
            nonce: hex::encode(nonce),
            // Sealed now, with the key that the copy is under: the file on the disk may be another by now.
            device_file: self.secrets.seal(self.device, &*self.custodian, &salt_of(copy)?)?,
            custodian_file,
            length: Some(sealed_length(4 + manifest.len() as u64 + bytes)),
        };
        let head = serde_json::to_vec(&head).map_err(json)?;
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes();

        let writing = "writing the backup";
        let mut out = BufWriter::new(file::make_new(draft).map_err(disk(writing))?);
        for part in [MAGIC.as_slice(), &length(&head), &head] {
            out.write_all(part).map_err(disk(writing))?;
        }
        let key = block_key(&self.secrets, &salt)?;
        let mut sealed = SealedWriter::new(out, &key, nonce, bound_to(&head));
        sealed.write_all(&length(&manifest)).and_then(|()| sealed.write_all(&manifest)).map_err(disk(writing))?;
        let mut source = File::open(copy).map_err(disk(COPYING))?;
        let mut piece = vec![0; PIECE];
        let mut done = 0;
        loop {
            let read = source.read(&mut piece).map_err(disk(COPYING))?;
            if read == 0 {
                break;
            }
            sealed.write_all(piece.get(..read).unwrap_or_default()).map_err(disk(writing))?;
            done += read as u64;
            step(go_on, bytes + done, 2 * bytes)?;
        }
        let out = sealed.finish().and_then(|out| out.into_inner().map_err(io::IntoInnerError::into_error));
        let out = out.map_err(disk(writing))?;
        out.sync_all().map_err(disk(writing))?;
        drop(out);
        fs::rename(draft, to).and_then(|()| file::sync_folder_of(to)).map_err(disk(writing))?;
        Ok(BackupContent { bytes, entries, root })
    }

    /// Copies the database page by page, under the same key, as it stood when the copy began: a read transaction of a
    /// connection of its own holds that moment, so writers neither wait nor make it begin again.
    fn copy_database(&self, copy: &Path, go_on: &mut GoOn<'_>) -> Result<(u64, [u8; 32]), VaultError> {
        let path = self.dir.join(DATABASE_FILE);
        let opened = |_| VaultError::Invalid("the database did not open a second time for the copy; try again");
        let source = connect(&path, &self.secrets.database_key).map_err(opened)?;
        file::make_new(copy).map_err(|source| VaultError::Disk { doing: COPYING, source })?;
        let mut target = keyed(copy, &self.secrets.database_key).map_err(opened)?;
        target.execute_batch("PRAGMA synchronous = OFF;").doing(COPYING)?;
        source.execute_batch("BEGIN").doing(COPYING)?;
        let (entries, frontier): (u64, Vec<u8>) = source
            .query_row("SELECT size, frontier FROM audit_head", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .doing(COPYING)?;
        let root = Frontier::from_bytes(entries, &frontier).and_then(|frontier| frontier.root());
        let root = if entries == 0 { [0; 32] } else { root.map_err(|_| VaultError::Tampered("audit_head"))? };
        // SQLCipher answers in text.
        let page: String = source.query_row("PRAGMA cipher_page_size", [], |row| row.get(0)).doing(COPYING)?;
        let page: u64 =
            page.parse().map_err(|_| VaultError::Invalid("the database does not say how long its pages are"))?;
        let backup = rusqlite::backup::Backup::new(&source, &mut target).doing(COPYING)?;
        loop {
            let more = backup.step(PAGES).doing(COPYING)?;
            let progress = backup.progress();
            let pages = |count: i32| u64::try_from(count).unwrap_or_default() * page;
            let total = pages(progress.pagecount);
            step(go_on, total.saturating_sub(pages(progress.remaining)), 2 * total)?;
            if more == StepResult::Done {
                break;
            }
            if more != StepResult::More {
                // Nobody else has the copy, and readers of the source wait for nobody.
                return Err(VaultError::Invalid("the database is locked by another program; try again"));
            }
        }
        drop(backup);
        drop(source);
        // The copy says of itself that it has a write-ahead log; closing it leaves none behind.
        close(target)?;
        Ok((entries, root))
    }
}

fn close(connection: Connection) -> Result<(), VaultError> {
    connection.close().map_err(|(_, error)| error).doing(COPYING)
}

fn step(go_on: &mut GoOn<'_>, done: u64, total: u64) -> Result<(), VaultError> {
    if go_on(BackupProgress { done, total }) { Ok(()) } else { Err(VaultError::Cancelled) }
}

/// Length and SHA-256 of a file.
pub(super) fn digest(path: &Path) -> io::Result<(u64, [u8; 32])> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; PIECE];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok((bytes, hasher.finalize().into()));
        }
        hasher.update(piece.get(..read).unwrap_or_default());
        bytes += read as u64;
    }
}

/// `name` with something behind it.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(suffix);
    PathBuf::from(name)
}

fn salt_of(copy: &Path) -> Result<Vec<u8>, VaultError> {
    header::first_bytes(copy).map_err(|source| VaultError::Disk { doing: COPYING, source })
}

/// Copies that a program left behind when it was killed.
pub(crate) fn remove_stale(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let stale = entry.file_name().to_str().is_some_and(|name| name.starts_with(COPY) && name.contains(".db"));
        if stale && let Err(error) = fs::remove_file(entry.path()) {
            tracing::warn!(%error, "an old copy of the database could not be removed");
        }
    }
}

/// A file that is removed when this goes, if it is still there.
struct Gone(PathBuf);

impl Drop for Gone {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            // Mostly it is not there, which is what is wanted.
            let _ = fs::remove_file(beside(&self.0, suffix));
        }
    }
}
