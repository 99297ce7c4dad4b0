//! Audit events on their way out, as FHIR: one to a line, or a Bundle.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use chrono::{DateTime, Utc};

use super::parameter::Filter;
use super::{MOST, Searcher, draft, page};
use crate::Keys;
use crate::audit_log::{ExportError, kind, record};
use crate::backup::DraftFile;
use crate::store::{Store, directory};

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportForm {
    /// One AuditEvent to a line.
    Ndjson,
    /// A Bundle of the type `collection`.
    Bundle,
}

/// Writes every audit event that the parameters of a search find into a new file, newest first; how many. It is recorded who took it before
/// anything is written.
///
/// # Errors
/// [`ExportError`]; no file is there then.
pub async fn export(
    store: &Store,
    keys: &Keys,
    searcher: &Searcher,
    query: &[(String, String)],
    form: ExportForm,
    to: &Path,
    now: DateTime<Utc>,
) -> Result<u64, ExportError> {
    if to.symlink_metadata().is_ok() {
        return Err(ExportError::There(to.to_owned()));
    }
    let mut filter = Filter::parse(query)?.within(searcher.log);
    filter.count = MOST;
    let mut tx = store.begin().await?;
    let names = directory::display_names(&mut tx).await?;
    let reason = format!("parameters={}", filter.names.join(","));
    let record_of = draft(searcher, kind::AUDIT_EXPORT, Some(reason));
    record(&mut tx, keys, record_of, now).await?;
    tx.commit().await?;

    let draft = DraftFile::beside(to)?;
    let mut out = BufWriter::new(&draft.file);
    let (begins, between, ends) = match form {
        ExportForm::Ndjson => ("", "\n", "\n"),
        ExportForm::Bundle => (r#"{"resourceType":"Bundle","type":"collection""#, ",", "}\n"),
    };
    out.write_all(begins.as_bytes())?;
    let (mut count, mut cursor) = (0, None);
    loop {
        let found = page(&mut store.read().await?, &filter, cursor).await?;
        for one in &found.found {
            let event = one.json(&names)?;
            match (form, count) {
                (ExportForm::Ndjson, 0) => {}
                (ExportForm::Bundle, 0) => out.write_all(br#","entry":["#)?,
                _ => out.write_all(between.as_bytes())?,
            }
            match form {
                ExportForm::Ndjson => write!(out, "{event}")?,
                ExportForm::Bundle => write!(out, r#"{{"resource":{event}}}"#)?,
            }
            count += 1;
        }
        cursor = found.next;
        if cursor.is_none() {
            break;
        }
    }
    match (form, count) {
        (ExportForm::Ndjson, 0) => {}
        (ExportForm::Bundle, 1..) => write!(out, "]{ends}")?,
        _ => out.write_all(ends.as_bytes())?,
    }
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    draft.finish(to)?;
    Ok(count)
}
