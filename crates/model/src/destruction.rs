//! Destroying a record for good: why, and what of it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::fhir::compartment::parse_reference;
use crate::{InvalidId, ResourceId, ResourceType};

/// One resource by type and id, as a relative FHIR reference names it: `DocumentReference/d1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ResourceName {
    /// Its type.
    #[serde(rename = "type")]
    pub resource_type: ResourceType,
    /// Its id within the type.
    pub id: ResourceId,
}

impl ResourceName {
    /// Parses `Type/id`.
    ///
    /// # Errors
    /// [`InvalidId::Reference`] when `text` is something else, such as a URL.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let (resource_type, id) =
            parse_reference(text).filter(|_| text.matches('/').count() == 1).ok_or(InvalidId::Reference)?;
        Ok(Self { resource_type, id })
    }
}

impl fmt::Display for ResourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.resource_type, self.id)
    }
}

/// Why the keys of a record are destroyed: Vigil's own list. The law that allows or orders it is named in the words beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum DestructionReason {
    /// The patient asked for it and it was granted.
    PatientRequest,
    /// A court or an authority ordered it.
    LegalOrder,
    /// The time for which it had to be kept is over.
    RetentionOver,
    /// It was taken in by mistake: another hospital's patient, a test, the wrong file.
    EnteredInError,
    /// Something else; the words say what.
    Other,
}

impl DestructionReason {
    /// Every reason, in the order of the list on the screen.
    pub const ALL: [Self; 5] =
        [Self::PatientRequest, Self::LegalOrder, Self::RetentionOver, Self::EnteredInError, Self::Other];

    /// The code that the database and the audit log carry.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PatientRequest => "patient-request",
            Self::LegalOrder => "legal-order",
            Self::RetentionOver => "retention-over",
            Self::EnteredInError => "entered-in-error",
            Self::Other => "other",
        }
    }

    /// The reason with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_named_by_type_and_id_and_by_nothing_more() {
        let name = ResourceName::parse("DocumentReference/d-1").unwrap();
        assert_eq!(name.to_string(), "DocumentReference/d-1", "there and back");
        for wrong in [
            "",
            "d-1",
            "DocumentReference/",
            "/d-1",
            "document/d-1",
            "https://x.example/fhir/Binary/b1",
            "Binary/b1/_history/2",
        ] {
            assert_eq!(ResourceName::parse(wrong), Err(InvalidId::Reference), "{wrong:?}");
        }
    }
}
