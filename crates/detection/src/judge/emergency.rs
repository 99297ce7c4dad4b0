//! More emergency accesses than is usual. It is told; nothing is stopped.

use std::collections::BTreeSet;

use vigil_model::UserId;

use super::{Candidate, Evidence, colleagues, fullest, number, seconds};
use crate::detector::count::{DAY, compare};
use crate::detector::timeline::Micros;
use crate::detector::user::UserState;
use crate::detector::{Noted, RoleState};
use crate::{BreakGlassBurst, Detector, Figures, Observation, Subject};

pub(super) fn judge(state: &Detector, rule: &BreakGlassBurst, seen: &Observation, noted: &Noted) -> Option<Candidate> {
    let actor = seen.actor.filter(|_| noted.emergency)?;
    let (user, role) = (state.user(actor.id)?, state.role(actor.role)?);
    let within = rule.within.num_microseconds()?;
    let ends = user.emergencies.ends(seen.at.timestamp_micros(), within);
    fullest(ends, |end| window(rule, actor.id, user, role, (end.saturating_sub(within), end)))
}

fn window(
    rule: &BreakGlassBurst,
    id: UserId,
    user: &UserState,
    role: &RoleState,
    (after, end): (Micros, Micros),
) -> Option<Candidate> {
    let entries = user.emergencies.within(after, end);
    let patients: BTreeSet<_> = entries.iter().filter_map(|entry| entry.value.clone()).collect();
    let count = number(patients.len());
    let (mut limit, mut usual) = (u64::from(rule.most), None);
    if let Some(times) = rule.times.filter(|_| count > limit) {
        let compared =
            compare(&user.days, &role.days, after.div_euclid(DAY), end.div_euclid(DAY), |day| day.emergencies);
        if let Some((most, words)) = colleagues(compared, times) {
            limit = limit.max(most);
            usual = Some(words);
        }
    }
    (count > limit).then(|| Candidate {
        subject: Subject::User(id),
        part: None,
        at: end,
        since: entries.first().map_or(end, |entry| entry.at),
        evidence: entries.iter().map(|entry| Evidence { id: entry.id, patient: entry.value.clone() }).collect(),
        figures: Figures { count, limit, usual, window_seconds: seconds(end - after) },
        grows: true,
    })
}
