//! II as Identifier (C-CDA on FHIR, mappingGuidance, "CDA id to FHIR Identifier").

use serde_json::{Value, json};

use super::oid;
use crate::xml::Element;

/// The identifiers of an act, without those that say nothing.
pub(crate) fn all(act: &Element) -> Vec<Value> {
    act.all("id").filter_map(one).collect()
}

/// One identifier.
pub(crate) fn one(id: &Element) -> Option<Value> {
    let (root, extension) = (id.attribute("root"), id.attribute("extension"));
    match (root, extension) {
        ("", "") => None,
        ("", value) => Some(json!({ "value": value })),
        // A system that gives out numbers is no number itself.
        (root, "") if oid::identifier_system(root).starts_with("http") => None,
        (root, "") => Some(json!({ "system": "urn:ietf:rfc:3986", "value": oid::urn(root) })),
        (root, value) => Some(json!({ "system": oid::identifier_system(root), "value": value })),
    }
}

/// A document's id as one URI: `urn:oid:1.2.3#TT988`.
pub(crate) fn uri(id: &Element) -> Option<String> {
    let (root, extension) = (id.attribute("root"), id.attribute("extension"));
    match (root, extension) {
        ("", "") => None,
        (root, "") => Some(oid::urn(root)),
        (root, extension) => Some(format!("{}#{extension}", oid::urn(root))),
    }
}
