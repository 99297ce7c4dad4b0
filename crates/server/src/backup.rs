//! A backup while the server answers, and its restore into an empty place.
//!
//! One sealed file, under a key from the master key: without the custodian it is of no use to anybody. It is restored only where nothing
//! is, and is said to be good only after every log in it has verified.

mod file;
mod postgres;
mod stream;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};
use vigil_audit::{Action, Agent, Kind, Outcome};
use vigil_model::PurposeOfUse;
use zeroize::Zeroizing;

use crate::Keys;
use crate::audit_log::{Draft, VerifiedLog, record, verify_all};
use crate::intake::on_a_thread;
use crate::keyring::KeyringError;
use crate::store::{DatabaseUrl, Store, StoreError};

pub(crate) use file::Draft as DraftFile;
pub use file::{BackupHead, BackupOf};

/// Why there is no backup, or no restore.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Nothing is written over.
    #[error("{0} is there already; name another one")]
    There(PathBuf),
    /// The database that a backup is restored to holds something.
    #[error("the database is not empty; a backup is restored into an empty one alone")]
    NotEmpty,
    /// It is no backup of this program.
    #[error("this is no backup of a Vigil server")]
    Malformed,
    /// It was changed, or written under another master key.
    #[error("the backup does not open: it was changed or cut off, or it is of a server with another master key")]
    Tampered,
    /// It is of the other database.
    #[error("the backup is of the other kind of database")]
    OtherDatabase,
    /// `pg_dump` is older than the server.
    #[error("pg_dump is of version {found}, the server of {server}; install the server's client programs")]
    Older {
        /// Of `pg_dump`.
        found: u32,
        /// Of the server.
        server: u32,
    },
    /// A program failed.
    #[error("{0} failed: {1}")]
    Program(&'static str, String),
    /// It is restored, and its logs do not verify.
    #[error("the backup holds logs that do not verify: it is not good")]
    Unsound(Vec<VerifiedLog>),
    /// The system has no random numbers.
    #[error("the system gives no random numbers")]
    Random,
    /// The disk.
    #[error("the disk: {0}")]
    Disk(io::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys in it.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
}

impl From<io::Error> for BackupError {
    fn from(error: io::Error) -> Self {
        // Whatever reads a sealed file says so of a block that does not authenticate.
        if error.kind() == io::ErrorKind::InvalidData { Self::Tampered } else { Self::Disk(error) }
    }
}

const RESTORE: Kind = Kind { interaction: "backup-restore", r#type: "110107", subtype: "", action: Action::Execute };

/// Writes a backup to `to`, which must not be there yet, while others read and write. It is recorded first, so that the backup holds its own
/// entry. `key`: from the master key.
///
/// # Errors
/// [`BackupError`]; nothing is left behind then.
pub async fn write(
    store: &Store,
    url: &DatabaseUrl,
    keys: &Keys,
    key: &Zeroizing<[u8; 32]>,
    to: &Path,
    agent: Agent,
    now: DateTime<Utc>,
) -> Result<BackupHead, BackupError> {
    if to.symlink_metadata().is_ok() {
        return Err(BackupError::There(to.to_owned()));
    }
    note(store, keys, Kind::BACKUP_CREATE, agent, now).await?;
    let created = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    let (key, target) = (key.clone(), to.to_owned());
    match url {
        DatabaseUrl::Sqlite(_) => {
            let head = BackupHead::new(created, BackupOf::Sqlite)?;
            let copy = file::Draft::beside(&to.with_extension("copy"))?;
            store.copy_into(copy.path()).await?;
            on_a_thread(move || {
                let mut source = std::fs::File::open(copy.path())?;
                file::write(&target, &head, &key, |out| Ok(io::copy(&mut source, out).map(drop)?))?;
                Ok(head)
            })
            .await?
        }
        DatabaseUrl::Postgres(address) => {
            let head = BackupHead::new(created, BackupOf::Postgres)?;
            let (address, server) = (address.clone(), store.postgres_version().await?);
            on_a_thread(move || {
                file::write(&target, &head, &key, |out| postgres::dump(&address, server, out))?;
                Ok(head)
            })
            .await?
        }
    }
}

/// Restores a backup to `url`, where nothing is yet; every log of it, verified. `database_key`: of the embedded database. `keys`: reads the
/// server's keys out of what was restored.
///
/// # Errors
/// [`BackupError`]; an embedded database is not put in place then.
pub async fn restore(
    from: &Path,
    url: &DatabaseUrl,
    database_key: Option<&Zeroizing<[u8; 32]>>,
    keys: impl AsyncFnOnce(&Store) -> Result<Arc<Keys>, KeyringError>,
    key: &Zeroizing<[u8; 32]>,
    now: DateTime<Utc>,
) -> Result<Vec<VerifiedLog>, BackupError> {
    let head = authenticate(from, key).await?;
    let (source, key) = (from.to_owned(), key.clone());
    match (url, head.of) {
        (DatabaseUrl::Sqlite(path), BackupOf::Sqlite) => {
            if path.symlink_metadata().is_ok() {
                return Err(BackupError::There(path.clone()));
            }
            let target = path.clone();
            let draft = on_a_thread(move || {
                let draft = file::Draft::beside(&target)?;
                io::copy(&mut file::open(&source, &key)?.1, &mut &draft.file)?;
                draft.file.sync_all()?;
                Ok::<_, BackupError>(draft)
            })
            .await??;
            let copy = DatabaseUrl::Sqlite(draft.path().to_owned());
            let store = Store::open(&copy, database_key).await?;
            let verified = judged(&store, keys, now).await;
            store.close().await;
            let verified = verified?;
            draft.finish(path)?;
            Ok(verified)
        }
        (DatabaseUrl::Postgres(address), BackupOf::Postgres) => {
            if !Store::is_empty(url).await? {
                return Err(BackupError::NotEmpty);
            }
            let address = address.clone();
            on_a_thread(move || postgres::restore(&address, &mut file::open(&source, &key)?.1)).await??;
            let store = Store::open(url, None).await?;
            let verified = judged(&store, keys, now).await;
            store.close().await;
            verified
        }
        _ => Err(BackupError::OtherDatabase),
    }
}

/// Reads all of it before any of it is used.
async fn authenticate(from: &Path, key: &Zeroizing<[u8; 32]>) -> Result<BackupHead, BackupError> {
    let (from, key) = (from.to_owned(), key.clone());
    on_a_thread(move || {
        let (head, mut content) = file::open(&from, &key)?;
        io::copy(&mut content, &mut io::sink())?;
        Ok(head)
    })
    .await?
}

async fn judged(
    store: &Store,
    keys: impl AsyncFnOnce(&Store) -> Result<Arc<Keys>, KeyringError>,
    now: DateTime<Utc>,
) -> Result<Vec<VerifiedLog>, BackupError> {
    let keys = keys(store).await?;
    let verified = verify_all(store, &keys).await?;
    if !verified.iter().all(|log| log.verification.intact()) {
        return Err(BackupError::Unsound(verified));
    }
    note(store, &keys, RESTORE, Agent::Operator, now).await?;
    Ok(verified)
}

async fn note(store: &Store, keys: &Keys, kind: Kind, agent: Agent, now: DateTime<Utc>) -> Result<(), StoreError> {
    let purpose = PurposeOfUse::Administration;
    let draft = Draft {
        kind,
        outcome: Outcome::Success,
        agent,
        purpose,
        patient: None,
        reason: None,
        request: None,
        address: None,
    };
    let mut tx = store.begin().await?;
    record(&mut tx, keys, draft, now).await?;
    tx.commit().await
}
