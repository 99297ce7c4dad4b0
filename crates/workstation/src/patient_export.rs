//! Exporting one patient: the whole record as it was imported, or nothing.

#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use std::collections::BTreeSet;

use vigil_model::{ResourceId, ResourceType, fhir};
use vigil_policy::Interaction;
use vigil_vault::{Stored, Text, Tx};
use zeroize::Zeroizing;

use crate::chart_read::{must_exist, patient_id};
use crate::view::PatientExportRequest;
use crate::write::InError;
use crate::{AppError, ErrorCode, Workstation, disclosure, export, new_uuid};

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportForm {
    /// One FHIR R4 Bundle of type collection.
    Bundle,
    /// One resource a line.
    Ndjson,
    /// A patient summary as a FHIR document: what is current (International Patient Summary).
    Summary,
}

impl Workstation {
    /// Every resource of one patient as FHIR R4 JSON, with what Vigil does not model. It is a disclosure: the audit entry
    /// says who receives it and what for.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] when it is not said who receives it or what for; a denial; or that a resource could not be opened:
    /// an export that lacks something is none.
    pub fn patient_export(&self, request: PatientExportRequest) -> Result<Vec<u8>, AppError> {
        let patient = patient_id(&request.patient_id)?;
        let mut disclosure = disclosure::checked(&request)?;
        let now = self.clock.now();
        let organization = self.vault()?.settings()?.organization;
        self.act(Interaction::PatientExport, Some(&patient), |tx, present| {
            must_exist(tx, present, &patient)?;
            let mut stored = Vec::new();
            tx.all_resources(&patient, |one| stored.push(one))?;
            let in_error = self.notes_in_error(tx, &patient, &stored)?;
            let resources: Vec<_> = stored.into_iter().map(|one| exported(one, &in_error)).collect();
            // In one piece: a list that grows leaves copies of what it held behind.
            let size =
                resources.iter().flatten().map(|text| text.as_ref().len() + AROUND_ONE).sum::<usize>() + AROUND_ALL;
            let mut out = Vec::with_capacity(size);
            let (what, written) = match request.form {
                ExportForm::Bundle => ("The whole record", export::bundle(resources, &mut out)?),
                ExportForm::Ndjson => ("The whole record", export::ndjson(resources, &mut out)?),
                ExportForm::Summary => {
                    let parts = parts(tx, resources)?;
                    let (id, organization) = (new_uuid(now).to_string(), &organization);
                    ("A patient summary", export::summary(&parts, organization, &id, now.utc, &mut out)?)
                }
            };
            disclosure.description = format!("{what} as FHIR R4: {written} resources");
            tx.disclose(&disclosure)?;
            Ok(out)
        })
    }
}

/// A resource as it leaves.
enum Exported {
    /// As it is stored.
    AsStored(Text),
    /// A note that was entered in error, which says so: its signed text says `final`, and whoever reads no Provenance would take it for
    /// valid. Nothing else in it is changed, so that with `final` in that place again it is what was signed.
    InError(Zeroizing<String>),
}

impl AsRef<str> for Exported {
    fn as_ref(&self) -> &str {
        match self {
            Self::AsStored(text) => text,
            Self::InError(text) => text,
        }
    }
}

fn exported(stored: Stored, in_error: &InError) -> Result<Exported, AppError> {
    let (kind, id) = (stored.resource_type.as_str(), stored.id.as_str());
    let unreadable =
        || AppError::new(ErrorCode::Internal, format!("{kind}/{id} cannot be opened, so nothing was exported"));
    let text = stored.json.map_err(|_| unreadable())?;
    if !in_error.holds(kind, id) {
        return Ok(Exported::AsStored(text));
    }
    let (text, ()) = fhir::json::changed(&text, |json| in_error.tell(kind, id, json)).map_err(|_| unreadable())?;
    Ok(Exported::InError(Zeroizing::new(text)))
}

/// The resources, read, with the shared medicines that they name.
///
/// # Errors
/// When one of them cannot be read: an export that lacks something is none.
fn parts(tx: &Tx<'_>, resources: Vec<Result<Exported, AppError>>) -> Result<Vec<export::Part>, AppError> {
    let unreadable = || AppError::new(ErrorCode::Internal, "the record cannot be read, so nothing was exported");
    let part = |text: &str| {
        let json = fhir::json::read(text).map_err(|_| unreadable())?;
        let own = |key| fhir::field::text(&json, key).to_owned();
        Ok::<_, AppError>(export::Part { resource_type: own("resourceType"), id: own("id"), json })
    };
    let mut parts = resources.into_iter().map(|text| part(text?.as_ref())).collect::<Result<Vec<_>, _>>()?;
    let medicines: BTreeSet<ResourceId> = parts.iter().filter_map(export::Part::medicine).collect();
    let kind = ResourceType::parse("Medication").map_err(|error| AppError::invalid(error.to_string()))?;
    for id in medicines {
        if parts.iter().any(|part| part.resource_type == kind.as_str() && part.id == id.as_str()) {
            continue;
        }
        // One that was never stored is a reference of the data itself, which leads nowhere there either.
        if let Some(stored) = tx.shared_resource(&kind, &id)? {
            parts.push(part(&stored.json.map_err(|_| unreadable())?)?);
        }
    }
    Ok(parts)
}

/// Bytes of a bundle around one resource, and around all of them, at most.
const AROUND_ONE: usize = 24;
const AROUND_ALL: usize = 64;

impl From<std::io::Error> for AppError {
    fn from(error: std::io::Error) -> Self {
        Self::new(ErrorCode::Internal, format!("the export could not be written: {}", error.kind()))
    }
}
