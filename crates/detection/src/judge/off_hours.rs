//! Charts that are opened when the user does not work.
//!
//! The hour of the day alone says little where wards work around the clock. So three things have to come together: it is
//! night or weekend; the user has hardly ever worked at this hour; and they do not work now, for next to nothing that they open
//! is explained. Habits are those with an explanation: nobody makes a habit of browsing at night.

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset};
use vigil_model::PatientId;
use vigil_policy::unusual::FEWEST_HOURS;

use super::{Candidate, fullest, number, seconds};
use crate::detector::Noted;
use crate::detector::count::{DAY, DAYS, HOUR};
use crate::detector::timeline::{Entry, Micros};
use crate::detector::user::{Said, UserState};
use crate::{Detector, Figures, Observation, OffHours, Subject};

/// The night that runs is no habit yet.
const THIS_NIGHT: i64 = 20;

pub(super) fn judge(
    state: &Detector,
    rule: &OffHours,
    offset: FixedOffset,
    seen: &Observation,
    noted: &Noted,
) -> Option<Candidate> {
    let actor = seen.actor.filter(|_| noted.adds.is_some())?;
    let is_off = |at: Micros| DateTime::from_timestamp_micros(at).is_some_and(|at| rule.is_off(at, offset));
    let at = seen.at.timestamp_micros();
    if Said::of(seen) != Said::Unexplained || !is_off(at) {
        return None;
    }
    let user = state.user(actor.id)?;
    let within = rule.within.num_microseconds()?;
    let is_free = |at: Micros| DateTime::from_timestamp_micros(at).is_some_and(|at| rule.is_free_day(at, offset));
    // A chart that is opened again adds nobody: it belongs to what was found already.
    let grows = noted.adds.is_some_and(|adds| adds.patient_as_said);
    let limit = u64::from(rule.most);
    fullest(user.recent.ends(at, within), |end| {
        let after = end.saturating_sub(within).max(user.anew.unwrap_or(Micros::MIN));
        let inside = user.recent.within(after, end);
        let of = |said: Said| inside.iter().filter(move |entry| entry.value.said == said && is_off(entry.at));
        let whose: BTreeSet<PatientId> = of(Said::Unexplained).map(|entry| entry.value.patient.clone()).collect();
        let count = number(whose.len());
        if count <= limit {
            return None;
        }
        let working = of(Said::Explained).map(|entry| &entry.value.patient).collect::<BTreeSet<_>>().len();
        let is_used = habit(user, end, is_free)? > u64::from(rule.habit_days);
        if number(working) > u64::from(rule.explained_most) || is_used {
            return None;
        }
        Some(Candidate {
            subject: Subject::User(actor.id),
            part: None,
            at: end,
            since: of(Said::Unexplained).next().map_or(end, |entry| entry.at),
            evidence: of(Said::Unexplained).map(Entry::evidence).collect(),
            figures: Figures { count, limit, usual: None, window_seconds: seconds(within) },
            grows,
        })
    })
}

/// On how many of the last 56 days the user worked at this hour of the day, the one before or the one after; on a free day, how
/// many of the free days among them. `None`: they have worked for too short a time to have habits.
fn habit(user: &UserState, at: Micros, is_free: impl Fn(Micros) -> bool) -> Option<u64> {
    let hour = at.div_euclid(HOUR);
    let known = user.hours.range(..hour - THIS_NIGHT).take(usize::try_from(FEWEST_HOURS).unwrap_or(usize::MAX));
    if number(known.count()) < FEWEST_HOURS {
        return None;
    }
    let worked = |day: &i64| {
        let middle = hour - day * 24;
        is_free(at - day * DAY) == is_free(at)
            && user.hours.range(middle - 1..=middle + 1).any(|(_, count)| count.explained > 0)
    };
    Some(number((1..DAYS).filter(worked).count()))
}
