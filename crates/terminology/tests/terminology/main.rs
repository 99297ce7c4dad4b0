//! From a release file to what somebody types. The excerpts are made by hand in the formats of the official files.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod importing;
mod searching;

use vigil_terminology::{CodeSystem, Fault, Imported, Index, import};

/// Reads `file` as a release and keeps it in memory.
fn kept(
    system: CodeSystem,
    name: &str,
    release: Option<&str>,
    file: &[u8],
    go_on: bool,
) -> Result<(Imported, String), Fault> {
    let mut bytes = Vec::new();
    let imported = import(system, name, release, file, &mut bytes, &mut |_| go_on)?;
    Ok((imported, String::from_utf8(bytes).unwrap()))
}

/// The same, ready to be searched.
fn index(system: CodeSystem, name: &str, release: Option<&str>, file: &str) -> Index {
    let (imported, text) = kept(system, name, release, file.as_bytes(), true).unwrap();
    Index::new(text, Some(imported.digest)).unwrap()
}

/// A line of the order file.
fn order(code: &str, valid: bool, title: &str) -> String {
    format!("00001 {code:<7} {} {:<60} {title}\n", u8::from(valid), title.chars().take(60).collect::<String>())
}
