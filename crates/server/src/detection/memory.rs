//! What the rules remember, with how far they have read.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigil_detection::Detector;

use super::reading::Read;
use crate::store::stream::{newest_alarm, numbers_before};
use crate::store::{StoreError, Tx};

/// What the rules have to know of the past (ADR 16: eight weeks).
pub(super) const PAST: TimeDelta = TimeDelta::days(56);

#[derive(Serialize, Deserialize)]
pub(super) struct Memory {
    /// Since when the rules read. What happened before raises nothing.
    pub(super) began: DateTime<Utc>,
    /// The last entry that was read of each log, by the log's key.
    pub(super) cursors: BTreeMap<i64, u64>,
    /// The last alarm of the intake that was read.
    pub(super) alarm: i64,
    /// When the last suspension that was read of was lifted, in microseconds since 1970.
    pub(super) lifted: i64,
    pub(super) detector: Detector,
}

impl Memory {
    /// The memory of rules that begin now: they read the eight weeks before first.
    pub(super) async fn begin(tx: &mut Tx, now: DateTime<Utc>) -> Result<Self, StoreError> {
        Ok(Self {
            began: now,
            cursors: numbers_before(tx, (now - PAST).timestamp_micros()).await?,
            alarm: newest_alarm(tx).await?,
            lifted: now.timestamp_micros(),
            detector: Detector::default(),
        })
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        serde_json::from_slice(bytes).map_err(|_| StoreError::Corrupt("what the rules remember has no form"))
    }

    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, StoreError> {
        serde_json::to_vec(self).map_err(|_| StoreError::Invalid("what the rules remember has no form"))
    }

    pub(super) fn advance(&mut self, read: &Read) {
        self.cursors.extend(&read.cursors);
        self.alarm = self.alarm.max(read.alarm);
        let lifted = read.lifted.iter().map(|(_, at)| at.timestamp_micros());
        self.lifted = lifted.fold(self.lifted, i64::max);
    }
}
