//! The data types of CDA R2 (HL7 v3 Data Types, Abstract Specification) as those of FHIR R4, as "C-CDA on FHIR", mappingGuidance, has it.

pub(crate) mod code;
pub(crate) mod id;
pub(crate) mod name;
pub(crate) mod oid;
pub(crate) mod quantity;
pub(crate) mod time;
pub(crate) mod value;
