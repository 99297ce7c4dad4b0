//! How much is sent at once.

use vigil_model::wire::{BATCH_BYTES, BATCH_ENTRIES};

/// The most that one batch carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchSize {
    /// Entries.
    pub entries: usize,
    /// Bytes on the wire.
    pub bytes: usize,
}

impl BatchSize {
    /// What the server takes.
    pub const LARGEST: Self = Self { entries: BATCH_ENTRIES, bytes: BATCH_BYTES };

    /// Half of what was sent.
    pub(super) fn halved(self, sent: u64) -> Self {
        let sent = usize::try_from(sent).unwrap_or(BATCH_ENTRIES).min(self.entries);
        Self { entries: (sent / 2).max(1), bytes: (self.bytes / 2).max(64 * 1024) }
    }

    /// Twice as much, after it went well.
    pub(super) fn doubled(self) -> Self {
        Self {
            entries: self.entries.saturating_mul(2).min(Self::LARGEST.entries),
            bytes: self.bytes.saturating_mul(2).min(Self::LARGEST.bytes),
        }
    }
}
