//! The FHIR R4 `AuditEvent` of an entry, in the shape of IHE BALP (Basic Audit Log Patterns), for export.

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use vigil_model::{DeviceId, PatientId, Role};

use crate::coding::meaning;
use crate::{Agent, AuditEvent, KEYS, MalformedEvent, Outcome};

const PROFILES: &str = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";
const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const OBJECT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";

/// The entry as FHIR JSON: one `AuditEvent`, or one for each of the patients behind [`AuditEvent::listed`] as BALP asks it of queries. The
/// canonical bytes go along in an extension of the first, so that the Merkle root can be recomputed from the export alone.
///
/// # Errors
/// [`MalformedEvent`]; in practice never.
pub fn audit_event_json(
    event: &AuditEvent,
    device: DeviceId,
    listed: &[PatientId],
) -> Result<Vec<Value>, MalformedEvent> {
    if listed.is_empty() {
        return Ok(vec![one(event, device, None)?]);
    }
    (1..).zip(listed).map(|listed| one(event, device, Some(listed))).collect()
}

/// The `AuditEvent` about one of the patients that an entry lists, counted from 1; with `None` the entry's own.
///
/// # Errors
/// [`MalformedEvent`]; in practice never.
pub fn audit_event_about(
    event: &AuditEvent,
    device: DeviceId,
    listed: Option<(usize, &PatientId)>,
) -> Result<Value, MalformedEvent> {
    one(event, device, listed)
}

fn one(event: &AuditEvent, device: DeviceId, listed: Option<(usize, &PatientId)>) -> Result<Value, MalformedEvent> {
    let number = listed.map_or(1, |(number, _)| number);
    let id = if number == 1 { format!("{device}.{}", event.seq) } else { format!("{device}.{}.{number}", event.seq) };
    let patient = listed.map(|(_, patient)| patient).or(event.patient.as_ref());
    let mut out = json!({
        "resourceType": "AuditEvent",
        "id": id,
        "extension": extensions(event, number == 1)?,
        "type": coding(&event.r#type),
        "action": event.action,
        "recorded": event.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        "outcome": event.outcome.code().to_string(),
        "purposeOfEvent": [purpose(event)],
        "agent": agents(event, device),
        "source": {
            "observer": device_reference(device),
            "type": [{
                "system": "http://terminology.hl7.org/CodeSystem/security-source-type",
                "code": "1",
                "display": "User Device",
            }],
        },
    });
    if let Some(profile) = profile(event, patient.is_some()) {
        set(&mut out, "meta", json!({ "profile": [format!("{PROFILES}{profile}")] }));
    }
    if !event.subtype.is_empty() {
        set(&mut out, "subtype", json!([coding(&event.subtype)]));
    }
    // The keys are entities.
    let words = event.reason.iter().flat_map(|reason| reason.split(' ')).filter(|word| !word.starts_with(KEYS));
    let reason = words.collect::<Vec<_>>().join(" ");
    if !reason.is_empty() {
        set(&mut out, "outcomeDesc", json!(reason));
    }
    let entities = entities(event, patient);
    if !entities.is_empty() {
        set(&mut out, "entity", Value::Array(entities));
    }
    Ok(out)
}

fn extensions(event: &AuditEvent, first: bool) -> Result<Vec<Value>, MalformedEvent> {
    let mut out = Vec::new();
    if first {
        out.push(json!({
            "url": "urn:vigil:audit-entry",
            "valueBase64Binary": BASE64_STANDARD.encode(event.canonical()?),
        }));
    }
    if let Some(origin) = &event.origin {
        out.push(json!({ "url": "urn:vigil:client", "valueString": origin.client }));
        out.push(json!({ "url": "urn:vigil:hybrid-time", "valueString": origin.hlc.to_string() }));
        if let Some(boot) = origin.boot {
            out.push(json!({ "url": "urn:vigil:boot", "valueUuid": format!("urn:uuid:{boot}") }));
        }
        out.push(json!({
            "url": "urn:vigil:since-boot",
            "valueDuration": {
                "value": origin.up,
                "unit": "ms",
                "system": "http://unitsofmeasure.org",
                "code": "ms",
            },
        }));
    }
    Ok(out)
}

fn set(object: &mut Value, key: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}

/// BALP has profiles for what succeeded only.
fn profile(event: &AuditEvent, patient: bool) -> Option<&'static str> {
    match (event.outcome, event.subtype.as_str(), patient, event.r#type.as_str()) {
        (Outcome::Success, "read", true, "rest") => Some("PatientRead"),
        (Outcome::Success, "search-type", true, "rest") => Some("PatientQuery"),
        (Outcome::Success, "search-type", false, "rest") => Some("Query"),
        _ => None,
    }
}

fn coding(code: &str) -> Value {
    let (system, display) = meaning(code);
    json!({ "system": system, "code": code, "display": display })
}

fn purpose(event: &AuditEvent) -> Value {
    json!({ "coding": [{
        "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
        "code": event.purpose.code(),
    }] })
}

fn agents(event: &AuditEvent, device: DeviceId) -> Vec<Value> {
    // Client and server of BALP are one here: the workstation asks itself.
    let workstation = |code: &str, display: &str, requestor: bool| {
        let mut agent = json!({
            "type": { "coding": [{ "system": DCM, "code": code, "display": display }] },
            "who": device_reference(device),
            "requestor": requestor,
        });
        if let Some(network) = network(event) {
            set(&mut agent, "network", network);
        }
        agent
    };
    let mut agents = Vec::new();
    if let Agent::User { id, role, session } = &event.agent {
        agents.push(json!({
            "type": { "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
                "code": "IRCP",
                "display": "information recipient",
            }] },
            "role": [{ "coding": [role_coding(*role)] }],
            "who": { "identifier": { "system": "urn:ietf:rfc:3986", "value": format!("urn:uuid:{id}") } },
            "altId": session.to_string(),
            "requestor": true,
            "purposeOfUse": [purpose(event)],
        }));
    }
    let other = match &event.agent {
        Agent::Device { id } => Some(device_reference(*id)),
        Agent::Client { id } => Some(json!({
            "identifier": { "system": "urn:ietf:rfc:3986", "value": format!("urn:uuid:{id}") },
        })),
        Agent::Operator => Some(json!({ "display": "operator of the server" })),
        Agent::Anonymous | Agent::Workstation | Agent::Server | Agent::User { .. } => None,
    };
    if let Some(who) = other {
        agents.push(json!({
            "type": { "coding": [{ "system": DCM, "code": "110150", "display": "Application" }] },
            "who": who,
            "requestor": true,
        }));
    }
    agents.push(workstation("110153", "Source Role ID", agents.is_empty()));
    agents.push(workstation("110152", "Destination Role ID", false));
    agents
}

/// FHIR `network-type`: 1 a machine's name, 2 an IP address.
fn network(event: &AuditEvent) -> Option<Value> {
    let address = event.origin.as_ref()?.address.as_ref()?;
    let kind = if address.parse::<std::net::IpAddr>().is_ok() { "2" } else { "1" };
    Some(json!({ "address": address, "type": kind }))
}

fn role_coding(role: Role) -> Value {
    json!({ "system": "urn:vigil:role", "code": role.code() })
}

fn device_reference(device: DeviceId) -> Value {
    json!({ "type": "Device", "identifier": { "system": "urn:ietf:rfc:3986", "value": format!("urn:uuid:{device}") } })
}

fn entities(event: &AuditEvent, patient: Option<&PatientId>) -> Vec<Value> {
    let person = json!({ "system": ENTITY_TYPE, "code": "1", "display": "Person" });
    let object = json!({ "system": ENTITY_TYPE, "code": "2", "display": "System Object" });
    let role = |code: &str, display: &str| json!({ "system": OBJECT_ROLE, "code": code, "display": display });
    let mut entities: Vec<Value> = patient
        .iter()
        .map(|patient| {
            json!({
                "what": { "reference": format!("Patient/{patient}") },
                "type": person,
                "role": role("1", "Patient"),
            })
        })
        .collect();
    match (&event.patient, event.section) {
        (_, Some(section)) => entities.push(json!({
            "type": object,
            "role": role("24", "Query"),
            "query": BASE64_STANDARD.encode(format!("section={}", section.code())),
        })),
        (Some(patient), None) => entities.push(json!({
            "what": { "reference": format!("Patient/{patient}") },
            "type": object,
            "role": role("4", "Domain Resource"),
        })),
        (None, None) => {}
    }
    if let Some(origin) = &event.origin {
        entities.push(json!({
            "what": { "identifier": { "value": origin.request } },
            "type": {
                "system": "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType",
                "code": "XrequestId",
            },
        }));
    }
    let keys: Vec<Value> = event.keys().map(|key| json!({ "type": "key", "valueString": key })).collect();
    if !keys.is_empty() {
        entities.push(json!({
            "type": object,
            "role": role("13", "Security Resource"),
            "detail": keys,
        }));
    }
    if let Some(detail) = &event.detail {
        entities.push(json!({
            "type": object,
            "detail": [{ "type": "commitment-sha256", "valueString": detail }],
        }));
    }
    entities
}

#[cfg(test)]
mod tests {
    use vigil_model::{PurposeOfUse, SessionId, UserId};

    use super::*;
    use crate::Kind;

    #[test]
    fn a_chart_read_has_the_shape_of_patient_read() {
        let nobody = "01900000-0000-7000-8000-000000000001";
        let agent = Agent::User {
            id: UserId::parse(nobody).unwrap(),
            role: Role::Physician,
            session: SessionId::parse(nobody).unwrap(),
        };
        let at = "2026-11-22T20:53:35Z".parse().unwrap();
        let purpose = PurposeOfUse::Treatment;
        let mut event = AuditEvent::new(3, at, Kind::PATIENT_READ, Outcome::Success, agent, purpose);
        event.patient = Some(PatientId::parse("p-1").unwrap());
        let json = audit_event_about(&event, DeviceId::parse(nobody).unwrap(), None).unwrap();
        assert_eq!(json["meta"]["profile"][0], format!("{PROFILES}PatientRead"), "BALP names the profile");
        assert_eq!(json["entity"].as_array().unwrap().len(), 2, "PatientRead asks for patient and data");
        assert_eq!(json["entity"][0]["role"]["code"], "1", "the patient");
        assert_eq!(json["agent"].as_array().unwrap().len(), 3, "user, client, server");
        let requestors = json["agent"].as_array().unwrap().iter().filter(|agent| agent["requestor"] == true).count();
        assert_eq!(requestors, 1, "the user alone asked");
        let leaf = BASE64_STANDARD.decode(json["extension"][0]["valueBase64Binary"].as_str().unwrap()).unwrap();
        assert_eq!(leaf, event.canonical().unwrap(), "the leaf can be hashed again from the export");
    }

    #[test]
    fn a_query_that_named_several_patients_is_one_event_for_each() {
        let nobody = DeviceId::parse("01900000-0000-7000-8000-000000000001").unwrap();
        let at = "2026-11-22T20:53:35Z".parse().unwrap();
        let purpose = PurposeOfUse::Treatment;
        let mut event = AuditEvent::new(3, at, Kind::WARD_SEARCH, Outcome::Success, Agent::Workstation, purpose);
        event.listed = vec![1, 2];
        let patients = ["p-1", "p-2"].map(|id| PatientId::parse(id).unwrap());
        let events = audit_event_json(&event, nobody, &patients).unwrap();
        assert_eq!(events.len(), 2, "one for each patient");
        for (event, patient) in events.iter().zip(&patients) {
            assert_eq!(event["meta"]["profile"][0], format!("{PROFILES}PatientQuery"), "a query about a patient");
            assert_eq!(event["entity"][0]["what"]["reference"], format!("Patient/{patient}"), "this one");
        }
        assert_eq!(events[0]["id"], format!("{nobody}.3"), "the entry");
        assert_eq!(events[1]["id"], format!("{nobody}.3.2"), "and its second patient");
        let leaves = |event: &Value| event["extension"].as_array().unwrap().len();
        assert_eq!((leaves(&events[0]), leaves(&events[1])), (1, 0), "the entry itself goes along once");
    }
}
