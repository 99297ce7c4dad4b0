//! The audit log in the database: it appends and it verifies. There is no update and no delete.

use std::sync::atomic::Ordering;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use vigil_audit::{
    AuditEvent, EntryBundles, Frontier, HybridTime, Origin, SignedRoot, StoredEntry, StoredHead, TileFile,
    Verification, Verifier, hash_tiles, root_at,
};
use vigil_model::{DeviceId, Moment};

use crate::device::DeviceSecrets;
use crate::entry::Draft;
use crate::error::{ResultExt as _, db};
use crate::key::{hmac, tokens_differ};
use crate::open::new_uuid;
use crate::{Mark, Vault, VaultError, outbox, table};

/// The head of an empty log.
pub(crate) fn create(sql: &Connection, device: DeviceId, secrets: &DeviceSecrets) -> Result<(), VaultError> {
    let mac = head_mac(secrets, device, &Frontier::default())?;
    sql.execute("INSERT INTO audit_head (one, size, frontier, mac) VALUES (1, 0, x'', ?1)", [mac])
        .doing("making the audit log")?;
    sql.execute("INSERT INTO audit_index VALUES (1, 0)", []).doing("making the audit log")?;
    Ok(())
}

/// The number that the next entry gets.
pub(crate) fn next_seq(sql: &Connection) -> Result<u64, VaultError> {
    let size: u64 = sql
        .prepare_cached("SELECT size FROM audit_head")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .doing("reading the audit log")?;
    Ok(size.saturating_add(1))
}

/// The hybrid time of the newest entry, without its counter.
pub(crate) fn last_written(sql: &Connection) -> Result<DateTime<Utc>, VaultError> {
    let hlc: i64 = sql.query_row("SELECT hlc FROM audit_head", [], |row| row.get(0)).doing("reading the audit log")?;
    let millis = i64::try_from(HybridTime::from_bits(hlc.cast_unsigned()).millis()).unwrap_or(i64::MAX);
    Ok(DateTime::from_timestamp_millis(millis).unwrap_or(DateTime::<Utc>::MAX_UTC))
}

/// What one entry is made of.
pub(crate) struct NewEntry<'a> {
    pub(crate) draft: &'a Draft,
    /// What is sealed beside it.
    pub(crate) detail: Option<&'a [u8]>,
    pub(crate) at: Moment,
    /// Whether it belongs to the request of the entry before it.
    pub(crate) follows: bool,
}

/// Appends entries, one row for each, and writes the head once. Where there is a server, each is sealed to it. Says whether one of them
/// cannot wait.
pub(crate) fn append(sql: &Connection, vault: &Vault, entries: &[NewEntry<'_>]) -> Result<bool, VaultError> {
    let (size, frontier, mac, hlc): (u64, Vec<u8>, Vec<u8>, i64) = sql
        .prepare_cached("SELECT size, frontier, mac, hlc FROM audit_head")
        .and_then(|mut statement| {
            statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        })
        .doing("reading the audit log")?;
    let mut frontier = Frontier::from_bytes(size, &frontier).map_err(|_| VaultError::Tampered("audit_head"))?;
    // Appending to a forged head would vouch for it.
    if tokens_differ(&mac, &head_mac(&vault.secrets, vault.device, &frontier)?) {
        return Err(VaultError::Tampered("audit_head"));
    }
    let mut insert = sql
        .prepare_cached("INSERT INTO audit_entry (seq, event, hashes, detail) VALUES (?1, ?2, ?3, ?4)")
        .doing("writing the audit entry")?;
    let program = vault.origin();
    let (mut hlc, mut request, mut urgent) = (HybridTime::from_bits(hlc.cast_unsigned()), None, false);
    for NewEntry { draft, detail, at, follows } in entries {
        let seq = frontier.size().saturating_add(1);
        hlc = hlc.next(at.utc);
        let request = match request.filter(|_| *follows) {
            Some(request) => request,
            None => *request.insert(new_uuid(*at)?),
        };
        let event = draft.event(seq, *at).from_origin(Origin {
            client: program.client.clone(),
            address: program.address.clone(),
            request,
            hlc,
            boot: program.boot,
            up: u64::try_from(at.since_boot.as_millis()).unwrap_or(u64::MAX),
        });
        let bytes = event.canonical().map_err(|_| VaultError::Invalid("the audit event has no form"))?;
        let hashes = frontier.append(&bytes).map_err(|_| VaultError::Tampered("audit_head"))?;
        insert.execute(params![seq, bytes, hashes, detail]).doing("writing the audit entry")?;
        urgent |= outbox::put(sql, vault, &event, &bytes, *detail)?;
    }
    let mac = head_mac(&vault.secrets, vault.device, &frontier)?;
    sql.prepare_cached("UPDATE audit_head SET size = ?1, frontier = ?2, mac = ?3, hlc = ?4")
        .and_then(|mut statement| {
            statement.execute(params![frontier.size(), frontier.to_bytes(), mac, hlc.bits().cast_signed()])
        })
        .doing("writing the head of the audit log")?;
    // Before the commit: what is counted and not written only brings the next checkpoint forward.
    if vault.unmarked.fetch_add(entries.len() as u64, Ordering::Relaxed) == 0
        && let Some(first) = entries.first()
    {
        let written = u64::try_from(first.at.since_boot.as_millis()).unwrap_or(u64::MAX);
        vault.unmarked_since.store(written, Ordering::Relaxed);
    }
    Ok(urgent)
}

/// Signs a checkpoint over everything there is and brings the index up to it. Returns the mark to be remembered.
///
/// A log that contradicts what the custodian remembers is not signed, and its mark stays: signing would vouch for a copy
/// that was put back and went another way.
pub(crate) fn checkpoint(connection: &mut Connection, vault: &Vault) -> Result<Option<Mark>, VaultError> {
    let doing = "signing a checkpoint";
    let known = vault.custodian.mark()?;
    let sql = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).doing(doing)?;
    let Some(head) = read_head(&sql, &vault.secrets, vault.device)?.filter(|head| head.authentic) else {
        return Err(VaultError::Tampered("audit_head"));
    };
    if head.size == 0 {
        return Ok(None);
    }
    contradicts_nothing(&sql, head.size, known)?;
    let tampered = |_| VaultError::Tampered("audit_head");
    let root =
        Frontier::from_bytes(head.size, &head.frontier).and_then(|frontier| frontier.root()).map_err(tampered)?;
    let signer = vault.secrets.signer(vault.device)?;
    let note = signer.sign(head.size, root).map_err(|_| VaultError::Cryptography("signing a checkpoint"))?;
    sql.execute("INSERT OR IGNORE INTO audit_checkpoint VALUES (?1, ?2)", params![head.size, note]).doing(doing)?;
    table::access::bring_up_to(&sql, head.size)?;
    sql.commit().doing(doing)?;
    Ok(Some(Mark { size: head.size, root }))
}

/// Signs a checkpoint over the first `size` entries, for whoever is sent them.
pub(crate) fn sign_at(sql: &Connection, vault: &Vault, size: u64, known: Option<Mark>) -> Result<Vec<u8>, VaultError> {
    let Some(head) = read_head(sql, &vault.secrets, vault.device)?.filter(|head| head.authentic) else {
        return Err(VaultError::Tampered("audit_head"));
    };
    contradicts_nothing(sql, head.size, known)?;
    let root = root_at(size, |seq| hashes_of(sql, seq)).ok_or(VaultError::Tampered("audit_entry"))?;
    let signer = vault.secrets.signer(vault.device)?;
    signer.sign(size, root).map_err(|_| VaultError::Cryptography("signing a checkpoint"))
}

/// What the custodian remembers is a beginning of this log.
fn contradicts_nothing(sql: &Connection, size: u64, known: Option<Mark>) -> Result<(), VaultError> {
    let fits = |known: Mark| known.size <= size && root_at(known.size, |seq| hashes_of(sql, seq)) == Some(known.root);
    if known.is_none_or(fits) { Ok(()) } else { Err(VaultError::Tampered("audit_entry")) }
}

/// When this entry was written; `None`: there is none.
pub(crate) fn written_at(sql: &Connection, seq: u64) -> Result<Option<DateTime<Utc>>, VaultError> {
    let event: Option<Vec<u8>> = sql
        .prepare_cached("SELECT event FROM audit_entry WHERE seq = ?1")
        .and_then(|mut statement| statement.query_row([seq], |row| row.get(0)).optional())
        .doing("reading the audit log")?;
    Ok(event.and_then(|event| AuditEvent::parse(&event).ok()).map(|event| event.at))
}

/// Number, bytes and sealed detail of the entries from `first` to `last`, in order, until `visit` has enough.
pub(crate) fn each_from(
    sql: &Connection,
    first: u64,
    last: u64,
    mut visit: impl FnMut(u64, Vec<u8>, Option<Vec<u8>>) -> Result<bool, VaultError>,
) -> Result<(), VaultError> {
    let doing = "reading the audit log";
    let mut statement = sql
        .prepare_cached("SELECT seq, event, detail FROM audit_entry WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq")
        .doing(doing)?;
    let mut rows = statement.query([first, last]).doing(doing)?;
    while let Some(row) = rows.next().doing(doing)? {
        let read = || -> rusqlite::Result<_> { Ok((row.get(0)?, row.get(1)?, row.get(2)?)) };
        let (seq, event, detail) = read().map_err(db(doing))?;
        if !visit(seq, event, detail)? {
            break;
        }
    }
    Ok(())
}

/// Reads everything and judges it.
pub(crate) fn verify(sql: &Connection, vault: &Vault, mark: Option<Mark>) -> Result<Verification, VaultError> {
    let doing = "reading the audit log";
    let checkpoints: Vec<(u64, Vec<u8>)> = sql
        .prepare("SELECT size, note FROM audit_checkpoint ORDER BY size")
        .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .doing(doing)?;
    let mark = mark.map(|mark| SignedRoot { size: mark.size, root: mark.root });
    let mut verifier = Verifier::new(&checkpoints, &vault.secrets.verifier(vault.device), mark);
    each_row(sql, |entry| {
        verifier.push(&entry);
        Ok(())
    })?;
    Ok(verifier.finish(read_head(sql, &vault.secrets, vault.device)?.as_ref()))
}

/// The log up to its newest checkpoint as C2SP tlog-tiles: hashes, entries, the checkpoint, and the key that it is signed with as
/// `vkey`. How many entries that is.
pub(crate) fn tiles(
    sql: &Connection,
    vault: &Vault,
    out: &mut dyn FnMut(TileFile) -> std::io::Result<()>,
) -> Result<u64, VaultError> {
    let newest: Option<(u64, Vec<u8>)> = sql
        .query_row("SELECT size, note FROM audit_checkpoint ORDER BY size DESC LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()
        .doing("reading the checkpoints")?;
    let (size, note) = newest.ok_or(VaultError::Invalid("the audit log has no checkpoint yet"))?;
    for tile in hash_tiles(size, |seq| hashes_of(sql, seq)) {
        out(tile.ok_or(VaultError::Tampered("audit_entry"))?).map_err(VaultError::Export)?;
    }
    let mut bundles = EntryBundles::default();
    each_row(sql, |entry| {
        if entry.seq > size {
            return Ok(());
        }
        let bundle =
            bundles.push(&entry.event).map_err(|_| VaultError::Invalid("an audit entry is too long for a bundle"))?;
        bundle.map_or(Ok(()), &mut *out).map_err(VaultError::Export)
    })?;
    let key = vault.secrets.verifier(vault.device).key().as_bytes().to_vec();
    let rest = [("vkey".to_owned(), key), ("checkpoint".to_owned(), note)];
    bundles.finish().into_iter().chain(rest).try_for_each(out).map_err(VaultError::Export)?;
    Ok(size)
}

/// Whether one of the newest entries is such an event, newest first; as many are looked at as can lie behind a mark.
pub(crate) fn last_event(sql: &Connection, wanted: impl Fn(&AuditEvent) -> bool) -> Result<bool, VaultError> {
    let doing = "reading the audit log";
    let mut statement = sql.prepare("SELECT event FROM audit_entry ORDER BY seq DESC LIMIT 1024").doing(doing)?;
    let mut rows = statement.query([]).doing(doing)?;
    while let Some(row) = rows.next().doing(doing)? {
        let event: Vec<u8> = row.get(0).doing(doing)?;
        if AuditEvent::parse(&event).is_ok_and(|event| wanted(&event)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Every entry in order; one that does not parse is an error.
pub(crate) fn each(
    sql: &Connection,
    mut visit: impl FnMut(AuditEvent) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    each_row(sql, |entry| visit(AuditEvent::parse(&entry.event).map_err(|_| VaultError::Tampered("audit_entry"))?))
}

fn each_row(sql: &Connection, mut visit: impl FnMut(StoredEntry) -> Result<(), VaultError>) -> Result<(), VaultError> {
    let doing = "reading the audit log";
    let mut statement = sql.prepare("SELECT seq, event, hashes FROM audit_entry ORDER BY seq").doing(doing)?;
    let mut rows = statement.query([]).doing(doing)?;
    while let Some(row) = rows.next().doing(doing)? {
        let read = || -> rusqlite::Result<StoredEntry> {
            Ok(StoredEntry { seq: row.get(0)?, event: row.get(1)?, hashes: row.get(2)? })
        };
        visit(read().map_err(db(doing))?)?;
    }
    Ok(())
}

pub(crate) fn hashes_of(sql: &Connection, seq: u64) -> Option<Vec<u8>> {
    sql.prepare_cached("SELECT hashes FROM audit_entry WHERE seq = ?1")
        .and_then(|mut statement| statement.query_row([seq], |row| row.get(0)))
        .ok()
}

pub(crate) fn read_head(
    sql: &Connection,
    secrets: &DeviceSecrets,
    device: DeviceId,
) -> Result<Option<StoredHead>, VaultError> {
    let stored: Option<(u64, Vec<u8>, Vec<u8>)> = sql
        .query_row("SELECT size, frontier, mac FROM audit_head", [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()
        .doing("reading the head of the audit log")?;
    let Some((size, frontier, mac)) = stored else { return Ok(None) };
    let authentic = match Frontier::from_bytes(size, &frontier) {
        Ok(frontier) => !tokens_differ(&mac, &head_mac(secrets, device, &frontier)?),
        Err(_) => false,
    };
    Ok(Some(StoredHead { size, frontier, authentic }))
}

fn head_mac(secrets: &DeviceSecrets, device: DeviceId, frontier: &Frontier) -> Result<[u8; 32], VaultError> {
    let size = frontier.size().to_be_bytes();
    hmac(&secrets.head_key, &[b"vigil/audit/head/v1", device.as_uuid().as_bytes(), &size, &frontier.to_bytes()])
}
