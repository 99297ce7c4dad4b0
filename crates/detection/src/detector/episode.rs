//! Episodes: what a rule goes on finding about somebody is one thing, and is told again only when it has doubled.

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

/// Episodes by rule and what they are about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Episodes {
    things: BTreeMap<String, Vec<Episode>>,
}

impl Episodes {
    /// The key of the episode that this belongs to, if it is to be told. What began by `settled` is over.
    pub(crate) fn tell(
        &mut self,
        thing: &str,
        at: Micros,
        count: u64,
        cool_down: Micros,
        settled: Option<Micros>,
    ) -> Option<String> {
        if self.things.len() >= THINGS_MOST && !self.things.contains_key(thing) {
            let last = |episodes: &Vec<Episode>| episodes.iter().map(|episode| episode.started).max();
            let oldest = self.things.iter().min_by_key(|(_, episodes)| last(episodes)).map(|(thing, _)| thing.clone());
            oldest.and_then(|oldest| self.things.remove(&oldest));
        }
        let episodes = self.things.entry(thing.to_owned()).or_default();
        let near = |episode: &&mut Episode| {
            Some(episode.started) > settled && episode.started.abs_diff(at) <= cool_down.unsigned_abs()
        };
        let started = match episodes.iter_mut().find(near) {
            Some(episode) if count < episode.told.saturating_mul(2) => return None,
            Some(episode) => {
                episode.told = count;
                episode.started
            }
            None => {
                if episodes.len() >= EPISODES_MOST {
                    episodes.remove(0);
                }
                episodes.push(Episode { started: at, told: count });
                at
            }
        };
        let started = DateTime::from_timestamp_micros(started).unwrap_or_default();
        Some(format!("{thing}:{}", started.to_rfc3339_opts(SecondsFormat::Secs, true)))
    }

    /// Forgets what began before `before`.
    pub(crate) fn forget(&mut self, before: Micros) {
        for episodes in self.things.values_mut() {
            episodes.retain(|episode| episode.started >= before);
        }
        self.things.retain(|_, episodes| !episodes.is_empty());
    }
}
