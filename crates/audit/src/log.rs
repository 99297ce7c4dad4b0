//! The RFC 6962 tree as it grows: an append needs the frontier and nothing else.

use tlog_tiles::{
    Error, Hash, HashReader, node_hash, record_hash, split_stored_hash_index, stored_hash_index, tree_hash,
};

/// Bytes of one hash.
pub(crate) const HASH: usize = 32;

/// Size of the log and the roots of its largest complete subtrees, left to right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    subtrees: Vec<[u8; HASH]>,
}

/// The bytes are not the frontier of a log of that size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are no frontier of a log of that size")]
pub struct MalformedFrontier;

impl Frontier {
    /// The frontier of a log of `size` entries from [`Frontier::to_bytes`].
    ///
    /// # Errors
    /// [`MalformedFrontier`] when `bytes` do not have one hash per complete subtree.
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Result<Self, MalformedFrontier> {
        let (subtrees, rest) = bytes.as_chunks::<HASH>();
        let fits = rest.is_empty() && subtrees.len() == size.count_ones() as usize;
        if fits { Ok(Self { size, subtrees: subtrees.to_vec() }) } else { Err(MalformedFrontier) }
    }

    /// The hashes one after the other.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.subtrees.concat()
    }

    /// How many entries.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The Merkle tree hash (RFC 6962, 2.1).
    ///
    /// # Errors
    /// [`MalformedFrontier`]; in practice never, for the frontier was checked when it was made.
    pub fn root(&self) -> Result<[u8; HASH], MalformedFrontier> {
        tree_hash(self.size, self).map(|hash| hash.0).map_err(|_| MalformedFrontier)
    }

    /// Adds an entry and returns the hashes that it completes, one after the other: its own, then those of the subtrees
    /// that end with it. They are stored beside the entry, so that proofs need no recomputation.
    ///
    /// # Errors
    /// [`MalformedFrontier`]; in practice never.
    pub fn append(&mut self, entry: &[u8]) -> Result<Vec<u8>, MalformedFrontier> {
        self.append_leaf(leaf_hash(entry))
    }

    /// The same for an entry of which the leaf hash alone is known.
    ///
    /// # Errors
    /// [`MalformedFrontier`]; in practice never.
    pub fn append_leaf(&mut self, leaf: [u8; HASH]) -> Result<Vec<u8>, MalformedFrontier> {
        let mut hash = Hash(leaf);
        let mut completed = hash.0.to_vec();
        // Each complete subtree at the end that is as large as what came joins it, like a carry.
        for _ in 0..self.size.trailing_ones() {
            hash = node_hash(Hash(self.subtrees.pop().ok_or(MalformedFrontier)?), hash);
            completed.extend_from_slice(&hash.0);
        }
        self.subtrees.push(hash.0);
        self.size = self.size.saturating_add(1);
        Ok(completed)
    }

    /// Level, number within the level and hash of each subtree.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = (u8, u64, [u8; HASH])> {
        let mut start = 0_u64;
        let levels = (0..64_u8).rev().filter(|level| self.size >> level & 1 == 1);
        levels.zip(&self.subtrees).map(move |(level, hash)| {
            let number = start >> level;
            start = start.saturating_add(1 << level);
            (level, number, *hash)
        })
    }
}

/// The Merkle root over the first `size` entries, from the hashes stored beside them: `hashes_of` gives those of an entry
/// by its number. `None` when one is missing.
pub fn root_at(size: u64, hashes_of: impl Fn(u64) -> Option<Vec<u8>>) -> Option<[u8; HASH]> {
    tree_hash(size, &Stored(hashes_of)).ok().map(|hash| hash.0)
}

/// Reads hashes from where they are stored beside the entries.
pub(crate) struct Stored<F>(pub(crate) F);

impl<F: Fn(u64) -> Option<Vec<u8>>> HashReader for Stored<F> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        let read = |index: &u64| {
            let (level, number) = split_stored_hash_index(*index);
            let hashes = (self.0)(number.checked_add(1)? << level)?;
            hashes.as_chunks::<HASH>().0.get(usize::from(level)).copied().map(Hash)
        };
        indexes.iter().map(read).collect::<Option<Vec<_>>>().ok_or(Error::IndexesNotInTree)
    }
}

impl HashReader for Frontier {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        let known: Vec<(u64, Hash)> =
            self.nodes().map(|(level, number, hash)| (stored_hash_index(level, number), Hash(hash))).collect();
        indexes
            .iter()
            .map(|index| known.iter().find(|(at, _)| at == index).map(|(_, hash)| *hash))
            .collect::<Option<Vec<_>>>()
            .ok_or(Error::IndexesNotInTree)
    }
}

/// The leaf hash of an entry (RFC 6962, 2.1).
pub fn leaf_hash(entry: &[u8]) -> [u8; HASH] {
    record_hash(entry).0
}

/// The hash over two subtrees.
pub(crate) fn join_hash(left: [u8; HASH], right: [u8; HASH]) -> [u8; HASH] {
    node_hash(Hash(left), Hash(right)).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roots_are_those_of_rfc_6962() {
        // The test vectors of google/certificate-transparency: leaves and the root over the first n of them.
        let leaves: [&[u8]; 8] = [
            b"",
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
        ];
        let mut frontier = Frontier::default();
        for leaf in leaves {
            frontier.append(leaf).unwrap();
        }
        let root: String = frontier.root().unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(root, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328", "a published root");
    }

    #[test]
    fn an_append_after_reading_the_frontier_back_is_the_same_append() {
        let mut kept = Frontier::default();
        for number in 0..200_u32 {
            let mut reread = Frontier::from_bytes(kept.size(), &kept.to_bytes()).unwrap();
            let entry = number.to_be_bytes();
            assert_eq!(reread.append(&entry), kept.append(&entry), "hashes completed by entry {number}");
            assert_eq!(reread.root(), kept.root(), "root after entry {number}");
        }
    }

    #[test]
    fn the_hashes_beside_an_entry_are_those_of_the_x_mod_sumdb() {
        let mut frontier = Frontier::default();
        for number in 0..300_u32 {
            let entry = number.to_be_bytes();
            let known = tlog_tiles::stored_hashes(frontier.size(), &entry, &frontier).unwrap();
            let known: Vec<u8> = known.iter().flat_map(|hash| hash.0).collect();
            assert_eq!(frontier.append(&entry).unwrap(), known, "hashes completed by entry {number}");
        }
    }

    #[test]
    fn an_earlier_root_is_found_from_the_stored_hashes() {
        let (mut frontier, mut stored, mut roots) = (Frontier::default(), Vec::new(), vec![Frontier::default().root()]);
        for number in 0..130_u32 {
            stored.push(frontier.append(&number.to_be_bytes()).unwrap());
            roots.push(frontier.root());
        }
        for (size, root) in (0..).zip(&roots) {
            let found = root_at(size, |seq| stored.get(usize::try_from(seq).unwrap() - 1).cloned());
            assert_eq!(found, root.ok(), "root over the first {size} entries");
        }
        assert_eq!(root_at(3, |_| None), None, "a missing entry has no root");
    }

    #[test]
    fn a_frontier_of_another_size_is_refused() {
        assert_eq!(Frontier::from_bytes(3, &[0; 32]), Err(MalformedFrontier), "size 3 has two subtrees");
        assert_eq!(Frontier::from_bytes(1, &[0; 31]), Err(MalformedFrontier), "a hash has 32 bytes");
    }
}
