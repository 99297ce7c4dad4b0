//! `setting`: what the frame shows before anyone signs in, and what passwords cost.

use rusqlite::{Connection, OptionalExtension};
use vigil_policy::Interaction;

use crate::error::ResultExt as _;
use crate::{Environment, KdfCost, Settings, Setup, Tx, VaultError};

const ORGANIZATION: &str = "organization";
const ENVIRONMENT: &str = "environment";
const KDF: &str = "kdf";

impl Tx<'_> {
    /// Names the hospital; with the first administrator only.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit; or the database fails.
    pub fn organization_set(&mut self, organization: &str) -> Result<(), VaultError> {
        self.may(&[Interaction::FirstAdministratorCreate])?;
        put(self.sql, ORGANIZATION, organization)
    }
}

pub(crate) fn put_all(sql: &Connection, setup: &Setup) -> Result<(), VaultError> {
    put(sql, ORGANIZATION, &setup.organization)?;
    put(sql, ENVIRONMENT, setup.environment.code())?;
    kdf_put(sql, setup.kdf)
}

/// What new slots cost from now on.
pub(super) fn kdf_put(sql: &Connection, cost: KdfCost) -> Result<(), VaultError> {
    let KdfCost { memory_kib, passes, lanes } = cost;
    put(sql, KDF, &format!("{memory_kib} {passes} {lanes}"))
}

pub(crate) fn read(sql: &Connection) -> Result<Settings, VaultError> {
    let environment = get(sql, ENVIRONMENT)?;
    Ok(Settings {
        organization: get(sql, ORGANIZATION)?,
        environment: Environment::from_code(&environment).ok_or(VaultError::Invalid("an unknown environment"))?,
    })
}

/// What a new slot costs, and a decoy.
pub(crate) fn kdf(sql: &Connection) -> Result<KdfCost, VaultError> {
    let text = get(sql, KDF)?;
    let mut numbers = text.split(' ').map(str::parse::<u32>);
    match (numbers.next(), numbers.next(), numbers.next()) {
        (Some(Ok(memory_kib)), Some(Ok(passes)), Some(Ok(lanes))) => Ok(KdfCost { memory_kib, passes, lanes }),
        _ => Err(VaultError::Invalid("the password cost in the database is no cost")),
    }
}

pub(crate) fn put(sql: &Connection, name: &str, value: &str) -> Result<(), VaultError> {
    sql.execute("INSERT OR REPLACE INTO setting VALUES (?1, ?2)", [name, value]).doing("writing a setting")?;
    Ok(())
}

/// The setting of this name, if there is one.
pub(crate) fn find(sql: &Connection, name: &str) -> Result<Option<String>, VaultError> {
    sql.query_row("SELECT value FROM setting WHERE name = ?1", [name], |row| row.get(0))
        .optional()
        .doing("reading a setting")
}

fn get(sql: &Connection, name: &str) -> Result<String, VaultError> {
    find(sql, name)?.ok_or(VaultError::Invalid("a setting is missing from the database"))
}

/// Whether there is such a setting.
pub(super) fn has(sql: &Connection, name: &str) -> Result<bool, VaultError> {
    sql.query_row("SELECT EXISTS (SELECT 1 FROM setting WHERE name = ?1)", [name], |row| row.get(0))
        .doing("reading a setting")
}

/// Forgets a setting.
pub(super) fn remove(sql: &Connection, name: &str) -> Result<(), VaultError> {
    sql.execute("DELETE FROM setting WHERE name = ?1", [name]).doing("writing a setting")?;
    Ok(())
}
