//! FHIR references.

use serde_json::Value;

use super::field::text;

/// Where a reference points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// `Practitioner/x`, also as the tail of an absolute URL.
    Resource {
        /// The resource type.
        resource_type: &'a str,
        /// The id.
        id: &'a str,
    },
    /// `#x`: a contained resource.
    Contained(&'a str),
    /// `urn:uuid:...`, conditional references and anything else.
    Other(&'a str),
}

/// Reads the text of a reference.
pub fn parse(reference: &str) -> Target<'_> {
    if let Some(id) = reference.strip_prefix('#') {
        return Target::Contained(id);
    }
    let plain = reference.split_once("/_history/").map_or(reference, |(plain, _)| plain);
    let mut parts = plain.rsplitn(3, '/');
    match (parts.next(), parts.next()) {
        (Some(id), Some(resource_type))
            if resource_type.starts_with(|first: char| first.is_ascii_uppercase())
                && resource_type.bytes().all(|byte| byte.is_ascii_alphabetic())
                && (1..=64).contains(&id.len())
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.') =>
        {
            Target::Resource { resource_type, id }
        }
        _ => Target::Other(reference),
    }
}

/// What a Reference says itself: its `display`, else its identifier's value; empty when it says nothing readable.
pub fn own_text(reference: &Value) -> &str {
    match text(reference, "display") {
        "" => reference.get("identifier").map_or("", |identifier| text(identifier, "value")),
        display => display,
    }
}

/// What a Reference leads to, in a form that can be compared: `Type/id`, `Type?identifier=system|value` (also for one that
/// only names an identifier), or none for contained resources and anything else.
pub fn key(reference: &Value) -> Option<String> {
    let literal = text(reference, "reference");
    if literal.is_empty() {
        let (kind, identifier) = (text(reference, "type"), reference.get("identifier")?);
        let value = text(identifier, "value");
        let named = !kind.is_empty() && !value.is_empty();
        return named.then(|| format!("{kind}?identifier={}|{value}", text(identifier, "system")));
    }
    normalised(literal)
}

/// The same of the text of a reference.
pub fn normalised(literal: &str) -> Option<String> {
    match parse(literal) {
        Target::Resource { resource_type, id } => Some(format!("{resource_type}/{id}")),
        Target::Contained(_) => None,
        Target::Other(other) => {
            let (kind, value) = other.split_once("?identifier=")?;
            let kind = kind.rsplit('/').next().filter(|kind| kind.bytes().all(|byte| byte.is_ascii_alphabetic()))?;
            (!kind.is_empty() && !value.is_empty()).then(|| format!("{kind}?identifier={value}"))
        }
    }
}

/// The resource type of a normalised reference.
pub fn kind(normalised: &str) -> &str {
    normalised.split(['/', '?']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_told_apart() {
        let practitioner = Target::Resource { resource_type: "Practitioner", id: "p1" };
        assert_eq!(parse("Practitioner/p1"), practitioner, "relative");
        assert_eq!(parse("https://example.org/fhir/Practitioner/p1/_history/3"), practitioner, "absolute with version");
        assert_eq!(parse("#med"), Target::Contained("med"), "contained");
        assert_eq!(parse("urn:uuid:1"), Target::Other("urn:uuid:1"), "urn");
        let conditional = "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9";
        assert_eq!(parse(conditional), Target::Other(conditional), "conditional");
    }

    #[test]
    fn what_leads_to_the_same_has_the_same_key() {
        let literal = |text: &str| key(&serde_json::json!({ "reference": text }));
        assert_eq!(literal("https://example.org/fhir/Practitioner/p1/_history/3"), literal("Practitioner/p1"));
        let named =
            serde_json::json!({ "type": "Practitioner", "identifier": { "system": "http://npi", "value": "9" } });
        assert_eq!(key(&named), literal("Practitioner?identifier=http://npi|9"), "by its identifier");
        for nothing in ["#med", "urn:uuid:1", "", "?identifier=9", "Practitioner?identifier="] {
            assert_eq!(literal(nothing), None, "{nothing:?}");
        }
    }
}
