//! Code systems: their official release files are read once, kept in one compact form, and searched.
//!
//! Pure: it reads from what it is given and writes to what it is given, opens no file and knows no clock. ADR 24 says why.
//!
//! # Terminology
//! - **code system**: a set of concepts with codes (FHIR R4 `CodeSystem`), such as ICD-10-CM.
//! - **concept**: one code and what it is called.
//! - **release**: a code system as its publisher put it out once, with a version.

mod code_system;
mod concept;
mod fault;
mod format;
mod import;
mod index;
mod lines;
mod release;
mod search;
mod shipped;

pub use code_system::CodeSystem;
pub use concept::Concept;
pub use fault::Fault;
pub use import::{Imported, Progress, import};
pub use index::Index;
pub use release::{Digest, Release};
pub use shipped::shipped;
