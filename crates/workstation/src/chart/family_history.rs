//! Family history: one row per relative.

use serde_json::Value;
use vigil_model::fhir::coding;
use vigil_model::fhir::date::format_date;
use vigil_model::fhir::field::{at, first, items, text};
use vigil_model::fhir::quantity::{format_quantity, format_range};

use super::reader::{Chart, join, labelled, notes, qualified, title, when};
use super::{Record, plain};
use crate::view::PlainRow;

/// By relative; mistakes last.
pub(super) fn rows(chart: &Chart<'_>) -> Vec<PlainRow> {
    let mut rows: Vec<PlainRow> = chart.of("FamilyMemberHistory").map(row).collect();
    rows.sort_by_cached_key(|row| (row.status == "entered-in-error", row.title.to_lowercase()));
    rows
}

fn row(record: &Record) -> PlainRow {
    let history = &record.json;
    let conditions = items(history, "condition").iter().map(|condition| {
        let name = coding::display(at(condition, &["code"]));
        let onset = [
            labelled("at age", format_quantity(first(condition, "onsetAge"))),
            labelled("at age", format_range(first(condition, "onsetRange"))),
            text(condition, "onsetString").to_owned(),
        ];
        let fatal =
            if condition.get("contributedToDeath") == Some(&Value::Bool(true)) { "contributed to death" } else { "" };
        qualified(
            name,
            &join(
                [
                    join(onset, " "),
                    coding::display(at(condition, &["outcome"])).to_owned(),
                    fatal.to_owned(),
                    notes(condition, "note"),
                ],
                ", ",
            ),
        )
    });
    let detail = join([join(conditions, ", "), deceased(history), notes(history, "note")], "; ");
    let mut row = plain::row(record, "relationship", when(text(history, "date")), detail);
    row.title = qualified(&title(history, [coding::display(at(history, &["relationship"]))]), text(history, "name"));
    row.status = qualified(&row.status, coding::display(at(history, &["dataAbsentReason"])));
    row
}

fn deceased(history: &Value) -> String {
    let age = format_quantity(first(history, "deceasedAge"));
    let words = [format_date(text(history, "deceasedDate")), text(history, "deceasedString").to_owned()];
    match (age.is_empty(), join(words, " "), history.get("deceasedBoolean")) {
        (false, ..) => format!("died at age {age}"),
        (true, words, _) if !words.is_empty() => format!("died {words}"),
        (true, _, Some(Value::Bool(true))) => "died".to_owned(),
        _ => String::new(),
    }
}
