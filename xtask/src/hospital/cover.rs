//! Insurance: the coverage of a person and the claims for their last visits. Shapes and codes: US Core 9.0.0
//! coverage-example and the claims of the Synthea R4 samples.

use serde_json::{Value, json};

use super::chance::Chance;
use super::code::{HL7, hl7, reference, years};
use super::person::Person;
use super::procedure::Done;
use super::staff::Staff;
use super::visit::Visit;

pub(super) struct Cover {
    pub(super) resources: Vec<Value>,
}

pub(super) fn draw(person: &Person, visits: &[Visit], done: &[Done], staff: &Staff, chance: &mut Chance) -> Cover {
    let mut resources = Vec::new();
    if chance.happens(0.85) {
        let id = chance.id();
        resources.push(coverage(&id, person, staff, chance));
        for visit in visits.iter().rev().take(2) {
            if chance.happens(0.35) {
                resources.push(claim(&id, person, visit, done, staff, chance));
            }
        }
    }
    Cover { resources }
}

fn coverage(id: &str, person: &Person, staff: &Staff, chance: &mut Chance) -> Value {
    let member = format!("EM{:08}", chance.whole(1, 99_999_999));
    let start = chance.day((person.end - years(6.0)).max(person.birth), person.end);
    json!({
        "resourceType": "Coverage", "id": id, "status": if person.death.is_some() { "cancelled" } else { "active" },
        "identifier": [{ "type": { "coding": [{ "system": format!("{HL7}/v2-0203"), "code": "MB",
            "display": "Member Number" }] }, "system": "https://evergreen-mutual.example/members", "value": member }],
        "type": { "coding": [{ "system": format!("{HL7}/v3-ActCode"), "code": "PPO",
            "display": "preferred provider organization policy" }], "text": "PPO" },
        "subscriberId": member,
        "beneficiary": { "reference": format!("Patient/{}", person.id) },
        "relationship": hl7("subscriber-relationship", "self"),
        "period": { "start": start.to_string() },
        "payor": [{ "reference": format!("Organization/{}", staff.payer), "display": "Evergreen Mutual Health Plan" }],
        "class": [{ "type": { "coding": [{ "system": format!("{HL7}/coverage-class"), "code": "plan",
            "display": "Plan" }] }, "value": chance.pick(&["bronze", "silver", "gold"]) }],
    })
}

fn claim(coverage: &str, person: &Person, visit: &Visit, done: &[Done], staff: &Staff, chance: &mut Chance) -> Value {
    let mut items = vec![json!({ "sequence": 1, "productOrService": visit.kind.code().concept(),
        "encounter": [visit.reference()], "net": money(chance) })];
    let mut procedures = Vec::new();
    for (place, procedure) in done.iter().filter(|procedure| procedure.visit == visit.id).enumerate() {
        procedures.push(json!({ "sequence": place + 1, "procedureReference": reference("Procedure", &procedure.id) }));
        items.push(json!({ "sequence": place + 2, "procedureSequence": [place + 1],
            "productOrService": procedure.code.concept(), "net": money(chance) }));
    }
    let mut value = json!({
        "resourceType": "Claim", "id": chance.id(), "status": "active", "type": hl7("claim-type", "institutional"),
        "use": "claim", "patient": { "reference": format!("Patient/{}", person.id) },
        "billablePeriod": { "start": visit.at(0), "end": visit.at(30) }, "created": visit.at(120),
        "provider": reference("Organization", &staff.hospital), "priority": hl7("processpriority", "normal"),
        "insurance": [{ "sequence": 1, "focal": true, "coverage": reference("Coverage", coverage) }],
        "item": items,
    });
    if let (false, Some(fields)) = (procedures.is_empty(), value.as_object_mut()) {
        fields.insert("procedure".to_owned(), Value::Array(procedures));
    }
    value
}

fn money(chance: &mut Chance) -> Value {
    json!({ "value": chance.whole(4500, 39_000) as f64 / 100.0, "currency": "USD" })
}
