//! Episodes: what a rule goes on finding about somebody is one thing. All of it belongs together, and it is told
//! again only when it has doubled.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};

use super::timeline::Micros;

/// The most about one thing.
const EPISODES_MOST: usize = 8;
/// The most things.
const THINGS_MOST: usize = 50_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Episode {
    started: Micros,
    /// The number that was told last.
    told: u64,
}

/// The episode that something belongs to.
pub(crate) struct Found {
    pub(crate) key: String,
    /// Whether somebody is told: it is new, or has doubled since.
    pub(crate) tells: bool,
}

/// Episodes by rule and what they are about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Episodes {
    things: BTreeMap<String, Vec<Episode>>,
}

impl Episodes {
    /// The episode that this belongs to. `count`: how many were counted now; `None`: no more than before, which belongs to an episode that
    /// runs and begins none. What began by `settled` is over.
    pub(crate) fn find(
        &mut self,
        thing: &str,
        at: Micros,
        count: Option<u64>,
        cool_down: Micros,
        settled: Option<Micros>,
    ) -> Option<Found> {
        let near = |episode: &&mut Episode| {
            Some(episode.started) > settled && episode.started.abs_diff(at) <= cool_down.unsigned_abs()
        };
        let running = self.things.get_mut(thing).and_then(|episodes| episodes.iter_mut().find(near));
        let (started, tells) = match (running, count) {
            (None, None) => return None,
            (None, Some(count)) => {
                self.begin(thing, Episode { started: at, told: count });
                (at, true)
            }
            (Some(episode), Some(count)) if count >= episode.told.saturating_mul(2) => {
                episode.told = count;
                (episode.started, true)
            }
            (Some(episode), _) => (episode.started, false),
        };
        let started = DateTime::from_timestamp_micros(started).unwrap_or_default();
        let key = format!("{thing}:{}", started.to_rfc3339_opts(SecondsFormat::Secs, true));
        Some(Found { key, tells })
    }

    fn begin(&mut self, thing: &str, episode: Episode) {
        if self.things.len() >= THINGS_MOST && !self.things.contains_key(thing) {
            let last = |episodes: &Vec<Episode>| episodes.iter().map(|episode| episode.started).max();
            let oldest = self.things.iter().min_by_key(|(_, episodes)| last(episodes)).map(|(thing, _)| thing.clone());
            oldest.and_then(|oldest| self.things.remove(&oldest));
        }
        let episodes = self.things.entry(thing.to_owned()).or_default();
        if episodes.len() >= EPISODES_MOST {
            episodes.remove(0);
        }
        episodes.push(episode);
    }

    /// Forgets what began before `before`.
    pub(crate) fn forget(&mut self, before: Micros) {
        for episodes in self.things.values_mut() {
            episodes.retain(|episode| episode.started >= before);
        }
        self.things.retain(|_, episodes| !episodes.is_empty());
    }
}
