//! What surrounds the visits: care plans, goals, the care team, family history and devices.
//!
//! Codes: care plans, activities and devices from the Synthea samples and US Core 9.0.0 device examples; 736283006 and
//! 15081005 from Synthea module `copd.json`; roles from the US Core careteam example; FTH from the US Core family
//! history example, MTH from the HL7 Europe hospital discharge report example.

use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};

use super::chance::Chance;
use super::code::{Code, HL7, age, hl7, moment, reference, sct};
use super::person::Person;
use super::problem::{Course, Problem};
use super::staff::Staff;

struct Scheme {
    problem: Problem,
    plan: Code,
    activities: [Code; 2],
    goal: &'static str,
}

const SCHEMES: [Scheme; 4] = [
    Scheme {
        problem: Problem::Diabetes,
        plan: sct("698360004", "Diabetes self management plan"),
        activities: [sct("160670007", "Diabetic diet"), sct("229065009", "Exercise therapy")],
        goal: "Check blood sugar every morning and walk half an hour on five days a week",
    },
    Scheme {
        problem: Problem::HeartFailure,
        plan: sct("735984001", "Heart failure self management plan"),
        activities: [sct("386619000", "Low sodium diet (finding)"), sct("183301007", "physical exercise")],
        goal: "Weigh every morning and call when the weight goes up quickly",
    },
    Scheme {
        problem: Problem::ChildhoodAsthma,
        plan: sct("699728000", "Asthma self management"),
        activities: [sct("710818004", "Inhaled steroid therapy"), sct("229298005", "Breathing control")],
        goal: "No night with cough or wheezing",
    },
    Scheme {
        problem: Problem::Copd,
        plan: sct("736283006", "Chronic obstructive pulmonary disease clinical management plan (record artifact)"),
        activities: [
            sct("15081005", "Pulmonary rehabilitation (regime/therapy)"),
            sct("371605008", "Deep breathing and coughing exercises"),
        ],
        goal: "Climb the stairs at home without stopping",
    },
];

pub(super) fn plans(person: &Person, courses: &[Course], team: &str, doctor: &str, chance: &mut Chance) -> Vec<Value> {
    let mut found = Vec::new();
    for scheme in &SCHEMES {
        let Some(course) = courses.iter().find(|course| course.problem == scheme.problem) else { continue };
        let (plan, goal) = (chance.id(), chance.id());
        let ended = course.abatement.or(person.death);
        let start = course.onset.min(person.end);
        let mut period = json!({ "start": start.to_string() });
        if let (Some(fields), Some(end)) = (period.as_object_mut(), ended) {
            fields.insert("end".to_owned(), json!(end.to_string()));
        }
        let subject = json!({ "reference": format!("Patient/{}", person.id) });
        let activity = |code: &Code| {
            json!({ "detail": { "code": code.concept(),
                "status": if ended.is_some() { "completed" } else { "in-progress" } } })
        };
        found.push(json!({
            "resourceType": "CarePlan", "id": plan,
            "status": if ended.is_some() { "completed" } else { "active" }, "intent": "plan",
            "category": [scheme.plan.concept()], "title": scheme.plan.text(),
            "subject": subject, "period": period, "author": reference("Practitioner", doctor),
            "careTeam": [reference("CareTeam", team)],
            "addresses": [reference("Condition", &course.id)],
            "goal": [reference("Goal", &goal)],
            "activity": scheme.activities.iter().map(activity).collect::<Vec<_>>(),
        }));
        let achieved = ended.is_some() || chance.happens(0.2);
        found.push(json!({
            "resourceType": "Goal", "id": goal,
            "lifecycleStatus": if achieved { "completed" } else { "active" },
            "achievementStatus": hl7("goal-achievement", if achieved { "achieved" } else { "in-progress" }),
            "description": { "text": scheme.goal }, "subject": subject, "startDate": start.to_string(),
            "target": [{ "dueDate": (start + Duration::days(365)).to_string() }],
            "addresses": [reference("Condition", &course.id)],
            "expressedBy": reference("Practitioner", doctor),
        }));
    }
    found
}

pub(super) fn team(id: &str, person: &Person, doctor: &str, staff: &Staff, chance: &mut Chance) -> Value {
    let name = |id: &str| staff.by_id(id).map(|who| who.name.as_str());
    let nurse = &staff.of("Nursing", chance).id;
    json!({
        "resourceType": "CareTeam", "id": id, "status": if person.death.is_some() { "inactive" } else { "active" },
        "name": format!("Care team of {}", person.full_name()),
        "subject": { "reference": format!("Patient/{}", person.id) },
        "participant": [
            { "role": [sct("453231000124104", "Primary care provider").concept()],
              "member": { "reference": format!("Practitioner/{doctor}"), "display": name(doctor) } },
            { "role": [{ "text": "Nurse" }],
              "member": { "reference": format!("Practitioner/{nurse}"), "display": name(nurse) } },
            { "role": [sct("116154003", "Patient (person)").concept()],
              "member": { "reference": format!("Patient/{}", person.id), "display": person.full_name() } },
        ],
        "managingOrganization": [reference("Organization", &staff.hospital)],
    })
}

/// Problems that are asked after in families; the last code is US Core's own example.
const INHERITED: [Code; 6] = [
    Problem::Hypertension.code(),
    Problem::Diabetes.code(),
    Problem::IschemicHeart.code(),
    Problem::Hyperlipidemia.code(),
    Problem::Asthma.code(),
    sct("709044004", "Chronic kidney disease (disorder)"),
];

pub(super) fn family(person: &Person, first: NaiveDate, chance: &mut Chance) -> Vec<Value> {
    let mut found = Vec::new();
    for (code, relation) in [("FTH", "father"), ("MTH", "mother")] {
        if !chance.happens(0.3) {
            continue;
        }
        let mut conditions = vec![chance.pick(&INHERITED).concept()];
        let second = chance.pick(&INHERITED).concept();
        if chance.happens(0.3) && !conditions.contains(&second) {
            conditions.push(second);
        }
        let conditions: Vec<Value> = conditions.into_iter().map(|code| json!({ "code": code })).collect();
        found.push(json!({
            "resourceType": "FamilyMemberHistory", "id": chance.id(), "status": "completed",
            "patient": { "reference": format!("Patient/{}", person.id) },
            "date": chance.day(first, person.end).to_string(),
            "relationship": { "coding": [{ "system": format!("{HL7}/v3-RoleCode"), "code": code, "display": relation }],
                "text": relation },
            "condition": conditions,
        }));
    }
    found
}

/// (problem, device, chance to have one, worn in the body)
const DEVICES: [(Problem, Code, f64, bool); 6] = [
    (Problem::KneeArthrosis, sct("109228008", "Knee joint prosthesis"), 0.2, true),
    (Problem::HeartFailure, sct("19257004", "Defibrillator, device"), 0.25, true),
    (
        Problem::SleepApnea,
        sct("702172008", "Home continuous positive airway pressure unit (physical object)"),
        0.9,
        false,
    ),
    (Problem::Diabetes, sct("337414009", "Blood glucose meter (physical object)"), 0.7, false),
    (Problem::Copd, sct("170615005", "Home nebulizer (physical object)"), 0.4, false),
    (Problem::Osteoporosis, sct("467068002", "Basic walking frame, foldable (physical object)"), 0.4, false),
];

pub(super) fn devices(person: &Person, courses: &[Course], chance: &mut Chance) -> Vec<Value> {
    let mut found = Vec::new();
    for (problem, device, probability, inside) in &DEVICES {
        let Some(course) = courses.iter().find(|course| course.problem == *problem) else { continue };
        if age(person.birth, person.end) < 18.0 || !chance.happens(*probability) {
            continue;
        }
        let made = chance.day(course.onset - Duration::days(200), course.onset);
        let (item, lot, serial) = (chance.whole(1, 9999), chance.whole(100, 999), chance.whole(10_000, 99_999));
        let identifier = format!("0990000{item:04}000");
        let mut resource = json!({
            "resourceType": "Device", "id": chance.id(), "status": "active",
            "manufacturer": "Invented Devices Ltd.", "manufactureDate": moment(made, 0),
            "lotNumber": format!("D{lot}"), "serialNumber": format!("N{serial}"),
            "deviceName": [{ "name": device.text(), "type": "user-friendly-name" }],
            "type": device.concept(),
            "patient": { "reference": format!("Patient/{}", person.id) },
        });
        if let (true, Some(fields)) = (*inside, resource.as_object_mut()) {
            // GS1 form as in US Core's knee example: (01) device, (11) made on, (10) lot, (21) serial number.
            let carrier = format!("(01){identifier}(11){}(10)D{lot}(21)N{serial}", made.format("%y%m%d"));
            fields.insert(
                "udiCarrier".to_owned(),
                json!([{ "deviceIdentifier": identifier, "carrierHRF": carrier, "entryType": "manual" }]),
            );
        }
        found.push(resource);
    }
    found
}
