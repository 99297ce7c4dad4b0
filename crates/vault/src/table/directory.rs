//! `directory`: who works here, as the server signed it.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use vigil_audit::TextVerifier;
use vigil_model::wire::{Directory, SignedDirectory};
use vigil_policy::Interaction;

use crate::error::ResultExt as _;
use crate::fleet::Fleet;
use crate::{Tx, Vault, VaultError, table};

const KIND: &str = "vigil/directory";
const READING: &str = "reading the directory";
const REFUSED: VaultError = VaultError::Forged("a directory");

impl Vault {
    /// The directory that is here, if the server signed it.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] when it did not; or the database fails.
    pub fn fleet_directory(&self) -> Result<Option<Directory>, VaultError> {
        read(&self.lock(), self)
    }
}

impl Tx<'_> {
    /// Puts the server's directory in the place of an older one.
    ///
    /// # Errors
    /// [`VaultError::Forged`] when the server did not sign it, or when it is older than the one that is here;
    /// [`VaultError::OutsidePermit`] with any other permit; or the database fails.
    pub fn directory_put(&mut self, signed: &SignedDirectory) -> Result<Directory, VaultError> {
        self.may(&[Interaction::DirectoryApply])?;
        let fleet = table::fleet::read(self.sql, self.vault)?
            .ok_or(VaultError::Invalid("this workstation belongs to no fleet"))?;
        let directory = opened(&fleet, signed)?;
        if directory.version < version(self.sql)? {
            return Err(VaultError::Forged("a directory that is older than the one here"));
        }
        let number = i64::try_from(directory.version).unwrap_or(i64::MAX);
        self.sql
            .execute(
                "INSERT OR REPLACE INTO directory VALUES (1, ?1, ?2, ?3)",
                params![number, signed.note, signed.directory],
            )
            .doing("writing the directory")?;
        Ok(directory)
    }
}

pub(super) fn read(sql: &Connection, vault: &Vault) -> Result<Option<Directory>, VaultError> {
    let Some(fleet) = table::fleet::read(sql, vault)? else { return Ok(None) };
    let stored: Option<(String, String)> = sql
        .query_row("SELECT note, directory FROM directory", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
        .doing(READING)?;
    let Some((note, directory)) = stored else { return Ok(None) };
    opened(&fleet, &SignedDirectory { note, directory }).map(Some).map_err(|_| VaultError::Tampered("directory"))
}

/// The version that is here; 0: none.
pub(crate) fn version(sql: &Connection) -> Result<u64, VaultError> {
    let version: Option<u64> =
        sql.query_row("SELECT version FROM directory", [], |row| row.get(0)).optional().doing(READING)?;
    Ok(version.unwrap_or(0))
}

fn opened(fleet: &Fleet, signed: &SignedDirectory) -> Result<Directory, VaultError> {
    let verifier = TextVerifier::new(&fleet.directory_key).map_err(|_| REFUSED)?;
    let text = verifier.open(KIND, &signed.note).map_err(|_| REFUSED)?;
    let directory: Directory = serde_json::from_str(&signed.directory).map_err(|_| REFUSED)?;
    let digest = hex::encode(Sha256::digest(signed.directory.as_bytes()));
    if text.body() == format!("{} {digest}", directory.version) { Ok(directory) } else { Err(REFUSED) }
}
