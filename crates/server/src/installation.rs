//! What every command works on: configuration, database, master key, keys.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use vigil_audit::{Agent, Kind, Outcome};
use vigil_model::PurposeOfUse;

use crate::audit_log::{Draft, Recorded, record};
use crate::clock::Clock;
use crate::config::Config;
use crate::custody::{CustodyError, Master, Purpose, custodian_of};
use crate::keyring::{Keyring, KeyringError};
use crate::store::{DatabaseUrl, Store, StoreError, Tx};

/// Why it does not open.
#[derive(Debug, thiserror::Error)]
pub enum InstallationError {
    /// The data folder.
    #[error("the data folder {folder}: {reason}")]
    Folder {
        /// Which.
        folder: PathBuf,
        /// Why.
        reason: String,
    },
    /// The custodian.
    #[error(transparent)]
    Custody(#[from] CustodyError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
}

/// An installation, open.
pub struct Installation {
    /// As configured.
    pub config: Config,
    /// Tells the time.
    pub clock: Clock,
    /// The database.
    pub store: Store,
    /// The master key at work.
    pub master: Master,
    /// The server's own keys.
    pub keyring: Keyring,
}

impl Installation {
    /// Opens what the configuration names, and makes what is not there yet. A database is never made over, and no master key beside one.
    ///
    /// # Errors
    /// [`InstallationError`]
    pub async fn open(config: Config, clock: Clock) -> Result<Self, InstallationError> {
        let url = database_url(&config)?;
        let may_make = match &url {
            DatabaseUrl::Sqlite(path) => !path.exists(),
            DatabaseUrl::Postgres(_) => true,
        };
        let master = open_master(&config, may_make).await?;
        let key = match &url {
            DatabaseUrl::Sqlite(_) => Some(master.key(Purpose::Database)?),
            DatabaseUrl::Postgres(_) => None,
        };
        let store = Store::open(&url, key.as_ref()).await?;
        match keyring(&store, &master, &config, &clock).await {
            Ok(keyring) => Ok(Self { config, clock, store, master, keyring }),
            Err(error) => {
                store.close().await;
                Err(error)
            }
        }
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Writes into the server's own audit log, in the transaction of what is recorded.
    ///
    /// # Errors
    /// [`StoreError`]; nothing may be done then.
    pub async fn record(
        &self,
        tx: &mut Tx,
        kind: Kind,
        outcome: Outcome,
        agent: Agent,
        reason: String,
        address: Option<String>,
    ) -> Result<Recorded, StoreError> {
        let purpose = PurposeOfUse::Administration;
        let draft =
            Draft { kind, outcome, agent, purpose, patient: None, reason: Some(reason), request: None, address };
        record(tx, &self.keyring.keys, draft, self.now()).await
    }

    /// Notes in the server's own log what the keys that are derived from the master key were used for since the last time.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn record_key_uses(&self) -> Result<(), StoreError> {
        let uses = self.master.take_uses();
        if uses.is_empty() {
            return Ok(());
        }
        let keys = uses.iter().map(|(purpose, count)| format!("{purpose}:{count}")).collect::<Vec<_>>().join(",");
        let mut tx = self.store.begin().await?;
        let reason = format!("{}{keys}", vigil_audit::KEYS);
        self.record(&mut tx, crate::kind::MASTER_KEY_USE, Outcome::Success, Agent::Server, reason, None).await?;
        tx.commit().await
    }
}

async fn keyring(store: &Store, master: &Master, config: &Config, clock: &Clock) -> Result<Keyring, InstallationError> {
    // What the server itself records has its place before the first workstation calls.
    store.make_months(std::iter::empty(), clock.now().timestamp_micros()).await?;
    Ok(Keyring::open(store, master, &config.name, clock.now()).await?)
}

/// The master key of this configuration, whose data folder is made where it is not there. `may_make`: where there is no master key.
///
/// # Errors
/// [`InstallationError`]
pub async fn open_master(config: &Config, may_make: bool) -> Result<Master, InstallationError> {
    private_folder(&config.data)?;
    let custodian = custodian_of(&config.custody);
    let master = tokio::task::spawn_blocking(move || Master::open(custodian, may_make)).await;
    Ok(master.map_err(|_| CustodyError::Cryptography("the custodian's thread ended"))??)
}

/// Where the database is: the embedded one, unless the configuration names another.
///
/// # Errors
/// [`StoreError::Address`]
pub fn database_url(config: &Config) -> Result<DatabaseUrl, StoreError> {
    match &config.database {
        Some(url) => url.parse(),
        None => Ok(DatabaseUrl::Sqlite(config.data.join("vigil-server.db"))),
    }
}

/// A folder that nobody else may look into; made where there is none.
fn private_folder(folder: &Path) -> Result<(), InstallationError> {
    let failed = |reason: String| InstallationError::Folder { folder: folder.to_owned(), reason };
    match DirBuilder::new().recursive(true).mode(0o700).create(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(failed(error.to_string())),
    }
    let about = std::fs::metadata(folder).map_err(|error| failed(error.to_string()))?;
    if about.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    Err(failed("others than its owner may look into it; chmod 700 it".to_owned()))
}
