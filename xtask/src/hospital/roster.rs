//! Who is on duty on the ward: FHIR R4 Schedules of twelve hours, the nurses day and night in turn.

use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};

use super::code::{moment, reference};
use super::staff::Staff;

const WARD: &str = "Ward 4 East";
/// From yesterday's, for whoever starts at night.
const DAYS: i64 = 28;

/// One nurse has the days and one the nights, so that a demo always finds the same.
pub(super) fn shifts(staff: &Staff, today: NaiveDate) -> Vec<Value> {
    let nurses = staff.practitioners.iter().filter(|who| who.specialty == "Nursing").rev();
    let Some(ward) = staff.location(WARD) else { return Vec::new() };
    let mut found = Vec::new();
    for (number, nurse) in nurses.enumerate().take(2) {
        for day in -1..DAYS {
            let date = today + Duration::days(day);
            let ((from, begin), (until, end)) =
                if number == 0 { ((date, 6), (date, 18)) } else { ((date, 18), (date + Duration::days(1), 6)) };
            found.push(json!({
                "resourceType": "Schedule", "id": format!("shift-{number}-{}", date.format("%Y%m%d")), "active": true,
                "actor": [reference("Practitioner", &nurse.id), reference("Location", ward)],
                "planningHorizon": { "start": moment(from, begin * 60), "end": moment(until, end * 60) },
                "comment": format!("Duty on {WARD}"),
            }));
        }
    }
    found
}
