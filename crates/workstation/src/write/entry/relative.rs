//! Relatives as HL7 v3 RoleCode has them, value set v3-FamilyMember (terminology.hl7.org/ValueSet/v3-FamilyMember).

use serde_json::{Value, json};

use crate::view::Relative;

impl Relative {
    /// Code and display of HL7 v3 RoleCode.
    pub(super) const fn code(self) -> (&'static str, &'static str) {
        match self {
            Self::Mother => ("MTH", "mother"),
            Self::Father => ("FTH", "father"),
            Self::Sister => ("SIS", "sister"),
            Self::Brother => ("BRO", "brother"),
            Self::Daughter => ("DAUC", "daughter"),
            Self::Son => ("SONC", "son"),
            Self::Grandmother => ("GRMTH", "grandmother"),
            Self::Grandfather => ("GRFTH", "grandfather"),
            Self::Aunt => ("AUNT", "aunt"),
            Self::Uncle => ("UNCLE", "uncle"),
        }
    }

    /// A CodeableConcept.
    pub(super) fn concept(self) -> Value {
        let (code, display) = self.code();
        let system = "http://terminology.hl7.org/CodeSystem/v3-RoleCode";
        json!({ "coding": [{ "system": system, "code": code, "display": display }], "text": display })
    }
}
