//! From a FHIR Patient to the demographics that search and the banner need.

use serde_json::Value;

use super::coding::has_code;
use super::field::{items, text};
use super::{address, name};
use crate::Demographics;

const IDENTIFIER_TYPE: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";
const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

/// Reads a Patient. Total: what is missing stays empty.
pub fn demographics(patient: &Value) -> Demographics {
    let names = items(patient, "name");
    let shown = name::preferred(names);
    let (family, given, prefix) = shown.map(name::parts).unwrap_or_default();
    let other_names = names
        .iter()
        .filter(|other| !shown.is_some_and(|shown| std::ptr::eq(shown, *other)))
        .map(name::plain)
        .filter(|name| !name.is_empty())
        .collect();
    Demographics {
        family,
        given,
        prefix,
        other_names,
        birth_date: text(patient, "birthDate").to_owned(),
        gender: text(patient, "gender").to_owned(),
        mrn: record_number(items(patient, "identifier")).to_owned(),
        identifiers: identifiers(items(patient, "identifier")),
        addresses: address::keys(patient),
        deceased: deceased(patient),
        restricted: is_restricted(patient),
        vip: sensitivity(patient).any(|code| matches!(code, "CEL" | "VIP")),
        employee: sensitivity(patient).any(|code| code == "EMP"),
    }
}

/// Whether `meta.security` carries confidentiality `R` (restricted) or `V` (very restricted).
pub fn is_restricted(resource: &Value) -> bool {
    let security = resource.get("meta").map(|meta| items(meta, "security")).unwrap_or_default();
    security.iter().any(|label| text(label, "system") == CONFIDENTIALITY && matches!(text(label, "code"), "R" | "V"))
}

/// The codes of HL7 v3 ActCode in `meta.security`: what the resource is sensitive for (`PSY`, `HIV`, `SUD` ...).
pub fn sensitivity(resource: &Value) -> impl Iterator<Item = &str> {
    let security = resource.get("meta").map(|meta| items(meta, "security")).unwrap_or_default();
    security.iter().filter(|label| text(label, "system") == ACT_CODE).map(|label| text(label, "code"))
}

/// The value of the identifier of type MR that is still in use, else of any of type MR, else the first value.
fn record_number(identifiers: &[Value]) -> &str {
    let is_record_number = |identifier: &&Value| {
        !text(identifier, "value").is_empty()
            && identifier.get("type").is_some_and(|kind| has_code(kind, IDENTIFIER_TYPE, "MR"))
    };
    let in_use = |identifier: &&Value| text(identifier, "use") != "old";
    identifiers
        .iter()
        .filter(is_record_number)
        .find(in_use)
        .or_else(|| identifiers.iter().find(is_record_number))
        .or_else(|| identifiers.iter().find(|identifier| !text(identifier, "value").is_empty()))
        .map_or("", |identifier| text(identifier, "value"))
}

fn identifiers(identifiers: &[Value]) -> Vec<String> {
    let mut values: Vec<String> = Vec::with_capacity(identifiers.len());
    for identifier in identifiers {
        let value = text(identifier, "value");
        if !value.is_empty() && !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
    }
    values
}

fn deceased(patient: &Value) -> String {
    match text(patient, "deceasedDateTime") {
        "" if patient.get("deceasedBoolean") == Some(&Value::Bool(true)) => "true".to_owned(),
        date => date.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_patient_gives_number_names_and_restriction() {
        let patient = json!({
            "resourceType": "Patient",
            "meta": { "security": [{ "system": CONFIDENTIALITY, "code": "R" }] },
            "identifier": [
                { "system": "https://example.org", "value": "first" },
                { "type": { "coding": [{ "system": IDENTIFIER_TYPE, "code": "MR" }] }, "use": "old", "value": "MR-0" },
                { "type": { "coding": [{ "system": IDENTIFIER_TYPE, "code": "MR" }] }, "value": "MR-1" },
            ],
            "name": [{ "use": "official", "family": "Smith", "given": ["Jane"] }, { "use": "maiden", "family": "Jones" }],
            "gender": "female", "birthDate": "1945-07-14", "deceasedBoolean": true
        });
        let read = demographics(&patient);
        assert_eq!(read.mrn, "MR-1", "the identifier of type MR in use is the record number");
        assert_eq!(read.identifiers, ["first", "MR-0", "MR-1"], "every identifier can be searched");
        assert_eq!(
            (read.family.as_str(), read.other_names.as_slice()),
            ("Smith", ["Jones".to_owned()].as_slice()),
            "one shown, the rest searched"
        );
        assert_eq!(
            (read.deceased.as_str(), read.restricted),
            ("true", true),
            "death without a date; label R restricts"
        );
    }

    #[test]
    fn labels_tell_a_vip_and_a_co_worker() {
        let labelled =
            |code: &str| demographics(&json!({ "meta": { "security": [{ "system": ACT_CODE, "code": code }] } }));
        for (code, vip, employee) in
            [("CEL", true, false), ("VIP", true, false), ("EMP", false, true), ("PSY", false, false)]
        {
            let read = labelled(code);
            assert_eq!((read.vip, read.employee), (vip, employee), "{code}");
        }
        let elsewhere = json!({ "meta": { "security": [{ "system": "https://example.org", "code": "VIP" }] } });
        assert!(!demographics(&elsewhere).vip, "only HL7 v3 ActCode says so");
    }

    #[test]
    fn a_label_of_another_system_restricts_nothing() {
        let patient = json!({ "meta": { "security": [{ "system": "https://example.org", "code": "R" }] } });
        assert!(!demographics(&patient).restricted, "only HL7 v3 Confidentiality decides");
    }
}
