//! A workstation as the server sees it: a log, a key, and sealed entries.

use chrono::{DateTime, Duration, Utc};
use ed25519_dalek::SigningKey;
use vigil_audit::{
    Agent, AuditEvent, Beside, CheckpointSigner, EntrySealer, Frontier, Kind, Outcome, SealPublicKey, TextSigner,
    leaf_hash,
};
use vigil_model::wire::{Batch, Bytes, Context, Entry};
use vigil_model::{DeviceId, PatientId, PurposeOfUse, Role, SessionId, UserId};

/// One workstation. Clones go different ways: so does a copied machine.
#[derive(Clone)]
pub(crate) struct Workstation {
    pub(crate) log: DeviceId,
    pub(crate) key: SigningKey,
    /// What stands beside an entry of that number.
    pub(crate) entries: Vec<(Vec<u8>, Beside)>,
    pub(crate) seal: SealPublicKey,
}

/// When the first entry is written.
pub(crate) fn morning() -> DateTime<Utc> {
    "2026-11-29T08:00:00Z".parse().unwrap()
}

pub(crate) fn user(number: u8) -> UserId {
    UserId::parse(&format!("01900000-0000-7000-8000-0000000001{number:02}")).unwrap()
}

pub(crate) fn patient(number: u64) -> PatientId {
    PatientId::parse(&format!("p-{number}")).unwrap()
}

impl Workstation {
    pub(crate) fn new(number: u8, seal: &SealPublicKey) -> Self {
        let log = DeviceId::parse(&format!("01900000-0000-7000-8000-0000000000{number:02x}")).unwrap();
        Self { log, key: SigningKey::from_bytes(&[number; 32]), entries: Vec::new(), seal: seal.clone() }
    }

    pub(crate) fn verifier_key(&self) -> String {
        TextSigner::vkey(&format!("vigil/{}", self.log), &self.key)
    }

    pub(crate) fn len(&self) -> u64 {
        self.entries.len() as u64
    }

    /// Writes so many entries: charts that are read, and every tenth a list of three patients.
    pub(crate) fn write(&mut self, count: usize) {
        for _ in 0..count {
            let seq = self.len() + 1;
            let mut event = event_of(seq, user(u8::try_from(seq % 7).unwrap()), Kind::PATIENT_READ);
            let mut beside = Beside::default();
            if seq.is_multiple_of(10) {
                event.interaction = Kind::PATIENT_SEARCH.interaction.to_owned();
                event.subtype = Kind::PATIENT_SEARCH.subtype.to_owned();
                event.action = Kind::PATIENT_SEARCH.action.code().to_owned();
                event.patient = None;
                event.listed = vec![1, 2, 3];
                beside.listed = (1..=3).map(|number| (number, patient(number))).collect();
            }
            self.entries.push((event.canonical().unwrap(), beside));
        }
    }

    /// Writes one entry of this kind.
    pub(crate) fn write_one(&mut self, kind: Kind) {
        let event = event_of(self.len() + 1, user(1), kind);
        self.entries.push((event.canonical().unwrap(), Beside::default()));
    }

    /// The batch of these entries, sealed, with a checkpoint over the log up to the last.
    pub(crate) fn batch(&self, from: u64, to: u64) -> Batch {
        let sealer = EntrySealer::new(&self.seal, self.log).unwrap();
        let entries = (from..=to).map(|seq| self.sealed(&sealer, seq)).collect();
        Batch { from, contexts: vec![context(&sealer)], entries, checkpoint: self.checkpoint(to) }
    }

    /// One entry, sealed.
    pub(crate) fn sealed(&self, sealer: &EntrySealer, seq: u64) -> Entry {
        let (event, beside) = &self.entries[usize::try_from(seq).unwrap() - 1];
        let sealed = sealer.seal(seq, event, beside).unwrap();
        Entry::Sealed { context: 1, nonce: sealed.nonce, sealed: Bytes(sealed.bytes) }
    }

    pub(crate) fn sealer(&self) -> EntrySealer {
        EntrySealer::new(&self.seal, self.log).unwrap()
    }

    pub(crate) fn quarantined(&self, seq: u64) -> Entry {
        Entry::Quarantined { leaf: Bytes(leaf_hash(&self.entries[usize::try_from(seq).unwrap() - 1].0).to_vec()) }
    }

    /// A checkpoint over the first entries.
    pub(crate) fn checkpoint(&self, size: u64) -> String {
        let note = self.signer().sign(size, self.root(size)).unwrap();
        String::from_utf8(note).unwrap()
    }

    pub(crate) fn signer(&self) -> CheckpointSigner {
        CheckpointSigner::new(&format!("vigil/{}", self.log), &self.key).unwrap()
    }

    pub(crate) fn root(&self, size: u64) -> [u8; 32] {
        let mut frontier = Frontier::default();
        for (event, _) in self.entries.iter().take(usize::try_from(size).unwrap()) {
            frontier.append(event).unwrap();
        }
        if size == 0 { [0; 32] } else { frontier.root().unwrap() }
    }
}

pub(crate) fn context(sealer: &EntrySealer) -> Context {
    Context { id: 1, key: 1, encapsulated: Bytes(sealer.encapsulated().to_vec()) }
}

fn event_of(seq: u64, user: UserId, kind: Kind) -> AuditEvent {
    let agent = Agent::User {
        id: user,
        role: Role::Nurse,
        session: SessionId::parse("01900000-0000-7000-8000-000000000fff").unwrap(),
    };
    let at = morning() + Duration::seconds(i64::try_from(seq).unwrap());
    let mut event = AuditEvent::new(seq, at, kind, Outcome::Success, agent, PurposeOfUse::Treatment);
    event.patient = Some(patient(seq % 5));
    event
}
