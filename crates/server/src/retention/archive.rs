//! The archive of a month.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest as _, Sha256};
use vigil_audit::{EntryBundles, TileFile, hash_tiles};

use crate::Keys;
use crate::audit_log::{ExportError, ExportFolder, log_rows};
use crate::store::partition::Month;
use crate::store::sql::values;
use crate::store::{Log, Store};

/// Entries of a bundle (C2SP tlog-tiles).
const BUNDLE: u64 = 256;
/// Hashes that are read at once.
const PAGE: u64 = 4_096;

/// Writes the bundles of a log that hold entries of this month, and everything that proves them.
pub(super) async fn archive_log(
    store: &Store,
    keys: &Keys,
    log: &Log,
    month: Month,
    folder: &ExportFolder,
    digests: &mut Digests,
) -> Result<(), ExportError> {
    let sql = "SELECT seq FROM audit_event WHERE log = $1 AND at >= $2 AND at < $3 ORDER BY seq";
    let within = values![log.key, month.begins(), month.ends()];
    let mut wanted: BTreeMap<u64, u64> = BTreeMap::new();
    let mut tx = store.read().await?;
    tx.each("looking for a log's month", sql, &within, |row| {
        *wanted.entry(row.uint(0)?.saturating_sub(1) / BUNDLE).or_default() += 1;
        Ok(())
    })
    .await?;
    drop(tx);
    if wanted.is_empty() {
        return Ok(());
    }
    digests.entries += wanted.values().sum::<u64>();
    let (note, size) = (log.checkpoint.clone().ok_or(ExportError::Broken)?, log.checkpoint_size);
    let mut write = |(name, bytes): TileFile| {
        let name = format!("{}/{name}", log.id);
        digests.add(&name, &bytes);
        folder.write((name, bytes))
    };
    for bundle in wanted.into_keys() {
        let (from, to) = (bundle * BUNDLE + 1, ((bundle + 1) * BUNDLE).min(size));
        let mut bundles = EntryBundles::beginning_with(bundle);
        for stored in log_rows(store, log.key, from, to).await? {
            let event = stored.row.and_then(|row| row.event).unwrap_or_default();
            bundles.push(&event).map_err(|_| ExportError::Broken)?.map_or(Ok(()), &mut write)?;
        }
        bundles.finish().map_or(Ok(()), &mut write)?;
    }
    let mut hashes: HashMap<u64, Vec<u8>> = HashMap::new();
    let mut from = 1;
    while from <= size {
        let to = from.saturating_add(PAGE - 1).min(size);
        hashes.extend(log.hashes(&mut store.read().await?, from, to).await?);
        from = to.saturating_add(1);
    }
    for tile in hash_tiles(size, |seq| hashes.get(&seq).cloned()) {
        write(tile.ok_or(ExportError::Broken)?)?;
    }
    let rest = [
        ("vkey".to_owned(), log.verifier_key.clone().into_bytes()),
        ("witness-vkey".to_owned(), keys.witness_key().into_bytes()),
        ("checkpoint".to_owned(), note.into_bytes()),
    ];
    Ok(rest.into_iter().try_for_each(write)?)
}

/// The SHA-256 of every file by its name, and how many entries of the month are in them.
#[derive(Default)]
pub(super) struct Digests {
    files: BTreeMap<String, [u8; 32]>,
    entries: u64,
}

impl Digests {
    fn add(&mut self, name: &str, bytes: &[u8]) {
        self.files.insert(name.to_owned(), Sha256::digest(bytes).into());
    }

    pub(super) const fn entries(&self) -> u64 {
        self.entries
    }

    /// Over lines as `sha256sum` writes them.
    pub(super) fn finish(&self) -> String {
        let lines = self.files.iter().map(|(name, digest)| format!("{}  {name}\n", hex::encode(digest)));
        hex::encode(lines.fold(Sha256::new(), |all, line| all.chain_update(line)).finalize())
    }
}
