//! Visits to charts that nothing explains: those of VIPs, of co-workers, and of anybody, over days and weeks.

use std::collections::BTreeSet;

use vigil_model::{PatientId, UserId};

use super::{Candidate, Evidence, colleagues, fullest, number, seconds};
use crate::detector::Noted;
use crate::detector::count::{DAY, Days, compare};
use crate::detector::timeline::{LATER_ENDS, Micros};
use crate::detector::user::{UserState, Visit, Visited};
use crate::{Detector, Figures, Observation, Per, Returns, Subject};

/// Whose charts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    Vip,
    Employee,
    Anybody,
}

impl Whose {
    const fn has(self, vip: bool, employee: bool) -> bool {
        match self {
            Self::Vip => vip,
            Self::Employee => employee,
            Self::Anybody => true,
        }
    }
}

pub(super) fn judge(
    state: &Detector,
    rule: &Returns,
    whose: Whose,
    seen: &Observation,
    noted: &Noted,
) -> Option<Candidate> {
    let actor =
        seen.actor.filter(|_| noted.adds.is_some_and(|adds| adds.visit) && whose.has(seen.vip, seen.employee))?;
    let patient = seen.patient.as_ref()?;
    let at = seen.at.timestamp_micros();
    let within = i64::from(rule.within_days) * DAY;
    match rule.per {
        Per::Patient => of_a_patient(state, rule, patient, at, within),
        Per::Pair => {
            let visited = state.user(actor.id)?.visited.get(patient)?;
            let mut found = of_a_user(rule, actor.id, &[(patient, visited)], at, within)?;
            found.part = Some(patient.to_string());
            Some(found)
        }
        Per::User => {
            let user = state.user(actor.id)?;
            let charts: Vec<_> =
                user.visited.iter().filter(|(_, visited)| whose.has(visited.vip, visited.employee)).collect();
            let found = of_a_user(rule, actor.id, &charts, at, within)?;
            match rule.times {
                None => Some(found),
                Some(times) => beside_colleagues(user, &state.role(actor.role)?.days, times, within, found),
            }
        }
    }
}

/// The visits of a user to these charts in the window that `at` belongs to.
fn of_a_user(
    rule: &Returns,
    user: UserId,
    charts: &[(&PatientId, &Visited)],
    at: Micros,
    within: Micros,
) -> Option<Candidate> {
    let mut all: Vec<(&PatientId, &Visit)> = charts
        .iter()
        .flat_map(|(patient, visited)| visited.visits.iter().map(move |visit| (*patient, visit)))
        .collect();
    all.sort_by_key(|(_, visit)| (visit.from, visit.id));
    let times = all.iter().map(|(_, visit)| visit.from);
    let later = times.filter(|from| at < *from && *from < at.saturating_add(within)).take(LATER_ENDS);
    fullest(std::iter::once(at).chain(later), |end| {
        let inside = |visit: &Visit| end.saturating_sub(within) < visit.from && visit.from <= end;
        let visits = || all.iter().filter(|(_, visit)| inside(visit));
        let (count, limit) = (number(visits().count()), u64::from(rule.most));
        (count > limit).then(|| Candidate {
            subject: Subject::User(user),
            part: None,
            at: end,
            since: visits().next().map_or(end, |(_, visit)| visit.from),
            evidence: visits()
                .map(|(patient, visit)| Evidence { id: visit.id, patient: Some((*patient).clone()) })
                .collect(),
            figures: Figures { count, limit, usual: None, window_seconds: seconds(within) },
            grows: true,
        })
    })
}

/// The same, where it is more than so many times what colleagues do on as many days.
fn beside_colleagues(
    user: &UserState,
    role: &Days,
    times: u32,
    within: Micros,
    mut found: Candidate,
) -> Option<Candidate> {
    let (from, to) = (found.at.saturating_sub(within).div_euclid(DAY), found.at.div_euclid(DAY));
    if let Some((most, words)) = colleagues(compare(&user.days, role, from, to, |day| day.visits), times) {
        found.figures.limit = found.figures.limit.max(most);
        found.figures.usual = Some(words);
    }
    (found.figures.count > found.figures.limit).then_some(found)
}

/// The different users who visited one chart.
fn of_a_patient(
    state: &Detector,
    rule: &Returns,
    patient: &PatientId,
    at: Micros,
    within: Micros,
) -> Option<Candidate> {
    let watchers = state.watchers(patient)?;
    fullest(watchers.ends(at, within), |end| {
        let visits = watchers.within(end.saturating_sub(within), end);
        let users: BTreeSet<UserId> = visits.iter().map(|entry| entry.value).collect();
        let (count, limit) = (number(users.len()), u64::from(rule.most));
        (count > limit).then(|| Candidate {
            subject: Subject::Patient(patient.clone()),
            part: None,
            at: end,
            since: visits.first().map_or(end, |entry| entry.at),
            evidence: visits.iter().map(|entry| Evidence { id: entry.id, patient: Some(patient.clone()) }).collect(),
            figures: Figures { count, limit, usual: None, window_seconds: seconds(within) },
            grows: true,
        })
    })
}
