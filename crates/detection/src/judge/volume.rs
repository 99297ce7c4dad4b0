//! More different patients in 60 minutes than is usual: ADR 16 over the whole fleet, by the arithmetic of the policy crate.

use std::collections::BTreeSet;

use vigil_model::{PatientId, Role, UserId};
use vigil_policy::unusual::{FEWEST_HOURS, Past, Usual};

use super::{Candidate, fullest, number, seconds};
use crate::detector::Noted;
use crate::detector::count::{HOUR, past};
use crate::detector::timeline::{Entry, Micros};
use crate::detector::user::{Opened, Said, UserState};
use crate::{Baseline, Counts, Detector, Figures, Observation, Subject, UnusualVolume};

pub(super) fn judge(state: &Detector, rule: &UnusualVolume, seen: &Observation, noted: &Noted) -> Option<Candidate> {
    let (adds, actor) = noted.adds.zip(seen.actor)?;
    let user = state.user(actor.id)?;
    let at = seen.at.timestamp_micros();
    // A chart that was opened within the hour adds nobody to this hour. It may to a later one that is known already.
    // It belongs to what was found already all the same.
    let adds = if rule.counts == Counts::All { adds.patient } else { adds.patient_as_said };
    if !rule.counts.has(Said::of(seen)) {
        return None;
    }
    let grows = adds || user.recent.newest() > at;
    let found = fullest(user.recent.ends(at, HOUR), |end| window(state, rule, user, (actor.id, actor.role), end))?;
    Some(Candidate { grows, ..found })
}

/// The window that ends with `end`.
fn window(
    state: &Detector,
    rule: &UnusualVolume,
    user: &UserState,
    (id, role): (UserId, Role),
    end: Micros,
) -> Option<Candidate> {
    let of = charts(user, rule.counts, end);
    let count = number(of.clone().map(|entry| &entry.value.patient).collect::<BTreeSet<&PatientId>>().len());
    // The floor is the least that is usual: no need to look.
    if count <= u64::from(rule.floor) * u64::from(rule.times) {
        return None;
    }
    let usual = usual(state, rule, id, role, end)?;
    let limit = u64::from(usual.most(rule.times));
    (count > limit).then(|| Candidate {
        subject: Subject::User(id),
        part: None,
        at: end,
        since: of.clone().next().map_or(end, |entry| entry.at),
        evidence: of.map(Entry::evidence).collect(),
        figures: Figures { count, limit, usual: Some(usual.to_string()), window_seconds: seconds(HOUR) },
        grows: true,
    })
}

/// The charts of the 60 minutes that end with `end`.
fn charts(user: &UserState, counts: Counts, end: Micros) -> impl Iterator<Item = &Entry<Opened>> + Clone {
    let after = end.saturating_sub(HOUR).max(user.anew.unwrap_or(Micros::MIN));
    // A reading may have begun before the window and reach into it.
    let entries = user.recent.within(after.saturating_sub(HOUR), end).iter();
    entries.filter(move |entry| counts.has(entry.value.said) && entry.value.last > after)
}

/// What is usual; `None`: there is no floor and no habit, so that nothing is known.
fn usual(state: &Detector, rule: &UnusualVolume, user: UserId, role: Role, at: Micros) -> Option<Usual> {
    let own = || state.user(user).map(|user| past(&user.hours, at, rule.counts)).unwrap_or_default();
    let of_role = || state.role(role).map(|role| past(&role.hours, at, rule.counts)).unwrap_or_default();
    let (own, of_role) = match rule.baseline {
        Baseline::Own => (own(), Past::default()),
        Baseline::Role => (Past::default(), of_role()),
        Baseline::OwnOrRole => (own(), of_role()),
    };
    let is_known = rule.floor > 0 || own.hours >= FEWEST_HOURS || of_role.hours >= FEWEST_HOURS;
    is_known.then(|| Usual::of(own, of_role, rule.floor))
}
