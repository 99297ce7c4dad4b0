//! Exporting one patient: the whole record as it was imported, or nothing.

#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use vigil_policy::Interaction;

use crate::chart_read::{must_exist, patient_id};
use crate::view::PatientExportRequest;
use crate::{AppError, ErrorCode, Workstation, disclosure, export};

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportForm {
    /// One FHIR R4 Bundle of type collection.
    Bundle,
    /// One resource a line.
    Ndjson,
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
            // In one piece: a list that grows leaves copies of what it held behind.
            let size = resources.iter().flatten().map(|text| text.len() + AROUND_ONE).sum::<usize>() + AROUND_ALL;
            let mut out = Vec::with_capacity(size);
            let written = match request.form {
                ExportForm::Bundle => export::bundle(resources, &mut out)?,
                ExportForm::Ndjson => export::ndjson(resources, &mut out)?,
            };
            disclosure.description = format!("The whole record as FHIR R4: {written} resources");
            tx.disclose(&disclosure)?;
            Ok(out)
        })
    }
}

/// Bytes of a bundle around one resource, and around all of them, at most.
const AROUND_ONE: usize = 24;
const AROUND_ALL: usize = 64;

impl From<std::io::Error> for AppError {
    fn from(error: std::io::Error) -> Self {
        Self::new(ErrorCode::Internal, format!("the export could not be written: {}", error.kind()))
    }
}
