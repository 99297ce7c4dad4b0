//! Entries that come twice: out of turn, as an alert, and in turn; or again, because an answer was lost.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use vigil_model::DeviceId;

use crate::Observation;

/// The last entries of a log. The server refuses an entry that it holds; this is for what is under way.
const LAST: usize = 128;
/// The last of those that may come out of turn: thousands of others may come before they come again.
const LAST_ALERTS: usize = 512;
/// The most logs.
const LOGS_MOST: usize = 20_000;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Log {
    last: VecDeque<u64>,
    alerts: VecDeque<u64>,
}

/// What came last, of every log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Repeats {
    logs: BTreeMap<DeviceId, Log>,
}

impl Repeats {
    /// Whether this entry was not seen lately.
    pub(crate) fn is_new(&mut self, seen: &Observation) -> bool {
        if self.logs.len() >= LOGS_MOST && !self.logs.contains_key(&seen.log) {
            self.logs.pop_first();
        }
        let log = self.logs.entry(seen.log).or_default();
        let out_of_turn = seen.security_alert || seen.is_emergency();
        let (known, most) = if out_of_turn { (&mut log.alerts, LAST_ALERTS) } else { (&mut log.last, LAST) };
        if known.contains(&seen.seq) {
            return false;
        }
        if known.len() >= most {
            known.pop_front();
        }
        known.push_back(seen.seq);
        true
    }
}
