//! What goes on around today: who lies in the house, and who is expected. Shapes: FHIR R4 Encounter and Appointment; codes are
//! those of the visits.

use chrono::{Datelike, Duration, NaiveDate};
use serde_json::{Value, json};

use super::chance::Chance;
use super::code::{HL7, moment, reference};
use super::person::Person;
use super::staff::Staff;
use super::visit::Kind;

/// Nothing for the dead.
pub(super) fn draw(person: &Person, today: NaiveDate, doctor: &str, staff: &Staff, chance: &mut Chance) -> Vec<Value> {
    if person.death.is_some() || person.birth + Duration::days(14) > today {
        return Vec::new();
    }
    let mut found = Vec::new();
    if chance.happens(0.04) {
        let begin = moment(today - Duration::days(chance.whole(1, 6)), chance.whole(7 * 60, 21 * 60));
        found.push(stay(person, Kind::Admission, ("IMP", "Ward 4 East"), &begin, ("Internal medicine", staff), chance));
    } else if chance.happens(0.015) {
        let begin = moment(today - Duration::days(1), chance.whole(19 * 60, 23 * 60));
        let place = ("EMER", "Emergency department");
        found.push(stay(person, Kind::Emergency, place, &begin, ("Emergency medicine", staff), chance));
    }
    if chance.happens(0.2) {
        found.extend(appointment(person, today, doctor, staff, chance));
    }
    found
}

fn stay(
    person: &Person,
    kind: Kind,
    (class, place): (&str, &str),
    begin: &str,
    (specialty, staff): (&str, &Staff),
    chance: &mut Chance,
) -> Value {
    let id = chance.id();
    let who = staff.of(specialty, chance);
    json!({
        "resourceType": "Encounter", "id": id, "status": "in-progress",
        "class": { "system": format!("{HL7}/v3-ActCode"), "code": class },
        "type": [kind.code().concept()],
        "subject": { "reference": format!("Patient/{}", person.id), "display": person.full_name() },
        "participant": [{ "individual": { "reference": format!("Practitioner/{}", who.id), "display": who.name } }],
        "period": { "start": begin },
        "location": staff.location(place)
            .map(|id| json!([{ "status": "active", "location": { "reference": format!("Location/{id}"), "display": place } }])),
        "serviceProvider": reference("Organization", &staff.hospital),
    })
}

/// On a working day of the next ten, today among them.
fn appointment(person: &Person, today: NaiveDate, doctor: &str, staff: &Staff, chance: &mut Chance) -> Option<Value> {
    let day = today + Duration::days(chance.whole(0, 9));
    let (id, minutes) = (chance.id(), 8 * 60 + chance.whole(0, 30) * 15);
    if day != today && day.weekday().num_days_from_monday() > 4 {
        return None;
    }
    let who = staff.by_id(doctor)?;
    let room = "Alder Clinic, room 3";
    Some(json!({
        "resourceType": "Appointment", "id": id, "status": "booked",
        "start": moment(day, minutes), "end": moment(day, minutes + 15), "minutesDuration": 15,
        "participant": [
            { "actor": { "reference": format!("Patient/{}", person.id), "display": person.full_name() }, "status": "accepted" },
            { "actor": { "reference": format!("Practitioner/{}", who.id), "display": who.name }, "status": "accepted" },
            { "actor": { "reference": format!("Location/{}", staff.location(room)?), "display": room }, "status": "accepted" },
        ],
    }))
}
