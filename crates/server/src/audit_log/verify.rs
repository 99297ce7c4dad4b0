//! Reads a log from end to end and names what was done to it.
//!
//! Most logs are intact. So every page is first compared on every core: entries with their hashes and with the columns that the search
//! reads, hashes with the tree, the tree with head and checkpoints. Where that fails, `vigil_audit::Verifier` names what was done.

use std::collections::BTreeMap;

use futures_util::TryStreamExt as _;
use vigil_audit::{
    AuditEvent, Beside, CheckpointVerifier, Finding, Frontier, SignedRoot, StoredEntry, Verification, Verifier,
    leaf_hash,
};
use vigil_model::DeviceId;

use super::page::{Page, StoredRow, pages, read};
use crate::Keys;
use crate::store::sql::values;
use crate::store::{CopiedEvent, EventRow, Log, Store, StoreError};

/// A log, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedLog {
    /// Its id.
    pub log: DeviceId,
    /// What was found.
    pub verification: Verification,
}

/// Verifies every log.
///
/// # Errors
/// [`StoreError`]
pub async fn verify_all(store: &Store, keys: &Keys) -> Result<Vec<VerifiedLog>, StoreError> {
    let logs = Log::all(&mut store.read().await?).await?;
    let mut verified = Vec::with_capacity(logs.len());
    for log in logs {
        verified.push(VerifiedLog { log: log.id, verification: verify(store, keys, &log, None).await? });
    }
    Ok(verified)
}

/// Verifies one log. `mark`: size and root that are remembered elsewhere, by a witness or on a receipt; `None` from here too when there is
/// no such log.
///
/// # Errors
/// [`StoreError`]
pub async fn verify_log(
    store: &Store,
    keys: &Keys,
    log: DeviceId,
    mark: Option<SignedRoot>,
) -> Result<Option<VerifiedLog>, StoreError> {
    let found = Log::find(&mut store.read().await?, log).await?;
    let Some(found) = found else { return Ok(None) };
    Ok(Some(VerifiedLog { log, verification: verify(store, keys, &found, mark).await? }))
}

async fn verify(store: &Store, keys: &Keys, log: &Log, mark: Option<SignedRoot>) -> Result<Verification, StoreError> {
    let (checkpoints, forged) = checkpoints(store, keys, log).await?;
    if let Some(root) = intact(store, keys, log, &checkpoints, &forged, mark).await? {
        return Ok(Verification { entries: log.size, root, findings: Vec::new() });
    }
    named(store, keys, log, &forged, mark).await
}

/// What the kept checkpoints say, and the sizes of those that the workstation or this server did not sign.
async fn checkpoints(store: &Store, keys: &Keys, log: &Log) -> Result<(Vec<SignedRoot>, Vec<u64>), StoreError> {
    let kept = log.checkpoints(&mut store.read().await?).await?;
    let verifier = verifier(log)?;
    let (mut signed, mut forged) = (Vec::new(), Vec::new());
    for (size, note) in kept {
        match verifier.open(&note) {
            Ok(root) if root.size == size && keys.cosignature().open(&note).is_ok() => signed.push(root),
            Ok(_) | Err(_) => forged.push(size),
        }
    }
    Ok((signed, forged))
}

fn verifier(log: &Log) -> Result<CheckpointVerifier, StoreError> {
    CheckpointVerifier::from_key(&log.verifier_key).map_err(|_| StoreError::Corrupt("the key of a log is none"))
}

/// The root, when nothing contradicts anything.
async fn intact(
    store: &Store,
    keys: &Keys,
    log: &Log,
    checkpoints: &[SignedRoot],
    forged: &[u64],
    mark: Option<SignedRoot>,
) -> Result<Option<[u8; 32]>, StoreError> {
    let Ok(head) = log.frontier(keys.head()) else { return Ok(None) };
    let wanted: BTreeMap<u64, [u8; 32]> = checkpoints
        .iter()
        .chain(&mark)
        .filter(|signed| signed.size > 0)
        .map(|signed| (signed.size, signed.root))
        .collect();
    let agree = checkpoints
        .iter()
        .chain(&mark)
        .all(|signed| signed.size == 0 || wanted.get(&signed.size) == Some(&signed.root));
    let ahead = wanted.keys().next_back().is_some_and(|size| *size > log.size);
    if !forged.is_empty() || ahead || !agree || beyond(store, log).await? {
        return Ok(None);
    }
    let judged = pages(store, log, log.size, |page| match page {
        Page::Copied(copied) => copied.each_as_told(told),
        Page::Rows(rows) => rows.into_iter().map(judge).collect(),
    });
    let mut judged = std::pin::pin!(judged);
    let mut frontier = Frontier::default();
    while let Some(page) = judged.try_next().await? {
        let Some(page) = page else { return Ok(None) };
        for (seq, leaf, hashes) in page {
            let grown = seq == frontier.size().saturating_add(1) && frontier.append_leaf(leaf).ok() == Some(hashes);
            let signed = wanted.get(&seq).is_none_or(|root| frontier.root().ok() == Some(*root));
            if !grown || !signed {
                return Ok(None);
            }
        }
    }
    let root = if log.size == 0 { Some([0; 32]) } else { frontier.root().ok() };
    Ok(root.filter(|_| frontier == head))
}

/// Whether there are rows that the head does not know.
async fn beyond(store: &Store, log: &Log) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) FROM audit_event WHERE log = $1 AND (seq > $2 OR seq < 1)";
    let mut tx = store.read().await?;
    Ok(tx.one("counting entries", sql, &values![log.key, log.size]).await?.int(0)? > 0)
}

/// Number, leaf hash and what the tree completed with it: as they are stored, of a row in which nothing contradicts anything.
type Judged = (u64, [u8; 32], Vec<u8>);

/// What the entry of a copied row makes of the row.
fn told(copied: &CopiedEvent<'_>) -> Option<(EventRow, Judged)> {
    let leaf = *copied.hashes.first_chunk()?;
    let row = row_of(copied.seq, copied.event, copied.beside, leaf, copied.at)?;
    Some((row, (copied.seq, leaf, copied.hashes.to_vec())))
}

fn judge(stored: StoredRow) -> Option<Judged> {
    let StoredRow { seq, hashes, row } = stored;
    let leaf = *hashes.first_chunk()?;
    match row {
        Some(row) if !is_sound(seq, &row, leaf) => None,
        _ => Some((seq, leaf, hashes)),
    }
}

fn is_sound(seq: u64, row: &EventRow, leaf: [u8; 32]) -> bool {
    let told = row_of(seq, row.event.as_deref(), row.beside.as_deref(), leaf, row.at);
    told.is_some_and(|told| EventRow { patients: Vec::new(), ..told } == *row)
}

/// The row that an entry makes, when it is the one with this number and this leaf hash. Of an entry in quarantine there is nothing but the
/// hash, and whatever is searched says so.
fn row_of(seq: u64, event: Option<&[u8]>, beside: Option<&[u8]>, leaf: [u8; 32], at: i64) -> Option<EventRow> {
    let Some(bytes) = event else { return Some(EventRow::quarantined(at)) };
    let beside = beside.map_or_else(|| Ok(Beside::default()), serde_json::from_slice).ok()?;
    if leaf_hash(bytes) != leaf {
        return None;
    }
    let event = AuditEvent::reread(bytes).ok()?;
    (event.seq == seq).then(|| EventRow::of(&event, bytes.to_vec(), &beside).ok()).flatten()
}

/// The names of what was done.
async fn named(
    store: &Store,
    keys: &Keys,
    log: &Log,
    forged: &[u64],
    mark: Option<SignedRoot>,
) -> Result<Verification, StoreError> {
    let kept = log.checkpoints(&mut store.read().await?).await?;
    let sound: Vec<(u64, Vec<u8>)> = kept.into_iter().filter(|(size, _)| !forged.contains(size)).collect();
    let mut verifier = Verifier::new(&sound, &verifier(log)?, mark);
    let (mut quarantined, mut columns) = (Vec::new(), Vec::new());
    let mut from = i64::MIN;
    loop {
        // By what is there, and not by what ought to be.
        let sql = "SELECT MIN(seq), MAX(seq) FROM (SELECT seq FROM audit_event WHERE log = $1 AND seq >= $2 UNION ALL \
                   SELECT seq FROM audit_leaf WHERE log = $1 AND seq >= $2 ORDER BY seq LIMIT 4096) AS page";
        let range = store.read().await?.one("reading a log", sql, &values![log.key, from]).await?;
        let (Some(first), Some(last)) = (range.opt_int(0)?, range.opt_int(1)?) else { break };
        for stored in read(store, log.key, u64::try_from(first).unwrap_or(0), u64::try_from(last).unwrap_or(0)).await? {
            let leaf = stored.hashes.first_chunk::<32>().copied().unwrap_or_default();
            match &stored.row {
                Some(row) if row.event.is_some() => {
                    let edited = row.event.as_deref().map(leaf_hash) != Some(leaf);
                    if !edited && !is_sound(stored.seq, row, leaf) {
                        columns.push(stored.seq);
                    }
                }
                _ => quarantined.push(stored.seq),
            }
            let event = stored.row.and_then(|row| row.event).unwrap_or_default();
            verifier.push(&StoredEntry { seq: stored.seq, event, hashes: stored.hashes });
        }
        from = last.saturating_add(1);
    }
    let mut verification = verifier.finish(Some(&log.stored_head(keys.head())));
    // Without their bytes they look edited; and a server has no custodian that keeps a mark.
    verification.findings.retain(|finding| match finding {
        Finding::Edited { seq } => !quarantined.contains(seq),
        Finding::MarkMissing => false,
        Finding::Rewritten { .. }
        | Finding::Deleted { .. }
        | Finding::Truncated { .. }
        | Finding::Inserted { .. }
        | Finding::Reordered { .. }
        | Finding::Rebuilt { .. }
        | Finding::RolledBack { .. }
        | Finding::HeadForged
        | Finding::CheckpointForged { .. } => true,
    });
    let named = |seq: &u64| verification.findings.contains(&Finding::Edited { seq: *seq });
    let columns: Vec<u64> = columns.into_iter().filter(|seq| !named(seq)).collect();
    if verification.findings.is_empty()
        || !columns.is_empty() && verification.findings.iter().all(|f| matches!(f, Finding::Edited { .. }))
    {
        verification.findings.extend(columns.iter().map(|seq| Finding::Edited { seq: *seq }));
    }
    verification.findings.extend(forged.iter().map(|size| Finding::CheckpointForged { size: *size }));
    Ok(verification)
}
