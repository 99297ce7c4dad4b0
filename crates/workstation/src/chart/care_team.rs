//! Who takes part in the care: one row for each member of each CareTeam.

use chrono::{DateTime, Utc};
use serde_json::Value;
use vigil_model::fhir::date::FhirTime;
use vigil_model::fhir::field::{at, items, text};

use super::Record;
use super::reader::{Chart, concepts, is_error, notes, sort_rows, status, title, when};
use crate::view::CareTeamRow;

/// The status of a member whose time in a team is over while the team goes on; FHIR has none for it.
const LEFT: &str = "left";

/// Who takes part first, then newest; mistakes last. Whose time is over is told by [`tell_who_left`], which knows what time it is.
pub(super) fn rows(chart: &Chart<'_>) -> Vec<CareTeamRow> {
    let mut rows: Vec<CareTeamRow> = chart.of("CareTeam").flat_map(|record| members(chart, record)).collect();
    sort_rows(&mut rows, urgency, |row| &row.start);
    rows
}

/// Says of each member whose time in a team that goes on is over that they left, and puts them behind those who take part.
pub(crate) fn tell_who_left(rows: &mut [CareTeamRow], now: DateTime<Utc>) {
    for row in rows.iter_mut().filter(|row| is_active(&row.status)) {
        if FhirTime::parse(&row.end.iso).is_some_and(|end| end.last_second() < now.timestamp()) {
            LEFT.clone_into(&mut row.status);
        }
    }
    sort_rows(rows, urgency, |row| &row.start);
}

fn members(chart: &Chart<'_>, record: &Record) -> Vec<CareTeamRow> {
    let team = &record.json;
    let participants = items(team, "participant");
    let row = |place: usize, participant: &Value, member: String| {
        let of = |name: &str| {
            let own = text(at(participant, &["period"]), name);
            when(if own.is_empty() { text(at(team, &["period"]), name) } else { own })
        };
        CareTeamRow {
            id: record.id.clone(),
            version: record.version,
            place: u32::try_from(place).unwrap_or(u32::MAX),
            member,
            role: concepts(participant, "role"),
            team: named(team),
            start: of("start"),
            end: of("end"),
            status: status(team),
            note: notes(team, "note"),
            alone: participants.len() == 1,
        }
    };
    if participants.is_empty() {
        return vec![row(0, &Value::Null, "Nobody is named".to_owned())];
    }
    let who = |participant: &Value| title(&Value::Null, [chart.name_of(team, at(participant, &["member"])).as_str()]);
    participants.iter().enumerate().map(|(place, participant)| row(place, participant, who(participant))).collect()
}

fn named(team: &Value) -> String {
    match text(team, "name") {
        "" => concepts(team, "category"),
        name => name.to_owned(),
    }
}

/// FHIR R4 CareTeamStatus; a team that says nothing stands, as for the treatment relationship (`relationship.rs`).
fn is_active(status: &str) -> bool {
    matches!(status, "active" | super::reader::NOT_KNOWN)
}

fn urgency(row: &CareTeamRow) -> u8 {
    match row.status.as_str() {
        status if is_error(status) => 3,
        status if is_active(status) => 0,
        "proposed" => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::{chart_of, record};
    use super::*;

    #[test]
    fn each_member_is_a_row_with_role_and_time_and_who_left_stands_behind() {
        let team = record(json!({
            "resourceType": "CareTeam", "id": "t", "status": "active", "name": "Diabetes", "period": { "start": "2026-01-02" },
            "participant": [
                { "role": [{ "text": "nurse" }], "member": { "display": "R. SILVA" }, "period": { "start": "2026-03-01", "end": "2026-06-30" } },
                { "member": { "display": "Dr A. OKAFOR" } },
            ],
        }));
        let empty = record(json!({ "resourceType": "CareTeam", "id": "e", "status": "entered-in-error" }));
        let mut rows = chart_of(&[team, empty], rows);
        tell_who_left(&mut rows, "2026-06-30T23:59:59Z".parse().unwrap());
        assert!(rows.iter().all(|row| row.status != LEFT), "the last day belongs to it");
        tell_who_left(&mut rows, "2026-07-01T00:00:00Z".parse().unwrap());
        let said: Vec<_> =
            rows.iter().map(|row| (row.member.as_str(), row.status.as_str(), row.start.iso.as_str())).collect();
        assert_eq!(
            said,
            [
                ("Dr A. OKAFOR", "active", "2026-01-02"),
                ("R. SILVA", "left", "2026-03-01"),
                ("Nobody is named", "entered-in-error", "")
            ],
            "who takes part, who left, what was a mistake; a member's own time before that of the team"
        );
        assert!(rows.iter().all(|row| !row.alone), "a team of two, and one of nobody");
    }
}
