//! Reads a stored log from end to end and names what was done to it.
//!
//! The evidence, weakest first: what an entry says about its own number; the hashes stored beside it; the head, which
//! only the running device can authenticate; the checkpoints, which only the device's key can sign; and the mark, which
//! lies outside the database. A forger who fixes one up is caught by the next.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::log::{HASH, join_hash, leaf_hash};
use crate::{AuditEvent, CheckpointVerifier, Finding, Frontier, SignedRoot, Verification};

/// One row of the log as it is stored.
pub struct StoredEntry {
    /// The number of the row.
    pub seq: u64,
    /// The canonical bytes.
    pub event: Vec<u8>,
    /// What [`Frontier::append`] returned.
    pub hashes: Vec<u8>,
}

/// The head of the log as it is stored.
pub struct StoredHead {
    /// How many entries.
    pub size: u64,
    /// [`Frontier::to_bytes`].
    pub frontier: Vec<u8>,
    /// Whether its authentication code is the device's.
    pub authentic: bool,
}

/// Takes the rows in order of their number, then the rest of the evidence.
#[derive(Default)]
pub struct Verifier {
    rows: Vec<Row>,
    nodes: HashMap<(u8, u64), [u8; HASH]>,
    frontier: Frontier,
    roots: BTreeMap<u64, [u8; HASH]>,
    wanted: BTreeSet<u64>,
    checkpoints: Vec<SignedRoot>,
    forged_checkpoints: Vec<u64>,
    mark: Option<SignedRoot>,
}

struct Row {
    seq: u64,
    /// What the entry says its number is; `None` when it is no entry.
    claims: Option<u64>,
    computed: [u8; HASH],
    stored: Option<[u8; HASH]>,
}

impl Row {
    fn is_edited(&self) -> bool {
        self.claims.is_none() || self.stored != Some(self.computed)
    }
}

impl Verifier {
    /// A verifier that compares with these checkpoints (stored size and note) and this mark.
    pub fn new(checkpoints: &[(u64, Vec<u8>)], key: &CheckpointVerifier, mark: Option<SignedRoot>) -> Self {
        let mut verifier = Self { mark, ..Self::default() };
        for (size, note) in checkpoints {
            match key.open(note) {
                Ok(signed) if signed.size == *size => verifier.checkpoints.push(signed),
                Ok(_) | Err(_) => verifier.forged_checkpoints.push(*size),
            }
        }
        verifier.checkpoints.sort_by_key(|signed| signed.size);
        verifier.wanted = verifier.checkpoints.iter().chain(&verifier.mark).map(|signed| signed.size).collect();
        verifier
    }

    /// Takes the next row.
    pub fn push(&mut self, entry: &StoredEntry) {
        let position = self.frontier.size();
        let (hashes, _) = entry.hashes.as_chunks::<HASH>();
        for (level, hash) in (0_u8..).zip(hashes) {
            self.nodes.insert((level, position >> level), *hash);
        }
        self.rows.push(Row {
            seq: entry.seq,
            claims: AuditEvent::parse(&entry.event).ok().map(|event| event.seq),
            computed: leaf_hash(&entry.event),
            stored: hashes.first().copied(),
        });
        // Both fail only when the frontier contradicts itself, and this one was made here.
        let grown = self.frontier.append(&entry.event).is_ok();
        if grown && self.wanted.contains(&self.frontier.size()) {
            self.roots.extend(self.frontier.root().ok().map(|root| (self.frontier.size(), root)));
        }
    }

    /// Judges.
    pub fn finish(self, head: Option<&StoredHead>) -> Verification {
        let mut findings = Vec::new();
        let trusted = head.filter(|head| head.authentic);
        let last_row = self.rows.last().map_or(0, |row| row.seq);
        let remembered = self.mark.map_or(0, |mark| mark.size);
        let expected = trusted.map_or_else(|| last_row.max(remembered), |head| head.size);

        self.judge_numbers(expected, &mut findings);
        if findings.is_empty() {
            self.judge_tree(trusted, &mut findings);
        }
        if trusted.is_none() && (head.is_some() || !self.rows.is_empty()) {
            findings.push(Finding::HeadForged);
        }
        findings.extend(self.forged_checkpoints.iter().map(|size| Finding::CheckpointForged { size: *size }));
        self.judge_signatures(expected, &mut findings);

        let root = self.frontier.root().unwrap_or_default();
        Verification { entries: self.frontier.size(), root, findings }
    }

    /// Edited, moved, missing and added entries, told from the entries' own numbers and hashes.
    fn judge_numbers(&self, expected: u64, findings: &mut Vec<Finding>) {
        // An entry that stands in the place of another edited one was moved, not edited.
        let homes: HashMap<[u8; HASH], u64> = self
            .rows
            .iter()
            .filter(|row| row.is_edited())
            .filter_map(|row| row.stored.map(|stored| (stored, row.seq)))
            .collect();
        let mut numbers = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let claims = match (row.is_edited(), row.claims) {
                (false, Some(claims)) => claims,
                (true, Some(claims)) if homes.contains_key(&row.computed) => claims,
                _ => {
                    findings.push(Finding::Edited { seq: row.seq });
                    row.seq
                }
            };
            numbers.push((row.seq, claims));
        }

        let mut seen = BTreeSet::new();
        let mut kept = Vec::with_capacity(numbers.len());
        for (seq, number) in numbers {
            if (1..=expected).contains(&number) && seen.insert(number) {
                kept.push((seq, number));
            } else {
                findings.push(Finding::Inserted { at: number });
            }
        }
        for (from, to) in gaps(&seen, expected) {
            findings.push(if to == expected { Finding::Truncated { from, to } } else { Finding::Deleted { from, to } });
        }
        let mut sorted: Vec<u64> = kept.iter().map(|(_, number)| *number).collect();
        sorted.sort_unstable();
        let misplaced = || kept.iter().zip(&sorted).filter(|((_, is), ought)| is != *ought).map(|(_, ought)| *ought);
        if let (Some(from), Some(to)) = (misplaced().min(), misplaced().max()) {
            findings.push(Finding::Reordered { from, to });
        } else if findings.is_empty()
            && let Some((_, from)) = kept.iter().find(|(seq, number)| seq != number)
        {
            findings.push(Finding::Reordered { from: *from, to: expected });
        }
    }

    /// Entries whose hashes were recomputed, told from the narrowest subtree that no longer adds up.
    fn judge_tree(&self, head: Option<&StoredHead>, findings: &mut Vec<Finding>) {
        let node = |level: u8, number: u64| self.nodes.get(&(level, number)).copied();
        let size = self.frontier.size();
        let mut bad: Vec<(u8, u64)> = Vec::new();
        // A subtree over one that is already bad says nothing new.
        let mut tainted: HashSet<(u8, u64)> = HashSet::new();
        for level in 1..64_u8 {
            for number in 0..size >> level {
                let (below, left) = (level.saturating_sub(1), number.saturating_mul(2));
                let right = left.saturating_add(1);
                let adds_up = match (node(below, left), node(below, right), node(level, number)) {
                    (Some(left), Some(right), Some(stored)) => join_hash(left, right) == stored,
                    _ => false,
                };
                if tainted.contains(&(below, left)) || tainted.contains(&(below, right)) {
                    tainted.insert((level, number));
                } else if !adds_up {
                    tainted.insert((level, number));
                    bad.push((level, number));
                }
            }
        }
        if let Some(head) = head {
            let told = Frontier::from_bytes(head.size, &head.frontier).unwrap_or_default();
            bad.extend(
                told.nodes()
                    .filter(|(level, number, hash)| node(*level, *number) != Some(*hash))
                    .map(|(level, number, _)| (level, number))
                    .filter(|place| !tainted.contains(place)),
            );
        }
        bad.sort_by_key(|(level, number)| number << level);
        for (level, number) in bad {
            let from = (number << level).saturating_add(1);
            let to = number.saturating_add(1) << level;
            findings.push(if from == to { Finding::Edited { seq: from } } else { Finding::Rewritten { from, to } });
        }
    }

    /// What was signed and remembered before against what is there now.
    fn judge_signatures(&self, expected: u64, findings: &mut Vec<Finding>) {
        let signed = || self.checkpoints.iter().chain(&self.mark);
        let longest = signed().map(|signed| signed.size).max().unwrap_or(0);
        if longest > expected {
            findings.push(Finding::RolledBack { from: longest, to: expected });
        }
        let contradicted = |signed: &&SignedRoot| self.roots.get(&signed.size).is_some_and(|root| *root != signed.root);
        // Whatever was named above explains a contradiction; without a name it is a rebuilt log.
        let explained = findings.iter().any(|finding| {
            !matches!(finding, Finding::HeadForged | Finding::CheckpointForged { .. } | Finding::RolledBack { .. })
        });
        if !explained && let Some(first) = signed().filter(contradicted).map(|signed| signed.size).min() {
            let after = signed().filter(|signed| signed.size < first).map(|signed| signed.size).max().unwrap_or(0);
            findings.push(Finding::Rebuilt { after });
        }
        if self.mark.is_none() && !self.checkpoints.is_empty() {
            findings.push(Finding::MarkMissing);
        }
    }
}

/// The ranges of `1..=expected` that are not in `seen`.
fn gaps(seen: &BTreeSet<u64>, expected: u64) -> Vec<(u64, u64)> {
    let mut gaps = Vec::new();
    let mut next = 1_u64;
    for number in seen.iter().copied().chain([expected.saturating_add(1)]) {
        if number > next {
            gaps.push((next, number.saturating_sub(1)));
        }
        next = number.saturating_add(1);
    }
    gaps
}
