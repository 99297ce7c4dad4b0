//! Whole documents, hostile files, and mutations of both.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod hostile;
mod summary;
mod vendor;

use vigil_ccda::{Document, Entry, Fault, read};

pub(crate) const SUMMARY: &[u8] = include_bytes!("../data/summary.xml");
pub(crate) const DISCHARGE: &[u8] = include_bytes!("../data/discharge-r11.xml");

pub(crate) fn document(bytes: &[u8]) -> Document {
    read(bytes, &|_| true).unwrap()
}

pub(crate) fn fault(bytes: &[u8]) -> Fault {
    read(bytes, &|_| true).map(drop).unwrap_err()
}

pub(crate) fn entries(document: &Document) -> Vec<&Entry> {
    document.sections.iter().flat_map(|section| &section.entries).collect()
}

pub(crate) fn entry<'d>(document: &'d Document, title: &str) -> &'d Entry {
    let all = entries(document);
    let found = all.iter().find(|entry| entry.title == title);
    found.unwrap_or_else(|| {
        panic!("{title} is not among {:?}", all.iter().map(|entry| &entry.title).collect::<Vec<_>>())
    })
}

/// A resource as it would be stored: numbers as they were written.
pub(crate) fn stored(resource: &serde_json::Value) -> serde_json::Value {
    let (text, ()) = vigil_model::fhir::json::changed("{}", |value| *value = resource.clone()).unwrap();
    serde_json::from_str(&text).unwrap()
}
