//! A patient's resources as FHIR R4 files. The texts are written as they are stored, one at a time.

mod ips;

use std::io::{self, Write};

pub(crate) use ips::{Part, summary};

/// Writes `resources`, each the JSON text of one resource, as a `collection` Bundle. Returns how many there were.
///
/// # Errors
/// What `resources` or the writer fail with; what was written by then is no whole Bundle.
pub(crate) fn bundle<T: AsRef<str>, E: From<io::Error>>(
    resources: impl IntoIterator<Item = Result<T, E>>,
    out: &mut impl Write,
) -> Result<u64, E> {
    out.write_all(b"{\"resourceType\":\"Bundle\",\"type\":\"collection\"")?;
    let mut count = 0;
    for resource in resources {
        // FHIR allows no empty list, so the list begins with its first entry.
        out.write_all(if count == 0 { b",\"entry\":[\n{\"resource\":" } else { b",\n{\"resource\":" })?;
        out.write_all(resource?.as_ref().as_bytes())?;
        out.write_all(b"}")?;
        count += 1;
    }
    out.write_all(if count == 0 { b"}\n" } else { b"\n]}\n" })?;
    Ok(count)
}

/// Writes `resources` one per line, as bulk data is exchanged (NDJSON). Returns how many there were.
///
/// # Errors
/// What `resources` or the writer fail with; the lines written by then are whole.
pub(crate) fn ndjson<T: AsRef<str>, E: From<io::Error>>(
    resources: impl IntoIterator<Item = Result<T, E>>,
    out: &mut impl Write,
) -> Result<u64, E> {
    let mut count = 0;
    for resource in resources {
        // Stored texts have no line break between tokens, and JSON allows none within a string.
        out.write_all(resource?.as_ref().as_bytes())?;
        out.write_all(b"\n")?;
        count += 1;
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_bundle_holds_the_texts_as_they_are() {
        let mut out = Vec::new();
        let texts = [r#"{"a":1.0}"#, r#"{"b":7.20}"#].map(Ok::<_, io::Error>);
        assert_eq!(bundle(texts, &mut out).unwrap(), 2, "both were written");
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("1.0") && text.contains("7.20"), "digits stay: {text}");
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["entry"].as_array().unwrap().len(), 2, "it is one Bundle");
    }

    #[test]
    fn a_patient_without_resources_is_a_bundle_without_a_list() {
        let mut out = Vec::new();
        bundle(std::iter::empty::<io::Result<&str>>(), &mut out).unwrap();
        let value: Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(value.get("entry"), None, "FHIR has no empty lists");
    }
}
