//! How entries are taken in: `docs/sync.md`, "The way of a batch".

use ed25519_dalek::SigningKey;
use vigil_audit::{CheckpointSigner, CheckpointVerifier, ContextOpener, Cosigner, EntryOpener, Frontier, leaf_hash};
use vigil_model::wire::{Alerts, Batch, Context, Entry, Refusal};

use super::super::{log, log_key};
use super::cosigned_at;

#[derive(Default)]
pub(super) struct Intake {
    pub(super) events: Vec<Option<Vec<u8>>>,
    leaves: Vec<[u8; 32]>,
    roots: Vec<[u8; 32]>,
    frontier: Frontier,
    pub(super) checkpoint: Option<String>,
    pub(super) cosigned: u64,
}

impl Intake {
    pub(super) fn next(&self) -> u64 {
        self.frontier.size() + 1
    }

    pub(super) fn truncate(&mut self, after: u64) {
        let after = usize::try_from(after).unwrap();
        self.events.truncate(after);
        self.leaves.truncate(after);
        self.roots.truncate(after);
        self.frontier = Frontier::default();
        for leaf in &self.leaves {
            self.frontier.append_leaf(*leaf).unwrap();
        }
        self.checkpoint = None;
    }

    /// Takes a batch or nothing of it; answers how many were known.
    pub(super) fn take(&mut self, batch: &Batch, opener: &EntryOpener, cosigner: &Cosigner) -> Result<u64, Refusal> {
        if batch.from > self.next() {
            return Err(Refusal::Gap { next: self.next() });
        }
        let contexts = opened(&batch.contexts, opener);
        let (mut frontier, mut taken, mut known) = (self.frontier.clone(), Vec::new(), 0);
        for (seq, entry) in (batch.from..).zip(&batch.entries) {
            let (leaf, event) = match entry {
                Entry::Quarantined { leaf } => (leaf.0.clone().try_into().unwrap(), None),
                Entry::Sealed { nonce, sealed, .. } => {
                    let open = contexts[0].open(seq, *nonce, &sealed.0).map_err(|_| Refusal::Poison { seq })?;
                    (leaf_hash(&open.event), Some(open.event))
                }
            };
            if seq < self.next() {
                if self.leaves[usize::try_from(seq).unwrap() - 1] != leaf {
                    return Err(Refusal::Conflict { seq });
                }
                known += 1;
                continue;
            }
            frontier.append_leaf(leaf).map_err(|_| Refusal::Checkpoint)?;
            taken.push((leaf, event, frontier.root().unwrap()));
        }
        let own = CheckpointVerifier::new("vigil/a", &log_key());
        let signed = own.open(batch.checkpoint.as_bytes()).map_err(|_| Refusal::Checkpoint)?;
        if !taken.is_empty() && (signed.size, signed.root) != (frontier.size(), frontier.root().unwrap()) {
            return Err(Refusal::Checkpoint);
        }
        for (leaf, event, root) in taken {
            self.leaves.push(leaf);
            self.events.push(event);
            self.roots.push(root);
        }
        if frontier.size() > self.frontier.size() || self.checkpoint.is_none() {
            let note = cosigner.cosign(batch.checkpoint.as_bytes(), cosigned_at()).unwrap();
            self.checkpoint = Some(String::from_utf8(note).unwrap());
            self.cosigned = self.cosigned.max(frontier.size());
        }
        self.frontier = frontier;
        Ok(known)
    }

    /// The newest checkpoint as this key and this witness would sign it.
    pub(super) fn cosigned_by(&self, witness: &Cosigner, key: &SigningKey) -> String {
        let note = CheckpointSigner::new("vigil/a", key).unwrap();
        let note = note.sign(self.frontier.size(), self.frontier.root().unwrap()).unwrap();
        String::from_utf8(witness.cosign(&note, cosigned_at()).unwrap()).unwrap()
    }
}

/// Whether urgent entries open.
pub(super) fn opens(alerts: &Alerts, opener: &EntryOpener) -> Result<(), Refusal> {
    let contexts = opened(&alerts.contexts, opener);
    for (seq, entry) in &alerts.entries {
        if let Entry::Sealed { nonce, sealed, .. } = entry {
            contexts[0].open(*seq, *nonce, &sealed.0).map_err(|_| Refusal::Poison { seq: *seq })?;
        }
    }
    Ok(())
}

fn opened(contexts: &[Context], opener: &EntryOpener) -> Vec<ContextOpener> {
    contexts.iter().map(|context| opener.context(&context.encapsulated.0, log()).unwrap()).collect()
}
