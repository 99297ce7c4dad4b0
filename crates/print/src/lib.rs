//! Paper: a plain document as PDF, and as pictures of its pages for a preview, set by typst.
//!
//! Pure: what is printed comes in as [`Paper`], a model of words and lines that knows nothing of FHIR; bytes go out. typst gets the words as
//! data and never as its markup, and the world that it sees has one template, the fonts of this crate, no file, no package, no network
//! and no clock. What it remembers of a document is forgotten before the bytes are handed out. Same paper, same bytes.

mod barcode;
mod document;
mod fonts;
mod legible;
mod render;
mod world;

pub use document::{
    Alert, Band, Block, Document, Label, Labels, Line, Made, Paper, Person, Row, Section, Sheet, Size, Span, Watermark,
};
pub use render::{PrintError, Printed, render};
