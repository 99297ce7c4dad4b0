//! What is remembered of one user.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vigil_model::PatientId;

use super::count::{DAY, DAYS, Days, HOUR, HourCount, Hours};
use super::timeline::{Entry, Micros, Timeline};
use crate::judge::Evidence;
use crate::{Basis, Counts, EventId, Observation};

/// Single accesses are remembered for a day, and an hour more for the window that ends it.
pub(crate) const RECENT: Micros = 25 * HOUR;
/// Readings of one chart within this time are one.
const ONE_READING: Micros = HOUR / 12;
/// A user who comes back to a chart after less than this is still at the same visit: a shift is one.
const ONE_VISIT: Micros = 8 * HOUR;

/// The most that is remembered of one user, so that nobody fills the memory of the server.
const RECENT_MOST: usize = 4_096;
const VISITED_MOST: usize = 4_096;
const EMERGENCIES_MOST: usize = 1_024;
const EXPORTS_MOST: usize = 2_048;

/// What leaves a workstation, in any of the forms that Vigil has. Rules choose among these.
const EXPORTS: [&str; 9] = [
    "patient-export",
    "visit-summary-print",
    "medication-list-print",
    "composition-print",
    "patient-label-print",
    "access-report-export",
    "access-rights-export",
    "disclosure-accounting-export",
    "backup-create",
];

/// What the workstation said about why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Said {
    /// Something explains it.
    #[serde(rename = "e")]
    Explained,
    /// Nothing does.
    #[serde(rename = "u")]
    Unexplained,
    /// It could not be looked for: there is no list of work, or no network.
    #[serde(rename = "k")]
    Unknown,
    /// It said nothing: it is older than that, or it is no access to a chart.
    #[serde(rename = "n")]
    Nothing,
}

impl Said {
    pub(crate) fn of(seen: &Observation) -> Self {
        match seen.basis {
            Some(Basis::None) => Self::Unexplained,
            Some(Basis::Unknown) => Self::Unknown,
            Some(
                Basis::CareTeam | Basis::Encounter | Basis::Appointment | Basis::Order | Basis::Referral | Basis::Shift,
            ) => Self::Explained,
            None => Self::Nothing,
        }
    }
}

impl Counts {
    /// Whether what was said is among it.
    pub(crate) const fn has(self, said: Said) -> bool {
        match (self, said) {
            (Self::All, _)
            | (Self::Unexplained | Self::NotExplained, Said::Unexplained)
            | (Self::NotExplained, Said::Unknown) => true,
            (Self::Unexplained | Self::NotExplained, Said::Explained | Said::Nothing)
            | (Self::Unexplained, Said::Unknown) => false,
        }
    }
}

/// A chart that was opened, from the entry's time to `last`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Opened {
    pub(crate) patient: PatientId,
    pub(crate) said: Said,
    pub(crate) last: Micros,
}

impl Entry<Opened> {
    pub(crate) fn evidence(&self) -> Evidence {
        Evidence { id: self.id, patient: Some(self.value.patient.clone()) }
    }
}

/// A visit to a chart that nothing explains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Visit {
    pub(crate) from: Micros,
    pub(crate) until: Micros,
    pub(crate) id: EventId,
}

/// The visits of one user to one chart, and who the patient is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Visited {
    pub(crate) vip: bool,
    pub(crate) employee: bool,
    /// By time; they do not touch.
    pub(crate) visits: Vec<Visit>,
}

/// Something that left a workstation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Export {
    pub(crate) interaction: String,
    pub(crate) patient: Option<PatientId>,
    pub(crate) said: Said,
}

/// One user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UserState {
    /// When anything was last heard of them.
    pub(crate) heard: Micros,
    pub(crate) hours: Hours,
    pub(crate) days: Days,
    pub(crate) recent: Timeline<Opened>,
    pub(crate) visited: BTreeMap<PatientId, Visited>,
    pub(crate) emergencies: Timeline<Option<PatientId>>,
    pub(crate) exports: Timeline<Export>,
    /// What was before is settled: a suspension was lifted.
    pub(crate) anew: Option<Micros>,
}

/// What a chart that was opened adds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Adds {
    /// A patient to the last 60 minutes.
    pub(crate) patient: bool,
    /// The same of those of whom this was said, if that is not that something explains it.
    pub(crate) patient_as_said: bool,
    /// A visit that nothing explains.
    pub(crate) visit: bool,
    /// What the hour of the role grows by.
    pub(crate) hour: HourCount,
}

impl UserState {
    /// Takes in a chart that was opened.
    pub(crate) fn open(&mut self, seen: &Observation, patient: &PatientId, at: Micros, newest: Micros) -> Adds {
        let said = Said::of(seen);
        let mut adds = Adds { patient: true, patient_as_said: said != Said::Explained, ..Adds::default() };
        let hour = at.div_euclid(HOUR);
        let (mut in_hour, mut said_in_hour, mut same_in_hour, mut merged) = (false, false, false, false);
        let around = self.recent.within_mut(at.saturating_sub(HOUR + ONE_READING), at.saturating_add(HOUR));
        for entry in around.iter_mut().filter(|entry| entry.value.patient == *patient) {
            let same = entry.value.said == said;
            if entry.at.div_euclid(HOUR) == hour {
                in_hour = true;
                said_in_hour |= entry.value.said != Said::Nothing;
                same_in_hour |= same;
                let reading = entry.at <= at && at - entry.at <= ONE_READING;
                if reading && same && !merged {
                    entry.value.last = entry.value.last.max(at);
                    merged = true;
                }
            }
            if entry.at <= at && entry.value.last > at.saturating_sub(HOUR) {
                // A reading that was just made longer was there before, too.
                adds.patient = false;
                adds.patient_as_said &= !same;
            }
        }
        let one = |is: bool| u32::from(is);
        adds.hour = HourCount {
            opened: one(!in_hour),
            said: one(said != Said::Nothing && !said_in_hour),
            explained: one(said == Said::Explained && !same_in_hour),
            unexplained: one(said == Said::Unexplained && !same_in_hour),
            active: 0,
        };
        if !merged {
            let value = Opened { patient: patient.clone(), said, last: at };
            self.recent.insert(Entry { at, seen: newest, id: seen.id(), value }, RECENT_MOST);
        }
        if said == Said::Unexplained {
            adds.visit = self.visit(seen, patient, at);
        }
        if is_remembered(at, newest) {
            let count = self.hours.entry(hour).or_default();
            adds.hour.active = one(count.active == 0);
            count.add(adds.hour);
        } else {
            adds.hour = HourCount::default();
        }
        adds
    }

    /// Takes in a visit; whether it is a new one.
    fn visit(&mut self, seen: &Observation, patient: &PatientId, at: Micros) -> bool {
        if self.visited.len() >= VISITED_MOST && !self.visited.contains_key(patient) {
            let last = |visited: &Visited| visited.visits.last().map(|visit| visit.until);
            let oldest =
                self.visited.iter().min_by_key(|(_, visited)| last(visited)).map(|(patient, _)| patient.clone());
            oldest.and_then(|oldest| self.visited.remove(&oldest));
        }
        let visited = self.visited.entry(patient.clone()).or_default();
        visited.vip = seen.vip;
        visited.employee = seen.employee;
        let near = |visit: &Visit| visit.from - ONE_VISIT < at && at < visit.until + ONE_VISIT;
        let (touching, mut apart): (Vec<_>, Vec<_>) = visited.visits.drain(..).partition(near);
        let is_new = touching.is_empty();
        let mut whole = Visit { from: at, until: at, id: seen.id() };
        for visit in touching {
            whole.until = whole.until.max(visit.until);
            if visit.from < whole.from {
                whole = Visit { until: whole.until, ..visit };
            }
        }
        let place = apart.partition_point(|visit| visit.from < whole.from);
        apart.insert(place, whole);
        visited.visits = apart;
        is_new
    }

    /// Takes in an emergency access.
    pub(crate) fn emergency(&mut self, seen: &Observation, at: Micros, newest: Micros) {
        let entry = Entry { at, seen: newest, id: seen.id(), value: seen.patient.clone() };
        self.emergencies.insert(entry, EMERGENCIES_MOST);
    }

    /// Takes in what leaves the workstation; whether it does.
    pub(crate) fn export(&mut self, seen: &Observation, at: Micros, newest: Micros) -> bool {
        if !EXPORTS.contains(&seen.interaction.as_str()) {
            return false;
        }
        let value =
            Export { interaction: seen.interaction.clone(), patient: seen.patient.clone(), said: Said::of(seen) };
        self.exports.insert(Entry { at, seen: newest, id: seen.id(), value }, EXPORTS_MOST);
        true
    }

    /// Forgets what no rule can ask for any more.
    pub(crate) fn forget(&mut self, newest: Micros) {
        self.recent.forget(newest.saturating_sub(RECENT));
        self.exports.forget(newest.saturating_sub(RECENT));
        let oldest = newest.saturating_sub(DAYS * DAY);
        self.emergencies.forget(oldest);
        self.hours = self.hours.split_off(&oldest.div_euclid(HOUR));
        self.days = self.days.split_off(&oldest.div_euclid(DAY));
        for visited in self.visited.values_mut() {
            visited.visits.retain(|visit| visit.until >= oldest);
        }
        self.visited.retain(|_, visited| !visited.visits.is_empty());
    }
}

/// Whether hours and days that long ago are kept.
pub(crate) fn is_remembered(at: Micros, newest: Micros) -> bool {
    at >= newest.saturating_sub(DAYS * DAY)
}
