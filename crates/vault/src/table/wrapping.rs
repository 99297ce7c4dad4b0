//! `wrapping_key`: what stands between a group's key pair and the patient keys.
//!
//! A session that writes draws one wrapping key for each group, seals it to the group's public key once (HPKE), and wraps
//! the patient keys that it makes with AES-256-GCM under it. It opens nothing that the session did not itself bring in, and
//! an import of 100,000 patients costs two key agreements instead of 200,000.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use zeroize::Zeroizing;

use super::grant;
use crate::error::ResultExt as _;
use crate::key::{Kek, PrivateKey, Secret, random};
use crate::{Tx, Undecodable, UserKeys, VaultError};

impl Tx<'_> {
    /// The key under which this session wraps patient keys for a group, made at its first use.
    pub(super) fn wrapping_key(&mut self, recipient: &str) -> Result<(i64, Arc<Kek>), VaultError> {
        let known = self.fresh.wrapping.get(recipient).cloned();
        if let Some(known) = known.or_else(|| self.keys?.wrapping(recipient)) {
            return Ok(known);
        }
        let doing = "making a wrapping key";
        let id: i64 = self
            .sql
            .query_row("SELECT coalesce(max(id), 0) + 1 FROM wrapping_key", [], |row| row.get(0))
            .doing(doing)?;
        let secret: Secret = Zeroizing::new(random()?);
        let public = grant::public_key(self.sql, &self.vault.secrets, self.vault.device, recipient)
            .inspect_err(|error| self.integrity_failure(error))?;
        let sealed = public.seal(&place(id, recipient), &secret)?;
        self.sql
            .execute("INSERT INTO wrapping_key VALUES (?1, ?2, ?3)", params![id, recipient, sealed])
            .doing(doing)?;
        let made = (id, Arc::new(Kek::new(&secret)));
        self.fresh.wrapping.insert(recipient.to_owned(), made.clone());
        Ok(made)
    }

    /// A wrapping key of the care group, opened once in a session.
    pub(super) fn unwrapping_key(
        &self,
        keys: &UserKeys,
        general: &PrivateKey,
        id: i64,
    ) -> Result<Result<Arc<Kek>, Undecodable>, VaultError> {
        if let Some(kek) = keys.unwrapping(id) {
            return Ok(Ok(kek));
        }
        let sealed: Option<Vec<u8>> = self
            .sql
            .prepare_cached("SELECT sealed FROM wrapping_key WHERE id = ?1 AND recipient = ?2")
            .and_then(|mut statement| statement.query_row(params![id, grant::GENERAL], |row| row.get(0)).optional())
            .doing("reading a wrapping key")?;
        let Some(sealed) = sealed else { return Ok(Err(Undecodable::NoKey)) };
        Ok(general.open(&place(id, grant::GENERAL), &sealed).map(|secret| {
            let kek = Arc::new(Kek::new(&secret));
            keys.remember_unwrapping(id, &kek);
            kek
        }))
    }
}

/// A wrapping key of the break-glass group, opened for one release.
pub(super) fn open_in_emergency(
    sql: &Connection,
    break_glass: &PrivateKey,
    id: i64,
) -> Result<Result<Kek, Undecodable>, VaultError> {
    let sealed: Option<Vec<u8>> = sql
        .prepare_cached("SELECT sealed FROM wrapping_key WHERE id = ?1 AND recipient = ?2")
        .and_then(|mut statement| statement.query_row(params![id, grant::BREAK_GLASS], |row| row.get(0)).optional())
        .doing("reading a wrapping key")?;
    let Some(sealed) = sealed else { return Ok(Err(Undecodable::NoKey)) };
    Ok(break_glass.open(&place(id, grant::BREAK_GLASS), &sealed).map(|secret| Kek::new(&secret)))
}

/// **Do not modify**: wrapping keys are bound to this text.
fn place(id: i64, recipient: &str) -> String {
    format!("vigil/wrapping-key/v1|{id}|{recipient}")
}
