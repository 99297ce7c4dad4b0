//! How long entries are kept: at least ten years (ASTM E2147). What is older is let go month by month, and only with an archive of it. Heads
//! and hashes stay, so that every log goes on verifying.

mod archive;

use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use chrono::{DateTime, Utc};
use vigil_audit::{Agent, Outcome};
use vigil_model::PurposeOfUse;

use crate::Keys;
use crate::audit_log::{Draft, ExportError, ExportFolder, kind, record};
use crate::store::partition::{Month, drop_month};
use crate::store::sql::values;
use crate::store::{Log, Store, StoreError, Tx};
use archive::{Digests, archive_log};

/// The fewest years.
pub const FEWEST_YEARS: u32 = 10;

const DOING: &str = "letting a month go";
/// Held while a month is let go.
const LOCK: i64 = 0x5649_4749_4c52;

/// A month that was let go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archived {
    /// Such as `2016-11`.
    pub month: String,
    /// How many entries.
    pub entries: u64,
    /// SHA-256 over lines as `sha256sum` writes them, in the order of the names, in hex. It stands in the server's own log too.
    pub sha256: String,
}

/// Lets go every month that has been kept for `years`, oldest first. Each is written to a folder of its own in `archive` first: C2SP
/// tlog-tiles of every log that it touches, under its cosigned checkpoint.
///
/// # Errors
/// [`ExportError`]; a month that is not archived is not let go.
pub async fn let_go(
    store: &Store,
    keys: &Keys,
    years: u32,
    archive: &Path,
    now: DateTime<Utc>,
) -> Result<Vec<Archived>, ExportError> {
    if years < FEWEST_YEARS {
        return Err(StoreError::Invalid("entries are kept for ten years at least").into());
    }
    let limit = Month::of(now.timestamp_micros()).and_then(|month| month.minus(years.saturating_mul(12)));
    let Some(limit) = limit else { return Ok(Vec::new()) };
    let mut done = Vec::new();
    for month in due(store, limit).await? {
        done.extend(let_month_go(store, keys, month, archive, now).await?);
    }
    Ok(done)
}

/// Months before `limit`. One that holds an entry that was received later stays: the clock that dated it was wrong.
async fn due(store: &Store, limit: Month) -> Result<Vec<Month>, StoreError> {
    const DOING: &str = "looking for months to let go";
    let mut tx = store.read().await?;
    let oldest = tx.one(DOING, "SELECT MIN(at) FROM audit_event WHERE at < $1", &values![limit.begins()]).await?;
    let mut months = Vec::new();
    let mut next = oldest.opt_int(0)?.and_then(Month::of);
    while let Some(month) = next.filter(|month| *month < limit) {
        let sql = "SELECT COUNT(*), COALESCE(MAX(received), 0) FROM audit_event WHERE at >= $1 AND at < $2";
        let row = tx.one(DOING, sql, &values![month.begins(), month.ends()]).await?;
        if row.int(0)? > 0 && row.int(1)? < limit.begins() {
            months.push(month);
        }
        next = month.plus(1);
    }
    Ok(months)
}

async fn let_month_go(
    store: &Store,
    keys: &Keys,
    month: Month,
    archive: &Path,
    now: DateTime<Utc>,
) -> Result<Option<Archived>, ExportError> {
    let Some(turn) = turn(store, month).await? else { return Ok(None) };
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(archive)?;
    let (named, partial) = (archive.join(month.to_string()), archive.join(format!("{month}.partial")));
    if named.symlink_metadata().is_ok() {
        return Err(ExportError::There(named));
    }
    // What an attempt has left that did not come to its end: the month is still here.
    if partial.symlink_metadata().is_ok() {
        std::fs::remove_dir_all(&partial)?;
    }
    let folder = ExportFolder::make(&partial)?;
    let mut digests = Digests::default();
    for log in Log::all(&mut store.read().await?).await? {
        archive_log(store, keys, &log, month, &folder, &mut digests).await?;
    }
    folder.finish()?;
    let sha256 = digests.finish();

    let mut tx = match turn {
        Some(tx) => tx,
        None => store.begin().await?,
    };
    let keep =
        "INSERT INTO audit_leaf (log, seq, hashes) SELECT log, seq, hashes FROM audit_event WHERE at >= $1 AND at < $2";
    let entries = tx.execute(DOING, keep, &values![month.begins(), month.ends()]).await?;
    if entries != digests.entries() {
        return Err(StoreError::Invalid("entries of this month came in while it was archived; try again").into());
    }
    drop_month(&mut tx, month).await?;
    note(&mut tx, month, entries, &sha256, now).await?;
    let draft = Draft {
        kind: kind::AUDIT_RETENTION,
        outcome: Outcome::Success,
        agent: Agent::Server,
        purpose: PurposeOfUse::Administration,
        patient: None,
        reason: Some(format!("month={month} entries={entries} sha256={sha256}")),
        request: None,
        address: None,
    };
    record(&mut tx, keys, draft, now).await?;
    tx.commit().await?;
    store.forget_month(month)?;
    std::fs::rename(&partial, &named)?;
    std::fs::File::open(archive)?.sync_all()?;
    Ok(Some(Archived { month: month.to_string(), entries, sha256 }))
}

/// Of several processes on one PostgreSQL the first has its turn, in the transaction that is returned; to the others, who wait, the month is
/// gone (`None`). An embedded database has one process, and is not held up while a month is written out.
async fn turn(store: &Store, month: Month) -> Result<Option<Option<Tx>>, StoreError> {
    let mut tx = store.begin().await?;
    if matches!(tx, Tx::Sqlite(_)) {
        return Ok(Some(None));
    }
    tx.execute(DOING, "SELECT pg_advisory_xact_lock($1)", &values![LOCK]).await?;
    let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM audit_event WHERE at >= $1 AND at < $2 LIMIT 1) one";
    let left = tx.one(DOING, sql, &values![month.begins(), month.ends()]).await?.int(0)?;
    Ok((left > 0).then_some(Some(tx)))
}

async fn note(tx: &mut Tx, month: Month, entries: u64, sha256: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let sql = "INSERT INTO archive (month, made, entries, sha256) VALUES ($1, $2, $3, $4)";
    let values = values![month.to_string(), now.timestamp_micros(), entries, sha256];
    tx.execute("noting an archive", sql, &values).await.map(drop)
}
