//! Single entries that are told of for what they are.

use std::collections::BTreeSet;

use super::{Candidate, Evidence};
use crate::{Figures, Observation, Subject};

pub(super) fn key_event(interactions: &BTreeSet<String>, seen: &Observation) -> Option<Candidate> {
    interactions.contains(&seen.interaction).then(|| single(seen))
}

pub(super) fn security_alert(except: &BTreeSet<String>, seen: &Observation) -> Option<Candidate> {
    (seen.security_alert && !except.contains(&seen.interaction)).then(|| single(seen))
}

/// Each kind of entry about somebody is an episode of its own. It is about the account that the entry names, as a suspension
/// by a workstation does; else about who did it; else about the machine.
fn single(seen: &Observation) -> Candidate {
    let user = seen.account.or(seen.actor.map(|actor| actor.id));
    Candidate {
        subject: user.map_or(Subject::Device(seen.device.unwrap_or(seen.log)), Subject::User),
        part: Some(seen.interaction.clone()),
        at: seen.at.timestamp_micros(),
        since: seen.at.timestamp_micros(),
        evidence: vec![Evidence { id: seen.id(), patient: seen.patient.clone() }],
        figures: Figures { count: 1, limit: 0, usual: None, window_seconds: 0 },
        grows: true,
    }
}
