//! Merkle proofs (RFC 6962, 2.1.1 and 2.1.2) from the hashes that are stored beside the entries.

use tlog_tiles::{Hash, check_record, check_tree, prove_record, prove_tree};

use crate::log::{HASH, Stored};

/// That entry `seq` is in the log of `size` entries; `None` when it is not, or when a hash is missing.
pub fn inclusion_proof(size: u64, seq: u64, hashes_of: impl Fn(u64) -> Option<Vec<u8>>) -> Option<Vec<[u8; HASH]>> {
    let proof = prove_record(size, seq.checked_sub(1)?, &Stored(hashes_of)).ok()?;
    Some(proof.iter().map(|hash| hash.0).collect())
}

/// That the log of `size` entries begins with the log of `old` entries; `None` when a hash is missing. An empty log is the beginning of
/// every other, and needs no proof.
pub fn consistency_proof(old: u64, size: u64, hashes_of: impl Fn(u64) -> Option<Vec<u8>>) -> Option<Vec<[u8; HASH]>> {
    if old == 0 || old == size {
        return (old <= size).then(Vec::new);
    }
    let proof = prove_tree(size, old, &Stored(hashes_of)).ok()?;
    Some(proof.iter().map(|hash| hash.0).collect())
}

/// Whether `proof` shows that the entry with this leaf hash is entry `seq` of the log of `size` entries with this root.
pub fn is_included(proof: &[[u8; HASH]], size: u64, root: [u8; HASH], seq: u64, leaf: [u8; HASH]) -> bool {
    let proof = proof.iter().copied().map(Hash).collect();
    seq.checked_sub(1).is_some_and(|index| check_record(&proof, size, Hash(root), index, Hash(leaf)).is_ok())
}

/// Whether `proof` shows that the log of `size` entries with this root begins with the one of `old` entries and root `old_root`.
pub fn is_consistent(proof: &[[u8; HASH]], old: u64, old_root: [u8; HASH], size: u64, root: [u8; HASH]) -> bool {
    if old == 0 {
        return proof.is_empty();
    }
    if old == size {
        return proof.is_empty() && old_root == root;
    }
    let proof = proof.iter().copied().map(Hash).collect();
    check_tree(&proof, size, Hash(root), old, Hash(old_root)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Frontier, leaf_hash};

    #[test]
    fn every_entry_and_every_earlier_size_is_proved_and_nothing_else() {
        let (mut frontier, mut stored, mut roots) = (Frontier::default(), Vec::new(), vec![[0; HASH]]);
        for number in 1..=70_u64 {
            stored.push(frontier.append(&number.to_be_bytes()).unwrap());
            roots.push(frontier.root().unwrap());
        }
        let hashes = |seq: u64| stored.get(usize::try_from(seq).unwrap().checked_sub(1)?).cloned();
        for (size, root) in (1..=70_u64).zip(roots.iter().skip(1)) {
            for seq in 1..=size {
                let proof = inclusion_proof(size, seq, hashes).unwrap();
                assert!(is_included(&proof, size, *root, seq, leaf_hash(&seq.to_be_bytes())), "{seq} in {size}");
                assert!(
                    !is_included(&proof, size, *root, seq, leaf_hash(b"another")),
                    "another entry as {seq} in {size}"
                );
            }
            for (old, old_root) in (0..=size).zip(&roots) {
                let proof = consistency_proof(old, size, hashes).unwrap();
                assert!(is_consistent(&proof, old, *old_root, size, *root), "{old} to {size}");
                assert_eq!(is_consistent(&proof, old, [7; HASH], size, *root), old == 0, "another root at {old}");
            }
        }
        assert_eq!(inclusion_proof(3, 4, hashes), None, "an entry beyond the log");
        assert_eq!(consistency_proof(4, 3, hashes), None, "a log that shrank");
    }
}
