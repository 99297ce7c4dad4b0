//! What is known of a resource before its references are resolved: its type, its id, what a transaction asks of it.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};
use uuid::Uuid;
use vigil_model::fhir::compartment::{is_read, parse_reference};
use vigil_model::{ResourceId, ResourceType};

use super::IdentifierQuery;
use super::file::{Piece, Request};
use super::text::{Name, explain};

/// Ids made from content are UUIDs of version 5 in this namespace. Do not modify: files that were imported would come in
/// a second time.
const CONTENT: Uuid = Uuid::from_u128(0x9f0c_6f5e_6a0b_5d5c_8f43_5d0a_9b6e_2c17);

/// A condition that a transaction puts on an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// Nothing is done when a resource with this identifier is there (`ifNoneExist`).
    Absent(IdentifierQuery),
    /// The resource with this identifier is replaced (`PUT Type?identifier=...`).
    Replace(IdentifierQuery),
}

/// A resource that has a type and an id.
pub(super) struct Named {
    pub(super) resource_type: ResourceType,
    pub(super) id: ResourceId,
    pub(super) condition: Option<Condition>,
    pub(super) head: Value,
}

/// Why a resource is refused, and its type where that is known.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) resource_type: Option<ResourceType>,
    pub(super) reason: String,
}

/// Finds type and id of `piece`. The id is, in this order: what a PUT says, the resource's own, its `fullUrl`'s, or one made
/// from its content, so that importing it again finds it again.
pub(super) fn name(piece: &Piece<'_>) -> Result<Named, Refusal> {
    named(piece, head(piece.text))
}

/// The same, with nothing but type and id in the head: where only they are asked for.
pub(super) fn name_briefly(piece: &Piece<'_>) -> Result<Named, Refusal> {
    named(piece, pick(piece.text, |name| matches!(name, "resourceType" | "id")))
}

fn named(piece: &Piece<'_>, head: Result<Value, String>) -> Result<Named, Refusal> {
    let untyped = |reason: String| Refusal { resource_type: None, reason };
    let head = head.map_err(untyped)?;
    let resource_type = match head.get("resourceType") {
        None => return Err(untyped("it has no resourceType, so it is no FHIR resource".to_owned())),
        Some(kind) => kind.as_str().and_then(|kind| ResourceType::parse(kind).ok()),
    };
    let Some(resource_type) = resource_type else {
        return Err(untyped("its resourceType is no name of a FHIR resource type".to_owned()));
    };
    let refuse = |reason: &str| Refusal { resource_type: Some(resource_type.clone()), reason: reason.to_owned() };
    if resource_type.as_str() == "Bundle" {
        return Err(refuse("a Bundle within a bundle is not taken apart; import it as a file of its own"));
    }
    let own = match head.get("id") {
        None => None,
        Some(id) => {
            let parsed = id.as_str().and_then(|id| ResourceId::parse(id).ok());
            Some(parsed.ok_or_else(|| refuse("its id is no FHIR id: 1 to 64 letters, digits, hyphens or dots"))?)
        }
    };
    let (put_id, condition) = asked(piece.request.as_ref(), &resource_type).map_err(|reason| refuse(&reason))?;
    let id = put_id
        .or(own)
        .or_else(|| from_full_url(piece.full_url.as_deref()?, &resource_type))
        .or_else(|| ResourceId::parse(&Uuid::new_v5(&CONTENT, piece.text.as_bytes()).to_string()).ok());
    let id = id.ok_or_else(|| refuse("it has no id"))?;
    Ok(Named { resource_type, id, condition, head })
}

/// Reads `Type?identifier=system|value`; `None` for any other search.
pub(super) fn parse_query(text: &str) -> Option<IdentifierQuery> {
    let (kind, search) = text.split_once('?')?;
    parse_search(ResourceType::parse(kind).ok()?, search)
}

/// Business identifiers in `head`: (system, value); the system may be empty.
pub(super) fn identifiers(head: &Value) -> Vec<(String, String)> {
    let found = match head.get("identifier") {
        Some(Value::Array(many)) => many.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    };
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    found.into_iter().filter_map(|one| Some((text(one, "system").unwrap_or_default(), text(one, "value")?))).collect()
}

/// Whether `meta.security` says restricted or very restricted (HL7 v3 Confidentiality R, V).
pub(super) fn is_restricted(head: &Value) -> bool {
    let labels = head.get("meta").and_then(|meta| meta.get("security")).and_then(Value::as_array);
    let confidentiality = |label: &Value| {
        label.get("system").and_then(Value::as_str) == Some("http://terminology.hl7.org/CodeSystem/v3-Confidentiality")
            && matches!(label.get("code").and_then(Value::as_str), Some("R" | "V"))
    };
    labels.is_some_and(|labels| labels.iter().any(confidentiality))
}

/// The elements of a resource that the import looks at; the rest is passed over.
pub(super) fn head(text: &str) -> Result<Value, String> {
    pick(text, |name| matches!(name, "resourceType" | "meta" | "identifier") || is_read(name))
}

/// The elements of a resource that are `wanted`; the rest is passed over.
pub(super) fn pick(text: &str, wanted: fn(&str) -> bool) -> Result<Value, String> {
    let mut parser = serde_json::Deserializer::from_str(text);
    parser.deserialize_any(Head(wanted)).and_then(|head| parser.end().map(|()| head)).map_err(|error| {
        if text.starts_with('{') {
            explain(&error)
        } else {
            "it is no JSON object, so it is no FHIR resource".to_owned()
        }
    })
}

fn asked(
    request: Option<&Request>,
    resource_type: &ResourceType,
) -> Result<(Option<ResourceId>, Option<Condition>), String> {
    let Some(request) = request else {
        return Ok((None, None));
    };
    let unsupported = "its condition cannot be followed: only a search for one identifier can";
    match request.method.as_str() {
        "" | "POST" if request.if_none_exist.is_empty() => Ok((None, None)),
        "" | "POST" => {
            let query = parse_search(resource_type.clone(), &request.if_none_exist).ok_or(unsupported)?;
            Ok((None, Some(Condition::Absent(query))))
        }
        "PUT" if request.url.contains('?') => {
            let query = parse_query(&request.url).filter(|query| query.resource_type == *resource_type);
            Ok((None, Some(Condition::Replace(query.ok_or(unsupported)?))))
        }
        "PUT" => match parse_reference(&request.url) {
            Some((kind, id)) if kind == *resource_type => Ok((Some(id), None)),
            _ => Err("its request is a PUT to an address that is not its type and an id".to_owned()),
        },
        _ => Err("its request is neither POST nor PUT; an import only adds and replaces".to_owned()),
    }
}

fn parse_search(resource_type: ResourceType, search: &str) -> Option<IdentifierQuery> {
    let token = search.strip_prefix("identifier=")?;
    if token.contains('&') {
        return None;
    }
    let token = percent_decoded(token)?;
    let (system, value) = match token.split_once('|') {
        Some((system, value)) => (Some(system.to_owned()), value.to_owned()),
        None => (None, token),
    };
    (!value.is_empty()).then_some(IdentifierQuery { resource_type, system, value })
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes().iter();
    while let Some(byte) = rest.next() {
        if *byte == b'%' {
            let digits = [*rest.next()?, *rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(*byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// The id that a `fullUrl` gives to a resource that has none: that of a UUID, or the end of an address.
fn from_full_url(url: &str, resource_type: &ResourceType) -> Option<ResourceId> {
    if let Some(uuid) = url.strip_prefix("urn:uuid:") {
        return ResourceId::parse(&Uuid::parse_str(uuid).ok()?.to_string()).ok();
    }
    let (base, id) = url.rsplit_once('/')?;
    let kind = base.rsplit('/').next()?;
    if kind == resource_type.as_str() { ResourceId::parse(id).ok() } else { None }
}

struct Head(fn(&str) -> bool);

impl<'de> Visitor<'de> for Head {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a resource")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut head = Map::new();
        while let Some(name) = members.next_key_seed(Name)? {
            if (self.0)(&name) {
                head.insert(name.into_owned(), members.next_value()?);
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Value::Object(head))
    }
}

impl<'de> DeserializeSeed<'de> for Head {
    type Value = Value;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece<'a>(text: &'a str, full_url: Option<&str>, request: Option<(&str, &str, &str)>) -> Piece<'a> {
        let request = request.map(|(method, url, if_none_exist)| Request {
            method: method.to_owned(),
            url: url.to_owned(),
            if_none_exist: if_none_exist.to_owned(),
        });
        Piece { full_url: full_url.map(str::to_owned), request, text }
    }

    #[test]
    fn an_id_is_found_or_made_and_is_the_same_the_next_time() {
        let bare = r#"{"resourceType":"Observation"}"#;
        let own = r#"{"resourceType":"Observation","id":"own"}"#;
        let uuid = "urn:uuid:0dfc2e7a-1111-4222-8333-444455556666";
        for (text, url, request, expected) in [
            (own, Some(uuid), None, "own"),
            (own, None, Some(("PUT", "Observation/put", "")), "put"),
            (bare, Some(uuid), None, "0dfc2e7a-1111-4222-8333-444455556666"),
            (bare, Some("https://h.example/fhir/Observation/7"), None, "7"),
            // Frozen: an id made from content must stay what it is.
            (bare, None, None, "2f1faace-9498-5fcc-b149-1ac84cf0e92e"),
        ] {
            let named = name(&piece(text, url, request)).map_err(|refusal| refusal.reason).unwrap();
            assert_eq!(named.id.as_str(), expected, "{text} {url:?} {request:?}");
        }
    }

    #[test]
    fn what_an_import_must_not_do_is_refused() {
        let text = r#"{"resourceType":"Observation","id":"o"}"#;
        for request in [("DELETE", "Observation/o", ""), ("PUT", "Patient/o", ""), ("POST", "Observation", "code=1")] {
            let refusal = name(&piece(text, None, Some(request))).err().unwrap();
            assert_eq!(refusal.resource_type.unwrap().as_str(), "Observation", "{request:?} is refused by type");
        }
        for text in
            ["{}", "[]", "3", r#"{"resourceType":"observation"}"#, r#"{"resourceType":"Observation","id":"a b"}"#]
        {
            assert!(name(&piece(text, None, None)).is_err(), "{text} is no resource");
        }
    }

    #[test]
    fn conditions_are_searches_for_an_identifier() {
        let query = parse_query("Practitioner?identifier=http%3A%2F%2Fnpi|7").unwrap();
        assert_eq!((query.system.as_deref(), query.value.as_str()), (Some("http://npi"), "7"), "escapes are resolved");
        assert_eq!(parse_query("Practitioner?identifier=7").unwrap().system, None, "any system will do");
        for other in
            ["Practitioner?name=Smith", "Practitioner?identifier=", "Practitioner?identifier=7&active=true", "x"]
        {
            assert_eq!(parse_query(other), None, "{other} is no search for one identifier");
        }
    }
}
