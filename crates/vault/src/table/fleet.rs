//! `fleet` and `fleet_contact`: the server of this workstation, with the device's authentication, and when it was last heard.

use rusqlite::{Connection, OptionalExtension, params};
use vigil_policy::Interaction;

use crate::error::ResultExt as _;
use crate::fleet::{Fleet, FleetContact};
use crate::key::tokens_differ;
use crate::table::time;
use crate::{Tx, Vault, VaultError};

const READING: &str = "reading the fleet";
const WRITING: &str = "writing the fleet";

impl Tx<'_> {
    /// The workstation belongs to this fleet from now on. `key`: the private key of its certificate, PKCS#8. Everything that its log
    /// holds is going to be pushed there.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit; [`VaultError::Invalid`] for a server's key that is none; or the database fails.
    pub fn fleet_join(&mut self, fleet: Fleet, key: &[u8]) -> Result<(), VaultError> {
        self.may(&[Interaction::FleetJoin])?;
        let mut fleet = fleet.checked()?;
        fleet.key = self.vault.seal_fleet_key(fleet.enrolment, key)?;
        write(self.sql, self.vault, &fleet)?;
        // What was sealed to another server's key is no use to this one, and its receipts are none here.
        self.sql
            .execute_batch("DELETE FROM outbox; DELETE FROM outbox_receipt; DELETE FROM directory;")
            .doing(WRITING)?;
        self.about(format!("enrolment={} server={}", fleet.enrolment, fleet.server));
        Ok(())
    }
}

/// The fleet, if the device wrote it.
pub(crate) fn read(sql: &Connection, vault: &Vault) -> Result<Option<Fleet>, VaultError> {
    let stored: Option<(Vec<u8>, Vec<u8>)> = sql
        .prepare_cached("SELECT record, mac FROM fleet")
        .and_then(|mut statement| statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional())
        .doing(READING)?;
    let Some((record, mac)) = stored else { return Ok(None) };
    if tokens_differ(&mac, &vault.fleet_mac(&record)?) {
        return Err(VaultError::Tampered("fleet"));
    }
    serde_json::from_slice(&record).map(Some).map_err(|_| VaultError::Tampered("fleet"))
}

/// The code of the record that stands there: whoever knows the record by it need not read it again.
pub(crate) fn code(sql: &Connection) -> Result<Option<Vec<u8>>, VaultError> {
    sql.prepare_cached("SELECT mac FROM fleet")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)).optional())
        .doing(READING)
}

pub(crate) fn write(sql: &Connection, vault: &Vault, fleet: &Fleet) -> Result<(), VaultError> {
    let record = serde_json::to_vec(fleet).map_err(|_| VaultError::Invalid("the fleet has no JSON form"))?;
    let mac = vault.fleet_mac(&record)?;
    sql.execute("INSERT OR REPLACE INTO fleet VALUES (1, ?1, ?2)", params![record, mac]).doing(WRITING)?;
    Ok(())
}

pub(crate) fn contact(sql: &Connection, contact: FleetContact) -> Result<(), VaultError> {
    sql.execute(
        "INSERT OR REPLACE INTO fleet_contact VALUES (1, ?1, ?2)",
        params![contact.at.timestamp_micros(), contact.clock_ahead],
    )
    .doing(WRITING)?;
    Ok(())
}

pub(crate) fn last_contact(sql: &Connection) -> Result<Option<FleetContact>, VaultError> {
    sql.query_row("SELECT at, clock_ahead FROM fleet_contact", [], |row| {
        Ok(FleetContact { at: time(row.get(0)?), clock_ahead: row.get(1)? })
    })
    .optional()
    .doing(READING)
}
