//! A stored document that has sections, for whoever opens it in the list of documents.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use vigil_model::fhir;
use vigil_model::fhir::field::{items, text};
use vigil_model::{PatientId, ResourceId, ResourceType};
use vigil_vault::Tx;
use zeroize::Zeroizing;

use crate::AppError;
use crate::chart::may_have_sections;
use crate::view::DocumentPart;

/// The parts of a DocumentReference whose content is a C-CDA document in the same chart; none for any other, and why it cannot be shown
/// where it is one.
///
/// # Errors
/// When the vault cannot be read.
pub(crate) fn parts(
    tx: &Tx<'_>,
    patient: &PatientId,
    document: &Value,
) -> Result<Option<Result<Vec<DocumentPart>, String>>, AppError> {
    for content in items(document, "content") {
        let Some(attachment) = content.get("attachment") else { continue };
        if !may_have_sections(attachment) {
            continue;
        }
        let data = match (text(attachment, "data"), text(attachment, "url").split_once('/')) {
            ("", Some(("Binary", id))) => match bytes_of(tx, patient, id)? {
                Some(data) => data,
                None => return Ok(Some(Err("The document itself is not in this chart any more.".to_owned()))),
            },
            ("", _) => continue,
            (data, _) => Zeroizing::new(data.to_owned()),
        };
        return Ok(Some(read(&data)));
    }
    Ok(None)
}

fn bytes_of(tx: &Tx<'_>, patient: &PatientId, id: &str) -> Result<Option<Zeroizing<String>>, AppError> {
    let (Ok(kind), Ok(id)) = (ResourceType::parse("Binary"), ResourceId::parse(id)) else { return Ok(None) };
    let Some(stored) = tx.resource(patient, &kind, &id)? else { return Ok(None) };
    let Ok(json) = &stored.json else { return Ok(None) };
    let json = fhir::json::read(json).unwrap_or_default();
    Ok(Some(Zeroizing::new(text(&json, "data").to_owned())))
}

fn read(data: &str) -> Result<Vec<DocumentPart>, String> {
    let packed: Zeroizing<Vec<u8>> = Zeroizing::new(data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect());
    let bytes = STANDARD.decode(packed.as_slice()).map(Zeroizing::new);
    let bytes =
        bytes.map_err(|_| "The content is damaged: it is no base64. Import it again from its source.".to_owned())?;
    let document =
        vigil_ccda::read(&bytes, &|_| true).map_err(|fault| format!("This document cannot be shown here: {fault}."))?;
    let part = |section: vigil_ccda::Section| DocumentPart {
        title: section.title,
        depth: section.depth,
        blocks: section.narrative,
    };
    Ok(document.sections.into_iter().map(part).collect())
}
