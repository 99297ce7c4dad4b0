//! What leaves workstations in numbers: files and paper.

use super::{Candidate, Evidence, fullest, number, seconds};
use crate::detector::Noted;
use crate::detector::timeline::{Entry, Micros};
use crate::detector::user::Export;
use crate::{BulkExport, Detector, Figures, Observation, Subject};

pub(super) fn judge(state: &Detector, rule: &BulkExport, seen: &Observation, noted: &Noted) -> Option<Candidate> {
    let actor = seen.actor.filter(|_| noted.export)?;
    if !rule.interactions.contains(&seen.interaction) {
        return None;
    }
    let user = state.user(actor.id)?;
    let within = rule.within.num_microseconds()?;
    let counts = |entry: &&Entry<Export>| {
        rule.counts.has(entry.value.said) && rule.interactions.contains(&entry.value.interaction)
    };
    fullest(user.exports.ends(seen.at.timestamp_micros(), within), |end| {
        let after = end.saturating_sub(within).max(user.anew.unwrap_or(Micros::MIN));
        let inside = || user.exports.within(after, end).iter().filter(counts);
        let (count, limit) = (number(inside().count()), u64::from(rule.most));
        (count > limit).then(|| Candidate {
            subject: Subject::User(actor.id),
            part: None,
            at: end,
            since: inside().next().map_or(end, |entry| entry.at),
            evidence: inside().map(|entry| Evidence { id: entry.id, patient: entry.value.patient.clone() }).collect(),
            figures: Figures { count, limit, usual: None, window_seconds: seconds(within) },
            grows: true,
        })
    })
}
