//! CodeableConcept and Coding: the text to show, the code with its system's name.

use serde_json::Value;

use super::field::{items, text};

/// Code systems by URI with the name to show beside a code: FHIR R4 "Terminology Registry" (hl7.org/fhir/r4/namingsystem-terminologies.html)
/// and "Code Systems" (hl7.org/fhir/R4/terminologies-systems.html). A system that is not here is shown by the last part of its URI.
const SYSTEMS: [(&str, &str); 20] = [
    ("http://loinc.org", "LOINC"),
    ("http://snomed.info/sct", "SNOMED CT"),
    ("http://www.nlm.nih.gov/research/umls/rxnorm", "RxNorm"),
    ("http://hl7.org/fhir/sid/icd-10-cm", "ICD-10-CM"),
    ("http://hl7.org/fhir/sid/icd-10", "ICD-10"),
    ("http://hl7.org/fhir/sid/icd-9-cm", "ICD-9-CM"),
    ("http://hl7.org/fhir/sid/cvx", "CVX"),
    ("http://hl7.org/fhir/sid/ndc", "NDC"),
    ("http://www.ama-assn.org/go/cpt", "CPT"),
    ("http://unitsofmeasure.org", "UCUM"),
    ("http://www.whocc.no/atc", "ATC"),
    ("http://fdasis.nlm.nih.gov", "UNII"),
    ("http://ncimeta.nci.nih.gov", "NCI"),
    ("http://hl7.org/fhir/ndfrt", "NDF-RT"),
    ("http://www.radlex.org", "RadLex"),
    ("http://dicom.nema.org/resources/ontology/DCM", "DICOM"),
    ("urn:iso:std:iso:11073:10101", "ISO 11073"),
    ("urn:iso:std:iso:3166", "ISO 3166"),
    ("http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "HCPCS"),
    ("http://www.cms.gov/Medicare/Coding/ICD10", "ICD-10-PCS"),
];

/// The name of a code system: `LOINC`; the last part of the URI for one that has no name here; empty for none.
pub fn system_name(system: &str) -> &str {
    SYSTEMS
        .iter()
        .find(|(uri, _)| *uri == system)
        .map_or_else(|| system.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or(system), |(_, name)| name)
}

/// What a CodeableConcept says: its text, else the display the user chose or the first display, else the first code; empty when it says nothing.
pub fn display(concept: &Value) -> &str {
    let own = text(concept, "text");
    if !own.is_empty() {
        return own;
    }
    let coding = preferred(concept);
    let chosen = coding.map_or("", |coding| text(coding, "display"));
    if !chosen.is_empty() {
        return chosen;
    }
    let codings = items(concept, "coding");
    let any = |key| codings.iter().map(|coding| text(coding, key)).find(|text| !text.is_empty());
    any("display").or_else(|| any("code")).unwrap_or_default()
}

/// What a Coding says: its display, else its code.
pub fn coding_display(coding: &Value) -> &str {
    match text(coding, "display") {
        "" => text(coding, "code"),
        display => display,
    }
}

/// The coding that identifies the concept: the one the user chose, else LOINC or SNOMED CT or RxNorm or CVX, else the first with a code.
pub fn preferred(concept: &Value) -> Option<&Value> {
    let codings = items(concept, "coding");
    let coded = || codings.iter().filter(|coding| !text(coding, "code").is_empty());
    coded()
        .find(|coding| coding.get("userSelected") == Some(&Value::Bool(true)))
        .or_else(|| {
            let known = SYSTEMS.get(..3).unwrap_or_default();
            coded().find(|coding| known.iter().any(|(uri, _)| *uri == text(coding, "system")))
        })
        .or_else(|| coded().next())
}

/// `44054006 SNOMED CT`; empty when the concept is not coded.
pub fn code_label(concept: &Value) -> String {
    preferred(concept).map(coding_label).unwrap_or_default()
}

/// `AMB v3-ActCode`; only the code when no system is given.
pub fn coding_label(coding: &Value) -> String {
    match (text(coding, "code"), system_name(text(coding, "system"))) {
        ("", _) => String::new(),
        (code, "") => code.to_owned(),
        (code, system) => format!("{code} {system}"),
    }
}

/// The first code of a CodeableConcept, whatever its system: for elements bound to one required value set, such as a status.
pub fn code(concept: &Value) -> &str {
    items(concept, "coding").iter().map(|coding| text(coding, "code")).find(|code| !code.is_empty()).unwrap_or_default()
}

/// Whether one of the codings is this code of this system.
pub fn has_code(concept: &Value, system: &str, code: &str) -> bool {
    items(concept, "coding").iter().any(|coding| text(coding, "system") == system && text(coding, "code") == code)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_text_wins_then_the_display_then_the_code() {
        let coding = json!([{ "system": "http://loinc.org", "code": "8867-4", "display": "Heart rate" }]);
        assert_eq!(display(&json!({ "text": "Pulse", "coding": coding })), "Pulse", "what the author wrote");
        assert_eq!(display(&json!({ "coding": coding })), "Heart rate", "what the code means");
        assert_eq!(display(&json!({ "coding": [{ "code": "8867-4" }] })), "8867-4", "better a code than nothing");
        assert_eq!(code_label(&json!({ "coding": coding })), "8867-4 LOINC", "code and system");
    }

    #[test]
    fn an_unknown_system_is_named_by_its_uri() {
        assert_eq!(
            system_name("http://terminology.hl7.org/CodeSystem/v3-ActCode"),
            "v3-ActCode",
            "last part of the URI"
        );
        assert_eq!(system_name("urn:oid:2.16.840.1"), "2.16.840.1", "last part of the URN");
        assert_eq!(system_name(""), "", "no system, no name");
    }

    #[test]
    fn the_user_selected_coding_is_preferred() {
        let concept = json!({ "coding": [
            { "system": "http://loinc.org", "code": "a" },
            { "system": "http://example.org", "code": "b", "userSelected": true },
        ] });
        assert_eq!(preferred(&concept).map(|coding| text(coding, "code")), Some("b"), "what the user picked");
    }
}
