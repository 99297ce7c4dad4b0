//! `sign_in_failure`: failed sign-ins by a keyed digest of the name, known or not.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use vigil_model::{BootId, UserId};
use vigil_policy::Interaction;

use super::time;
use crate::error::ResultExt as _;
use crate::key::{Secret, hmac};
use crate::{SignInFailures, Tx, VaultError};

/// Failures older than this are forgotten, so that guessed names do not pile up.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::days(30);
/// So many failures are remembered for good, until the right password comes: the wait depends on them.
const REMEMBERED_FROM: u32 = 3;

impl Tx<'_> {
    /// Counts a failed sign-in under a name, known or not.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit than that of a refused sign-in; or the database fails.
    pub fn sign_in_failure(&mut self, username: &str, boot: Option<BootId>) -> Result<SignInFailures, VaultError> {
        self.may(&[Interaction::SessionRefuse, Interaction::FactorRefuse])?;
        let doing = "counting a failed sign-in";
        let horizon = self.at.utc.checked_sub_signed(FORGOTTEN_AFTER).unwrap_or(self.at.utc).timestamp_micros();
        let boot = boot.map(|boot| boot.to_string());
        // A name that has to wait is not forgotten, nor is any of this boot: the wall clock, which can be set, decides only
        // over names that were mistyped before.
        self.sql
            .execute(
                "DELETE FROM sign_in_failure WHERE last < ?1 AND count < ?2 AND (boot IS NULL OR boot IS NOT ?3)",
                params![horizon, REMEMBERED_FROM, boot],
            )
            .doing(doing)?;
        let name = token(&self.vault.secrets.name_key, username)?;
        self.sql
            .execute(
                "INSERT INTO sign_in_failure (name, count, last, boot, since_boot) VALUES (?1, 1, ?2, ?3, ?4)
                 ON CONFLICT (name) DO UPDATE
                 SET count = count + 1, last = excluded.last, boot = excluded.boot, since_boot = excluded.since_boot",
                params![name, self.now(), boot, i64::try_from(self.at.since_boot.as_millis()).unwrap_or(i64::MAX)],
            )
            .doing(doing)?;
        // Whose account it was about, so that tries at several workstations are seen as one. What is no name of a user may be a password that
        // was typed in the wrong field, and is nowhere.
        if self.permit.interaction() == Interaction::SessionRefuse
            && let Some(user) = super::user::by_name(self.sql, username)?
        {
            self.about(format!("user={}", user.id));
        }
        read(self.sql, &self.vault.secrets.name_key, username)
    }

    /// Says in the entry what the user authenticated again for.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit.
    pub fn reauthenticated(&mut self, purpose: &str) -> Result<(), VaultError> {
        self.may(&[Interaction::SessionReauthenticate])?;
        self.about(format!("purpose={purpose}"));
        Ok(())
    }

    /// Says in the entry why a session locked or ended.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit.
    pub fn session_revoked(&mut self, why: &str) -> Result<(), VaultError> {
        self.may(&[Interaction::SessionRevoke])?;
        self.about(format!("why={why}"));
        Ok(())
    }

    /// Says in the entry which command was called.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit than that of a refused call.
    pub fn call_refused(&mut self, command: &str) -> Result<(), VaultError> {
        self.may(&[Interaction::CallRefuse])?;
        self.about(format!("command={command}"));
        Ok(())
    }

    /// Refuses sign-in under a name until then.
    ///
    /// # Errors
    /// As [`Tx::sign_in_failure`].
    pub fn sign_in_refuse(&mut self, username: &str, until: DateTime<Utc>) -> Result<(), VaultError> {
        self.may(&[Interaction::SessionRefuse])?;
        let name = token(&self.vault.secrets.name_key, username)?;
        self.sql
            .execute(
                "UPDATE sign_in_failure SET refused_until = ?2 WHERE name = ?1",
                params![name, until.timestamp_micros()],
            )
            .doing("refusing sign-in")?;
        Ok(())
    }

    /// Says in the entry what of the workstation's posture was not as it should be: codes of checks, in the clear. Nothing to
    /// say leaves the entry as it is.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit than that of a start, a sign-in or a refused sign-in.
    pub fn posture_noted(&mut self, words: &str) -> Result<(), VaultError> {
        self.may(&[Interaction::WorkstationStart, Interaction::SessionCreate, Interaction::SessionRefuse])?;
        if !words.is_empty() {
            self.about(format!("posture {words}"));
        }
        Ok(())
    }

    /// Notes a sign-in and forgets the failures before it.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit than that of a sign-in or unlock; or the database fails.
    pub fn signed_in(&mut self, user: UserId) -> Result<(), VaultError> {
        self.may(&[Interaction::SessionCreate, Interaction::SessionUnlock])?;
        let doing = "noting a sign-in";
        let username: String = self
            .sql
            .query_row(
                "UPDATE user SET last_sign_in = ?2 WHERE id = ?1 RETURNING username",
                params![user.to_string(), self.now()],
                |row| row.get(0),
            )
            .doing(doing)?;
        let name = token(&self.vault.secrets.name_key, &username)?;
        self.sql.execute("DELETE FROM sign_in_failure WHERE name = ?1", [name]).doing(doing)?;
        Ok(())
    }
}

/// Forgets the failures under a name: its password is another one now.
pub(super) fn forgive(sql: &Connection, key: &Secret, username: &str) -> Result<(), VaultError> {
    sql.execute("DELETE FROM sign_in_failure WHERE name = ?1", [token(key, username)?])
        .doing("forgetting failed sign-ins")?;
    Ok(())
}

/// The names of failed sign-ins are hidden under another key now. Those of users go over; those that nobody has cannot be
/// known again and are forgotten.
pub(crate) fn rename_all(sql: &Connection, former: &Secret, key: &Secret) -> Result<(), VaultError> {
    let doing = "hiding the names of failed sign-ins under a new key";
    let names: Vec<String> = sql
        .prepare("SELECT username FROM user")
        .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
        .doing(doing)?;
    let mut known: Vec<(Vec<u8>, [u8; 32])> = Vec::with_capacity(names.len());
    for name in names {
        known.push((token(former, &name)?.to_vec(), token(key, &name)?));
    }
    let stored: Vec<Vec<u8>> = sql
        .prepare("SELECT name FROM sign_in_failure")
        .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
        .doing(doing)?;
    for name in stored {
        match known.iter().find(|(before, _)| *before == name) {
            Some((_, now)) => sql.execute("UPDATE sign_in_failure SET name = ?2 WHERE name = ?1", params![name, now]),
            None => sql.execute("DELETE FROM sign_in_failure WHERE name = ?1", [name]),
        }
        .doing(doing)?;
    }
    Ok(())
}

pub(crate) fn read(sql: &Connection, key: &Secret, username: &str) -> Result<SignInFailures, VaultError> {
    let found = sql
        .query_row(
            "SELECT count, last, refused_until, boot, since_boot FROM sign_in_failure WHERE name = ?1",
            [token(key, username)?],
            |row| {
                let (last, refused): (i64, Option<i64>) = (row.get(1)?, row.get(2)?);
                let (boot, since_boot): (Option<String>, Option<i64>) = (row.get(3)?, row.get(4)?);
                Ok(SignInFailures {
                    count: row.get(0)?,
                    last: Some(time(last)),
                    boot: boot.as_deref().and_then(BootId::parse),
                    since_boot: since_boot.map(|millis| Duration::from_millis(millis.unsigned_abs())),
                    refused_until: refused.map(time),
                })
            },
        )
        .optional()
        .doing("reading failed sign-ins")?;
    Ok(found.unwrap_or_default())
}

fn token(key: &Secret, username: &str) -> Result<[u8; 32], VaultError> {
    hmac(key, &[super::user::folded(username).as_bytes()])
}
