//! Object identifiers as the URIs that FHIR has for them.
//!
//! Code systems: hl7.org/fhir/R4/terminologies-systems.html, column "OID (for non-FHIR systems)". Identifier systems:
//! hl7.org/fhir/R4/identifier-registry.html. What is in neither is `urn:oid:` (C-CDA on FHIR, mappingGuidance, "Mapping OID to URI").

/// Code systems, by their OID.
const CODE_SYSTEMS: [(&str, &str); 39] = [
    ("2.16.840.1.113883.6.96", "http://snomed.info/sct"),
    ("2.16.840.1.113883.6.1", "http://loinc.org"),
    ("2.16.840.1.113883.6.88", "http://www.nlm.nih.gov/research/umls/rxnorm"),
    ("2.16.840.1.113883.6.8", "http://unitsofmeasure.org"),
    ("2.16.840.1.113883.6.90", "http://hl7.org/fhir/sid/icd-10-cm"),
    ("2.16.840.1.113883.6.3", "http://hl7.org/fhir/sid/icd-10"),
    ("2.16.840.1.113883.6.103", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("2.16.840.1.113883.6.104", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("2.16.840.1.113883.6.42", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("2.16.840.1.113883.6.4", "http://www.cms.gov/Medicare/Coding/ICD10"),
    ("2.16.840.1.113883.6.12", "http://www.ama-assn.org/go/cpt"),
    ("2.16.840.1.113883.6.13", "http://www.ada.org/cdt"),
    ("2.16.840.1.113883.6.69", "http://hl7.org/fhir/sid/ndc"),
    ("2.16.840.1.113883.12.292", "http://hl7.org/fhir/sid/cvx"),
    ("2.16.840.1.113883.6.59", "http://hl7.org/fhir/sid/cvx"),
    ("2.16.840.1.113883.12.227", "http://terminology.hl7.org/CodeSystem/MVX"),
    ("2.16.840.1.113883.4.9", "http://fdasis.nlm.nih.gov"),
    ("2.16.840.1.113883.3.26.1.5", "http://hl7.org/fhir/ndfrt"),
    ("2.16.840.1.113883.6.209", "http://hl7.org/fhir/ndfrt"),
    ("2.16.840.1.113883.3.26.1.1", "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"),
    ("2.16.840.1.113883.6.101", "http://nucc.org/provider-taxonomy"),
    ("2.16.840.1.113883.6.238", "urn:oid:2.16.840.1.113883.6.238"),
    ("2.16.840.1.113883.5.1", "http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender"),
    ("2.16.840.1.113883.5.2", "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"),
    ("2.16.840.1.113883.5.4", "http://terminology.hl7.org/CodeSystem/v3-ActCode"),
    ("2.16.840.1.113883.5.6", "http://terminology.hl7.org/CodeSystem/v3-ActClass"),
    ("2.16.840.1.113883.5.7", "http://terminology.hl7.org/CodeSystem/v3-ActPriority"),
    ("2.16.840.1.113883.5.8", "http://terminology.hl7.org/CodeSystem/v3-ActReason"),
    ("2.16.840.1.113883.5.14", "http://terminology.hl7.org/CodeSystem/v3-ActStatus"),
    ("2.16.840.1.113883.5.25", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"),
    ("2.16.840.1.113883.5.83", "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"),
    ("2.16.840.1.113883.5.84", "http://terminology.hl7.org/CodeSystem/v3-ObservationMethod"),
    ("2.16.840.1.113883.5.90", "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"),
    ("2.16.840.1.113883.5.110", "http://terminology.hl7.org/CodeSystem/v3-RoleClass"),
    ("2.16.840.1.113883.5.111", "http://terminology.hl7.org/CodeSystem/v3-RoleCode"),
    ("2.16.840.1.113883.5.112", "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration"),
    ("2.16.840.1.113883.5.1063", "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"),
    ("2.16.840.1.113883.5.1008", "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"),
    ("2.16.840.1.113883.6.259", "https://www.cdc.gov/nhsn/cdaportal/terminology/codesystem/hsloc.html"),
];

/// Identifier systems, by their OID.
const IDENTIFIER_SYSTEMS: [(&str, &str); 5] = [
    ("2.16.840.1.113883.4.1", "http://hl7.org/fhir/sid/us-ssn"),
    ("2.16.840.1.113883.4.6", "http://hl7.org/fhir/sid/us-npi"),
    ("2.16.840.1.113883.4.572", "http://hl7.org/fhir/sid/us-medicare"),
    ("2.16.840.1.113883.4.927", "http://hl7.org/fhir/sid/us-mbi"),
    ("2.16.840.1.113883.3.3719", "http://hl7.org/fhir/NamingSystem/fda-udi"),
];

/// The URI of a code system.
pub(crate) fn code_system(oid: &str) -> String {
    known(&CODE_SYSTEMS, oid).unwrap_or_else(|| urn(oid))
}

/// The URI of what gives out an identifier.
pub(crate) fn identifier_system(oid: &str) -> String {
    known(&IDENTIFIER_SYSTEMS, oid).unwrap_or_else(|| urn(oid))
}

fn known(table: &[(&str, &str)], oid: &str) -> Option<String> {
    table.iter().find(|(known, _)| *known == oid).map(|(_, uri)| (*uri).to_owned())
}

/// `urn:oid:` or `urn:uuid:`; what is neither is left as it is.
pub(crate) fn urn(root: &str) -> String {
    if is_uuid(root) {
        return format!("urn:uuid:{}", root.to_ascii_lowercase());
    }
    let is_oid = !root.is_empty() && root.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_oid { format!("urn:oid:{root}") } else { root.to_owned() }
}

pub(crate) fn is_uuid(root: &str) -> bool {
    let lengths = root.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && root.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_system_has_the_uri_of_fhir_or_its_oid() {
        assert_eq!(code_system("2.16.840.1.113883.6.96"), "http://snomed.info/sct", "SNOMED CT");
        assert_eq!(code_system("2.16.840.1.113883.3.247.1.1"), "urn:oid:2.16.840.1.113883.3.247.1.1", "a vendor's own");
        let mut oids: Vec<_> = CODE_SYSTEMS.iter().map(|(oid, _)| oid).collect();
        oids.sort_unstable();
        oids.dedup();
        assert_eq!(oids.len(), CODE_SYSTEMS.len(), "each once");
    }
}
