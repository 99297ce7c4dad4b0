//! Exporting one patient: the whole record as it was imported, or nothing.

use vigil_policy::Interaction;

use crate::chart_read::{must_exist, patient_id};
use crate::{AppError, ErrorCode, Workstation, export};

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportForm {
    /// One FHIR R4 Bundle of type collection.
    Bundle,
    /// One resource a line.
    Ndjson,
}

impl Workstation {
    /// Every resource of one patient as FHIR R4 JSON, with what Vigil does not model.
    ///
    /// # Errors
    /// A denial, or that a resource could not be opened: an export that lacks something is none.
    pub fn patient_export(&self, patient: &str, form: ExportForm) -> Result<Vec<u8>, AppError> {
        let patient = patient_id(patient)?;
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
            match form {
                ExportForm::Bundle => export::bundle(resources, &mut out)?,
                ExportForm::Ndjson => export::ndjson(resources, &mut out)?,
            };
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
