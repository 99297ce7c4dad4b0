//! Reading C-CDA: HL7 CDA R2 Implementation Guide "Consolidated CDA Templates for Clinical Notes", R2.1, and R1.1 as far as its templates
//! are the same. Pure: bytes in, a document out. No file, no clock, no window, no network.
//!
//! A document comes from somebody else. Nothing in it is run, fetched or kept as markup: XML is read without DTD and entities, within
//! bounds of size, depth and count ([`read`]), and the narrative becomes blocks of text ([`Block`]). Entries become FHIR R4 as the guide
//! "C-CDA on FHIR" has it (hl7.org/fhir/us/ccda, pages `CF-*`); what does not is named with the reason ([`LeftOut`], [`Entry::remarks`]).

mod data;
mod document;
mod encoding;
mod entries;
mod entry;
mod fault;
mod header;
mod narrative;
mod section;
mod xml;

pub use document::{Document, read};
pub use entry::{Entry, LeftOut};
pub use fault::Fault;
pub use header::{Header, Person, PersonId};
pub use narrative::{Block, Cell, Row, Span, Style};
pub use section::Section;
pub use xml::Step;

/// The longest file that is read, in bytes. A summary of decades is a few megabytes.
pub const LARGEST: usize = 24 * 1024 * 1024;
