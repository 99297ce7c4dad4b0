//! An entry in the server's own log, in the transaction of what it records.

use chrono::{DateTime, Utc};
use uuid::Uuid;
use vigil_audit::{Agent, AuditEvent, Beside, HybridTime, Kind, Origin, Outcome};
use vigil_model::{PatientId, PurposeOfUse};

use crate::Keys;
use crate::intake::cosigned;
use crate::store::directory::{set_setting, setting};
use crate::store::{EventRow, Log, NewEvent, StoreError, Tx, event};

/// What an entry will say.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What was done.
    pub kind: Kind,
    /// How it went.
    pub outcome: Outcome,
    /// Who did it.
    pub agent: Agent,
    /// What for.
    pub purpose: PurposeOfUse,
    /// Whose record.
    pub patient: Option<PatientId>,
    /// Words of Vigil's and ids. Never the name of a patient.
    pub reason: Option<String>,
    /// The request that it belongs to; `None`: one of its own.
    pub request: Option<Uuid>,
    /// The network address that it came from.
    pub address: Option<String>,
}

/// An entry that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its number in the server's own log.
    pub seq: u64,
    /// The FHIR id of its AuditEvent: `<log>.<number>`.
    pub id: String,
}

/// The program and its version, as a user agent says it.
const CLIENT: &str = concat!("vigil-server/", env!("CARGO_PKG_VERSION"));

/// Where the hybrid time of the last entry is kept.
const HLC: &str = "hybrid-time";

/// Appends an entry to the server's own log. It is durable when `tx` is committed, and only then is what it records.
///
/// # Errors
/// [`StoreError`]; nothing may be done then.
pub async fn record(tx: &mut Tx, keys: &Keys, draft: Draft, now: DateTime<Utc>) -> Result<Recorded, StoreError> {
    let log = match Log::lock(tx, keys.own_log()).await? {
        Some(log) => log,
        None => {
            Log::enrol(tx, keys, keys.own_log(), keys.own_verifier_key()).await?;
            Log::lock(tx, keys.own_log()).await?.ok_or(StoreError::Corrupt("the server's own log is not there"))?
        }
    };
    let mut frontier = log.frontier(keys.head())?;
    let seq = frontier.size().saturating_add(1);
    let received = now.timestamp_micros();
    let Draft { kind, outcome, agent, purpose, patient, reason, request, address } = draft;
    let hlc = setting(tx, HLC).await?.and_then(|text| u64::from_str_radix(&text, 16).ok()).unwrap_or_default();
    let hlc = HybridTime::from_bits(hlc).next(now);
    set_setting(tx, HLC, &hlc.to_string()).await?;
    let origin = Origin {
        client: CLIENT.to_owned(),
        address,
        request: request.unwrap_or_else(Uuid::now_v7),
        hlc,
        boot: None,
        up: 0,
    };
    let mut entry = AuditEvent::new(seq, now, kind, outcome, agent, purpose).from_origin(origin);
    entry.patient = patient;
    entry.reason = reason;
    let form = |_| StoreError::Invalid("the audit entry has no form");
    let bytes = entry.canonical().map_err(form)?;
    let contradiction = |_| StoreError::Corrupt("the frontier of the server's own log contradicts itself");
    let hashes = frontier.append(&bytes).map_err(contradiction)?;
    let root = frontier.root().map_err(contradiction)?;
    let row = EventRow::of(&entry, bytes, &Beside::default())?;
    event::insert(tx, &log, received, &[NewEvent { seq, hashes, row }]).await?;
    let note = keys.signer().sign(seq, root).map_err(|_| StoreError::Invalid("the checkpoint has no form"))?;
    log.advance(tx, keys.head(), &frontier, &cosigned(keys, &note, now)?, received).await?;
    Ok(Recorded { seq, id: format!("{}.{seq}", log.id) })
}
