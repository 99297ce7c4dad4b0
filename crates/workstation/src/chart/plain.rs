//! The row that every plain list shares.

use vigil_model::fhir::coding;
use vigil_model::fhir::field::at;

use super::Record;
use super::reader::{is_error, sort_rows, status, title};
use crate::view::{PlainRow, When};

/// A row with the code under `code_key`; its title is the code's text unless the caller sets another.
pub(super) fn row(record: &Record, code_key: &str, when: When, detail: String) -> PlainRow {
    let code = at(&record.json, &[code_key]);
    PlainRow {
        resource_type: record.resource_type.clone(),
        id: record.id.clone(),
        version: record.version,
        title: title(&record.json, [coding::display(code)]),
        code: coding::code_label(code),
        when,
        status: status(&record.json),
        detail,
        facts: Vec::new(),
    }
}

/// What goes on first, then newest; mistakes last.
pub(super) fn sorted(mut rows: Vec<PlainRow>) -> Vec<PlainRow> {
    sort_rows(&mut rows, urgency, |row| &row.when);
    rows
}

fn urgency(row: &PlainRow) -> u8 {
    match row.status.as_str() {
        status if is_error(status) => 2,
        "active" | "in-progress" | "on-hold" | "preparation" | "accepted" | "planned" | "proposed" | "draft" => 0,
        _ => 1,
    }
}
