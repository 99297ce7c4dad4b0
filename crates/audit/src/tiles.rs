//! The log as files that other people's tools read: tiles of hashes and bundles of entries, as C2SP tlog-tiles lays them out
//! (<https://c2sp.org/tlog-tiles>).

use tlog_tiles::Tile;

use crate::log::Stored;

/// Levels of the tree in a tile: 256 hashes.
const HEIGHT: u8 = 8;
/// Entries of a bundle.
const WIDTH: u32 = 1 << HEIGHT;

/// A file: where it belongs below the log's own folder, and what it holds.
pub type TileFile = (String, Vec<u8>);

/// An entry has more than 65,535 bytes, which a bundle cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an entry is too long for a bundle of entries")]
pub struct EntryTooLong;

/// The tiles of hashes of a log of `size` entries, from the hashes stored beside them: `hashes_of` gives those of an entry by its
/// number, from 1. In place of a tile stands `None` when one of its hashes is missing.
pub fn hash_tiles(size: u64, hashes_of: impl Fn(u64) -> Option<Vec<u8>>) -> impl Iterator<Item = Option<TileFile>> {
    let stored = Stored(hashes_of);
    Tile::new_tiles(HEIGHT, 0, size).into_iter().map(move |tile| Some((path(&tile), tile.read_data(&stored).ok()?)))
}

/// Collects entries, in their order from the first, into bundles.
#[derive(Default)]
pub struct EntryBundles {
    number: u64,
    entries: u32,
    bytes: Vec<u8>,
}

impl EntryBundles {
    /// Begins with bundle `number`, from 0: entry `number * 256 + 1` comes first.
    pub fn beginning_with(number: u64) -> Self {
        Self { number, ..Self::default() }
    }

    /// Adds an entry; the bundle that is full with it.
    ///
    /// # Errors
    /// [`EntryTooLong`]
    pub fn push(&mut self, entry: &[u8]) -> Result<Option<TileFile>, EntryTooLong> {
        let length = u16::try_from(entry.len()).map_err(|_| EntryTooLong)?;
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(entry);
        self.entries += 1;
        Ok(if self.entries == WIDTH { self.take() } else { None })
    }

    /// The bundle that is not full, if there is one.
    pub fn finish(mut self) -> Option<TileFile> {
        self.take()
    }

    fn take(&mut self) -> Option<TileFile> {
        if self.entries == 0 {
            return None;
        }
        let tile = Tile::new(HEIGHT, 0, self.number, self.entries, true);
        self.number += 1;
        self.entries = 0;
        Some((path(&tile), std::mem::take(&mut self.bytes)))
    }
}

/// The crate writes paths as Go's sumdb does, with the height in them and `data` for entries.
fn path(tile: &Tile) -> String {
    let path = tile.path();
    let within = path.strip_prefix("tile/8/").unwrap_or(&path);
    match within.strip_prefix("data/") {
        Some(number) => format!("tile/entries/{number}"),
        None => format!("tile/{within}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Frontier;

    fn paths(size: u64) -> Vec<String> {
        let mut frontier = Frontier::default();
        let stored: Vec<Vec<u8>> = (0..size).map(|number| frontier.append(&number.to_be_bytes()).unwrap()).collect();
        let hashes_of = |seq: u64| stored.get(usize::try_from(seq).unwrap() - 1).cloned();
        let tiles = hash_tiles(size, hashes_of).map(Option::unwrap);
        let mut bundles = EntryBundles::default();
        let full = (0..size).filter_map(|number| bundles.push(&number.to_be_bytes()).unwrap()).collect::<Vec<_>>();
        tiles.chain(full).chain(bundles.finish()).map(|(path, _)| path).collect()
    }

    #[test]
    fn the_files_are_those_of_the_specification() {
        assert_eq!(paths(0), [""; 0], "an empty log has none");
        assert_eq!(paths(5), ["tile/0/000.p/5", "tile/entries/000.p/5"]);
        assert_eq!(paths(256), ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"]);
        // The example of the specification: 70,000 entries have 273 full tiles, a partial one of 112, and so on upwards.
        let many = paths(70_000);
        for path in [
            "tile/0/272",
            "tile/0/273.p/112",
            "tile/1/000",
            "tile/1/001.p/17",
            "tile/2/000.p/1",
            "tile/entries/272",
            "tile/entries/273.p/112",
        ] {
            assert!(many.iter().any(|known| known == path), "{path}");
        }
        assert_eq!(many.len(), 274 + 2 + 1 + 274);
    }

    #[test]
    fn a_tile_holds_the_leaf_hashes_and_a_bundle_each_entry_with_its_length() {
        let mut frontier = Frontier::default();
        let stored = [frontier.append(b"one").unwrap(), frontier.append(b"second").unwrap()];
        let tile = hash_tiles(2, |seq| stored.get(usize::try_from(seq).unwrap() - 1).cloned()).next().unwrap().unwrap();
        assert_eq!(tile.1, [crate::log::leaf_hash(b"one"), crate::log::leaf_hash(b"second")].concat());
        let mut bundles = EntryBundles::default();
        assert_eq!(bundles.push(b"one"), Ok(None));
        assert_eq!(bundles.push(b"second"), Ok(None));
        assert_eq!(bundles.finish().unwrap().1, b"\0\x03one\0\x06second");
    }

    #[test]
    fn bundles_begin_where_they_are_told() {
        let mut bundles = EntryBundles::beginning_with(1_001);
        assert_eq!(bundles.push(b"one"), Ok(None));
        assert_eq!(bundles.finish().unwrap().0, "tile/entries/x001/001.p/1");
    }

    #[test]
    fn a_missing_hash_and_an_entry_too_long_are_no_file() {
        assert_eq!(hash_tiles(2, |_| None).next(), Some(None));
        assert_eq!(EntryBundles::default().push(&[0; 65_536]), Err(EntryTooLong));
        assert_eq!(EntryBundles::default().push(&[0; 65_535]), Ok(None));
    }
}
