//! What waits for the server: entries sealed when they were written, and what the server has confirmed.
//!
//! Nothing here is the only copy: an entry whose seal is lost, or that was written before there was a server, is sealed anew from the log.

use std::sync::PoisonError;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior};
use vigil_audit::{AuditEvent, Beside, CosignatureVerifier, EntrySealer, Outcome, SealPublicKey, leaf_hash, root_at};
use vigil_model::wire::{Alerts, Batch, Bytes, Context, Entry, Receipt};
use vigil_model::{Moment, PatientId};

use crate::error::ResultExt as _;
use crate::table::outbox::{self, OutboxRow};
use crate::{Vault, VaultError, log, table};

/// What this program start seals with, and what it was made for.
pub(crate) struct Outgoing {
    /// The code of the fleet's record that it belongs to.
    code: Vec<u8>,
    key: u32,
    sealer: EntrySealer,
}

/// How the outbox stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutboxState {
    /// Entries in the log.
    pub entries: u64,
    /// How many the newest receipt covers.
    pub confirmed: u64,
    /// When the oldest entry without a receipt was written.
    pub oldest: Option<DateTime<Utc>>,
    /// When the newest receipt came.
    pub receipt_at: Option<DateTime<Utc>>,
    /// Entries that the server could not open and that stay behind.
    pub quarantined: u64,
    /// Urgent entries that the server does not have.
    pub urgent: u64,
}

/// Entries that cannot wait for their turn: broken glasses, alarms, and what is done about them.
fn is_urgent(event: &AuditEvent) -> bool {
    const INTERACTIONS: [&str; 7] = [
        "emergency-access-start",
        "emergency-access-stop",
        "emergency-access-escalate",
        "emergency-account-open",
        "unusual-access-step-up",
        "user-suspend",
        "outbox-quarantine",
    ];
    event.outcome == Outcome::SeriousFailure || INTERACTIONS.contains(&event.interaction.as_str())
}

/// Seals an entry in the transaction that writes it, where there is a server. Says whether it cannot wait.
pub(crate) fn put(
    sql: &Connection,
    vault: &Vault,
    event: &AuditEvent,
    bytes: &[u8],
    detail: Option<&[u8]>,
) -> Result<bool, VaultError> {
    let beside = beside(sql, event, detail)?;
    let Some(row) = sealed(sql, vault, event.seq, bytes, &beside)? else { return Ok(false) };
    let urgent = is_urgent(event);
    outbox::insert(sql, event.seq, &row, urgent)?;
    Ok(urgent)
}

/// The entry, sealed by this program start; `None` where there is no server that the device itself wrote down.
fn sealed(
    sql: &Connection,
    vault: &Vault,
    seq: u64,
    bytes: &[u8],
    beside: &Beside,
) -> Result<Option<OutboxRow>, VaultError> {
    let Some(code) = table::fleet::code(sql)? else { return Ok(None) };
    let mut outgoing = vault.outgoing.lock().unwrap_or_else(PoisonError::into_inner);
    if outgoing.as_ref().is_none_or(|outgoing| outgoing.code != code) {
        let fleet = match table::fleet::read(sql, vault) {
            Ok(Some(fleet)) => fleet,
            // Care goes on: the entry stands in the log, and nobody else's key gets to read it.
            Ok(None) | Err(VaultError::Tampered(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let sealing = |_| VaultError::Cryptography("sealing to the server");
        let public = SealPublicKey::from_bytes(fleet.seal_key.public.as_ref()).map_err(sealing)?;
        let sealer = EntrySealer::new(&public, vault.device).map_err(sealing)?;
        *outgoing = Some(Outgoing { code, key: fleet.seal_key.id, sealer });
    }
    let Some(outgoing) = outgoing.as_ref() else { return Ok(None) };
    let sealed = outgoing
        .sealer
        .seal(seq, bytes, beside)
        .map_err(|_| VaultError::Invalid("an audit entry is too long to be sealed to the server"))?;
    Ok(Some(OutboxRow {
        key: outgoing.key,
        encapsulated: outgoing.sealer.encapsulated().to_vec(),
        nonce: sealed.nonce,
        sealed: sealed.bytes,
    }))
}

fn beside(sql: &Connection, event: &AuditEvent, detail: Option<&[u8]>) -> Result<Beside, VaultError> {
    let name = |number: &u64| -> Result<(u64, PatientId), VaultError> {
        let id: String = sql
            .prepare_cached("SELECT id FROM patient WHERE number = ?1")
            .and_then(|mut statement| statement.query_row([number], |row| row.get(0)))
            .doing("reading the patients of an entry")?;
        Ok((*number, PatientId::parse(&id).map_err(|_| VaultError::Tampered("patient"))?))
    };
    Ok(Beside {
        listed: event.listed.iter().map(name).collect::<Result<_, _>>()?,
        detail: detail.map(|detail| Bytes(detail.to_vec())),
    })
}

impl Vault {
    /// How the outbox stands.
    ///
    /// # Errors
    /// When the database fails.
    pub fn outbox_state(&self) -> Result<OutboxState, VaultError> {
        let sql = self.lock();
        let entries = log::next_seq(&sql)?.saturating_sub(1);
        let receipt = outbox::receipt(&sql)?;
        let confirmed = receipt.as_ref().map_or(0, |receipt| receipt.size);
        let (quarantined, urgent) = outbox::counts(&sql)?;
        Ok(OutboxState {
            entries,
            confirmed,
            oldest: log::written_at(&sql, confirmed.saturating_add(1))?,
            receipt_at: receipt.map(|receipt| receipt.at),
            quarantined,
            urgent,
        })
    }

    /// Entries from number `from` on, as many as fit, with a checkpoint that is signed for them; `None`: there are none. A log that
    /// contradicts what the custodian remembers is not signed.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] when the log is not what this device wrote; or the database or the custodian fails.
    pub fn outbox_batch(&self, from: u64, entries: usize, bytes: usize) -> Result<Option<Batch>, VaultError> {
        let known = self.custodian.mark()?;
        let mut connection = self.lock();
        let sql = connection.transaction().doing(outbox::READING)?;
        let mut wire = Wire::default();
        let mut last = from.saturating_sub(1);
        let most = u64::try_from(entries).unwrap_or(u64::MAX);
        log::each_from(&sql, from, from.saturating_add(most).saturating_sub(1), |seq, event, detail| {
            let entry = self.outgoing_entry(&sql, &mut wire, seq, &event, detail.as_deref())?;
            let length = wire_length(&entry);
            if !wire.entries.is_empty() && wire.bytes.saturating_add(length) > bytes {
                return Ok(false);
            }
            wire.bytes = wire.bytes.saturating_add(length);
            wire.entries.push(entry);
            last = seq;
            Ok(true)
        })?;
        if wire.entries.is_empty() {
            return Ok(None);
        }
        let note = log::sign_at(&sql, self, last, known)?;
        let checkpoint = String::from_utf8(note).map_err(|_| VaultError::Cryptography("signing a checkpoint"))?;
        Ok(Some(Batch { from, contexts: wire.contexts, entries: wire.entries, checkpoint }))
    }

    /// Entries that cannot wait for their turn; `None`: there are none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn outbox_urgent(&self, most: usize) -> Result<Option<Alerts>, VaultError> {
        let mut connection = self.lock();
        let sql = connection.transaction().doing(outbox::READING)?;
        let mut wire = Wire::default();
        let mut numbers = Vec::new();
        for seq in outbox::urgent(&sql, most)? {
            log::each_from(&sql, seq, seq, |seq, event, detail| {
                let entry = self.outgoing_entry(&sql, &mut wire, seq, &event, detail.as_deref())?;
                wire.entries.push(entry);
                numbers.push(seq);
                Ok(true)
            })?;
        }
        let entries: Vec<_> = numbers.into_iter().zip(wire.entries).collect();
        Ok((!entries.is_empty()).then_some(Alerts { contexts: wire.contexts, entries }))
    }

    /// The server has these urgent entries; it takes them again, in their turn.
    ///
    /// # Errors
    /// When the database fails.
    pub fn outbox_urgent_delivered(&self, seqs: &[u64]) -> Result<(), VaultError> {
        outbox::urgent_delivered(&self.lock(), seqs)
    }

    /// Takes a receipt in and deletes from the outbox what it covers. The log keeps every entry.
    ///
    /// # Errors
    /// [`VaultError::Forged`] when the device or the server did not sign it, or when it is about another log than the one that is here:
    /// then nothing is deleted. Or the database fails.
    pub fn outbox_receipt(&self, receipt: &Receipt, at: Moment) -> Result<(), VaultError> {
        let Some(note) = &receipt.checkpoint else { return Ok(()) };
        let mut connection = self.lock();
        let sql = connection.transaction_with_behavior(TransactionBehavior::Immediate).doing(outbox::WRITING)?;
        let fleet =
            table::fleet::read(&sql, self)?.ok_or(VaultError::Invalid("this workstation belongs to no fleet"))?;
        let forged = VaultError::Forged("a receipt");
        let Ok(signed) = self.secrets.verifier(self.device).open(note.as_bytes()) else { return Err(forged) };
        let witness = CosignatureVerifier::new(&fleet.witness_key).map_err(|_| VaultError::Tampered("fleet"))?;
        if witness.open(note.as_bytes()).is_err() {
            return Err(forged);
        }
        let own = root_at(signed.size, |seq| log::hashes_of(&sql, seq));
        if signed.size >= log::next_seq(&sql)? || own != Some(signed.root) {
            return Err(forged);
        }
        outbox::confirm(&sql, signed.size, note, at.utc)?;
        sql.commit().doing(outbox::WRITING)
    }

    /// Throws the seal of an entry away: it is sealed anew when it is pushed next.
    ///
    /// # Errors
    /// When the database fails.
    pub fn outbox_reseal(&self, seq: u64) -> Result<(), VaultError> {
        outbox::forget_seal(&self.lock(), seq)
    }

    fn outgoing_entry(
        &self,
        sql: &Connection,
        wire: &mut Wire,
        seq: u64,
        event: &[u8],
        detail: Option<&[u8]>,
    ) -> Result<Entry, VaultError> {
        if outbox::is_quarantined(sql, seq)? {
            return Ok(Entry::Quarantined { leaf: Bytes(leaf_hash(event).to_vec()) });
        }
        let row = match outbox::row(sql, seq)? {
            Some(row) => row,
            None => {
                // One that does not parse goes as it is: the server says so, and it stays behind.
                let beside = match AuditEvent::parse(event) {
                    Ok(event) => beside(sql, &event, detail)?,
                    Err(_) => Beside::default(),
                };
                sealed(sql, self, seq, event, &beside)?
                    .ok_or(VaultError::Invalid("this workstation belongs to no fleet"))?
            }
        };
        Ok(wire.entry(row))
    }
}

/// A message in the making.
#[derive(Default)]
struct Wire {
    contexts: Vec<Context>,
    entries: Vec<Entry>,
    bytes: usize,
}

impl Wire {
    fn entry(&mut self, row: OutboxRow) -> Entry {
        let known = self
            .contexts
            .iter()
            .find(|context| context.key == row.key && context.encapsulated.as_ref() == row.encapsulated)
            .map(|context| context.id);
        let context = match known {
            Some(id) => id,
            None => {
                let id = u32::try_from(self.contexts.len()).unwrap_or(u32::MAX);
                self.contexts.push(Context { id, key: row.key, encapsulated: Bytes(row.encapsulated) });
                id
            }
        };
        Entry::Sealed { context, nonce: row.nonce, sealed: Bytes(row.sealed) }
    }
}

/// About as long as it is in JSON.
fn wire_length(entry: &Entry) -> usize {
    let bytes = match entry {
        Entry::Sealed { sealed, .. } => sealed.as_ref().len(),
        Entry::Quarantined { leaf } => leaf.as_ref().len(),
    };
    bytes.div_ceil(3).saturating_mul(4).saturating_add(64)
}
