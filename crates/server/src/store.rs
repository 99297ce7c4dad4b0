//! The database: an embedded one under a key, or PostgreSQL for a fleet.
//!
//! # Terminology
//! - **log**: the audit log of one workstation, or the server's own.
//! - **head**: size and frontier of a log, authenticated with a key that is not in the database.
//! - **alarm**: something that somebody has to look at; it is never removed.

pub(crate) mod activity;
mod alarm;
mod client;
mod copy;
mod copy_into;
mod delivery;
pub(crate) mod desk_session;
mod device;
pub mod directory;
pub(crate) mod early;
mod error;
pub(crate) mod event;
pub(crate) mod gap;
mod head;
pub mod incident;
mod key;
mod log;
mod migrate;
pub(crate) mod partition;
pub(crate) mod rule_trial;
pub(crate) mod rules;
mod sign_in;
mod spent;
pub(crate) mod sql;
pub(crate) mod stream;
pub mod suspension;
mod url;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, PgPool, SqliteConnection, SqlitePool};
use tokio::sync::OnceCell;
use zeroize::Zeroizing;

pub use alarm::{Alarm, AlarmKind};
pub use client::Client;
pub use delivery::{DeliveryRow, DeliveryStatus};
pub use device::{Device, DeviceCertificate, EnrolmentToken, NewDevice, Said, Spent};
pub use directory::DirectorySettings;
pub use error::StoreError;
pub use key::{GroupKey, ServerKey};
pub use log::{Log, LogState};
pub use rules::RuleSetRow;
pub use sign_in::UserProof;
pub use sql::Tx;
pub use url::{DatabaseUrl, PostgresAddress};

pub(crate) use copy_into::rekey;
pub(crate) use event::{CopiedEvent, CopiedEvents, EventRow, NewEvent};
pub(crate) use head::HeadKey;

/// Connections to PostgreSQL of one process.
const CONNECTIONS: u32 = 16;
/// Readers of the embedded database; its writers take turns.
const READERS: u32 = 4;
/// How long a call waits for a connection.
const PATIENCE: Duration = Duration::from_secs(20);

/// The database. Clones share its connections.
#[derive(Clone)]
pub struct Store {
    pools: Pools,
    /// Months whose partitions are there.
    months: Arc<Mutex<HashSet<partition::Month>>>,
}

#[derive(Clone)]
enum Pools {
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    Postgres(PgPool),
}

impl Pools {
    async fn begin(&self) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite { writer, .. } => writer.begin_with("BEGIN IMMEDIATE").await.map(Tx::Sqlite),
            Self::Postgres(pool) => pool.begin().await.map(Tx::Postgres),
        }
        .map_err(StoreError::database("beginning"))
    }
}

impl Store {
    /// Opens the database and brings its schema up to date; several processes may do so at once. The embedded one is made where there is
    /// none, and encrypted under `key` (SQLCipher, raw key); PostgreSQL needs none.
    ///
    /// # Errors
    /// [`StoreError`]; a database that does not open is left as it is.
    pub async fn open(url: &DatabaseUrl, key: Option<&Zeroizing<[u8; 32]>>) -> Result<Self, StoreError> {
        let pools = match url {
            DatabaseUrl::Sqlite(path) => {
                library_ready().await;
                let options = sqlite_options(path, key);
                let pool =
                    |connections| SqlitePoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE);
                let opening = |error| StoreError::of_opening(error);
                let writer = pool(1).connect_with(options.clone()).await.map_err(opening)?;
                Pools::Sqlite { writer, readers: pool(READERS).connect_lazy_with(options) }
            }
            DatabaseUrl::Postgres(address) => {
                let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
                let pool = pool.connect_with(postgres_options(address.options())).await;
                Pools::Postgres(pool.map_err(StoreError::database("connecting"))?)
            }
        };
        migrate::migrate(&pools).await?;
        Ok(Self { pools, months: Arc::default() })
    }

    /// The step that the schema has, from 1.
    pub fn schema_step(&self) -> u64 {
        migrate::newest()
    }

    /// Begins a transaction that may write. In the embedded database there is one at a time.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        self.pools.begin().await
    }

    /// Begins a transaction that reads one moment of the database.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn read(&self) -> Result<Tx, StoreError> {
        match &self.pools {
            Pools::Sqlite { readers, .. } => readers.begin().await.map(Tx::Sqlite),
            Pools::Postgres(pool) => {
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map(Tx::Postgres)
            }
        }
        .map_err(StoreError::database("beginning"))
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError`] when it does not.
    pub async fn ready(&self) -> Result<(), StoreError> {
        self.read().await?.one("asking whether it is there", "SELECT COUNT(*) FROM schema_step", &[]).await.map(drop)
    }

    /// Ends every connection, after the transactions that are under way.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

impl StoreError {
    /// SQLite says of a file under another key that it is no database (26).
    fn of_opening(error: sqlx::Error) -> Self {
        let locked = matches!(&error, sqlx::Error::Database(error) if error.code().is_some_and(|code| code == "26"));
        if locked { Self::Locked } else { Self::Database { doing: "opening it", cause: error } }
    }
}

/// Lets the first connection of the process be opened alone. SQLite calls itself initialised before SQLCipher's own part is
/// (`SQLITE_EXTRA_INIT` of `sqlite3_initialize`), so a second thread that opens in that moment would find a library without a cipher.
pub(crate) async fn library_ready() {
    static FIRST: OnceCell<()> = OnceCell::const_new();
    // What keeps a database in memory from being opened is said by the opening that follows.
    FIRST.get_or_init(async || drop(SqliteConnection::connect("sqlite::memory:").await)).await;
}

/// Durable at every commit: a receipt is given for it.
pub(crate) fn sqlite_options(path: &std::path::Path, key: Option<&Zeroizing<[u8; 32]>>) -> SqliteConnectOptions {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let options = match key {
        // EXPOSE: the library takes the key as the text of a statement.
        Some(key) => options.pragma("key", format!("\"x'{}'\"", hex::encode(key.as_slice()))),
        None => options,
    };
    options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
}

fn postgres_options(options: &PgConnectOptions) -> PgConnectOptions {
    // Whatever the cluster's own setting is: a receipt is given for what was committed.
    options.clone().application_name("vigil-server").options([("synchronous_commit", "on")])
}
