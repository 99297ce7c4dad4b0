//! Another master key: whatever is wrapped under the former one, or vouched for by it, comes under the new one. Also the way from a file to a
//! hardware security module.

use std::path::{Path, PathBuf};

use vigil_audit::{Agent, Outcome};

use crate::audit_log::verify_all;
use crate::backup::DraftFile;
use crate::config::Config;
use crate::custody::{CustodyError, Master, Purpose};
use crate::installation::{Installation, InstallationError, database_url, open_master};
use crate::keyring::{Keyring, KeyringError};
use crate::store::{DatabaseUrl, GroupKey, HeadKey, Log, ServerKey, Store, StoreError, Tx, rekey};
use crate::{key_authority, keyring, kind};

/// Why the master key is still the former one.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// The new configuration names other data.
    #[error("the new configuration names another database; it may differ in its section custody alone")]
    OtherDatabase,
    /// The new custodian has the same key.
    #[error(
        "the new configuration has the same master key; name another custodian, or another file, in its section custody"
    )]
    SameKey,
    /// What an earlier rotation has kept is in the way.
    #[error("{0} is there already; move it away")]
    There(PathBuf),
    /// A log is not as it was written: its head is not vouched for anew.
    #[error("a log does not verify; `vigil-server audit verify` names what was done to it")]
    Unsound,
    /// The new custodian.
    #[error(transparent)]
    Installation(#[from] InstallationError),
    /// A custodian.
    #[error(transparent)]
    Custody(#[from] CustodyError),
    /// The keys.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The disk.
    #[error("the disk: {0}")]
    Disk(#[from] std::io::Error),
}

/// Brings an installation under the master key of `config`, whose custodian makes one where it has none. No process of the server may run
/// meanwhile. Of an embedded database the former file is kept; where. Backups of before open with the former key alone.
///
/// # Errors
/// [`RotationError`]; everything is as it was then.
pub async fn rotate_master(installation: &Installation, config: &Config) -> Result<Option<PathBuf>, RotationError> {
    let url = database_url(&installation.config)?;
    let is_same = match (&url, &database_url(config)?) {
        (DatabaseUrl::Sqlite(one), DatabaseUrl::Sqlite(other)) => one == other,
        (DatabaseUrl::Postgres(_), DatabaseUrl::Postgres(_)) => installation.config.database == config.database,
        _ => false,
    };
    if !is_same {
        return Err(RotationError::OtherDatabase);
    }
    let master = open_master(config, true).await?;
    if master.key(Purpose::Heads)? == installation.master.key(Purpose::Heads)? {
        return Err(RotationError::SameKey);
    }
    match url {
        DatabaseUrl::Postgres(_) => {
            let mut tx = installation.store.begin().await?;
            bring(installation, &mut tx, &master).await?;
            tx.commit().await?;
            Ok(None)
        }
        DatabaseUrl::Sqlite(path) => embedded(installation, &path, &master, config).await.map(Some),
    }
}

/// On a copy, which takes the place of the database when it is sound.
async fn embedded(
    installation: &Installation,
    path: &Path,
    master: &Master,
    config: &Config,
) -> Result<PathBuf, RotationError> {
    let mut kept = path.as_os_str().to_owned();
    kept.push(".former");
    let kept = PathBuf::from(kept);
    if kept.symlink_metadata().is_ok() {
        return Err(RotationError::There(kept));
    }
    let draft = DraftFile::beside(path)?;
    installation.store.copy_into(draft.path()).await?;
    let copy = DatabaseUrl::Sqlite(draft.path().to_owned());
    let (former, new) = (installation.master.key(Purpose::Database)?, master.key(Purpose::Database)?);
    let store = Store::open(&copy, Some(&former)).await?;
    let mut tx = store.begin().await?;
    bring(installation, &mut tx, master).await?;
    tx.commit().await?;
    store.close().await;
    rekey(draft.path(), &former, &new).await?;

    let store = Store::open(&copy, Some(&new)).await?;
    let keys = Keyring::open(&store, master, &config.name, installation.now()).await?.keys;
    let verified = verify_all(&store, &keys).await?;
    store.close().await;
    if !verified.iter().all(|log| log.verification.intact()) {
        return Err(RotationError::Unsound);
    }
    installation.store.close().await;
    std::fs::hard_link(path, &kept)?;
    draft.finish(path)?;
    Ok(kept)
}

/// Everything in one transaction: the entry first, so that the head over it is vouched for anew as well.
async fn bring(installation: &Installation, tx: &mut Tx, master: &Master) -> Result<(), RotationError> {
    let former = &installation.master;
    let custodian = master.custodian().0.replace(' ', "-");
    let reason = format!("key=master custodian={custodian}");
    installation.record(tx, kind::SERVER_KEY_ROTATE, Outcome::Success, Agent::Operator, reason, None).await?;
    for key in ServerKey::every(tx).await? {
        let place = keyring::bound(&key.purpose, key.id);
        let secret = former.unwrap(Purpose::ServerKeys, &place, &key.wrapped)?;
        ServerKey::rewrap(tx, &key.purpose, key.id, &master.wrap(Purpose::ServerKeys, &place, &secret)?).await?;
    }
    for key in GroupKey::every(tx).await? {
        let place = key_authority::place(key.log, &key.name, key.version);
        let secret = former.unwrap(Purpose::GroupKeys, &place, &key.wrapped)?;
        key.rewrap(tx, &master.wrap(Purpose::GroupKeys, &place, &secret)?).await?;
    }
    let head = HeadKey::new(master.key(Purpose::Heads)?);
    for log in Log::all(tx).await? {
        log.vouch_anew(tx, installation.keyring.keys.head(), &head).await?;
    }
    Ok(())
}
