//! Visits and stays.

use serde_json::Value;
use vigil_model::fhir::coding;
use vigil_model::fhir::field::{at, items, text};

use super::Record;
use super::reader::{Chart, concepts, is_error, join, noted, sort_rows, status, title, when};
use crate::view::EncounterRow;

/// Displays of the encounter classes for senders that give the code alone: HL7 value set v3-ActEncounterCode (terminology.hl7.org).
const CLASSES: [(&str, &str); 11] = [
    ("AMB", "ambulatory"),
    ("EMER", "emergency"),
    ("FLD", "field"),
    ("HH", "home health"),
    ("IMP", "inpatient encounter"),
    ("ACUTE", "inpatient acute"),
    ("NONAC", "inpatient non-acute"),
    ("OBSENC", "observation encounter"),
    ("PRENC", "pre-admission"),
    ("SS", "short stay"),
    ("VR", "virtual"),
];

/// Those that go on first, then newest; mistakes last.
pub(super) fn rows(chart: &Chart<'_>) -> Vec<EncounterRow> {
    let mut rows: Vec<EncounterRow> = chart.of("Encounter").map(|record| row(chart, record)).collect();
    sort_rows(&mut rows, urgency, |row| &row.start);
    rows
}

/// One encounter.
pub(super) fn row(chart: &Chart<'_>, record: &Record) -> EncounterRow {
    let encounter = &record.json;
    let period = at(encounter, &["period"]);
    let class = class(at(encounter, &["class"]));
    let diagnoses =
        items(encounter, "diagnosis").iter().map(|diagnosis| chart.name_of(encounter, at(diagnosis, &["condition"])));
    let reason = match chart.reasons(encounter) {
        empty if empty.is_empty() => join(diagnoses, ", "),
        reason => reason,
    };
    let reason = join([reason, noted(encounter)], "; ");
    let practitioners = items(encounter, "participant")
        .iter()
        .map(|participant| chart.name_of(encounter, at(participant, &["individual"])));
    let places = items(encounter, "location").iter().map(|place| chart.name_of(encounter, at(place, &["location"])));
    let place = match join(places, ", ") {
        empty if empty.is_empty() => chart.name_of(encounter, at(encounter, &["serviceProvider"])),
        place => place,
    };
    EncounterRow {
        id: record.id.clone(),
        version: record.version,
        start: when(text(period, "start")),
        end: when(text(period, "end")),
        kind: title(
            encounter,
            [concepts(encounter, "type").as_str(), coding::display(at(encounter, &["serviceType"])), &class],
        ),
        class,
        reason,
        practitioner: join(practitioners, ", "),
        place,
        status: status(encounter),
    }
}

/// An encounter in words: `Inpatient encounter since 18-Nov-2026 08:00`.
pub(crate) fn encounter_words(encounter: &Value) -> String {
    let class = class(at(encounter, &["class"]));
    let called = title(
        encounter,
        [concepts(encounter, "type").as_str(), coding::display(at(encounter, &["serviceType"])), &class],
    );
    let mut letters = called.chars();
    let called: String = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    let period = at(encounter, &["period"]);
    let (start, end) = (text(period, "start"), text(period, "end"));
    match (start.is_empty(), end.is_empty()) {
        (true, _) => called,
        (false, true) => format!("{called} since {}", when(start).text),
        (false, false) => format!("{called} from {} to {}", when(start).text, when(end).text),
    }
}

/// The display of an encounter class.
pub(crate) fn encounter_class(code: &str) -> Option<&'static str> {
    CLASSES.iter().find(|(known, _)| *known == code).map(|(_, display)| *display)
}

fn class(class: &Value) -> String {
    let shown = match text(class, "display") {
        "" => {
            let code = text(class, "code");
            encounter_class(code).unwrap_or(code)
        }
        display => display,
    };
    shown.to_owned()
}

/// Whether it goes on (FHIR R4 EncounterStatus).
pub(crate) fn is_open(status: &str) -> bool {
    matches!(status, "arrived" | "triaged" | "in-progress" | "onleave")
}

fn urgency(row: &EncounterRow) -> u8 {
    match row.status.as_str() {
        status if is_open(status) => 0,
        "planned" => 1,
        status if is_error(status) => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::{chart_of, record};
    use super::*;

    #[test]
    fn a_stay_that_goes_on_comes_before_a_later_visit() {
        let records = [
            record(
                json!({ "resourceType": "Encounter", "id": "visit", "status": "finished", "class": { "code": "AMB" }, "period": { "start": "2026-11-21T10:00:00Z" } }),
            ),
            record(
                json!({ "resourceType": "Encounter", "id": "stay", "status": "in-progress", "class": { "code": "IMP" }, "period": { "start": "2026-11-01T10:00:00Z" } }),
            ),
        ];
        let rows = chart_of(&records, rows);
        assert_eq!(
            rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(),
            ["stay", "visit"],
            "the patient is here now"
        );
        assert_eq!(
            (rows[0].kind.as_str(), rows[1].class.as_str()),
            ("inpatient encounter", "ambulatory"),
            "classes in words"
        );
    }
}
