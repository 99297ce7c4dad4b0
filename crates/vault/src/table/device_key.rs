//! `device_key`: which version of the database key and of the signing key this is, and since when. The keys themselves are
//! with the custodian.

use rusqlite::{Connection, params};

use crate::VaultError;
use crate::error::ResultExt as _;

/// The raw key of the database.
pub(crate) const DATABASE: &str = "database";
/// The key that signs checkpoints.
const SIGNING: &str = "signing";

/// Both were made with the installation.
pub(crate) fn made(sql: &Connection, at: i64) -> Result<(), VaultError> {
    for id in [DATABASE, SIGNING] {
        sql.execute("INSERT OR REPLACE INTO device_key VALUES (?1, 1, ?2)", params![id, at])
            .doing("noting the age of a device key")?;
    }
    Ok(())
}

/// A new version takes the place of the one before it.
pub(crate) fn replaced(sql: &Connection, id: &str, at: i64) -> Result<(), VaultError> {
    let doing = "noting a new version of a device key";
    sql.execute(
        "INSERT INTO former_key SELECT id, version, made_at, ?2, ?2, NULL FROM device_key WHERE id = ?1",
        params![id, at],
    )
    .doing(doing)?;
    sql.execute("UPDATE device_key SET version = version + 1, made_at = ?2 WHERE id = ?1", params![id, at])
        .doing(doing)?;
    Ok(())
}

/// Since when the database key is the one that it is; `None`: before ages were noted.
pub(crate) fn database_made_at(sql: &Connection) -> Result<Option<i64>, VaultError> {
    use rusqlite::OptionalExtension as _;
    sql.query_row("SELECT made_at FROM device_key WHERE id = ?1", [DATABASE], |row| row.get(0))
        .optional()
        .doing("reading the age of the database key")
}
