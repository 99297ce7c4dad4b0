//! Procedures.

use vigil_model::fhir::coding;
use vigil_model::fhir::field::{at, items};

use super::reader::{Chart, concepts, join, labelled, notes, qualified, when_choice};
use super::{Record, plain};
use crate::view::PlainRow;

/// What goes on first, then newest; mistakes last.
pub(super) fn rows(chart: &Chart<'_>) -> Vec<PlainRow> {
    plain::sorted(chart.of("Procedure").map(|record| row(chart, record)).collect())
}

/// One procedure.
pub(super) fn row(chart: &Chart<'_>, record: &Record) -> PlainRow {
    let procedure = &record.json;
    let performers = items(procedure, "performer").iter().map(|performer| {
        qualified(&chart.name_of(procedure, at(performer, &["actor"])), coding::display(at(performer, &["function"])))
    });
    let detail = join(
        [
            labelled("for", chart.reasons(procedure)),
            labelled("at", concepts(procedure, "bodySite")),
            labelled("by", join(performers, ", ")),
            labelled("in", chart.name_of(procedure, at(procedure, &["location"]))),
            labelled("outcome", coding::display(at(procedure, &["outcome"]))),
            labelled("complication", concepts(procedure, "complication")),
            notes(procedure, "note"),
        ],
        ", ",
    );
    let mut row = plain::row(record, "code", when_choice(procedure, "performed"), detail);
    row.status = qualified(&row.status, coding::display(at(procedure, &["statusReason"])));
    row
}
