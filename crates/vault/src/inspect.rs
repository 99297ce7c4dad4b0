//! Looking at a data folder without changing it: no step of the layout, no audit entry, nothing written back.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use vigil_audit::root_at;

use crate::device::DeviceSecrets;
use crate::error::ResultExt as _;
use crate::header::DATABASE_FILE;
use crate::{Custodian, OpenError, RecoveryState, Rollback, Settings, Vault, VaultError, log, open, schema, table};

/// How closely the pages are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Only those that are read anyway.
    Quick,
    /// Each page's code is computed anew (`PRAGMA cipher_integrity_check`).
    EveryPage,
}

/// What was found in a data folder that opens.
#[derive(Debug)]
pub struct Inspection {
    /// The layout of the database, and the newest one that this program knows.
    pub layout: (u32, u32),
    /// Pages whose code is wrong, in SQLCipher's words; `None`: nobody looked.
    pub damaged_pages: Option<Vec<String>>,
    /// What stands in it, or why that could not be read.
    pub contents: Result<Contents, VaultError>,
}

/// What stands in the database.
#[derive(Debug)]
pub struct Contents {
    /// Organization and environment.
    pub settings: Settings,
    /// Whether anyone can sign in yet.
    pub has_users: bool,
    /// The organisation recovery key; `None`: the layout is older than it.
    pub recovery: Option<RecoveryState>,
    /// Entries of the audit log.
    pub entries: u64,
    /// The head of the audit log.
    pub audit_head: AuditHead,
}

/// Whether the head of the audit log is the one that this device wrote last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditHead {
    /// It is authentic and goes on from what the custodian remembers.
    Sound,
    /// It was not written by this device.
    Forged,
    /// It is authentic and older than what the custodian remembers, or went another way.
    RolledBack(Rollback),
}

impl Vault {
    /// Looks.
    ///
    /// # Errors
    /// As [`Vault::open`]; but an older layout is no error and stays as it is.
    pub fn inspect(dir: &Path, custodian: &dyn Custodian, depth: Depth) -> Result<Inspection, OpenError> {
        let (header, start, secrets) = open::unsealed(dir, custodian)?;
        let path = dir.join(DATABASE_FILE);
        let (place, flags) = without_a_trace(&path);
        let connection = open::keyed_at(&path, &place, flags, &secrets.database_key)
            .map_err(|error| open::explained(error, dir, &start, &header))?;
        let database = |source| OpenError::Database { path: path.clone(), source };
        let layout: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(database)?;
        if layout > schema::NEWEST {
            return Err(OpenError::NewerSchema { path, found: layout, known: schema::NEWEST });
        }
        let damaged_pages = match depth {
            Depth::Quick => None,
            Depth::EveryPage => Some(damaged_pages(&connection).map_err(database)?),
        };
        let contents = contents(&connection, dir, layout, &secrets, header.device, custodian);
        Ok(Inspection { layout: (layout, schema::NEWEST), damaged_pages, contents })
    }
}

/// Where nobody is writing the database is read as it lies: SQLite then makes no file beside it. Where a write-ahead log is
/// there, it has to be read too, and so do the locks of whoever writes it.
fn without_a_trace(path: &Path) -> (PathBuf, OpenFlags) {
    let mut log = path.to_owned().into_os_string();
    log.push("-wal");
    if std::fs::metadata(log).is_ok_and(|found| found.len() > 0) {
        return (path.to_owned(), OpenFlags::SQLITE_OPEN_READ_ONLY);
    }
    let mut uri = String::from("file:");
    for byte in path.to_string_lossy().bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => uri.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    (uri.into(), OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI)
}

fn damaged_pages(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    connection.prepare("PRAGMA cipher_integrity_check")?.query_map([], |row| row.get(0))?.collect()
}

fn contents(
    connection: &Connection,
    dir: &Path,
    layout: u32,
    secrets: &DeviceSecrets,
    device: vigil_model::DeviceId,
    custodian: &dyn Custodian,
) -> Result<Contents, VaultError> {
    let head = log::read_head(connection, secrets, device)?.ok_or(VaultError::Tampered("audit_head"))?;
    let mark = custodian.mark()?.filter(|mark| mark.size > 0);
    let agrees = |size, root| size <= head.size && root_at(size, |seq| log::hashes_of(connection, seq)) == Some(root);
    let audit_head = match mark {
        _ if !head.authentic => AuditHead::Forged,
        Some(mark) if !agrees(mark.size, mark.root) => {
            AuditHead::RolledBack(Rollback { remembered: mark.size, found: head.size })
        }
        _ => AuditHead::Sound,
    };
    // The table of the recovery key came with the second layout.
    let recovery = if layout < 2 { None } else { Some(table::recovery::state(connection, dir)?) };
    // The whole of each page that holds an entry is read once, so that a damaged one is met.
    let entries = connection
        .query_row("SELECT count(*) FROM audit_entry WHERE length(event) > 0", [], |row| row.get(0))
        .doing("counting the audit log")?;
    Ok(Contents {
        settings: table::setting::read(connection)?,
        has_users: table::user::any(connection)?,
        recovery,
        entries,
        audit_head,
    })
}
