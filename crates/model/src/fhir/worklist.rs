//! From a resource to its entry on a worklist. Elements and codes: FHIR R4 (4.0.1) CareTeam, Encounter, Appointment, Claim,
//! MedicationRequest, ServiceRequest and Patient.

use serde_json::Value;

use super::date::FhirTime;
use super::field::{items, text};
use super::reference;
use crate::{WorklistEntry, WorklistKind};

/// Elements that [`worklist_entry`] looks at, so that a reader may skip all others.
const READ: [&str; 21] = [
    "authoredOn",
    "category",
    "class",
    "code",
    "created",
    "end",
    "generalPractitioner",
    "intent",
    "location",
    "managingOrganization",
    "occurrenceDateTime",
    "occurrencePeriod",
    "participant",
    "performer",
    "period",
    "requester",
    "serviceProvider",
    "start",
    "status",
    "use",
    "id",
];

/// What may be an actor of an entry, which is found by it and so lies in the clear: staff and places. RelatedPerson, Patient and
/// Device are none: their identifiers say who the patient is.
const ACTORS: [&str; 6] =
    ["CareTeam", "HealthcareService", "Location", "Organization", "Practitioner", "PractitionerRole"];

/// Whether what a normalised reference leads to may be an actor of an entry.
pub fn is_actor(normalised: &str) -> bool {
    ACTORS.contains(&reference::kind(normalised))
}

/// Whether [`worklist_entry`] looks at the element `name` of a resource.
pub fn is_read(name: &str) -> bool {
    READ.contains(&name)
}

/// The entry of `resource`; `None` for types that put nobody on a list, and for a Patient who names no practitioner. Total:
/// what is missing stays empty.
pub fn worklist_entry(resource_type: &str, resource: &Value) -> Option<WorklistEntry> {
    let kind = WorklistKind::of_type(resource_type)?;
    let mut entry = WorklistEntry {
        kind,
        status: text(resource, "status").to_owned(),
        class: String::new(),
        starts_at: None,
        ends_at: None,
        start: String::new(),
        actors: Vec::new(),
        left: Vec::new(),
        with: Vec::new(),
        place: String::new(),
    };
    match kind {
        WorklistKind::GeneralPractitioner => {
            entry.take_part(items(resource, "generalPractitioner"));
            return (!entry.actors.is_empty()).then_some(entry);
        }
        WorklistKind::CareTeam => {
            entry.lasts(resource.get("period"));
            entry.actors.extend(own(resource).map(|id| format!("CareTeam/{id}")));
            let members = items(resource, "participant");
            entry.take_part(members.iter().filter_map(|one| one.get("member")));
            entry.take_part(items(resource, "managingOrganization"));
            entry.left = left(members, "member", &entry.actors);
        }
        WorklistKind::Encounter => {
            resource.get("class").map_or("", |class| text(class, "code")).clone_into(&mut entry.class);
            entry.lasts(resource.get("period"));
            entry.take_part(items(resource, "participant").iter().filter_map(|one| one.get("individual")));
            entry.take_part(resource.get("serviceProvider"));
            let stations = items(resource, "location");
            let places = || stations.iter().filter_map(|one| one.get("location"));
            entry.take_part(places());
            entry.left = left(stations, "location", &entry.actors);
            places()
                .map(reference::own_text)
                .rfind(|place| !place.is_empty())
                .unwrap_or("")
                .clone_into(&mut entry.place);
        }
        WorklistKind::Appointment => {
            entry.begins(text(resource, "start"));
            entry.ends_at = FhirTime::parse(text(resource, "end")).map(|end| end.last_second());
            let actors = || items(resource, "participant").iter().filter_map(|one| one.get("actor"));
            entry.take_part(actors());
            let place = actors().find(|actor| reference::key(actor).is_some_and(|key| key.starts_with("Location/")));
            place.map_or("", reference::own_text).clone_into(&mut entry.place);
        }
        WorklistKind::Claim => {
            text(resource, "use").clone_into(&mut entry.class);
            entry.begins(text(resource, "created"));
        }
        WorklistKind::MedicationRequest => {
            text(resource, "intent").clone_into(&mut entry.class);
            entry.begins(text(resource, "authoredOn"));
            entry.is_asked(resource);
        }
        WorklistKind::ServiceRequest => {
            let intent = text(resource, "intent");
            let hands_on = is_order(intent) && is_referral(resource);
            if hands_on { WorklistEntry::REFERRAL } else { intent }.clone_into(&mut entry.class);
            match (resource.get("occurrencePeriod"), text(resource, "occurrenceDateTime")) {
                (None, "") => entry.begins(text(resource, "authoredOn")),
                (None, at) => entry.begins(at),
                (period, _) => entry.lasts(period),
            }
            entry.is_asked(resource);
        }
    }
    Some(entry)
}

impl WorklistEntry {
    fn begins(&mut self, start: &str) {
        self.starts_at = FhirTime::parse(start).map(|start| start.epoch_seconds());
        start.clone_into(&mut self.start);
    }

    fn lasts(&mut self, period: Option<&Value>) {
        let Some(period) = period else { return };
        self.begins(text(period, "start"));
        // FHIR R4 datatypes, Period: "The end value includes any matching date/time."
        self.ends_at = FhirTime::parse(text(period, "end")).map(|end| end.last_second());
    }

    /// Who asks for it, and who is to do it.
    fn is_asked(&mut self, request: &Value) {
        self.take_part(request.get("requester"));
        self.take_part(items(request, "performer"));
    }

    fn take_part<'a>(&mut self, references: impl IntoIterator<Item = &'a Value>) {
        for one in references {
            let Some(key) = reference::key(one) else { continue };
            let display = text(one, "display");
            if key.starts_with("Practitioner") && !display.is_empty() {
                self.with.push(display.to_owned());
            }
            if is_actor(&key) && !self.actors.contains(&key) {
                self.actors.push(key);
            }
        }
    }
}

/// Whether a request is an order (FHIR R4 RequestIntent): no proposal, plan or option, and no wish of the patient (`directive`).
pub fn is_order(intent: &str) -> bool {
    matches!(intent, "order" | "original-order" | "reflex-order" | "filler-order" | "instance-order")
}

/// SNOMED CT 3457005, Patient referral: the root of the value set `referral-type` of FHIR STU3 and of what has its place since.
const PATIENT_REFERRAL: &str = "3457005";

/// Whether a ServiceRequest hands the patient on to somebody, by category or code: the root of all referrals, or a concept below it, all of
/// which are named so.
fn is_referral(request: &Value) -> bool {
    let named = |text: &str| text.to_ascii_lowercase().contains(WorklistEntry::REFERRAL);
    let is_one = |concept: &Value| {
        let codings = items(concept, "coding");
        named(text(concept, "text"))
            || codings.iter().any(|coding| {
                (text(coding, "system") == "http://snomed.info/sct" && text(coding, "code") == PATIENT_REFERRAL)
                    || named(text(coding, "display"))
            })
    };
    items(request, "category").iter().chain(request.get("code")).any(is_one)
}

/// The last second of each actor whose every time in a team or an encounter has an end; `who` is the element that names them.
fn left(members: &[Value], who: &str, actors: &[String]) -> Vec<(String, i64)> {
    let end = |member: &Value| member.get("period").and_then(|period| FhirTime::parse(text(period, "end")));
    let last = |actor: &String| {
        let own = members.iter().filter(|one| one.get(who).and_then(reference::key).as_ref() == Some(actor));
        let ends: Option<Vec<i64>> = own.map(|member| end(member).map(|end| end.last_second())).collect();
        Some((actor.clone(), ends?.into_iter().max()?))
    };
    actors.iter().filter_map(last).collect()
}

fn own(resource: &Value) -> Option<&str> {
    Some(text(resource, "id")).filter(|id| !id.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_stay_says_who_where_and_that_it_goes_on() {
        let stay = json!({
            "resourceType": "Encounter", "status": "in-progress", "class": { "code": "IMP" },
            "subject": { "reference": "Patient/p" },
            "participant": [{ "individual": { "reference": "Practitioner/d", "display": "Dr A" } }],
            "period": { "start": "2026-11-24T08:00:00Z" },
            "location": [{ "location": { "reference": "Location/er", "display": "Emergency" } },
                         { "location": { "reference": "Location/w4", "display": "Ward 4 East" } }],
            "serviceProvider": { "reference": "Organization/h" },
        });
        let entry = worklist_entry("Encounter", &stay).unwrap();
        assert_eq!((entry.status.as_str(), entry.class.as_str()), ("in-progress", "IMP"));
        assert_eq!((entry.starts_at, entry.ends_at), (Some(1_795_507_200), None), "no end: it goes on");
        assert_eq!(entry.actors, ["Practitioner/d", "Organization/h", "Location/er", "Location/w4"]);
        assert_eq!((entry.with.as_slice(), entry.place.as_str()), (["Dr A".to_owned()].as_slice(), "Ward 4 East"));
    }

    #[test]
    fn an_appointment_names_its_place_and_not_its_patient_as_actors() {
        let appointment = json!({
            "resourceType": "Appointment", "status": "booked", "start": "2026-11-29T10:00:00Z", "end": "2026-11-29T10:20:00Z",
            "participant": [{ "actor": { "reference": "Patient/p", "display": "P" } },
                            { "actor": { "reference": "PractitionerRole/r", "display": "Dr B" } },
                            { "actor": { "reference": "Location/c", "display": "Room 3" } }],
        });
        let entry = worklist_entry("Appointment", &appointment).unwrap();
        assert_eq!(entry.actors, ["PractitionerRole/r", "Location/c"], "the patient is no actor");
        assert_eq!((entry.with.as_slice(), entry.place.as_str()), (["Dr B".to_owned()].as_slice(), "Room 3"));
    }

    #[test]
    fn no_form_of_a_reference_makes_a_patient_or_their_family_an_actor() {
        for actor in [
            json!({ "reference": "Patient/p" }),
            json!({ "reference": "Patient?identifier=http://hospital.example|MRN-1" }),
            json!({ "reference": "https://hospital.example/fhir/Patient?identifier=urn:mrn|1" }),
            json!({ "type": "Patient", "identifier": { "system": "http://hospital.example", "value": "MRN-1" } }),
            json!({ "type": "http://hl7.org/fhir/StructureDefinition/Patient", "identifier": { "value": "MRN-1" } }),
            json!({ "type": "RelatedPerson", "identifier": { "value": "555-12-3456" } }),
            json!({ "reference": "Device?identifier=urn:serial|9" }),
        ] {
            let appointment = json!({ "participant": [{ "actor": actor }] });
            let team = json!({ "participant": [{ "member": actor }] });
            for (kind, resource) in [("Appointment", appointment), ("CareTeam", team)] {
                assert_eq!(worklist_entry(kind, &resource).unwrap().actors, [""; 0], "{actor}");
            }
        }
    }

    #[test]
    fn a_member_takes_part_until_they_leave_and_again_if_they_come_back() {
        let member = |who: &str, end: &str| json!({ "member": { "reference": who }, "period": { "end": end } });
        let stays = json!({ "member": { "reference": "Practitioner/back" } });
        let team = json!({ "resourceType": "CareTeam", "id": "t", "status": "active", "participant": [
            member("Practitioner/gone", "2026-11-28"), member("Practitioner/back", "2026-01-01"), stays,
        ] });
        let entry = worklist_entry("CareTeam", &team).unwrap();
        assert_eq!(entry.left, [("Practitioner/gone".to_owned(), 1_795_910_399)], "to the last second of the day");
        assert!(
            entry.has_then("Practitioner/gone", 1_795_910_399) && !entry.has_then("Practitioner/gone", 1_795_910_400)
        );
        assert!(entry.has_then("Practitioner/back", i64::MAX) && !entry.has_then("Practitioner/other", 0));
    }

    #[test]
    fn the_last_day_of_a_period_belongs_to_it() {
        let team = json!({ "resourceType": "CareTeam", "id": "t", "status": "active", "period": { "end": "2026-11-28" },
            "participant": [{ "member": { "reference": "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9" } }] });
        let entry = worklist_entry("CareTeam", &team).unwrap();
        assert_eq!(entry.ends_at, Some(1_795_910_399), "to 23:59:59");
        assert_eq!(entry.actors, ["CareTeam/t", "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9"]);
    }

    #[test]
    fn a_patient_without_a_practitioner_and_an_observation_are_on_no_list() {
        assert_eq!(worklist_entry("Patient", &json!({ "resourceType": "Patient" })), None);
        assert_eq!(worklist_entry("Observation", &json!({})), None);
        let broken = worklist_entry("Encounter", &json!({ "period": { "start": 7 }, "participant": "x", "class": [] }));
        assert_eq!(broken.map(|entry| (entry.starts_at, entry.actors.clone())), Some((None, Vec::new())), "total");
    }

    #[test]
    fn an_order_names_who_asked_and_who_does_it_and_a_referral_is_told_from_it() {
        let order = |category: Value| {
            let request = json!({ "resourceType": "ServiceRequest", "status": "active", "intent": "order", "category": category,
                "subject": { "reference": "Patient/p" }, "authoredOn": "2026-11-20", "requester": { "reference": "Practitioner/a" },
                "performer": [{ "reference": "Practitioner/b", "display": "Dr B" }, { "reference": "Patient/p" }] });
            worklist_entry("ServiceRequest", &request).unwrap()
        };
        let snomed = |code: &str, display: &str| json!([{ "coding": [{ "system": "http://snomed.info/sct", "code": code, "display": display }] }]);
        let laboratory = order(snomed("108252007", "Laboratory procedure"));
        assert_eq!((laboratory.class.as_str(), laboratory.starts_at), ("order", Some(1_795_132_800)));
        assert_eq!(laboratory.actors, ["Practitioner/a", "Practitioner/b"], "the patient is no actor");
        assert_eq!(order(snomed("3457005", "")).class, WorklistEntry::REFERRAL, "by the root of all referrals");
        assert_eq!(order(snomed("183545006", "Orthopedic referral")).class, WorklistEntry::REFERRAL, "by its name");
        assert_eq!(order(json!([{ "text": "Referral" }])).class, WorklistEntry::REFERRAL);
        let planned = json!({ "intent": "plan", "category": [{ "text": "Referral" }], "occurrencePeriod": { "start": "2026-12-01", "end": "2026-12-02" } });
        let planned = worklist_entry("ServiceRequest", &planned).unwrap();
        assert_eq!(planned.class, "plan", "nobody was handed on yet");
        assert_eq!(
            (planned.starts_at, planned.ends_at),
            (Some(1_796_083_200), Some(1_796_255_999)),
            "when it is to be done"
        );
    }

    #[test]
    fn a_place_that_a_patient_was_moved_from_is_left() {
        let stay = json!({ "status": "in-progress", "location": [
            { "location": { "reference": "Location/er" }, "period": { "end": "2026-11-28T10:00:00Z" } },
            { "location": { "reference": "Location/w4" } },
        ] });
        let entry = worklist_entry("Encounter", &stay).unwrap();
        assert_eq!(entry.left, [("Location/er".to_owned(), 1_795_860_000)]);
    }
}
