//! How the patient lives: observations of the category `social-history` (FHIR R4 code system observation-category: "Social History
//! Observations define the patient's occupational, personal, social, and environmental history and health risk factors").
//!
//! Sexual orientation, gender identity and the like come so from other systems (US Core) and are shown as they come. What stands here
//! stands nowhere else: results and vital signs leave it out.

use std::collections::HashSet;

use serde_json::Value;
use vigil_model::fhir::coding;
use vigil_model::fhir::field::{at, items, text};

use super::Record;
use super::observations::is_vital_sign;
use super::reader::{Chart, is_error, join, notes, seconds};
use super::reading::{made, value_with_unit};
use crate::view::PlainRow;

/// Whether an observation belongs here. One that is a vital sign too stays one.
pub(crate) fn is_social_history(observation: &Value) -> bool {
    let is = |category: &Value| items(category, "coding").iter().any(|coding| text(coding, "code") == "social-history");
    items(observation, "category").iter().any(is) && !is_vital_sign(observation)
}

/// The latest of each kind first, then earlier ones, then mistakes; newest first within.
pub(super) fn rows(chart: &Chart<'_>) -> Vec<PlainRow> {
    let (latest, earlier) = parted(chart);
    latest.into_iter().chain(earlier).collect()
}

/// The latest of each kind, at most so many.
pub(super) fn latest(chart: &Chart<'_>, most: usize) -> Vec<PlainRow> {
    let mut latest = parted(chart).0;
    latest.truncate(most);
    latest
}

fn parted(chart: &Chart<'_>) -> (Vec<PlainRow>, Vec<PlainRow>) {
    let mut all: Vec<(String, PlainRow)> = chart
        .of("Observation")
        .filter(|record| is_social_history(&record.json))
        .map(|record| (kind(&record.json), row(record)))
        .collect();
    all.sort_by_cached_key(|(_, row)| (is_error(&row.status), std::cmp::Reverse(seconds(&row.when))));
    let mut seen = HashSet::new();
    let (latest, earlier): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(kind, row)| !is_error(&row.status) && seen.insert(kind.clone()));
    let rows = |of: Vec<(String, PlainRow)>| of.into_iter().map(|(_, row)| row).collect();
    (rows(latest), rows(earlier))
}

fn row(record: &Record) -> PlainRow {
    let observation = &record.json;
    let parts = items(observation, "component")
        .iter()
        .map(|part| join([coding::display(at(part, &["code"])), &value_with_unit(part)], " "));
    let own = value_with_unit(observation);
    // A panel has its value in its parts.
    let own = if own == super::reading::NO_VALUE && !items(observation, "component").is_empty() {
        String::new()
    } else {
        own
    };
    let detail = join([own, join(parts, ", "), notes(observation, "note")], "; ");
    super::plain::row(record, "code", made(observation), detail)
}

/// What makes two of one kind: system and code, else the words.
fn kind(observation: &Value) -> String {
    let code = at(observation, &["code"]);
    match coding::preferred(code) {
        Some(coding) => format!("{}|{}", text(coding, "system"), text(coding, "code")),
        None => coding::display(code).to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::observations::split;
    use super::super::subject::Subject;
    use super::super::testing::{chart_of, record};
    use super::*;

    fn smoking(id: &str, status: &str, day: &str, finding: &str) -> Record {
        record(json!({
            "resourceType": "Observation", "id": id, "status": status, "effectiveDateTime": day,
            "category": [{ "coding": [{ "code": "social-history" }] }],
            "code": { "coding": [{ "system": "http://loinc.org", "code": "72166-2" }], "text": "Tobacco smoking status" },
            "valueCodeableConcept": { "text": finding },
        }))
    }

    #[test]
    fn the_latest_of_each_kind_stands_first_and_a_mistake_last() {
        let alcohol = record(json!({
            "resourceType": "Observation", "id": "alcohol", "status": "final", "effectiveDateTime": "2020-01-01",
            "category": [{ "coding": [{ "code": "social-history" }] }], "code": { "text": "Alcohol" }, "valueString": "none",
        }));
        let records = [
            smoking("now", "final", "2026-01-01", "Former smoker"),
            smoking("before", "final", "2025-01-01", "Current every day smoker"),
            smoking("wrong", "entered-in-error", "2026-02-01", "Never smoker"),
            alcohol,
        ];
        let rows = chart_of(&records, rows);
        let said: Vec<_> = rows.iter().map(|row| (row.id.as_str(), row.detail.as_str())).collect();
        assert_eq!(
            said,
            [
                ("now", "Former smoker"),
                ("alcohol", "none"),
                ("before", "Current every day smoker"),
                ("wrong", "Never smoker")
            ],
            "what holds, then what held, then what never did"
        );
    }

    #[test]
    fn what_stands_here_stands_in_no_other_list_of_observations() {
        let records = [smoking("s", "final", "2026-01-01", "Former smoker")];
        let (vitals, results) = split(records.iter(), &Subject::default());
        assert!(vitals.is_empty() && results.is_empty(), "neither a vital sign nor a result");
        let both = json!({ "category": [{ "coding": [{ "code": "social-history" }, { "code": "vital-signs" }] }] });
        assert!(!is_social_history(&both), "what is a vital sign too stays one");
    }
}
