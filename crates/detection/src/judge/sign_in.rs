//! Sign-ins that are refused: one account at many workstations, or many accounts at one. It is told, and nobody is locked out:
//! slowing a name down is the workstation's and the server's own affair, and ends by itself.

use std::collections::BTreeSet;

use super::{Candidate, Evidence, fullest, number, seconds};
use crate::detector::{Failure, Noted};
use crate::{Detector, Door, FailedSignIns, Figures, Observation, Subject};

pub(super) fn judge(state: &Detector, rule: &FailedSignIns, seen: &Observation, noted: &Noted) -> Option<Candidate> {
    let Failure { account, place } = noted.failure?;
    let (subject, failures) = match rule.per {
        Door::Account => account.map(|account| (Subject::User(account), state.failures_of(account)))?,
        Door::Workstation => (Subject::Device(place), state.failures_at(place)),
    };
    let failures = failures?;
    let within = rule.within.num_microseconds()?;
    let most = u64::from(rule.most);
    fullest(failures.ends(seen.at.timestamp_micros(), within), |end| {
        let inside = failures.within(end.saturating_sub(within), end);
        let places = match rule.per {
            Door::Account => inside.iter().map(|entry| entry.value.place).collect::<BTreeSet<_>>().len(),
            // All that name no account are one: nobody knows how many they were about.
            Door::Workstation => inside.iter().map(|entry| entry.value.account).collect::<BTreeSet<_>>().len(),
        };
        (number(inside.len()) > most && number(places) > u64::from(rule.most_places)).then(|| Candidate {
            subject: subject.clone(),
            part: None,
            at: end,
            since: inside.first().map_or(end, |entry| entry.at),
            evidence: inside.iter().map(|entry| Evidence { id: entry.id, patient: None }).collect(),
            figures: Figures { count: number(inside.len()), limit: most, usual: None, window_seconds: seconds(within) },
            grows: true,
        })
    })
}
