//! An outbox in memory: real seals, a real tree, real checkpoints.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use chrono::{DateTime, Utc};
use vigil_audit::{
    Agent, AuditEvent, Beside, CheckpointSigner, CheckpointVerifier, CosignatureVerifier, EntrySealer, Frontier, Kind,
    Outcome, SealPublicKey, leaf_hash,
};
use vigil_model::PurposeOfUse;
use vigil_model::wire::{Alerts, Batch, Bytes, Certificate, Context, Entry, Receipt, SealKey, SignedDirectory};
use vigil_sync::{Identity, Outbox, OutboxError, OutboxState};
use zeroize::Zeroizing;

use super::server::Server;
use super::{log, log_key, start};

/// The outbox of one workstation.
pub(crate) struct MemoryOutbox {
    held: Mutex<Held>,
    server: Arc<Server>,
}

struct Held {
    identity: Identity,
    enrolled: bool,
    sealer: EntrySealer,
    signer: CheckpointSigner,
    own: CheckpointVerifier,
    witness: CosignatureVerifier,
    events: Vec<Vec<u8>>,
    sealed: BTreeMap<u64, Entry>,
    frontier: Frontier,
    roots: Vec<[u8; 32]>,
    covered: u64,
    last_receipt: Option<DateTime<Utc>>,
    urgent: BTreeSet<u64>,
    quarantined: BTreeSet<u64>,
    resealed: Vec<u64>,
    /// Entries that never open, however often they are sealed.
    sick: BTreeSet<u64>,
    contacts: u64,
    forged: u64,
    renewed: u64,
    seal_keys: Vec<u32>,
}

impl MemoryOutbox {
    pub(crate) fn new(identity: Identity, server: &Arc<Server>) -> Self {
        let public = SealPublicKey::from_bytes(&server.seal_key()).unwrap();
        let held = Held {
            identity,
            enrolled: true,
            sealer: EntrySealer::new(&public, log()).unwrap(),
            signer: CheckpointSigner::new("vigil/a", &log_key()).unwrap(),
            own: CheckpointVerifier::new("vigil/a", &log_key()),
            witness: CosignatureVerifier::new(&server.witness_key()).unwrap(),
            events: Vec::new(),
            sealed: BTreeMap::new(),
            frontier: Frontier::default(),
            roots: vec![Frontier::default().root().unwrap()],
            covered: 0,
            last_receipt: None,
            urgent: BTreeSet::new(),
            quarantined: BTreeSet::new(),
            resealed: Vec::new(),
            sick: BTreeSet::new(),
            contacts: 0,
            forged: 0,
            renewed: 0,
            seal_keys: Vec::new(),
        };
        Self { held: Mutex::new(held), server: Arc::clone(server) }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap()
    }

    /// Writes so many entries.
    pub(crate) fn write(&self, entries: u64) {
        let mut held = self.held();
        (0..entries).for_each(|_| held.write());
    }

    /// Writes an urgent one.
    pub(crate) fn write_urgent(&self) -> u64 {
        let mut held = self.held();
        held.write();
        let seq = held.size();
        held.urgent.insert(seq);
        seq
    }

    /// From now on this entry never opens.
    pub(crate) fn sicken(&self, seq: u64) {
        let mut held = self.held();
        held.sick.insert(seq);
        held.seal(seq);
    }

    /// This entry does not open until it is sealed anew.
    pub(crate) fn spoil(&self, seq: u64) {
        let mut held = self.held();
        held.sick.insert(seq);
        held.seal(seq);
        held.sick.remove(&seq);
    }

    /// The log becomes another one from this entry on, with the same numbers: a fork.
    pub(crate) fn fork(&self, entries: u64) {
        let mut held = self.held();
        held.covered = 0;
        held.events.clear();
        held.sealed.clear();
        held.frontier = Frontier::default();
        held.roots.truncate(1);
        (0..entries).for_each(|_| held.write_as(Outcome::SeriousFailure));
    }

    pub(crate) fn leave_the_fleet(&self, leave: bool) {
        self.held().enrolled = !leave;
    }

    pub(crate) fn events(&self) -> Vec<Vec<u8>> {
        self.held().events.clone()
    }

    pub(crate) fn is_quarantined(&self, seq: u64) -> bool {
        self.held().quarantined.contains(&seq)
    }

    /// How often each entry was sealed anew.
    pub(crate) fn resealed(&self) -> Vec<u64> {
        self.held().resealed.clone()
    }

    /// The last entry whose sealed form was deleted.
    pub(crate) fn deleted(&self) -> u64 {
        let held = self.held();
        held.sealed.keys().next().map_or(held.size(), |first| first - 1)
    }

    pub(crate) fn covered(&self) -> u64 {
        self.held().covered
    }

    pub(crate) fn forged(&self) -> u64 {
        self.held().forged
    }

    pub(crate) fn contacts(&self) -> u64 {
        self.held().contacts
    }

    pub(crate) fn renewed(&self) -> u64 {
        self.held().renewed
    }

    pub(crate) fn seal_keys(&self) -> Vec<u32> {
        self.held().seal_keys.clone()
    }

    /// The workstation calls itself with another certificate.
    pub(crate) fn show(&self, (chain, key): (String, Vec<u8>)) {
        let mut held = self.held();
        held.identity.chain = chain;
        held.identity.key = key.into();
    }

    pub(crate) fn directory_version(&self) -> u64 {
        self.held().identity.directory
    }
}

impl Held {
    fn size(&self) -> u64 {
        u64::try_from(self.events.len()).unwrap()
    }

    fn write(&mut self) {
        self.write_as(Outcome::Success);
    }

    fn write_as(&mut self, outcome: Outcome) {
        let seq = self.size() + 1;
        let (agent, purpose) = (Agent::Workstation, PurposeOfUse::Administration);
        let event = AuditEvent::new(seq, start(), Kind::WORKSTATION_START, outcome, agent, purpose);
        let bytes = event.canonical().unwrap();
        self.frontier.append(&bytes).unwrap();
        self.roots.push(self.frontier.root().unwrap());
        self.events.push(bytes);
        self.seal(seq);
    }

    fn seal(&mut self, seq: u64) {
        let event = &self.events[usize::try_from(seq).unwrap() - 1];
        let sealed = self.sealer.seal(seq, event, &Beside::default()).unwrap();
        let mut bytes = sealed.bytes;
        if self.sick.contains(&seq) {
            bytes[0] ^= 1;
        }
        self.sealed.insert(seq, Entry::Sealed { context: 1, nonce: sealed.nonce, sealed: Bytes(bytes) });
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context { id: 1, key: 1, encapsulated: Bytes(self.sealer.encapsulated().to_vec()) }]
    }
}

impl Outbox for MemoryOutbox {
    fn identity(&self) -> Result<Option<Identity>, OutboxError> {
        let held = self.held();
        Ok(held.enrolled.then(|| held.identity.clone()))
    }

    fn state(&self) -> Result<OutboxState, OutboxError> {
        let held = self.held();
        let waits = held.covered < held.size();
        Ok(OutboxState {
            entries: held.size(),
            covered: held.covered,
            oldest: waits.then(start),
            last_receipt: held.last_receipt,
            quarantined: u64::try_from(held.quarantined.len()).unwrap(),
            urgent: u64::try_from(held.urgent.len()).unwrap(),
        })
    }

    fn batch(&self, from: u64, entries: usize, _bytes: usize) -> Result<Option<Batch>, OutboxError> {
        assert_eq!(self.server.on_their_way(), 0, "no batch is read while another one is on its way");
        let held = self.held();
        if !held.sealed.contains_key(&from) {
            return Ok(None);
        }
        let entries: Vec<Entry> = held.sealed.range(from..).take(entries).map(|(_, entry)| entry.clone()).collect();
        let size = from + u64::try_from(entries.len()).unwrap() - 1;
        let note = held.signer.sign(size, held.roots[usize::try_from(size).unwrap()]).unwrap();
        Ok(Some(Batch { from, contexts: held.contexts(), entries, checkpoint: String::from_utf8(note).unwrap() }))
    }

    fn urgent(&self, most: usize) -> Result<Option<Alerts>, OutboxError> {
        let held = self.held();
        let seqs = held.urgent.iter().take(most);
        let entries: Vec<_> = seqs.map(|seq| (*seq, held.sealed[seq].clone())).collect();
        Ok((!entries.is_empty()).then(|| Alerts { contexts: held.contexts(), entries }))
    }

    fn urgent_delivered(&self, seqs: &[u64]) -> Result<(), OutboxError> {
        let mut held = self.held();
        seqs.iter().for_each(|seq| {
            held.urgent.remove(seq);
        });
        Ok(())
    }

    fn receipt(&self, receipt: &Receipt) -> Result<(), OutboxError> {
        let mut held = self.held();
        let Some(note) = &receipt.checkpoint else { return Ok(()) };
        let judged = held.own.open(note.as_bytes()).ok().filter(|_| held.witness.open(note.as_bytes()).is_ok());
        let own = judged.filter(|signed| held.roots.get(usize::try_from(signed.size).unwrap()) == Some(&signed.root));
        let Some(signed) = own else {
            held.forged += 1;
            return Err(OutboxError::Forged);
        };
        if signed.size > held.covered {
            held.covered = signed.size;
            held.last_receipt = Some(start());
            held.sealed = held.sealed.split_off(&(signed.size + 1));
            held.urgent = held.urgent.split_off(&(signed.size + 1));
        }
        Ok(())
    }

    fn reseal(&self, seq: u64) -> Result<(), OutboxError> {
        let mut held = self.held();
        assert!(!held.quarantined.contains(&seq), "what is kept back is not sealed anew");
        held.resealed.push(seq);
        if seq > held.covered {
            held.seal(seq);
        }
        Ok(())
    }

    fn quarantine(&self, seq: u64, _why: &'static str) -> Result<(), OutboxError> {
        let mut held = self.held();
        let leaf = leaf_hash(&held.events[usize::try_from(seq).unwrap() - 1]);
        held.sealed.insert(seq, Entry::Quarantined { leaf: Bytes(leaf.to_vec()) });
        held.quarantined.insert(seq);
        held.urgent.remove(&seq);
        Ok(())
    }

    fn directory(&self, signed: &SignedDirectory) -> Result<u64, OutboxError> {
        let version = signed.note.parse().map_err(|_| OutboxError::Forged)?;
        self.held().identity.directory = version;
        Ok(version)
    }

    fn certificate(&self, certificate: &Certificate, key: &Zeroizing<Vec<u8>>) -> Result<(), OutboxError> {
        let mut held = self.held();
        held.identity.chain = certificate.chain.clone();
        held.identity.key = key.clone();
        held.renewed += 1;
        Ok(())
    }

    fn seal_key(&self, key: &SealKey) -> Result<(), OutboxError> {
        let mut held = self.held();
        held.seal_keys.push(key.id);
        held.identity.seal_key = key.id;
        Ok(())
    }

    fn contact(&self, _at: DateTime<Utc>) -> Result<(), OutboxError> {
        self.held().contacts += 1;
        Ok(())
    }
}
