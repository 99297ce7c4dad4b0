//! Immunizations, given or not.

use vigil_model::fhir::coding;
use vigil_model::fhir::date::format_date;
use vigil_model::fhir::field::{at, first, items, text};

use super::reader::{Chart, join, labelled, notes, qualified, sort_rows, when_choice};
use super::{Record, dosage, plain};
use crate::view::PlainRow;

/// Newest first; mistakes last.
pub(super) fn rows(chart: &Chart<'_>) -> Vec<PlainRow> {
    let mut rows: Vec<PlainRow> = chart.of("Immunization").map(|record| row(chart, record)).collect();
    sort_rows(&mut rows, |row| u8::from(row.status == "entered-in-error"), |row| &row.when);
    rows
}

/// One immunization; one that was not given says so in its status, with the reason.
pub(super) fn row(chart: &Chart<'_>, record: &Record) -> PlainRow {
    let immunization = &record.json;
    let protocol = first(immunization, "protocolApplied");
    let dose = ["doseNumberPositiveInt", "doseNumberString"].map(|key| match protocol.get(key) {
        Some(serde_json::Value::String(words)) => words.clone(),
        Some(serde_json::Value::Number(number)) => number.to_string(),
        _ => String::new(),
    });
    let performers =
        items(immunization, "performer").iter().map(|performer| chart.name_of(immunization, at(performer, &["actor"])));
    let detail = join(
        [
            labelled("dose", join(dose, " ")),
            dosage::quantity(at(immunization, &["doseQuantity"])),
            coding::display(at(immunization, &["route"])).to_owned(),
            coding::display(at(immunization, &["site"])).to_owned(),
            labelled("lot", text(immunization, "lotNumber")),
            labelled("expires", format_date(text(immunization, "expirationDate"))),
            labelled("by", join(performers, ", ")),
            labelled("at", chart.name_of(immunization, at(immunization, &["location"]))),
            labelled("reported by", coding::display(at(immunization, &["reportOrigin"]))),
            notes(immunization, "note"),
        ],
        ", ",
    );
    let mut row = plain::row(record, "vaccineCode", when_choice(immunization, "occurrence"), detail);
    row.status = qualified(&row.status, coding::display(at(immunization, &["statusReason"])));
    row
}
