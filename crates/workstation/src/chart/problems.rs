//! Problems and diagnoses: FHIR Condition.

use serde_json::Value;
use vigil_model::fhir::coding;
use vigil_model::fhir::field::{at, first, text};
use vigil_model::fhir::quantity::{format_quantity, format_range};

use super::Record;
use super::reader::{Chart, NOT_KNOWN, concepts, is_error, notes, sort_rows, title, when, when_choice};
use crate::view::{ProblemRow, When};

/// Active first, then by onset, newest first; mistakes last.
pub(super) fn rows(chart: &Chart<'_>) -> Vec<ProblemRow> {
    let mut rows: Vec<(When, ProblemRow)> =
        chart.of("Condition").map(|record| (recorded(&record.json), row(record))).collect();
    sort_rows(
        &mut rows,
        |(_, row)| urgency(row),
        |(recorded, row)| if row.onset.iso.is_empty() { recorded } else { &row.onset },
    );
    rows.into_iter().map(|(_, row)| row).collect()
}

/// One condition.
pub(super) fn row(record: &Record) -> ProblemRow {
    let condition = &record.json;
    let code = at(condition, &["code"]);
    let status = coding::code(at(condition, &["clinicalStatus"]));
    let verification = coding::code(at(condition, &["verificationStatus"]));
    let abatement = age_or_time(condition, "abatement");
    ProblemRow {
        id: record.id.clone(),
        version: record.version,
        name: title(condition, [coding::display(code)]),
        code: coding::code_label(code),
        active: is_active(status, verification, condition),
        clinical_status: if status.is_empty() { NOT_KNOWN.to_owned() } else { status.to_owned() },
        verification_status: verification.to_owned(),
        category: concepts(condition, "category"),
        severity: coding::display(at(condition, &["severity"])).to_owned(),
        onset: age_or_time(condition, "onset"),
        abatement,
        note: notes(condition, "note"),
    }
}

/// When a condition was recorded.
pub(super) fn recorded(condition: &Value) -> When {
    when(text(condition, "recordedDate"))
}

/// Active, recurrence or relapse. A condition of which nobody said that it is over counts as active: missing it would be the worse mistake.
fn is_active(status: &str, verification: &str, condition: &Value) -> bool {
    let stated_over = condition.as_object().is_some_and(|fields| fields.keys().any(|key| key.starts_with("abatement")));
    match verification {
        "refuted" | "entered-in-error" => false,
        _ => matches!(status, "active" | "recurrence" | "relapse") || (status.is_empty() && !stated_over),
    }
}

fn urgency(row: &ProblemRow) -> u8 {
    match (row.active, is_error(&row.verification_status) || row.verification_status == "refuted") {
        (true, _) => 0,
        (false, false) => 1,
        (false, true) => 2,
    }
}

/// A choice of date, period, text, age or range.
fn age_or_time(condition: &Value, prefix: &str) -> When {
    let age = format_quantity(first(condition, &format!("{prefix}Age")));
    let range = format_range(first(condition, &format!("{prefix}Range")));
    match (age.is_empty(), range.is_empty()) {
        (false, _) => When { iso: String::new(), text: format!("at age {age}") },
        (_, false) => When { iso: String::new(), text: format!("at age {range}") },
        _ => when_choice(condition, prefix),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::{chart_of, record};
    use super::*;

    #[test]
    fn active_problems_come_first_and_mistakes_last() {
        let status = |code: &str| json!({ "coding": [{ "code": code }] });
        let records = [
            record(
                json!({ "resourceType": "Condition", "id": "wrong", "clinicalStatus": status("active"), "verificationStatus": status("entered-in-error"), "onsetDateTime": "2026-01-01" }),
            ),
            record(
                json!({ "resourceType": "Condition", "id": "over", "clinicalStatus": status("resolved"), "onsetDateTime": "2025-01-01" }),
            ),
            record(
                json!({ "resourceType": "Condition", "id": "old", "clinicalStatus": status("active"), "onsetDateTime": "1998-03" }),
            ),
            record(json!({ "resourceType": "Condition", "id": "unsaid", "recordedDate": "2020-01-01" })),
        ];
        let rows = chart_of(&records, rows);
        assert_eq!(
            rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(),
            ["unsaid", "old", "over", "wrong"],
            "urgency, then time"
        );
        assert_eq!(rows[1].onset.text, "Mar-1998", "only as far as known");
        assert_eq!(
            (rows[0].name.as_str(), rows[0].clinical_status.as_str()),
            ("Not known", "Not known"),
            "never blank"
        );
        assert!(rows[0].active, "a problem of which nobody said that it is over is not hidden among the resolved");
        assert!(!rows[3].active, "a mistake is not an active problem");
    }
}
