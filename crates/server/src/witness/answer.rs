//! As the witness of another server.

use chrono::{DateTime, Utc};
use vigil_audit::{CosignatureVerifier, is_consistent};

use super::AddCheckpoint;
use crate::Keys;
use crate::intake::cosigned;
use crate::store::sql::values;
use crate::store::{Store, StoreError, Tx};

/// The answer to `add-checkpoint`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WitnessAnswer {
    /// 200: lines of the cosignature.
    Cosigned(String),
    /// 400: the body is none, or its checkpoint is shorter than what it says was known.
    Malformed,
    /// 403: no server whose logs are witnessed here has cosigned it.
    Forbidden,
    /// 409: this size is known here (`text/x.tlog.size`).
    Conflict(u64),
    /// 422: the proof does not show that the log only grew.
    Inconsistent,
}

impl WitnessAnswer {
    /// HTTP status, media type and body.
    pub fn parts(&self) -> (u16, &'static str, String) {
        const TEXT: &str = "text/plain; charset=utf-8";
        match self {
            Self::Cosigned(lines) => (200, TEXT, lines.clone()),
            Self::Malformed => (400, TEXT, "this is no request to add a checkpoint\n".to_owned()),
            Self::Forbidden => {
                (403, TEXT, "the checkpoint is not cosigned by a server that is known here\n".to_owned())
            }
            Self::Conflict(size) => (409, "text/x.tlog.size", format!("{size}\n")),
            Self::Inconsistent => (422, TEXT, "the proof does not show that the log only grew\n".to_owned()),
        }
    }
}

/// Cosigns a checkpoint of a log of another server, if the log only grew since the last one. `servers` cosign whatever is witnessed here: a
/// log belongs to its server.
///
/// # Errors
/// [`StoreError`]
pub async fn add_checkpoint(
    store: &Store,
    keys: &Keys,
    servers: &[CosignatureVerifier],
    body: &str,
    now: DateTime<Utc>,
) -> Result<WitnessAnswer, StoreError> {
    let Some(request) = AddCheckpoint::parse(body) else { return Ok(WitnessAnswer::Malformed) };
    let Some(checkpoint) = request.checkpoint() else { return Ok(WitnessAnswer::Malformed) };
    if !servers.iter().any(|server| server.open(request.note.as_bytes()).is_ok()) {
        return Ok(WitnessAnswer::Forbidden);
    }
    if request.old > checkpoint.size {
        return Ok(WitnessAnswer::Malformed);
    }
    let mut tx = store.begin().await?;
    let (known, root) = known(&mut tx, &checkpoint.origin).await?;
    if request.old != known {
        return Ok(WitnessAnswer::Conflict(known));
    }
    // Of the same size only the same root: two of them are a fork.
    if known > 0 && known == checkpoint.size && root != checkpoint.root {
        return Ok(WitnessAnswer::Conflict(known));
    }
    if !is_consistent(&request.proof, known, root, checkpoint.size, checkpoint.root) {
        return Ok(WitnessAnswer::Inconsistent);
    }
    let sql = "UPDATE witnessed_log SET size = $1, root = $2 WHERE origin = $3";
    let values = values![checkpoint.size, checkpoint.root, checkpoint.origin.as_str()];
    tx.execute("keeping a checkpoint of another server", sql, &values).await?;
    let note = cosigned(keys, request.note.as_bytes(), now)?;
    // Durable before it is told: the witness never goes back behind what it has signed.
    tx.commit().await?;
    let own = format!("\u{2014} {} ", keys.witness_name());
    let lines = note.lines().filter(|line| line.starts_with(&own)).map(|line| format!("{line}\n")).collect();
    Ok(WitnessAnswer::Cosigned(lines))
}

/// Size and root of what was cosigned last, locked until the transaction ends.
async fn known(tx: &mut Tx, origin: &str) -> Result<(u64, [u8; 32]), StoreError> {
    const DOING: &str = "reading a checkpoint of another server";
    let make = "INSERT INTO witnessed_log (origin, size, root) VALUES ($1, 0, $2) ON CONFLICT (origin) DO NOTHING";
    tx.execute(DOING, make, &values![origin, [0_u8; 32]]).await?;
    let sql = match tx {
        Tx::Postgres(_) => "SELECT size, root FROM witnessed_log WHERE origin = $1 FOR UPDATE",
        Tx::Sqlite(_) => "SELECT size, root FROM witnessed_log WHERE origin = $1",
    };
    let row = tx.one(DOING, sql, &values![origin]).await?;
    let root = row.bytes(1)?.try_into().map_err(|_| StoreError::Corrupt("the root of a witnessed log is none"))?;
    Ok((row.uint(0)?, root))
}
