//! What became of every resource, and how far the import is.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use vigil_model::PatientId;

use super::{Prepared, PutResult};
use crate::view::{ImportProblem, ImportProgress, ImportReport, ImportTypeCount};

/// Problems that are named; the rest is counted.
const PROBLEM_LIMIT: usize = 1000;

/// The type under which resources are counted that do not say theirs.
const UNTYPED: &str = "(no resource)";

/// Collects what becomes of the resources.
#[derive(Default)]
pub(super) struct Tally {
    types: BTreeMap<String, ImportTypeCount>,
    problems: Vec<ImportProblem>,
    unnamed: u32,
    patients: HashSet<PatientId>,
    pub(super) files_done: u32,
    pub(super) files_total: u32,
    pub(super) resources_done: u32,
    pub(super) resources_total: u32,
    storing_since: Option<Duration>,
}

impl Tally {
    /// A resource was put.
    pub(super) fn put(&mut self, prepared: &Prepared, result: PutResult) {
        let count = self.of(prepared.resource_type.as_str());
        match result {
            PutResult::Created => count.created += 1,
            PutResult::Updated => count.updated += 1,
            PutResult::Unchanged => count.unchanged += 1,
        }
        if let Some(patient) = &prepared.patient
            && !self.patients.contains(patient)
        {
            self.patients.insert(patient.clone());
        }
    }

    /// A resource is there already.
    pub(super) fn unchanged(&mut self, resource_type: &str) {
        self.of(resource_type).unchanged += 1;
    }

    /// A resource was not stored; a problem that says why goes with it.
    pub(super) fn refused(&mut self, resource_type: Option<&str>) {
        self.of(resource_type.unwrap_or(UNTYPED)).refused += 1;
    }

    /// Something is to be said about a place in a file.
    pub(super) fn problem(&mut self, file: &str, place: &str, reason: &str) {
        if self.problems.len() < PROBLEM_LIMIT {
            let (file, place, reason) = (file.to_owned(), place.to_owned(), reason.to_owned());
            self.problems.push(ImportProblem { file, place, reason });
        } else {
            self.unnamed += 1;
        }
    }

    /// How far it is.
    pub(super) fn progress(&mut self, phase: &str, elapsed: Duration) -> ImportProgress {
        let since = *self.storing_since.get_or_insert(elapsed);
        ImportProgress {
            phase: phase.to_owned(),
            files_done: self.files_done,
            files_total: self.files_total,
            resources_done: self.resources_done,
            resources_total: self.resources_total,
            seconds_left: seconds_left(elapsed.saturating_sub(since), self.resources_done, self.resources_total),
            report: None,
        }
    }

    /// Forgets the time the survey took: it says nothing about the rate of storing.
    pub(super) fn storing_begins(&mut self, elapsed: Duration) {
        self.storing_since = Some(elapsed);
    }

    /// The end of it.
    pub(super) fn report(mut self, cancelled: bool) -> ImportReport {
        if self.unnamed > 0 {
            let reason = format!("{} more problems are not listed; solve these first and import again", self.unnamed);
            self.problems.push(ImportProblem { file: String::new(), place: String::new(), reason });
        }
        ImportReport {
            types: self.types.into_values().collect(),
            problems: self.problems,
            patients: u32::try_from(self.patients.len()).unwrap_or(u32::MAX),
            files: self.files_done,
            cancelled,
            failed: false,
        }
    }

    fn of(&mut self, resource_type: &str) -> &mut ImportTypeCount {
        self.resources_done += 1;
        self.types.entry(resource_type.to_owned()).or_insert_with(|| ImportTypeCount {
            resource_type: resource_type.to_owned(),
            ..ImportTypeCount::default()
        })
    }
}

/// Seconds left when `done` of `total` took `spent`; unknown before anything is done.
fn seconds_left(spent: Duration, done: u32, total: u32) -> Option<u32> {
    if done == 0 || spent < Duration::from_secs(1) {
        return None;
    }
    let left = u64::from(total.saturating_sub(done));
    let seconds = u64::try_from(spent.as_millis()).ok()?.saturating_mul(left) / u64::from(done) / 1000;
    u32::try_from(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_follows_the_rate_so_far() {
        assert_eq!(
            seconds_left(Duration::from_secs(10), 100, 400),
            Some(30),
            "a hundred in ten seconds, three hundred to go"
        );
        assert_eq!(seconds_left(Duration::ZERO, 0, 400), None, "nothing is known at the start");
        assert_eq!(seconds_left(Duration::from_secs(9), 5, 4), Some(0), "more than was surveyed is no time left");
    }

    #[test]
    fn more_problems_than_anybody_reads_are_counted() {
        let mut tally = Tally::default();
        (0..PROBLEM_LIMIT + 5).for_each(|n| tally.problem("f", &n.to_string(), "why"));
        let problems = tally.report(false).problems;
        assert_eq!(problems.len(), PROBLEM_LIMIT + 1, "the list ends");
        assert!(problems.last().unwrap().reason.starts_with("5 more"), "and says how many are missing");
    }
}
