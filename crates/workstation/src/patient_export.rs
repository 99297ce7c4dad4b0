//! Exporting one patient: the whole record as it was imported, or nothing.

#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use vigil_model::{ResourceId, ResourceType, fhir};
use vigil_policy::Interaction;
use vigil_vault::Tx;

use crate::chart_read::{must_exist, patient_id};
use crate::view::PatientExportRequest;
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
            let mut resources = Vec::new();
            tx.all_resources(&patient, |stored| {
                resources.push(stored.json.map_err(|_| {
                    let what =
                        format!("{}/{} cannot be opened, so nothing was exported", stored.resource_type, stored.id);
                    AppError::new(ErrorCode::Internal, what)
                }));
            })?;
            if request.form == ExportForm::Summary {
                let mut parts = Vec::with_capacity(resources.len());
                for text in resources {
                    let json = fhir::json::read(&text?).map_err(|_| unreadable())?;
                    let own = |key| fhir::field::text(&json, key).to_owned();
                    parts.push(export::Part { resource_type: own("resourceType"), id: own("id"), json });
                }
                parts.extend(medicines(tx, &parts));
                let (bundle, written) = export::document(&parts, &organization, &new_uuid(now).to_string(), now.utc);
                disclosure.description = format!("A patient summary as FHIR R4: {written} resources");
                tx.disclose(&disclosure)?;
                return serde_json::to_vec(&bundle).map_err(|_| unreadable());
            }
            // In one piece: a list that grows leaves copies of what it held behind.
            let size = resources.iter().flatten().map(|text| text.len() + AROUND_ONE).sum::<usize>() + AROUND_ALL;
            let mut out = Vec::with_capacity(size);
            let written = match request.form {
                ExportForm::Bundle => export::bundle(resources, &mut out)?,
                ExportForm::Ndjson | ExportForm::Summary => export::ndjson(resources, &mut out)?,
            };
            disclosure.description = format!("The whole record as FHIR R4: {written} resources");
            tx.disclose(&disclosure)?;
            Ok(out)
        })
    }
}

/// The shared medicines that the patient's resources name.
fn medicines(tx: &Tx<'_>, parts: &[export::Part]) -> Vec<export::Part> {
    let named = parts.iter().filter_map(|part| {
        let reference = fhir::field::text(fhir::field::at(&part.json, &["medicationReference"]), "reference");
        let id = reference.strip_prefix("Medication/")?;
        (!parts.iter().any(|other| other.resource_type == "Medication" && other.id == id)).then(|| id.to_owned())
    });
    let mut ids: Vec<String> = named.collect();
    ids.sort_unstable();
    ids.dedup();
    let read = |id: String| {
        let kind = ResourceType::parse("Medication").ok()?;
        let stored = tx.shared_resource(&kind, &ResourceId::parse(&id).ok()?).ok()??;
        let json = fhir::json::read(stored.json.as_deref().ok()?).ok()?;
        Some(export::Part { resource_type: "Medication".to_owned(), id, json })
    };
    ids.into_iter().filter_map(read).collect()
}

fn unreadable() -> AppError {
    AppError::new(ErrorCode::Internal, "the record could not be read, so nothing was exported")
}

/// Bytes of a bundle around one resource, and around all of them, at most.
const AROUND_ONE: usize = 24;
const AROUND_ALL: usize = 64;

impl From<std::io::Error> for AppError {
    fn from(error: std::io::Error) -> Self {
        Self::new(ErrorCode::Internal, format!("the export could not be written: {}", error.kind()))
    }
}
