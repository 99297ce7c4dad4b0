//! Making and opening the data folder. Nothing here ever recreates or overwrites a file that is there.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use uuid::Uuid;
use vigil_model::{DeviceId, Moment};

use crate::device::{self, DeviceFile, DeviceSecrets, Unsealed};
use crate::key::{Secret, random};
use crate::{Custodian, OpenError, Setup, Vault, VaultError, file, log, schema, table};

const DEVICE_FILE: &str = "device.json";
const DATABASE_FILE: &str = "vigil.db";
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

        let path = dir.join(DATABASE_FILE);
        file::make_new(&path).map_err(|source| OpenError::Io { path: path.clone(), source })?;
        let database = |source| OpenError::Database { path: path.clone(), source };
        let mut connection = connect(&path, &secrets.database_key)?;
        let sql = connection.transaction().map_err(database)?;
        schema::migrate(&sql, 0).map_err(database)?;
        table::setting::put_all(&sql, setup)?;
        log::create(&sql, device, &secrets)?;
        sql.commit().map_err(database)?;
        // The salt at the head of the file is there once the write-ahead log has been written back.
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(database)?;

        // Last, so that a folder with this file in it is complete.
        let header = secrets.seal(device, &*custodian, &first_bytes(&path)?)?;
        let json =
            serde_json::to_vec_pretty(&header).map_err(|_| VaultError::Invalid("device.json has no JSON form"))?;
        let path = dir.join(DEVICE_FILE);
        file::write_new(&path, &json).map_err(|source| OpenError::Io { path, source })?;
        Ok(Self { device, custodian, secrets, connection: Mutex::new(connection), unmarked: AtomicU64::new(0) })
    }

    /// Opens the vault in `dir`.
    ///
    /// # Errors
    /// [`OpenError`]: each says what to do; none changes a file.
    pub fn open(dir: &Path, custodian: Arc<dyn Custodian>) -> Result<Self, OpenError> {
        let header = read_header(dir)?;
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
        let secrets = DeviceSecrets::unseal(&header, &*custodian).map_err(|unsealed| match unsealed {
            Unsealed::WrongKey => OpenError::WrongKey { path: dir.to_owned() },
            Unsealed::Custodian(error) => OpenError::Custodian(error),
            Unsealed::Malformed => OpenError::Corrupt { path: dir.join(DEVICE_FILE) },
        })?;
        let mut connection = connect(&path, &secrets.database_key).map_err(|error| {
            // Intact at its head but with another salt: the database of another installation.
            let elsewhere = matches!(error, OpenError::Corrupt { .. }) && belongs_elsewhere(&start, &header);
            if elsewhere { OpenError::WrongKey { path: dir.to_owned() } } else { error }
        })?;
        let found: u32 = connection
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .map_err(|source| unreadable(&path, source))?;
        if found > schema::NEWEST {
            return Err(OpenError::NewerSchema { path, found, known: schema::NEWEST });
        }
        if found == 0 {
            return Err(OpenError::Corrupt { path });
        }
        if found < schema::NEWEST {
            let database = |source| OpenError::Database { path: path.clone(), source };
            let sql = connection.transaction().map_err(database)?;
            schema::migrate(&sql, found).map_err(database)?;
            sql.commit().map_err(database)?;
        }
        Ok(Self {
            device: header.device,
            custodian,
            secrets,
            connection: Mutex::new(connection),
            unmarked: AtomicU64::new(0),
        })
    }

    /// Whether there is a vault in `dir`, or a part of one.
    pub fn exists(dir: &Path) -> bool {
        [DEVICE_FILE, DATABASE_FILE].iter().any(|name| dir.join(name).symlink_metadata().is_ok())
    }
}

fn read_header(dir: &Path) -> Result<DeviceFile, OpenError> {
    let path = dir.join(DEVICE_FILE);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(OpenError::Missing { path: dir.to_owned(), what: DEVICE_FILE });
        }
        Err(source) => return Err(OpenError::Io { path, source }),
    };
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(&bytes) else {
        return Err(OpenError::Corrupt { path });
    };
    // The number is read first: a newer form may not parse as this one.
    let found = value.get("format").and_then(serde_json::Value::as_u64).and_then(|found| u32::try_from(found).ok());
    match found {
        Some(found) if found > device::NEWEST => Err(OpenError::NewerSchema { path, found, known: device::NEWEST }),
        Some(_) => serde_json::from_value(value).map_err(|_| OpenError::Corrupt { path }),
        None => Err(OpenError::Corrupt { path }),
    }
}

/// The settings are measured and explained in docs/adr/0002-sqlcipher-settings.md.
fn connect(path: &Path, key: &Secret) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let other = |source| unreadable(path, source);
    let connection = Connection::open_with_flags(path, flags).map_err(other)?;
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
    // The first statement that reads: here a wrong key or a damaged first page shows.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).map_err(other)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(other)?;
    if mode != "wal" {
        tracing::warn!(mode, "the database is not in write-ahead mode");
    }
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;").map_err(other)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
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
    let io = |source| OpenError::Io { path: PathBuf::from(path), source };
    let mut bytes = Vec::with_capacity(16);
    std::fs::File::open(path).map_err(io)?.take(16).read_to_end(&mut bytes).map_err(io)?;
    Ok(bytes)
}

/// An id that sorts by time (UUIDv7).
pub(crate) fn new_uuid(at: Moment) -> Result<Uuid, VaultError> {
    let millis = u64::try_from(at.utc.timestamp_millis()).unwrap_or_default();
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random()?).into_uuid())
}
