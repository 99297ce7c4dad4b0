//! Referrals to specialists that stand open: FHIR R4 ServiceRequest. The category is SNOMED CT 3457005, the root of the value set
//! `referral-type` of FHIR STU3.

use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};

use super::chance::Chance;
use super::code::{moment, reference, sct};
use super::person::Person;
use super::staff::Staff;

/// Of a grown-up patient who lives, now and then.
pub(super) fn draw(
    person: &Person,
    today: NaiveDate,
    doctor: &str,
    staff: &Staff,
    chance: &mut Chance,
) -> Option<Value> {
    let grown = person.birth + Duration::days(18 * 366) < today;
    if person.death.is_some() || !grown || !chance.happens(0.06) {
        return None;
    }
    let specialty = if chance.happens(0.5) { "Cardiology" } else { "Pulmonology" };
    let (asks, does) = (staff.by_id(doctor)?, staff.of(specialty, chance));
    let by = |who: &super::staff::Practitioner| json!({ "reference": format!("Practitioner/{}", who.id), "display": who.name });
    Some(json!({
        "resourceType": "ServiceRequest", "id": chance.id(), "status": "active", "intent": "order",
        "category": [sct("3457005", "Patient referral").concept()],
        "code": { "text": format!("Referral to {}", specialty.to_lowercase()) },
        "subject": reference("Patient", &person.id),
        "authoredOn": moment(today - Duration::days(chance.whole(1, 20)), chance.whole(8 * 60, 17 * 60)),
        "requester": by(asks), "performer": [by(does)],
    }))
}
