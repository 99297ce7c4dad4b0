//! What is stored of a document: the entries that were taken, the document itself as DocumentReference and Binary, and a Provenance that
//! says of each entry that it comes from there, who wrote the document and who took it (FHIR R4; C-CDA on FHIR, mappingGuidance, "CDA to
//! FHIR Provenance": `entity.what` is the DocumentReference).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use vigil_ccda::Entry;
use vigil_model::PatientId;
use vigil_model::fhir::field::{items, text};

use super::kept::Kept;
use super::review::{closed, stored_documents};
use super::{Beside, DOCUMENT_REFERENCE, numbered};
use crate::chart::{denies_allergies, is_active_allergy};
use crate::write::allergy;
use crate::write::draft::{Author, Draft, Read, set};
use crate::{AppError, ErrorCode, clock};

/// FHIR R4 `provenance-participant-type`, and `v3-DataOperation` for what was done.
const PARTICIPANT: &str = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
const OPERATION: &str = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";
const URI: &str = "urn:ietf:rfc:3986";
/// C-CDA R2.1 with a structured body (HL7 SDWG format code, hl7.org/fhir/R4/valueset-formatcodes.html).
const FORMAT: (&str, &str) =
    ("http://ihe.net/fhir/ValueSet/IHE.FormatCode.codesystem", "urn:hl7-org:sdwg:ccda-structuredBody:2.1");

/// What is about to be stored, and what is said of it.
pub(super) struct Taken {
    pub(super) drafts: Vec<Draft>,
    pub(super) lines: Vec<String>,
}

/// The entries with these numbers.
///
/// # Errors
/// [`ErrorCode::Invalid`] for a number that is none, or twice, and for an entry that this chart cannot take; [`ErrorCode::Forbidden`] for
/// one that the user may not.
pub(super) fn chosen<'k>(kept: &'k Kept, numbers: &[u32], chart: &Beside) -> Result<Vec<&'k Entry>, AppError> {
    let mut wanted = numbers.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.len() != numbers.len() {
        return Err(AppError::invalid("an entry was named twice; nothing was stored"));
    }
    let entries: Vec<&Entry> = numbered(&kept.document)
        .filter(|(number, _)| wanted.binary_search(number).is_ok())
        .map(|(_, entry)| entry)
        .collect();
    if entries.len() != wanted.len() {
        return Err(AppError::invalid("this document has no such entry; open it again"));
    }
    for entry in &entries {
        if let Some(why) = closed(entry, chart) {
            let code = if chart.takes(entry.section) { ErrorCode::Invalid } else { ErrorCode::Forbidden };
            return Err(AppError::new(code, format!("an entry cannot be taken, so nothing was stored: {why}")));
        }
    }
    let denied = entries.iter().any(|entry| denies_allergies(&entry.resource));
    if denied && has_allergy(&entries) {
        return Err(AppError::invalid(
            "an allergy and \u{201c}no known allergies\u{201d} were both ticked; take one of them",
        ));
    }
    Ok(entries)
}

fn is_allergy(entry: &Entry) -> bool {
    text(&entry.resource, "resourceType") == "AllergyIntolerance"
}

/// Whether one of `entries` says that there is an allergy.
pub(super) fn has_allergy(entries: &[&Entry]) -> bool {
    entries.iter().any(|entry| is_allergy(entry) && is_active_allergy(&entry.resource))
}

/// Everything that is stored for `entries`. Beside the chart: its statements that there is no allergy, which end with one.
pub(super) fn drafts(
    kept: &Kept,
    entries: &[&Entry],
    beside: (&Beside, &[Read]),
    patient: &PatientId,
    author: &Author,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Taken, AppError> {
    let (chart, denials) = beside;
    let mut drafts = Vec::new();
    let mut targets = Vec::new();
    for entry in entries {
        for draft in of_entry(kept, entry, patient, now)? {
            targets.push(json!({ "reference": draft.name() }));
            drafts.push(draft);
        }
    }
    let mut lines = Vec::new();
    for stored in denials {
        drafts.push(Draft::changed("AllergyIntolerance", stored, stored.version, now, |json| {
            allergy::end(json);
            Ok(())
        })?);
        lines.push("\u{201c}No known allergies\u{201d} no longer holds".to_owned());
    }
    let already = stored_documents(chart)
        .find(|document| has_digest(document, kept))
        .map(|document| format!("{DOCUMENT_REFERENCE}/{}", text(document, "id")));
    if already.is_some() && entries.is_empty() {
        return Err(AppError::invalid(
            "this file is stored already, and no entry of it was ticked; there is nothing to store",
        ));
    }
    let count = entries.len();
    let added = if count == 1 { "1 entry added".to_owned() } else { format!("{count} entries added") };
    let document = match already {
        Some(name) => {
            lines.insert(0, format!("{added}; the document was stored before"));
            name
        }
        None => {
            let binary = Draft::new("Binary", now, binary(kept, patient))?;
            let document = Draft::new(DOCUMENT_REFERENCE, now, reference(kept, &binary.name(), patient, now))?;
            let name = document.name();
            targets.push(json!({ "reference": name }));
            drafts.extend([binary, document]);
            lines.insert(
                0,
                if count == 0 {
                    "Document stored, no entry taken".to_owned()
                } else {
                    format!("{added}, document stored")
                },
            );
            name
        }
    };
    drafts.push(Draft::new("Provenance", now, provenance(kept, &document, targets, author, reason, now))?);
    Ok(Taken { drafts, lines })
}

fn has_digest(document: &Value, kept: &Kept) -> bool {
    let named = named_information(kept);
    items(document, "identifier").iter().any(|one| text(one, "value") == named)
}

/// The file by its digest, as a URI (RFC 6920).
pub(super) fn named_information(kept: &Kept) -> String {
    let digest = hex::decode(&kept.digest).unwrap_or_default();
    format!("ni:///sha-256;{}", URL_SAFE_NO_PAD.encode(digest))
}

/// An entry and what comes with it.
fn of_entry(kept: &Kept, entry: &Entry, patient: &PatientId, now: DateTime<Utc>) -> Result<Vec<Draft>, AppError> {
    let mut members = Vec::with_capacity(entry.members.len());
    for member in &entry.members {
        members.push(of_resource(kept, member.clone(), patient, now)?);
    }
    let mut resource = entry.resource.clone();
    if !members.is_empty() {
        let results: Vec<Value> = members.iter().map(|member| json!({ "reference": member.name() })).collect();
        set(&mut resource, "result", json!(results));
    }
    members.push(of_resource(kept, resource, patient, now)?);
    Ok(members)
}

fn of_resource(kept: &Kept, mut resource: Value, patient: &PatientId, now: DateTime<Utc>) -> Result<Draft, AppError> {
    let kind = text(&resource, "resourceType").to_owned();
    let subject = json!({ "reference": format!("Patient/{patient}") });
    let whose = match kind.as_str() {
        "AllergyIntolerance" | "Immunization" | "FamilyMemberHistory" | "Device" => "patient",
        _ => "subject",
    };
    set(&mut resource, whose, subject);
    if let Some(elements) = resource.as_object_mut() {
        elements.remove("resourceType");
    }
    // `meta.source`: "the source system of the resource [...] another FHIR server, document, message, database".
    let source = &kept.document.header.id;
    let mut meta = json!({ "versionId": "1", "lastUpdated": clock::fhir_text(&now) });
    if !source.is_empty() {
        set(&mut meta, "source", json!(source));
    }
    set(&mut resource, "meta", meta);
    Draft::new(&kind, now, resource)
}

fn binary(kept: &Kept, patient: &PatientId) -> Value {
    json!({
        "contentType": "text/xml",
        "securityContext": { "reference": format!("Patient/{patient}") },
        "data": STANDARD.encode(kept.bytes.as_slice()),
    })
}

/// The document as a DocumentReference.
fn reference(kept: &Kept, binary: &str, patient: &PatientId, now: DateTime<Utc>) -> Value {
    let header = &kept.document.header;
    let title = [&header.title, &header.type_name]
        .into_iter()
        .find(|text| !text.is_empty())
        .map_or("Document from elsewhere", String::as_str);
    let mut attachment = json!({ "contentType": "text/xml", "url": binary, "size": kept.bytes.len(), "title": title });
    if !header.written.is_empty() {
        set(&mut attachment, "creation", json!(header.written));
    }
    let mut identifiers = vec![json!({ "system": URI, "value": named_information(kept) })];
    if !header.set_id.is_empty() {
        identifiers.push(json!({ "type": { "text": "Set of versions" }, "system": URI, "value": header.set_id }));
    }
    let (system, code) = FORMAT;
    let mut elements = json!({
        "identifier": identifiers,
        "status": "current",
        "subject": { "reference": format!("Patient/{patient}") },
        "date": clock::fhir_text(&now),
        "description": title,
        "content": [{ "attachment": attachment, "format": { "system": system, "code": code } }],
    });
    if !header.id.is_empty() {
        set(&mut elements, "masterIdentifier", json!({ "system": URI, "value": header.id }));
    }
    if !header.type_code.is_empty() {
        let mut coding = json!({ "system": "http://loinc.org", "code": header.type_code });
        if !header.type_name.is_empty() {
            set(&mut coding, "display", json!(header.type_name));
        }
        set(&mut elements, "type", json!({ "coding": [coding] }));
    }
    if !header.authors.is_empty() {
        set(&mut elements, "author", header.authors.iter().map(|name| json!({ "display": name })).collect());
    }
    if !header.custodian.is_empty() {
        set(&mut elements, "custodian", json!({ "display": header.custodian }));
    }
    if !header.confidentiality.is_empty() {
        let system = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
        set(
            &mut elements,
            "securityLabel",
            json!([{ "coding": [{ "system": system, "code": header.confidentiality }] }]),
        );
    }
    elements
}

fn provenance(
    kept: &Kept,
    document: &str,
    targets: Vec<Value>,
    author: &Author,
    reason: &str,
    now: DateTime<Utc>,
) -> Value {
    let header = &kept.document.header;
    let of = |code: &str| json!({ "coding": [{ "system": PARTICIPANT, "code": code }] });
    let mut agents = vec![json!({ "type": of("enterer"), "who": author.reference() })];
    for name in &header.authors {
        let mut agent = json!({ "type": of("author"), "who": { "display": name } });
        if !header.custodian.is_empty() {
            set(&mut agent, "onBehalfOf", json!({ "display": header.custodian }));
        }
        agents.push(agent);
    }
    let targets = if targets.is_empty() { vec![json!({ "reference": document })] } else { targets };
    let mut elements = json!({
        "target": targets,
        "recorded": clock::fhir_text(&now),
        "activity": { "coding": [{ "system": OPERATION, "code": "CREATE", "display": "create" }] },
        "agent": agents,
        "entity": [{ "role": "source", "what": { "reference": document } }],
    });
    if !reason.is_empty() {
        set(&mut elements, "reason", json!([{ "text": reason }]));
    }
    elements
}
