//! The first page of a chart: what matters first.

use super::reader::Chart;
use super::subject::Subject;
use super::{Record, allergies, care_plans, encounters, medications, observations, problems, social_history};
use crate::view::{ObservationGroup, SummaryContent};

/// How many results and encounters the first page shows.
const RESULTS: usize = 12;
const ENCOUNTERS: usize = 5;
const SOCIAL_HISTORY: usize = 6;

/// The summary of everything that `records` holds.
pub(super) fn content(chart: &Chart<'_>, records: &[Record], subject: &Subject) -> SummaryContent {
    let mut encounters = encounters::rows(chart);
    encounters.truncate(ENCOUNTERS);
    let (vitals, results) = observations::split(chart.of("Observation"), subject);
    SummaryContent {
        problems: problems::rows(chart).into_iter().filter(|row| row.active).collect(),
        allergies: allergies::banner(records),
        allergy_rows: allergies::active_rows(chart),
        medications: medications::rows(chart).into_iter().filter(|row| row.active).collect(),
        vitals,
        results: most_telling(results),
        encounters,
        care_plans: care_plans::active_plans(chart),
        social_history: social_history::latest(chart, SOCIAL_HISTORY),
    }
}

/// Abnormal results first, then laboratory results before answers and findings; the order within stays newest first.
fn most_telling(mut groups: Vec<ObservationGroup>) -> Vec<ObservationGroup> {
    groups.sort_by_key(|row| (observations::urgency(row.flag), row.category != "laboratory"));
    groups.truncate(RESULTS);
    groups
}
