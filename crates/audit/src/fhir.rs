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

/// The entry as FHIR JSON. `listed` are the patients behind [`AuditEvent::listed`]. The canonical bytes go along in an
/// extension, so that the Merkle root can be recomputed from the export alone.
///
/// # Errors
/// [`MalformedEvent`]; in practice never.
pub fn audit_event_json(event: &AuditEvent, device: DeviceId, listed: &[PatientId]) -> Result<Value, MalformedEvent> {
    let mut out = json!({
        "resourceType": "AuditEvent",
        "id": format!("{device}.{}", event.seq),
        "extension": [{
            "url": "urn:vigil:audit-entry",
            "valueBase64Binary": BASE64_STANDARD.encode(event.canonical()?),
        }],
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
    if let Some(profile) = profile(event) {
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
    let entities = entities(event, listed);
    if !entities.is_empty() {
        set(&mut out, "entity", Value::Array(entities));
    }
    Ok(out)
}

fn set(object: &mut Value, key: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}

/// BALP has profiles for what succeeded only.
fn profile(event: &AuditEvent) -> Option<&'static str> {
    match (event.outcome, event.subtype.as_str(), event.patient.is_some(), event.r#type.as_str()) {
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
        json!({
            "type": { "coding": [{ "system": DCM, "code": code, "display": display }] },
            "who": device_reference(device),
            "requestor": requestor,
        })
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
    agents.push(workstation("110153", "Source Role ID", agents.is_empty()));
    agents.push(workstation("110152", "Destination Role ID", false));
    agents
}

fn role_coding(role: Role) -> Value {
    json!({ "system": "urn:vigil:role", "code": role.code() })
}

fn device_reference(device: DeviceId) -> Value {
    json!({ "type": "Device", "identifier": { "system": "urn:ietf:rfc:3986", "value": format!("urn:uuid:{device}") } })
}

fn entities(event: &AuditEvent, listed: &[PatientId]) -> Vec<Value> {
    let person = json!({ "system": ENTITY_TYPE, "code": "1", "display": "Person" });
    let object = json!({ "system": ENTITY_TYPE, "code": "2", "display": "System Object" });
    let role = |code: &str, display: &str| json!({ "system": OBJECT_ROLE, "code": code, "display": display });
    let mut entities: Vec<Value> = event
        .patient
        .iter()
        .chain(listed)
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
        let json = audit_event_json(&event, DeviceId::parse(nobody).unwrap(), &[]).unwrap();
        assert_eq!(json["meta"]["profile"][0], format!("{PROFILES}PatientRead"), "BALP names the profile");
        assert_eq!(json["entity"].as_array().unwrap().len(), 2, "PatientRead asks for patient and data");
        assert_eq!(json["entity"][0]["role"]["code"], "1", "the patient");
        assert_eq!(json["agent"].as_array().unwrap().len(), 3, "user, client, server");
        let requestors = json["agent"].as_array().unwrap().iter().filter(|agent| agent["requestor"] == true).count();
        assert_eq!(requestors, 1, "the user alone asked");
        let leaf = BASE64_STANDARD.decode(json["extension"][0]["valueBase64Binary"].as_str().unwrap()).unwrap();
        assert_eq!(leaf, event.canonical().unwrap(), "the leaf can be hashed again from the export");
    }
}
