//! Making and opening the data folder. Nothing here ever recreates or overwrites a file that is there.

use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, Once, OnceLock, RwLock};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use uuid::Uuid;
use vigil_model::{DeviceId, Moment};

use crate::denials::Denials;
use crate::device::{DeviceFile, DeviceSecrets};
use crate::header::{DATABASE_FILE, DEVICE_FILE};
use crate::in_use::InUse;
use crate::key::{Secret, random};
use crate::{
    Custodian, OpenError, Setup, Vault, VaultError, crash, database_key, file, header, in_use, log, schema, table,
};

const PLAINTEXT_MAGIC: &[u8; 16] = b"SQLite format 3\0";

impl Vault {
    /// Makes a vault in `dir`, which must hold none.
    ///
    /// # Errors
    /// [`OpenError::AlreadyExists`] when anything of a vault is there; else what stood in the way.
    pub fn create(dir: &Path, custodian: Arc<dyn Custodian>, setup: &Setup, at: Moment) -> Result<Self, OpenError> {
        if Self::exists(dir) {
            return Err(OpenError::AlreadyExists { path: dir.to_owned() });
        }
        file::make_folder(dir).map_err(|source| OpenError::Io { path: dir.to_owned(), source })?;
        let device = DeviceId::from_uuid(new_uuid(at)?);
        let secrets = DeviceSecrets::make()?;
        // Asked before anything is made: a custodian that is not there must not leave half a vault behind.
        secrets.seal(device, &*custodian, &[])?;

        let in_use = in_use::together(dir)?;
        let path = dir.join(DATABASE_FILE);
        file::make_new(&path).map_err(|source| OpenError::Io { path: path.clone(), source })?;
        let database = |source| OpenError::Database { path: path.clone(), source };
        let mut connection = connect(&path, &secrets.database_key)?;
        let sql = connection.transaction().map_err(database)?;
        schema::migrate(&sql, 0).map_err(database)?;
        table::setting::put_all(&sql, setup)?;
        log::create(&sql, device, &secrets)?;
        table::device_key::made(&sql, at.utc.timestamp_micros())?;
        sql.commit().map_err(database)?;
        // The salt at the head of the file is there once the write-ahead log has been written back.
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(database)?;

        // Last, so that a folder with this file in it is complete.
        let json = header::bytes(&secrets.seal(device, &*custodian, &first_bytes(&path)?)?)?;
        let path = dir.join(DEVICE_FILE);
        file::write_new(&path, &json).map_err(|source| OpenError::Io { path, source })?;
        Ok(Self::new(dir, device, custodian, secrets, connection, in_use))
    }

    /// Opens the vault in `dir`.
    ///
    /// # Errors
    /// [`OpenError`]: each says what to do; none changes a file.
    pub fn open(dir: &Path, custodian: Arc<dyn Custodian>) -> Result<Self, OpenError> {
        header::read(dir)?;
        // Whoever replaces files of the folder has it alone; what is read from here on stays as it is.
        let in_use = in_use::together(dir)?;
        if header::read(dir)?.next.is_some() || database_key::is_left_behind(dir) {
            // A change of the database key was cut off.
            in_use.take_alone(dir)?;
            header::settle(dir)?;
            database_key::remove_next(dir)?;
            in_use.share();
        }
        let (header, start, secrets) = unsealed(dir, &*custodian)?;
        let path = dir.join(DATABASE_FILE);
        let mut connection =
            connect(&path, &secrets.database_key).map_err(|error| explained(error, dir, &start, &header))?;
        bring_up_to_date(&path, &mut connection, &secrets, header.device)?;
        Ok(Self::new(dir, header.device, custodian, secrets, connection, in_use))
    }

    pub(crate) fn new(
        dir: &Path,
        device: DeviceId,
        custodian: Arc<dyn Custodian>,
        secrets: DeviceSecrets,
        connection: Connection,
        in_use: InUse,
    ) -> Self {
        Self {
            dir: dir.to_owned(),
            device,
            custodian,
            secrets,
            connection: Mutex::new(connection),
            unmarked: AtomicU64::new(0),
            unmarked_since: AtomicU64::new(0),
            in_use,
            denials: Denials::default(),
            origin: RwLock::default(),
            outgoing: Mutex::default(),
            written: OnceLock::new(),
        }
    }

    /// Whether there is a vault in `dir`, or a part of one.
    pub fn exists(dir: &Path) -> bool {
        [DEVICE_FILE, DATABASE_FILE].iter().any(|name| dir.join(name).symlink_metadata().is_ok())
    }
}

/// What is needed before the database opens: `device.json`, the first bytes of the database, and the device's secrets.
pub(crate) fn unsealed(
    dir: &Path,
    custodian: &dyn Custodian,
) -> Result<(DeviceFile, Vec<u8>, DeviceSecrets), OpenError> {
    let header = header::standing(dir)?;
    if header.custodian != custodian.kind().code() {
        let named = custodian.kind().display();
        return Err(OpenError::OtherCustodian { path: dir.join(DEVICE_FILE), sealed_by: header.custodian, named });
    }
    let path = dir.join(DATABASE_FILE);
    if !path.exists() {
        return Err(OpenError::Missing { path: dir.to_owned(), what: DATABASE_FILE });
    }
    let start = first_bytes(&path)?;
    if start == PLAINTEXT_MAGIC {
        return Err(OpenError::Plaintext { path });
    }
    if start.len() < PLAINTEXT_MAGIC.len() {
        // SQLite would take it for a new database.
        return Err(OpenError::Corrupt { path });
    }
    let secrets =
        DeviceSecrets::unseal(&header, custodian).map_err(|unsealed| header::refusal(dir, &header, unsealed))?;
    Ok((header, start, secrets))
}

/// A damaged database that is intact at its head but has another salt is the database of another installation.
pub(crate) fn explained(error: OpenError, dir: &Path, start: &[u8], header: &DeviceFile) -> OpenError {
    let elsewhere = matches!(error, OpenError::Corrupt { .. }) && belongs_elsewhere(start, header);
    if elsewhere { OpenError::WrongKey { path: dir.to_owned() } } else { error }
}

/// Steps the database to the newest layout.
pub(crate) fn bring_up_to_date(
    path: &Path,
    connection: &mut Connection,
    secrets: &DeviceSecrets,
    device: DeviceId,
) -> Result<(), OpenError> {
    let found: u32 = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(|source| unreadable(path, source))?;
    if found > schema::NEWEST {
        return Err(OpenError::NewerSchema { path: path.to_owned(), found, known: schema::NEWEST });
    }
    if found == 0 {
        return Err(OpenError::Corrupt { path: path.to_owned() });
    }
    if found < schema::NEWEST {
        let database = |source| OpenError::Database { path: path.to_owned(), source };
        let sql = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(database)?;
        // Another program may have done it while this one waited for its turn.
        let found: u32 = sql.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(database)?;
        if found < schema::NEWEST {
            schema::migrate(&sql, found).map_err(database)?;
            if found < schema::VOUCHED_FROM {
                table::user::vouch_for_all(&sql, secrets, device)?;
            }
            if found < schema::AFFILIATED_FROM {
                table::affiliation::vouch_for_all(&sql, secrets, device)?;
            }
            crash::point("the layout is the newest, nothing is committed");
        }
        sql.commit().map_err(database)?;
        crash::point("the layout is the newest");
    }
    Ok(())
}

/// The settings are measured and explained in docs/adr/0002-sqlcipher-settings.md.
pub(crate) fn connect(path: &Path, key: &Secret) -> Result<Connection, OpenError> {
    let connection = keyed(path, key)?;
    let other = |source| unreadable(path, source);
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(other)?;
    if mode != "wal" {
        tracing::warn!(mode, "the database is not in write-ahead mode");
    }
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;").map_err(other)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// Opened with its key, and read once: here a wrong key or a damaged first page shows.
pub(crate) fn keyed(path: &Path, key: &Secret) -> Result<Connection, OpenError> {
    keyed_at(path, path, OpenFlags::SQLITE_OPEN_READ_WRITE, key)
}

/// The same for a place that SQLite understands: the path, or a URI that leads to it. `path` is for messages.
pub(crate) fn keyed_at(path: &Path, place: &Path, flags: OpenFlags, key: &Secret) -> Result<Connection, OpenError> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let other = |source| unreadable(path, source);
    library_ready();
    let connection = Connection::open_with_flags(place, flags).map_err(other)?;
    // A raw key, so that no passphrase is stretched; it must be the first statement of all.
    let text = zeroize::Zeroizing::new(format!("PRAGMA key = \"x'{}'\"", *zeroize::Zeroizing::new(hex::encode(**key))));
    connection.execute_batch(&text).map_err(other)?;
    let cipher: Option<String> = connection.query_row("PRAGMA cipher_version", [], |row| row.get(0)).ok();
    if cipher.is_none_or(|version| version.is_empty()) {
        return Err(OpenError::NoCipher);
    }
    connection
        .execute_batch(
            "PRAGMA cipher_hmac_algorithm = HMAC_SHA256;
             PRAGMA cipher_memory_security = OFF;
             PRAGMA cache_size = -262144;
             PRAGMA wal_autocheckpoint = 8192;
             PRAGMA temp_store = MEMORY;
             PRAGMA trusted_schema = OFF;",
        )
        .map_err(other)?;
    connection.busy_timeout(Duration::from_secs(5)).map_err(other)?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).map_err(other)?;
    Ok(connection)
}

/// Lets the first connection of the process be opened alone. SQLite calls itself initialised before SQLCipher's own part is
/// (`SQLITE_EXTRA_INIT` of `sqlite3_initialize`), so a second thread that opens in that moment would find a library without a cipher.
fn library_ready() {
    static FIRST: Once = Once::new();
    FIRST.call_once(|| drop(Connection::open_in_memory()));
}

fn unreadable(path: &Path, source: rusqlite::Error) -> OpenError {
    match source.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => OpenError::Corrupt { path: path.to_owned() },
        _ => OpenError::Database { path: path.to_owned(), source },
    }
}

fn belongs_elsewhere(start: &[u8], header: &DeviceFile) -> bool {
    let blank = start.len() < 16 || start.iter().all(|byte| *byte == 0);
    !blank && hex::encode(start) != header.database_salt
}

fn first_bytes(path: &Path) -> Result<Vec<u8>, OpenError> {
    header::first_bytes(path).map_err(|source| OpenError::Io { path: path.to_owned(), source })
}

/// An id that sorts by time (UUIDv7).
pub(crate) fn new_uuid(at: Moment) -> Result<Uuid, VaultError> {
    let millis = u64::try_from(at.utc.timestamp_millis()).unwrap_or_default();
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random()?).into_uuid())
}
