//! Who is on duty where: what a hospital's roster says, and which places lie within one another. Elements: FHIR R4 (4.0.1) Schedule and
//! Location.

use serde_json::Value;

use super::date::FhirTime;
use super::field::{items, text};
use super::{reference, worklist};

/// A duty is at most so long, two days on call. A Schedule with a longer horizon is that of a clinic which takes bookings: it says when
/// appointments may be made, and not that its people are there.
const LONGEST_SECONDS: i64 = 48 * 3600;

/// Elements that this looks at, so that a reader may skip all others.
const READ: [&str; 4] = ["active", "actor", "partOf", "planningHorizon"];

/// Whether [`shift`] or [`found_by`] looks at the element `name` of a resource.
pub fn is_read(name: &str) -> bool {
    READ.contains(&name)
}

/// Whether resources of this type say something of the roster.
pub fn is_of(resource_type: &str) -> bool {
    matches!(resource_type, "Schedule" | "Location")
}

/// A time during which people are on duty at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Who: references to practitioners and teams, `Type/id` or `Type?identifier=system|value`.
    pub staff: Vec<String>,
    /// Where, in the same form.
    pub places: Vec<String>,
    /// The first second, since 1970 UTC.
    pub from: i64,
    /// The last second.
    pub until: i64,
}

/// The shift that a Schedule is: people at a place for a duty (`planningHorizon`, both ends known). `None`: it is no shift, or not active.
pub fn shift(schedule: &Value) -> Option<Shift> {
    if schedule.get("active") == Some(&Value::Bool(false)) {
        return None;
    }
    let horizon = schedule.get("planningHorizon")?;
    let from = FhirTime::parse(text(horizon, "start"))?.epoch_seconds();
    let until = FhirTime::parse(text(horizon, "end"))?.last_second();
    let actors = items(schedule, "actor").iter().filter_map(reference::key).filter(|key| worklist::is_actor(key));
    let (places, staff): (Vec<String>, Vec<String>) = actors.partition(|key| reference::kind(key) == "Location");
    let lasts = until.checked_sub(from)?;
    let is_duty = (0..=LONGEST_SECONDS).contains(&lasts) && !places.is_empty() && !staff.is_empty();
    is_duty.then_some(Shift { staff, places, from, until })
}

/// The place of which a Location is a part.
pub fn within(location: &Value) -> Option<String> {
    reference::key(location.get("partOf")?).filter(|key| reference::kind(key) == "Location")
}

/// What a resource of the roster is found by: a shift by who is on duty, a place by the one that it is a part of. Total.
pub fn found_by(resource_type: &str, resource: &Value) -> Vec<String> {
    match resource_type {
        "Schedule" => shift(resource).map(|shift| shift.staff).unwrap_or_default(),
        "Location" => within(resource).into_iter().collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn duty(end: &str) -> Value {
        json!({
            "resourceType": "Schedule", "id": "s", "active": true,
            "actor": [{ "reference": "Practitioner/n" }, { "reference": "Location/w4" }],
            "planningHorizon": { "start": "2026-11-28T06:00:00Z", "end": end },
        })
    }

    #[test]
    fn a_schedule_of_people_at_a_place_for_a_duty_is_a_shift() {
        let found = shift(&duty("2026-11-28T14:00:00Z")).unwrap();
        assert_eq!((found.staff, found.places), (vec!["Practitioner/n".to_owned()], vec!["Location/w4".to_owned()]));
        assert_eq!((found.from, found.until), (1_795_845_600, 1_795_874_400));
        assert!(shift(&duty("2026-11-30T06:00:00Z")).is_some(), "two days on call");
        assert_eq!(shift(&duty("2026-11-30T06:00:01Z")), None, "a clinic that takes bookings");
        assert_eq!(shift(&duty("2026-11-28T05:00:00Z")), None, "it ends before it begins");
    }

    #[test]
    fn what_is_not_active_or_names_no_place_or_nobody_is_none() {
        let changed = |key: &str, value: Value| {
            let mut schedule = duty("2026-11-28T14:00:00Z");
            schedule[key] = value;
            shift(&schedule)
        };
        assert_eq!(changed("active", json!(false)), None);
        assert_eq!(changed("actor", json!([{ "reference": "Practitioner/n" }])), None);
        assert_eq!(changed("actor", json!([{ "reference": "Location/w4" }])), None);
        assert_eq!(changed("actor", json!([{ "reference": "Patient/p" }, { "reference": "Location/w4" }])), None);
        assert_eq!(changed("planningHorizon", json!({ "start": "2026-11-28T06:00:00Z" })), None);
        assert_eq!(changed("planningHorizon", json!("soon")), None, "total");
    }

    #[test]
    fn a_bed_is_found_by_its_ward() {
        let bed = json!({ "resourceType": "Location", "partOf": { "reference": "Location/w4" } });
        assert_eq!(found_by("Location", &bed), ["Location/w4"]);
        assert_eq!(found_by("Location", &json!({ "partOf": { "reference": "Organization/h" } })), [""; 0]);
        assert_eq!(found_by("Practitioner", &bed), [""; 0]);
    }
}
