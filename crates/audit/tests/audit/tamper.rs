//! Whatever is done to a stored log is found and named.

use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use vigil_audit::{
    Agent, AuditEvent, CheckpointSigner, CheckpointVerifier, Finding, Frontier, Kind, Outcome, SignedRoot, StoredEntry,
    StoredHead, Verification, Verifier,
};
use vigil_model::PurposeOfUse;

const ORIGIN: &str = "vigil/test";
const EVERY: u64 = 16;

proptest! {
    #[test]
    fn an_untouched_log_is_intact(size in 0_u64..150) {
        let verification = Log::of(size).verify();
        prop_assert!(verification.intact(), "findings: {:?}", verification.findings);
        prop_assert_eq!(verification.entries, size);
    }

    #[test]
    fn an_edited_entry_is_named(size in 1_u64..150, pick in any::<prop::sample::Index>(), byte in any::<prop::sample::Index>()) {
        let mut log = Log::of(size);
        let at = pick.index(log.entries.len());
        let event = &mut log.entries[at].event;
        let byte = byte.index(event.len());
        event[byte] ^= 1;
        let seq = at as u64 + 1;
        prop_assert_eq!(log.verify().findings, vec![Finding::Edited { seq }]);
    }

    #[test]
    fn an_edited_entry_with_its_own_hash_recomputed_is_named_by_its_subtree(
        size in 1_u64..150, pick in any::<prop::sample::Index>(),
    ) {
        let mut log = Log::of(size);
        let at = pick.index(log.entries.len());
        let seq = at as u64 + 1;
        log.entries[at].event = event(seq, "forged");
        let lonely = Frontier::default().append(&log.entries[at].event).unwrap();
        log.entries[at].hashes[..32].copy_from_slice(&lonely);
        let findings = log.verify().findings;
        let named = findings.len() == 1 && match findings[0] {
            Finding::Edited { seq: named } => named == seq,
            Finding::Rewritten { from, to } => from <= seq && seq <= to && to - from <= 1,
            _ => false,
        };
        prop_assert!(named, "entry {}: {:?}", seq, findings);
    }

    #[test]
    fn deleted_entries_are_named(size in 3_u64..150, pick in any::<prop::sample::Index>(), many in 1_usize..20, renumber in any::<bool>()) {
        let mut log = Log::of(size);
        let from = pick.index(log.entries.len() - 1);
        let to = (from + many).min(log.entries.len() - 1);
        log.entries.drain(from..to);
        if renumber { log.renumber(); }
        prop_assert_eq!(log.verify().findings, vec![Finding::Deleted { from: from as u64 + 1, to: to as u64 }]);
    }

    #[test]
    fn truncation_is_named(size in 1_u64..150, pick in any::<prop::sample::Index>()) {
        let mut log = Log::of(size);
        let keep = pick.index(log.entries.len());
        log.entries.truncate(keep);
        prop_assert!(
            log.verify().findings.contains(&Finding::Truncated { from: keep as u64 + 1, to: size }),
            "{:?}", log.verify().findings
        );
    }

    #[test]
    fn reordering_is_named(size in 2_u64..150, a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>(), whole_rows in any::<bool>()) {
        let mut log = Log::of(size);
        let (a, b) = (a.index(log.entries.len()), b.index(log.entries.len()));
        prop_assume!(a != b);
        let (a, b) = (a.min(b), a.max(b));
        if whole_rows {
            log.entries.swap(a, b);
            log.renumber();
        } else {
            let moved = log.entries[a].event.clone();
            log.entries[a].event = std::mem::replace(&mut log.entries[b].event, moved);
        }
        prop_assert_eq!(log.verify().findings, vec![Finding::Reordered { from: a as u64 + 1, to: b as u64 + 1 }]);
    }

    #[test]
    fn an_inserted_entry_is_named(size in 1_u64..150, pick in any::<prop::sample::Index>()) {
        let mut log = Log::of(size);
        let at = pick.index(log.entries.len() + 1);
        let seq = at as u64 + 1;
        let forged = event(seq, "forged");
        let hashes = Frontier::default().append(&forged).unwrap();
        log.entries.insert(at, StoredEntry { seq, event: forged, hashes });
        log.renumber();
        prop_assert!(log.verify().findings.contains(&Finding::Inserted { at: seq }), "{:?}", log.verify().findings);
    }

    #[test]
    fn a_log_rebuilt_with_consistent_hashes_is_named(size in EVERY..150, pick in any::<prop::sample::Index>()) {
        let mut log = Log::of(size);
        let signed = size - size % EVERY;
        let at = pick.index(signed as usize) as u64 + 1;
        let forged = Log::forged(size, at);
        log.entries = forged.entries;
        log.head = StoredHead { authentic: false, ..forged.head };
        let findings = log.verify().findings;
        prop_assert_eq!(findings, vec![Finding::HeadForged, Finding::Rebuilt { after: (at - 1) / EVERY * EVERY }]);
    }

    #[test]
    fn even_a_forger_with_the_head_key_contradicts_the_signed_past(size in EVERY..150, pick in any::<prop::sample::Index>()) {
        let mut log = Log::of(size);
        let signed = size - size % EVERY;
        let at = pick.index(signed as usize) as u64 + 1;
        let forged = Log::forged(size, at);
        log.entries = forged.entries;
        log.head = forged.head;
        prop_assert_eq!(log.verify().findings, vec![Finding::Rebuilt { after: (at - 1) / EVERY * EVERY }]);
    }

    #[test]
    fn an_older_copy_of_everything_is_named(size in EVERY..150, back in 1_u64..100) {
        let mark = Log::of(size).mark.unwrap();
        let older_size = size.saturating_sub(back);
        prop_assume!(older_size < mark.size);
        let mut older = Log::of(older_size);
        older.mark = Some(mark);
        prop_assert_eq!(older.verify().findings, vec![Finding::RolledBack { from: mark.size, to: older_size }]);
    }
}

#[test]
fn a_forged_checkpoint_is_named() {
    let mut log = Log::of(40);
    let forger = SigningKey::from_bytes(&[9; 32]);
    log.checkpoints[1].1 = CheckpointSigner::new(ORIGIN, &forger).unwrap().sign(32, [1; 32]).unwrap();
    assert_eq!(log.verify().findings, [Finding::CheckpointForged { size: 32 }], "another key signed it");
}

#[test]
fn a_lost_mark_is_named() {
    let mut log = Log::of(40);
    log.mark = None;
    assert_eq!(log.verify().findings, [Finding::MarkMissing], "the custodian forgot");
}

#[test]
fn findings_are_sentences() {
    let said = |finding: Finding| finding.to_string();
    assert_eq!(said(Finding::Deleted { from: 3, to: 5 }), "entries 3 to 5 were deleted", "several");
    assert_eq!(said(Finding::Deleted { from: 3, to: 3 }), "entry 3 was deleted", "one");
    assert_eq!(said(Finding::Truncated { from: 9, to: 9 }), "the last entry, 9, was cut off", "one");
}

struct Log {
    entries: Vec<StoredEntry>,
    head: StoredHead,
    checkpoints: Vec<(u64, Vec<u8>)>,
    mark: Option<SignedRoot>,
}

impl Log {
    fn of(size: u64) -> Self {
        Self::forged(size, 0)
    }

    /// A consistent log in which entry `forged` says something else.
    fn forged(size: u64, forged: u64) -> Self {
        let signer = CheckpointSigner::new(ORIGIN, &key()).unwrap();
        let mut frontier = Frontier::default();
        let (mut entries, mut checkpoints, mut mark) = (Vec::new(), Vec::new(), None);
        for seq in 1..=size {
            let event = event(seq, if seq == forged { "forged" } else { "true" });
            let hashes = frontier.append(&event).unwrap();
            entries.push(StoredEntry { seq, event, hashes });
            if seq % EVERY == 0 {
                let root = frontier.root().unwrap();
                checkpoints.push((seq, signer.sign(seq, root).unwrap()));
                mark = Some(SignedRoot { size: seq, root });
            }
        }
        let head = StoredHead { size, frontier: frontier.to_bytes(), authentic: true };
        Self { entries, head, checkpoints, mark }
    }

    fn renumber(&mut self) {
        for (seq, entry) in (1..).zip(&mut self.entries) {
            entry.seq = seq;
        }
    }

    fn verify(&self) -> Verification {
        let mut verifier = Verifier::new(&self.checkpoints, &CheckpointVerifier::new(ORIGIN, &key()), self.mark);
        self.entries.iter().for_each(|entry| verifier.push(entry));
        verifier.finish(Some(&self.head))
    }
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn event(seq: u64, reason: &str) -> Vec<u8> {
    let at = "2026-11-22T20:53:35Z".parse().unwrap();
    let purpose = PurposeOfUse::Administration;
    let mut event = AuditEvent::new(seq, at, Kind::SESSION_REFUSE, Outcome::MinorFailure, Agent::Anonymous, purpose);
    event.reason = Some(reason.to_owned());
    event.canonical().unwrap()
}
