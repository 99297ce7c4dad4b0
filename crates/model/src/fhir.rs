//! Reading FHIR R4 JSON: names, dates, codings, quantities, references. Everything here is total: bad input gives a text
//! that says so or nothing, never a panic.
//!
//! Readers take the JSON as it came. What they do not understand stays in the resource and is shown as it is.

pub mod address;
mod age;
pub mod coding;
pub mod compartment;
pub mod date;
mod demographics;
pub mod field;
pub mod json;
pub mod name;
pub mod quantity;
pub mod reference;
pub mod roster;
pub mod worklist;

pub use age::age;
pub use date::{FhirTime, format_date};
pub use demographics::{demographics, is_restricted, sensitivity};
pub use worklist::worklist_entry;
