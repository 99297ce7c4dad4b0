//! `wrapping_key`: what stands between a group's key pair and the patient keys.
//!
//! A session that writes draws one wrapping key for each group, seals it to the group's public key once (HPKE), and wraps
//! the patient keys that it makes with AES-256-GCM under it. It opens nothing that the session did not itself bring in, and
//! an import of 100,000 patients costs two key agreements instead of 200,000.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use zeroize::Zeroizing;

use super::group::{self, GroupKey};
use crate::error::ResultExt as _;
use crate::key::{Kek, PrivateKey, PublicKey, Secret, random};
use crate::{Tx, Undecodable, UserKeys, VaultError};

impl Tx<'_> {
    /// The key under which this session wraps patient keys for a group, made at its first use.
    pub(super) fn wrapping_key(&mut self, group: GroupKey) -> Result<(i64, Arc<Kek>), VaultError> {
        let recipient = group.id();
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
        let (version, public) = group::public_key(self.sql, &self.vault.secrets, self.vault.device, group)
            .inspect_err(|error| self.integrity_failure(error))?;
        let sealed = public.seal(&place(id, recipient), &secret)?;
        self.sql
            .execute(
                "INSERT INTO wrapping_key (id, recipient, sealed, recipient_version) VALUES (?1, ?2, ?3, ?4)",
                params![id, recipient, sealed, version],
            )
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
            .and_then(|mut statement| {
                statement.query_row(params![id, GroupKey::CareGroup.id()], |row| row.get(0)).optional()
            })
            .doing("reading a wrapping key")?;
        let Some(sealed) = sealed else { return Ok(Err(Undecodable::NoKey)) };
        Ok(general.open(&place(id, GroupKey::CareGroup.id()), &sealed).map(|secret| {
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
        .and_then(|mut statement| {
            statement.query_row(params![id, GroupKey::BreakGlass.id()], |row| row.get(0)).optional()
        })
        .doing("reading a wrapping key")?;
    let Some(sealed) = sealed else { return Ok(Err(Undecodable::NoKey)) };
    Ok(break_glass.open(&place(id, GroupKey::BreakGlass.id()), &sealed).map(|secret| Kek::new(&secret)))
}

/// Seals every wrapping key of a group for the key pair that takes the place of `former`.
pub(super) fn reseal_all(
    sql: &Connection,
    key: GroupKey,
    former: &PrivateKey,
    next: (u32, &PublicKey),
) -> Result<u64, VaultError> {
    let doing = "sealing wrapping keys anew";
    let rows: Vec<(i64, Vec<u8>)> = sql
        .prepare("SELECT id, sealed FROM wrapping_key WHERE recipient = ?1")
        .and_then(|mut statement| statement.query_map([key.id()], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .doing(doing)?;
    let mut update =
        sql.prepare("UPDATE wrapping_key SET sealed = ?2, recipient_version = ?3 WHERE id = ?1").doing(doing)?;
    let mut done = 0_u64;
    for (id, sealed) in rows {
        // One that does not open was exchanged or damaged: nothing under it could be read before, and nothing is lost by
        // leaving it as it is, where its next reader finds it and says so.
        let Ok(secret) = former.open(&place(id, key.id()), &sealed) else { continue };
        update.execute(params![id, next.1.seal(&place(id, key.id()), &secret)?, next.0]).doing(doing)?;
        done = done.saturating_add(1);
    }
    Ok(done)
}

/// **Do not modify**: wrapping keys are bound to this text.
fn place(id: i64, recipient: &str) -> String {
    format!("vigil/wrapping-key/v1|{id}|{recipient}")
}
