//! Counts of hours and days: what habits are made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vigil_policy::unusual::Past;

use super::timeline::Micros;
use crate::{Counts, Explained};

pub(crate) const HOUR: Micros = 3_600_000_000;
pub(crate) const DAY: Micros = 24 * HOUR;
/// How far back habits reach (ADR 16).
pub(crate) const WEEKS: i64 = 8;
/// Days that are remembered: eight weeks, and the day that runs.
pub(crate) const DAYS: i64 = WEEKS * 7 + 1;

/// One hour of a user, or of all users of a role: different patients, summed over users. Five numbers where it is saved: it is
/// most of what there is to save.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[u32; 5]", into = "[u32; 5]")]
pub(crate) struct HourCount {
    /// Whose chart was opened.
    pub(crate) opened: u32,
    /// Of whom the workstation said whether something explains it.
    pub(crate) said: u32,
    /// Of whom something explains it.
    pub(crate) explained: u32,
    /// Whom nothing explains.
    pub(crate) unexplained: u32,
    /// Users who opened any.
    pub(crate) active: u32,
}

impl HourCount {
    pub(crate) const fn share(self) -> Explained {
        Explained { explained: self.explained as u64, all: self.said as u64 }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.opened = self.opened.saturating_add(other.opened);
        self.said = self.said.saturating_add(other.said);
        self.explained = self.explained.saturating_add(other.explained);
        self.unexplained = self.unexplained.saturating_add(other.unexplained);
        self.active = self.active.saturating_add(other.active);
    }
}

impl From<[u32; 5]> for HourCount {
    fn from([opened, said, explained, unexplained, active]: [u32; 5]) -> Self {
        Self { opened, said, explained, unexplained, active }
    }
}

impl From<HourCount> for [u32; 5] {
    fn from(count: HourCount) -> Self {
        [count.opened, count.said, count.explained, count.unexplained, count.active]
    }
}

/// Hours since 1970 in which any chart was opened.
pub(crate) type Hours = BTreeMap<i64, HourCount>;

/// What was usual in the hour of the week that `at` is in, the one before and the one after, in each of the eight weeks
/// before: the same hours as on a workstation (ADR 16).
pub(crate) fn past(hours: &Hours, at: Micros, counts: Counts) -> Past {
    let hour = at.div_euclid(HOUR);
    let mut past = Past::default();
    for week in 1..=WEEKS {
        let middle = hour - week * 7 * 24;
        for (_, count) in hours.range(middle - 1..=middle + 1) {
            let patients = match counts {
                Counts::All => count.opened,
                Counts::Unexplained => count.unexplained,
                Counts::NotExplained => count.said.saturating_sub(count.explained),
            };
            past.patients = past.patients.saturating_add(u64::from(patients));
            past.hours = past.hours.saturating_add(u64::from(count.active));
        }
    }
    past
}

/// One day of a user, or of all users of a role. Three numbers where it is saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[u32; 3]", into = "[u32; 3]")]
pub(crate) struct DayCount {
    /// Visits to charts that nothing explains.
    pub(crate) visits: u32,
    /// Emergency accesses.
    pub(crate) emergencies: u32,
    /// Users who opened any chart, in whichever way.
    pub(crate) active: u32,
}

impl From<[u32; 3]> for DayCount {
    fn from([visits, emergencies, active]: [u32; 3]) -> Self {
        Self { visits, emergencies, active }
    }
}

impl From<DayCount> for [u32; 3] {
    fn from(count: DayCount) -> Self {
        [count.visits, count.emergencies, count.active]
    }
}

/// Days since 1970, UTC.
pub(crate) type Days = BTreeMap<i64, DayCount>;

/// What a user and their colleagues did on the days from `from` to `to`, both included.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Compared {
    /// Of the colleagues.
    pub(crate) theirs: u64,
    /// Days on which they were active, summed over them.
    pub(crate) their_days: u64,
    /// Days on which the user was active.
    pub(crate) own_days: u64,
}

pub(crate) fn compare(own: &Days, role: &Days, from: i64, to: i64, what: impl Fn(&DayCount) -> u32) -> Compared {
    let sum = |days: &Days, of: &dyn Fn(&DayCount) -> u32| {
        days.range(from..=to).map(|(_, day)| u64::from(of(day))).sum::<u64>()
    };
    let (all, mine) = (sum(role, &what), sum(own, &what));
    let (all_days, own_days) = (sum(role, &|day| day.active), sum(own, &|day| day.active));
    Compared { theirs: all.saturating_sub(mine), their_days: all_days.saturating_sub(own_days), own_days }
}
