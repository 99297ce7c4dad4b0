//! A log on its way out: C2SP tiles for other people's tools. The FHIR forms are those of the search.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use vigil_audit::{Agent, EntryBundles, Outcome, TileFile, hash_tiles};
use vigil_model::{DeviceId, PurposeOfUse};

use super::page::{PAGE, read};
use super::{Draft, kind, record};
use crate::Keys;
use crate::search::SearchError;
use crate::store::{Log, Store, StoreError};

/// Why a log was not exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// There is no such log, or it has no entry yet.
    #[error("there is no such log, or it has no receipt yet")]
    Unknown,
    /// The folder is there already; nothing is written over.
    #[error("{0} is there already; name another one")]
    There(PathBuf),
    /// A row is missing or too long, which verification names.
    #[error("the log does not verify; `vigil-server audit verify` names what was done to it")]
    Broken,
    /// A file failed.
    #[error("writing the export: {0}")]
    File(#[from] io::Error),
    /// What was asked for.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A folder that an export is written to.
pub struct ExportFolder(PathBuf);

impl ExportFolder {
    /// A folder that must not be there yet.
    ///
    /// # Errors
    /// [`ExportError::There`]
    pub fn make(path: &Path) -> Result<Self, ExportError> {
        use std::os::unix::fs::DirBuilderExt as _;
        match std::fs::DirBuilder::new().mode(0o700).create(path) {
            Ok(()) => Ok(Self(path.to_owned())),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(ExportError::There(path.to_owned())),
            Err(error) => Err(error.into()),
        }
    }

    /// The names of what was written are durable too.
    pub(crate) fn finish(&self) -> io::Result<()> {
        std::fs::File::open(&self.0)?.sync_all()?;
        let parent = self.0.parent().filter(|parent| !parent.as_os_str().is_empty());
        std::fs::File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
    }

    pub(crate) fn write(&self, (name, bytes): TileFile) -> io::Result<()> {
        let path = self.0.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = std::fs::File::create_new(path)?;
        io::Write::write_all(&mut file, &bytes)?;
        file.sync_all()
    }
}

/// Writes a log up to its newest receipt as C2SP tlog-tiles: hashes, entries, the cosigned checkpoint, and the keys that it is signed with
/// as `vkey` and `witness-vkey`. How many entries that is. It is recorded who took it before anything is written.
///
/// # Errors
/// [`ExportError`]
pub async fn export_tiles(
    store: &Store,
    keys: &Keys,
    log: DeviceId,
    folder: &Path,
    agent: Agent,
    now: DateTime<Utc>,
) -> Result<u64, ExportError> {
    let mut tx = store.begin().await?;
    let found = Log::find(&mut tx, log).await?.ok_or(ExportError::Unknown)?;
    let note = found.checkpoint.clone().ok_or(ExportError::Unknown)?;
    let size = found.checkpoint_size;
    let folder = ExportFolder::make(folder)?;
    let draft = Draft {
        kind: kind::AUDIT_EXPORT,
        outcome: Outcome::Success,
        agent,
        purpose: PurposeOfUse::Administration,
        patient: None,
        reason: Some(format!("log={log} entries={size}")),
        request: None,
        address: None,
    };
    record(&mut tx, keys, draft, now).await?;
    tx.commit().await?;

    let mut hashes: HashMap<u64, Vec<u8>> = HashMap::new();
    let mut bundles = EntryBundles::default();
    let mut from = 1;
    while from <= size {
        let to = from.saturating_add(PAGE - 1).min(size);
        for stored in read(store, found.key, from, to).await? {
            // An entry in quarantine, or one that retention let go, has no bytes; its bundle has an empty entry in its place.
            let event = stored.row.and_then(|row| row.event).unwrap_or_default();
            if let Some(bundle) = bundles.push(&event).map_err(|_| ExportError::Broken)? {
                folder.write(bundle)?;
            }
            hashes.insert(stored.seq, stored.hashes);
        }
        from = to.saturating_add(1);
    }
    for tile in hash_tiles(size, |seq| hashes.get(&seq).cloned()) {
        folder.write(tile.ok_or(ExportError::Broken)?)?;
    }
    let rest = [
        ("vkey".to_owned(), found.verifier_key.into_bytes()),
        ("witness-vkey".to_owned(), keys.witness_key().into_bytes()),
        ("checkpoint".to_owned(), note.into_bytes()),
    ];
    bundles.finish().into_iter().chain(rest).try_for_each(|file| folder.write(file))?;
    folder.finish()?;
    Ok(size)
}
