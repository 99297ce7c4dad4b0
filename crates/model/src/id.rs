//! Typed ids: an id of one kind cannot be passed where another is meant.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a text is no id.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidId {
    /// Not `[A-Za-z0-9\-.]{1,64}` (FHIR R4 `id`).
    #[error("a FHIR id has 1 to 64 letters, digits, hyphens or dots")]
    Fhir,
    /// Not a FHIR resource type name.
    #[error("a FHIR resource type is a word of letters that starts with a capital")]
    ResourceType,
    /// Not a resource type and an id with a slash between them.
    #[error("a resource is named by its type and its id, such as DocumentReference/d1")]
    Reference,
    /// Not a UUID.
    #[error("not a UUID")]
    Uuid,
}

macro_rules! uuid_id {
    ($name:ident, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// An id from its 16 bytes.
            pub const fn from_uuid(value: Uuid) -> Self {
                Self(value)
            }

            /// The UUID.
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }

            /// Parses the hyphenated form.
            ///
            /// # Errors
            /// [`InvalidId::Uuid`] when `text` is none.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                Uuid::parse_str(text).map(Self).map_err(|_| InvalidId::Uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
    };
}

uuid_id!(UserId, "One person who signs in.");
uuid_id!(SessionId, "One stay of a user at a workstation, from sign-in to sign-out.");
uuid_id!(DeviceId, "One workstation.");
uuid_id!(TeamId, "One team: users who look after the same patients.");

macro_rules! fhir_id {
    ($name:ident, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Parses a FHIR R4 `id`.
            ///
            /// # Errors
            /// [`InvalidId::Fhir`] when `text` has another shape.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                let fits = (1..=64).contains(&text.len())
                    && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
                if fits { Ok(Self(text.to_owned())) } else { Err(InvalidId::Fhir) }
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fhir_id!(PatientId, "The logical id of a FHIR Patient.");
fhir_id!(ResourceId, "The logical id of a FHIR resource within its type.");

/// A FHIR resource type by name. Types that Vigil does not model are kept, so this is no closed list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
#[serde(transparent)]
pub struct ResourceType(String);

impl ResourceType {
    /// Parses a resource type name such as `Observation`.
    ///
    /// # Errors
    /// [`InvalidId::ResourceType`] when `text` cannot be one.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let fits = (2..=64).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_uppercase())
            && text.bytes().all(|b| b.is_ascii_alphabetic());
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidId::ResourceType) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fhir_id_of_65_characters_is_refused() {
        assert!(PatientId::parse(&"a".repeat(64)).is_ok(), "64 is the longest that FHIR allows");
        assert_eq!(PatientId::parse(&"a".repeat(65)), Err(InvalidId::Fhir), "65 is one too many");
    }

    #[test]
    fn an_id_cannot_carry_a_path_or_a_quote() {
        for bad in ["", "../x", "a b", "a'b", "a/b", "ä"] {
            assert_eq!(ResourceId::parse(bad), Err(InvalidId::Fhir), "{bad:?} is no FHIR id");
        }
    }

    #[test]
    fn an_unknown_resource_type_is_a_resource_type() {
        assert!(ResourceType::parse("BiologicallyDerivedProduct").is_ok(), "the list is not closed");
        assert!(ResourceType::parse("patient").is_err(), "type names start with a capital");
    }
}
