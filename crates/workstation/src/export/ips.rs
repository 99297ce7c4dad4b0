//! A patient summary as a FHIR document: the sections of the International Patient Summary (hl7.org/fhir/uv/ips, 1.1.0) of what is current.
//!
//! The required sections (problems, allergies, medicines) are always there and say why when they are empty; immunizations and procedures
//! follow where there are any. Codes of sections: LOINC, as the guide binds them. No profile is claimed: entries are what the record holds,
//! and the guide asks more of their codes than other systems send.

use std::io;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use vigil_model::ResourceId;
use vigil_model::fhir::coding::{code, display};
use vigil_model::fhir::field::{at, first, text};

use crate::{chart, clock};

/// What entries are called within the document, so that the references between them resolve; the name of no server.
const BASE: &str = "https://vigil.invalid/fhir";

/// One resource of the record: its type, id and content.
pub(crate) struct Part {
    pub(crate) resource_type: String,
    pub(crate) id: String,
    pub(crate) json: Value,
}

impl Part {
    /// The medicine that it names as a resource of its own.
    pub(crate) fn medicine(&self) -> Option<ResourceId> {
        medicine_of(&self.json).strip_prefix("Medication/").and_then(|id| ResourceId::parse(id).ok())
    }

    fn name(&self) -> String {
        format!("{}/{}", self.resource_type, self.id)
    }
}

/// A section of the summary.
struct Section {
    title: &'static str,
    /// LOINC.
    code: (&'static str, &'static str),
    required: bool,
    is_in: fn(&Part) -> bool,
}

const SECTIONS: [Section; 5] = [
    Section {
        title: "Problems",
        code: ("11450-4", "Problem list - Reported"),
        required: true,
        is_in: |part| {
            part.resource_type == "Condition"
                && stands(part)
                && matches!(code(at(&part.json, &["clinicalStatus"])), "active" | "recurrence" | "relapse" | "")
        },
    },
    Section {
        title: "Allergies and intolerances",
        code: ("48765-2", "Allergies and adverse reactions Document"),
        required: true,
        is_in: |part| {
            part.resource_type == "AllergyIntolerance"
                && stands(part)
                && !matches!(code(at(&part.json, &["clinicalStatus"])), "inactive" | "resolved")
        },
    },
    Section {
        title: "Medicines",
        code: ("10160-0", "History of Medication use Narrative"),
        required: true,
        is_in: |part| {
            matches!(part.resource_type.as_str(), "MedicationStatement" | "MedicationRequest")
                && matches!(text(&part.json, "status"), "active" | "on-hold" | "intended")
        },
    },
    Section {
        title: "Immunizations",
        code: ("11369-6", "History of Immunization Narrative"),
        required: false,
        is_in: |part| part.resource_type == "Immunization" && text(&part.json, "status") == "completed",
    },
    Section {
        title: "Procedures",
        code: ("47519-4", "History of Procedures Document"),
        required: false,
        is_in: |part| part.resource_type == "Procedure" && text(&part.json, "status") == "completed",
    },
];

/// Neither a mistake nor refuted.
fn stands(part: &Part) -> bool {
    !matches!(code(at(&part.json, &["verificationStatus"])), "entered-in-error" | "refuted")
}

/// Writes the document; how many resources of the record are in it.
///
/// # Errors
/// What the writer fails with.
pub(crate) fn summary(
    parts: &[Part],
    organization: &str,
    id: &str,
    now: DateTime<Utc>,
    out: &mut impl io::Write,
) -> io::Result<u64> {
    let (bundle, count) = document(parts, organization, id, now);
    serde_json::to_writer(out, &bundle)?;
    Ok(u64::try_from(count).unwrap_or(u64::MAX))
}

/// The document, and how many resources of the record are in it.
fn document(parts: &[Part], organization: &str, id: &str, now: DateTime<Utc>) -> (Value, usize) {
    let moment = clock::fhir_text(&now);
    let (mut sections, mut included): (Vec<Value>, Vec<&Part>) = (Vec::new(), Vec::new());
    included.extend(parts.iter().filter(|part| part.resource_type == "Patient"));
    for section in &SECTIONS {
        let within: Vec<&Part> = parts.iter().filter(|part| (section.is_in)(part)).collect();
        if within.is_empty() && !section.required {
            continue;
        }
        let lines: Vec<String> = within.iter().map(|part| called(part, parts)).collect();
        sections.push(section_json(section, &within, &lines));
        included.extend(within);
    }
    // What they name, so that the document stands by itself.
    let named: Vec<&Part> = parts
        .iter()
        .filter(|part| part.resource_type == "Medication")
        .filter(|part| included.iter().any(|one| medicine_of(&one.json) == part.name()))
        .collect();
    included.extend(named);
    let subject = included.first().map(|patient| patient.name()).unwrap_or_default();
    let composition = json!({
        "resourceType": "Composition", "id": id, "status": "final", "date": moment, "title": "Patient summary",
        "type": { "coding": [{ "system": "http://loinc.org", "code": "60591-5", "display": "Patient summary Document" }] },
        "subject": { "reference": subject }, "author": [{ "display": organization }], "section": sections,
    });
    let entry = |name: &str, resource: &Value| json!({ "fullUrl": format!("{BASE}/{name}"), "resource": resource });
    let mut entries = vec![entry(&format!("Composition/{id}"), &composition)];
    entries.extend(included.iter().map(|part| entry(&part.name(), &part.json)));
    let bundle = json!({
        "resourceType": "Bundle", "type": "document", "timestamp": moment,
        "identifier": { "system": "urn:ietf:rfc:3986", "value": format!("urn:uuid:{id}") },
        "entry": entries,
    });
    (bundle, included.len())
}

fn section_json(section: &Section, within: &[&Part], lines: &[String]) -> Value {
    let (code, display) = section.code;
    let body = if lines.is_empty() {
        "<p>No information is on record here.</p>".to_owned()
    } else {
        let items: String = lines.iter().map(|line| format!("<li>{}</li>", escaped(line))).collect();
        format!("<ul>{items}</ul>")
    };
    let mut json = json!({
        "title": section.title,
        "code": { "coding": [{ "system": "http://loinc.org", "code": code, "display": display }] },
        "text": { "status": "generated", "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{body}</div>") },
    });
    let more = if within.is_empty() {
        let system = "http://terminology.hl7.org/CodeSystem/list-empty-reason";
        ("emptyReason", json!({ "coding": [{ "system": system, "code": "unavailable", "display": "Unavailable" }] }))
    } else {
        ("entry", within.iter().map(|part| json!({ "reference": part.name() })).collect())
    };
    if let Some(elements) = json.as_object_mut() {
        elements.insert(more.0.to_owned(), more.1);
    }
    json
}

/// What an entry is called; of a medicine that another resource describes, what that one is called.
fn called(part: &Part, parts: &[Part]) -> String {
    let own = ["code", "medicationCodeableConcept", "vaccineCode"].map(|key| display(at(&part.json, &[key])));
    let own = own.into_iter().find(|name| !name.is_empty());
    let medicine = parts.iter().find(|other| other.name() == medicine_of(&part.json));
    let dosage = text(first(&part.json, "dosage"), "text");
    let name = own.map(str::to_owned).or_else(|| medicine.map(|medicine| chart::called(&medicine.json)));
    let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| "Not named".to_owned());
    if dosage.is_empty() { name } else { format!("{name}: {dosage}") }
}

fn medicine_of(resource: &Value) -> &str {
    text(at(resource, &["medicationReference"]), "reference")
}

fn escaped(line: &str) -> String {
    line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use vigil_model::fhir::field::items;

    use super::*;

    fn part(json: Value) -> Part {
        Part { resource_type: text(&json, "resourceType").to_owned(), id: text(&json, "id").to_owned(), json }
    }

    fn record() -> Vec<Part> {
        [
            json!({ "resourceType": "Patient", "id": "p" }),
            json!({ "resourceType": "Condition", "id": "now", "code": { "text": "Na < 120" }, "clinicalStatus": { "coding": [{ "code": "active" }] } }),
            json!({ "resourceType": "Condition", "id": "over", "code": { "text": "Flu" }, "clinicalStatus": { "coding": [{ "code": "resolved" }] } }),
            json!({ "resourceType": "Condition", "id": "wrong", "code": { "text": "X" }, "verificationStatus": { "coding": [{ "code": "entered-in-error" }] } }),
            json!({ "resourceType": "MedicationRequest", "id": "m", "status": "active", "medicationReference": { "reference": "Medication/med" } }),
            json!({ "resourceType": "Medication", "id": "med", "code": { "text": "Aspirin" } }),
            json!({ "resourceType": "Medication", "id": "other", "code": { "text": "Unused" } }),
        ]
        .map(part)
        .into()
    }

    #[test]
    fn the_document_holds_what_is_current_and_every_reference_of_its_sections() {
        let (bundle, count) = document(&record(), "St. Elsewhere", "1", DateTime::UNIX_EPOCH);
        let entries = items(&bundle, "entry");
        let urls: Vec<&str> = entries.iter().map(|entry| text(entry, "fullUrl")).collect();
        assert_eq!(text(&entries[0]["resource"], "resourceType"), "Composition", "a document begins with it");
        assert_eq!(count + 1, entries.len(), "how many resources of the record");
        let sections = items(&entries[0]["resource"], "section");
        for reference in sections.iter().flat_map(|section| items(section, "entry")) {
            let url = format!("{BASE}/{}", text(reference, "reference"));
            assert!(urls.contains(&url.as_str()), "{url} is in the document");
        }
        assert!(urls.iter().any(|url| url.ends_with("Medication/med")), "what a prescription names");
        for gone in ["over", "wrong", "other"] {
            assert!(!urls.iter().any(|url| url.ends_with(gone)), "{gone} is not current, or nobody's");
        }
        let words = sections[0]["text"]["div"].as_str().unwrap();
        assert!(words.contains("Na &lt; 120"), "a narrative is XHTML: {words}");
        assert!(sections[2]["text"]["div"].as_str().unwrap().contains("Aspirin"), "named by what it points to");
    }

    #[test]
    fn a_required_section_that_is_empty_says_so() {
        let (bundle, _) = document(&record()[..1], "St. Elsewhere", "1", DateTime::UNIX_EPOCH);
        let sections = items(&bundle["entry"][0]["resource"], "section");
        let titles: Vec<&str> = sections.iter().map(|section| text(section, "title")).collect();
        assert_eq!(titles, ["Problems", "Allergies and intolerances", "Medicines"], "the required ones, and no others");
        for section in sections {
            assert!(section.get("emptyReason").is_some() && section.get("entry").is_none(), "never a silent gap");
        }
    }
}
