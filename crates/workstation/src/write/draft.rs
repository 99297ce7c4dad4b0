//! A resource that is about to be stored: a new one, or a changed one with everything in it that was not changed.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use vigil_model::fhir::compartment::sort_date;
use vigil_model::{ResourceId, ResourceType, fhir};
use vigil_vault::{ResourceWrite, Stored};

use crate::chart::NOTE;
use crate::{AppError, ErrorCode, Moment, clock, new_uuid};

/// So many characters has a name at most.
pub(super) const LONGEST_NAME: usize = 200;
/// So many has a note.
pub(super) const LONGEST_NOTE: usize = 2_000;

/// Who writes.
pub(crate) struct Author {
    name: String,
    practitioner: Option<String>,
}

impl Author {
    pub(super) const fn new(name: String, practitioner: Option<String>) -> Self {
        Self { name, practitioner }
    }

    /// A Reference: by name, and to the Practitioner where the account is linked to one.
    pub(super) fn reference(&self) -> Value {
        match &self.practitioner {
            Some(practitioner) => json!({ "reference": practitioner, "display": self.name }),
            None => json!({ "display": self.name }),
        }
    }

    /// Adds an Annotation; nothing when there are no words.
    pub(super) fn note(&self, resource: &mut Value, words: &str, now: DateTime<Utc>) {
        if words.is_empty() {
            return;
        }
        append(resource, "note", self.annotation(words, now));
    }

    /// The same on a type that has no element for it.
    pub(super) fn note_beside(&self, resource: &mut Value, words: &str, now: DateTime<Utc>) {
        if !words.is_empty() {
            let extension = json!({ "url": NOTE, "valueAnnotation": self.annotation(words, now) });
            append(resource, "extension", extension);
        }
    }

    fn annotation(&self, words: &str, now: DateTime<Utc>) -> Value {
        json!({ "authorString": self.name, "time": clock::fhir_text(&now), "text": words })
    }
}

/// A stored resource that can be read.
pub(crate) struct Read {
    id: ResourceId,
    pub(super) version: u32,
    pub(super) json: Value,
    text: zeroize::Zeroizing<String>,
}

impl Read {
    pub(super) const fn id(&self) -> &ResourceId {
        &self.id
    }

    /// The JSON text as it is stored.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// # Errors
    /// When it does not open or is no JSON: nobody could say what a change would lose.
    pub(super) fn new(stored: &Stored) -> Result<Self, AppError> {
        let text = stored.json.as_ref().map_err(|reason| AppError::new(ErrorCode::Internal, reason.to_string()))?;
        let json = fhir::json::read(text).map_err(|_| no_json())?;
        if !json.is_object() {
            return Err(no_json());
        }
        Ok(Self {
            id: stored.id.clone(),
            version: stored.version,
            json,
            text: zeroize::Zeroizing::new(text.to_string()),
        })
    }
}

/// What is about to be stored.
pub(crate) struct Draft {
    resource_type: ResourceType,
    id: ResourceId,
    json: zeroize::Zeroizing<String>,
    sort: String,
    based_on: Option<u32>,
}

impl Draft {
    /// What is stored, for whoever looks at it as a whole.
    pub(super) fn as_it_stands(resource_type: &str, stored: Read) -> Result<Self, AppError> {
        let sort = sort_date(resource_type, &stored.json);
        let Read { id, version, text: json, .. } = stored;
        Ok(Self { resource_type: kind(resource_type)?, id, json, sort, based_on: Some(version) })
    }

    pub(super) const fn id(&self) -> &ResourceId {
        &self.id
    }

    /// `Type/id`.
    pub(super) fn name(&self) -> String {
        format!("{}/{}", self.resource_type, self.id)
    }

    /// The JSON text as it will be stored.
    pub(super) fn text(&self) -> &str {
        &self.json
    }

    /// A new resource with these elements.
    pub(super) fn new(resource_type: &str, now: DateTime<Utc>, elements: Value) -> Result<Self, AppError> {
        let id = ResourceId::parse(&new_uuid(Moment { utc: now, since_boot: std::time::Duration::ZERO }).to_string());
        let id = id.map_err(|error| AppError::invalid(error.to_string()))?;
        let make = |resource: &mut Value| {
            *resource = json!({ "resourceType": resource_type, "id": id.to_string(), "meta": meta(1, now) });
            if let (Some(resource), Value::Object(elements)) = (resource.as_object_mut(), elements) {
                resource.extend(elements);
            }
            Ok(())
        };
        let (json, sort) = made(resource_type, "{}", make)?;
        Ok(Self { resource_type: kind(resource_type)?, id, json, sort, based_on: None })
    }

    /// The same with one more element.
    pub(super) fn with(self, element: &str, value: Value) -> Result<Self, AppError> {
        let (json, sort) = made(self.resource_type.as_str(), &self.json, |resource| {
            set(resource, element, value);
            Ok(())
        })?;
        Ok(Self { json, sort, ..self })
    }

    /// The next version of what was read, based on the version that whoever changes it has seen.
    pub(super) fn changed(
        resource_type: &str,
        stored: &Read,
        based_on: u32,
        now: DateTime<Utc>,
        change: impl FnOnce(&mut Value) -> Result<(), AppError>,
    ) -> Result<Self, AppError> {
        Self::in_place_of(resource_type, stored, based_on, &stored.text, now, |resource| {
            let before = resource.clone();
            change(resource)?;
            if *resource == before { Err(AppError::invalid("nothing was changed")) } else { Ok(()) }
        })
    }

    /// The next version of what was read, made from `text`.
    pub(super) fn in_place_of(
        resource_type: &str,
        stored: &Read,
        based_on: u32,
        text: &str,
        now: DateTime<Utc>,
        change: impl FnOnce(&mut Value) -> Result<(), AppError>,
    ) -> Result<Self, AppError> {
        if stored.version != based_on {
            return Err(vigil_vault::VaultError::VersionConflict { newest: stored.version }.into());
        }
        let (json, sort) = made(resource_type, text, |resource| {
            change(resource)?;
            let version = based_on.saturating_add(1);
            match resource.get_mut("meta").and_then(Value::as_object_mut) {
                Some(own) => own.extend(meta(version, now).as_object().cloned().unwrap_or_default()),
                None => set(resource, "meta", meta(version, now)),
            }
            Ok(())
        })?;
        let id = stored.id.clone();
        Ok(Self { resource_type: kind(resource_type)?, id, json, sort, based_on: Some(based_on) })
    }

    pub(super) fn write(&self) -> ResourceWrite<'_> {
        ResourceWrite {
            resource_type: &self.resource_type,
            id: &self.id,
            json: &self.json,
            sort: &self.sort,
            based_on: self.based_on,
        }
    }
}

/// The JSON once it is changed, and what lists sort it by.
fn made(
    resource_type: &str,
    text: &str,
    change: impl FnOnce(&mut Value) -> Result<(), AppError>,
) -> Result<(zeroize::Zeroizing<String>, String), AppError> {
    let (json, sort) = fhir::json::changed(text, |resource| {
        // A member can be put into an object alone.
        if !resource.is_object() {
            return Err(no_json());
        }
        change(resource)?;
        Ok::<_, AppError>(sort_date(resource_type, resource))
    })
    .map_err(|_| no_json())?;
    Ok((zeroize::Zeroizing::new(json), sort?))
}

fn meta(version: u32, now: DateTime<Utc>) -> Value {
    json!({ "versionId": version.to_string(), "lastUpdated": clock::fhir_text(&now) })
}

fn kind(resource_type: &str) -> Result<ResourceType, AppError> {
    ResourceType::parse(resource_type).map_err(|error| AppError::invalid(error.to_string()))
}

pub(super) fn no_json() -> AppError {
    AppError::new(ErrorCode::Internal, "the stored text is no JSON")
}

/// Words that somebody typed, without white space around them; they may be empty.
///
/// # Errors
/// For more than `longest` characters, and for characters that nobody types.
pub(super) fn words(text: &str, what: &str, longest: usize) -> Result<String, AppError> {
    let text = text.trim();
    if text.chars().count() > longest {
        return Err(AppError::invalid(format!("{what} has at most {longest} characters")));
    }
    if text.chars().any(|character| character.is_control() && character != '\n') {
        return Err(AppError::invalid(format!("{what} has characters that cannot be shown")));
    }
    Ok(text.to_owned())
}

/// Puts an item behind those of a list.
fn append(resource: &mut Value, list: &str, item: Value) {
    match resource.get_mut(list).and_then(Value::as_array_mut) {
        Some(items) => items.push(item),
        None => set(resource, list, json!([item])),
    }
}

/// Puts an element into a resource, in place of what stood there. What is no object takes none.
pub(super) fn set(resource: &mut Value, element: &str, value: Value) {
    if let Some(elements) = resource.as_object_mut() {
        elements.insert(element.to_owned(), value);
    }
}

/// A CodeableConcept of what somebody wrote: the words, and the code that was chosen for them, if one was.
pub(super) fn concept(words: &str, coding: Option<&Value>) -> Value {
    coding.map_or_else(|| json!({ "text": words }), |coding| json!({ "coding": [coding], "text": words }))
}

/// A CodeableConcept with one code of the terminology that FHIR R4 keeps for a status.
pub(super) fn status(system: &str, code: &str) -> Value {
    json!({ "coding": [{ "system": format!("http://terminology.hl7.org/CodeSystem/{system}"), "code": code }] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(json: &str) -> Read {
        let (id, json_read) = (ResourceId::parse("a").unwrap(), fhir::json::read(json).unwrap());
        Read { id, version: 3, json: json_read, text: zeroize::Zeroizing::new(json.to_owned()) }
    }

    #[test]
    fn a_change_keeps_everything_that_it_does_not_change() {
        let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        let read = stored(
            r#"{"resourceType":"Observation","id":"a","meta":{"source":"x","versionId":"9"},"valueQuantity":{"value":7.20}}"#,
        );
        let draft = Draft::changed("Observation", &read, 3, now, |json| {
            json["status"] = json!("entered-in-error");
            Ok(())
        })
        .unwrap();
        let made: Value = serde_json::from_str(&draft.json).unwrap();
        assert!(draft.json.contains("7.20"), "a number stays as it was written: {}", &*draft.json);
        assert_eq!(
            (&made["meta"]["source"], &made["meta"]["versionId"]),
            (&json!("x"), &json!("4")),
            "whose version it is now"
        );
        assert_eq!(draft.based_on, Some(3), "and what it is based on");
        let same = Draft::changed("Observation", &read, 3, now, |_| Ok(())).map(drop).unwrap_err();
        assert_eq!(same.code, ErrorCode::Invalid, "nothing changed is no version");
    }

    #[test]
    fn what_was_read_before_another_version_came_is_not_changed() {
        let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        let refused = Draft::changed("Observation", &stored("{}"), 2, now, |_| Ok(())).map(drop).unwrap_err();
        assert_eq!(refused.code, ErrorCode::VersionConflict, "nothing of the other version is lost");
    }

    #[test]
    fn words_are_taken_as_they_are_typed_within_reason() {
        assert_eq!(
            words("  Hay fever \n since May ", "it", 40).unwrap(),
            "Hay fever \n since May",
            "without its margins"
        );
        assert!(words("\u{7}", "it", 40).is_err() && words("abc", "it", 2).is_err(), "no bell, and not too long");
    }
}
