//! The outbox of one workstation, in memory: what its log holds is sealed anew when it is sent, and every receipt is verified.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard};

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;
use vigil_audit::{AuditEvent, Beside, CheckpointVerifier, CosignatureVerifier, Kind, SealPublicKey, TextVerifier};
use vigil_model::wire::{Alerts, Batch, Certificate, Receipt, SealKey, SignedDirectory};
use vigil_sync::{Identity, Outbox, OutboxError, OutboxState};
use zeroize::Zeroizing;

use crate::support::workstation::{Workstation, context};

/// The outbox.
pub(crate) struct MemoryOutbox {
    held: Mutex<Held>,
    batches: watch::Sender<u64>,
}

struct Held {
    station: Workstation,
    identity: Identity,
    witness: CosignatureVerifier,
    directory: TextVerifier,
    covered: u64,
    last_receipt: Option<DateTime<Utc>>,
    urgent: BTreeSet<u64>,
    renewed: u64,
    forged: u64,
}

impl MemoryOutbox {
    pub(crate) fn new(station: Workstation, identity: Identity, witness_key: &str, directory_key: &str) -> Self {
        let held = Held {
            station,
            identity,
            witness: CosignatureVerifier::new(witness_key).unwrap(),
            directory: TextVerifier::new(directory_key).unwrap(),
            covered: 0,
            last_receipt: None,
            urgent: BTreeSet::new(),
            renewed: 0,
            forged: 0,
        };
        Self { held: Mutex::new(held), batches: watch::Sender::new(0) }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap()
    }

    /// Writes so many entries.
    pub(crate) fn write(&self, count: usize) {
        self.held().station.write(count);
    }

    /// Writes an urgent one; its number.
    pub(crate) fn write_urgent(&self) -> u64 {
        let mut held = self.held();
        held.station.write_one(Kind::PATIENT_RESTRICT);
        let seq = held.station.len();
        held.urgent.insert(seq);
        seq
    }

    /// Changes every entry before any was sent.
    pub(crate) fn change(&self, change: impl Fn(&mut AuditEvent, &mut Beside)) {
        for (event, beside) in &mut self.held().station.entries {
            let mut changed = AuditEvent::parse(event).unwrap();
            change(&mut changed, beside);
            *event = changed.canonical().unwrap();
        }
    }

    /// What the workstation wrote, as it is now.
    pub(crate) fn station(&self) -> Workstation {
        self.held().station.clone()
    }

    /// Receipts that were not the server's, or about another log.
    pub(crate) fn forged(&self) -> u64 {
        self.held().forged
    }

    pub(crate) fn renewed(&self) -> u64 {
        self.held().renewed
    }

    /// How many batches were handed out, and every change of it.
    pub(crate) fn batches(&self) -> watch::Receiver<u64> {
        self.batches.subscribe()
    }
}

impl Outbox for MemoryOutbox {
    fn identity(&self) -> Result<Option<Identity>, OutboxError> {
        Ok(Some(self.held().identity.clone()))
    }

    fn state(&self) -> Result<OutboxState, OutboxError> {
        let held = self.held();
        Ok(OutboxState {
            entries: held.station.len(),
            covered: held.covered,
            oldest: None,
            last_receipt: held.last_receipt,
            quarantined: 0,
            urgent: held.urgent.len() as u64,
        })
    }

    fn batch(&self, from: u64, entries: usize, _bytes: usize) -> Result<Option<Batch>, OutboxError> {
        let held = self.held();
        let last = held.station.len().min(from + entries as u64 - 1);
        if from > last {
            return Ok(None);
        }
        self.batches.send_modify(|count| *count += 1);
        Ok(Some(held.station.batch(from, last)))
    }

    fn urgent(&self, most: usize) -> Result<Option<Alerts>, OutboxError> {
        let held = self.held();
        let sealer = held.station.sealer();
        let seqs = held.urgent.iter().take(most);
        let entries: Vec<_> = seqs.map(|seq| (*seq, held.station.sealed(&sealer, *seq))).collect();
        Ok((!entries.is_empty()).then(|| Alerts { contexts: vec![context(&sealer)], entries }))
    }

    fn urgent_delivered(&self, seqs: &[u64]) -> Result<(), OutboxError> {
        self.held().urgent.retain(|seq| !seqs.contains(seq));
        Ok(())
    }

    fn receipt(&self, receipt: &Receipt) -> Result<(), OutboxError> {
        let mut held = self.held();
        let Some(note) = &receipt.checkpoint else { return Ok(()) };
        let own = CheckpointVerifier::from_key(&held.station.verifier_key()).unwrap();
        let signed = own.open(note.as_bytes()).ok().filter(|_| held.witness.open(note.as_bytes()).is_ok());
        let Some(signed) = signed.filter(|signed| held.station.root(signed.size) == signed.root) else {
            held.forged += 1;
            return Err(OutboxError::Forged);
        };
        if signed.size > held.covered {
            held.covered = signed.size;
            held.last_receipt = Some(receipt.time.parse().unwrap());
            held.urgent.retain(|seq| *seq > signed.size);
        }
        Ok(())
    }

    fn reseal(&self, _seq: u64) -> Result<(), OutboxError> {
        // Everything is sealed when it is sent.
        Ok(())
    }

    fn quarantine(&self, seq: u64, why: &'static str) -> Result<(), OutboxError> {
        panic!("entry {seq} of an honest workstation: {why}");
    }

    fn directory(&self, signed: &SignedDirectory) -> Result<u64, OutboxError> {
        let mut held = self.held();
        let text = held.directory.open("vigil/directory", &signed.note).map_err(|_| OutboxError::Forged)?;
        let (version, digest) = text.body().split_once(' ').ok_or(OutboxError::Forged)?;
        if digest != hex::encode(Sha256::digest(signed.directory.as_bytes())) {
            return Err(OutboxError::Forged);
        }
        let version = version.parse().map_err(|_| OutboxError::Forged)?;
        held.identity.directory = version;
        Ok(version)
    }

    fn certificate(&self, certificate: &Certificate, key: &Zeroizing<Vec<u8>>) -> Result<(), OutboxError> {
        let mut held = self.held();
        held.identity.chain.clone_from(&certificate.chain);
        held.identity.key = key.clone();
        held.identity.certificate_expires = certificate.expires.parse().unwrap();
        held.renewed += 1;
        Ok(())
    }

    fn seal_key(&self, key: &SealKey) -> Result<(), OutboxError> {
        let mut held = self.held();
        held.station.seal = SealPublicKey::from_bytes(key.public.as_ref()).map_err(|_| OutboxError::Forged)?;
        held.identity.seal_key = key.id;
        Ok(())
    }

    fn contact(&self, _at: DateTime<Utc>) -> Result<(), OutboxError> {
        Ok(())
    }
}
