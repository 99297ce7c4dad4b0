//! The document that is reviewed: its bytes as they came, and what was read of them. It exists between review and taking, in memory alone.

use std::fs::File;
use std::io::Read as _;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use vigil_ccda::{Document, Fault, LARGEST, Step};
use vigil_model::PatientId;
use zeroize::Zeroizing;

use crate::{AppError, ErrorCode};

/// A document that was opened beside a chart.
#[derive(Clone)]
pub(crate) struct Kept {
    /// Beside whose.
    pub(super) patient: PatientId,
    /// The file, byte for byte.
    pub(super) bytes: Arc<Zeroizing<Vec<u8>>>,
    /// Its SHA-256, in hexadecimal.
    pub(super) digest: String,
    /// What was read of it.
    pub(super) document: Arc<Document>,
}

impl Kept {
    /// Which review it is: the digest of what is reviewed.
    pub(crate) fn is(&self, patient: &PatientId, review: &str) -> bool {
        self.patient == *patient && self.digest == review
    }
}

/// Reads a file.
pub(super) fn read(patient: &PatientId, path: &str, watch: &dyn Fn(Step) -> bool) -> Result<Kept, AppError> {
    let bytes = bytes(path)?;
    let document = vigil_ccda::read(&bytes, watch).map_err(|fault| said(&fault))?;
    let digest = hex::encode(Sha256::digest(bytes.as_slice()));
    Ok(Kept { patient: patient.clone(), bytes: Arc::new(bytes), digest, document: Arc::new(document) })
}

pub(super) fn said(fault: &Fault) -> AppError {
    let code = if *fault == Fault::Stopped { ErrorCode::Busy } else { ErrorCode::Invalid };
    AppError::new(code, fault.to_string())
}

/// The bytes of a file. What the system says of a failure would name the file, and a file is often named after the patient.
fn bytes(path: &str) -> Result<Zeroizing<Vec<u8>>, AppError> {
    let failed =
        |_| AppError::invalid("the file cannot be opened; it may have been moved, or this user may not read it");
    // Looked at before it is opened: to open a pipe waits for whoever writes to it.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(AppError::invalid("this is no file; choose the document itself"));
    }
    let file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?;
    if length.len() > LARGEST as u64 {
        return Err(said(&Fault::TooLarge));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(length.len()).unwrap_or_default()));
    // A file that grows meanwhile ends all the same.
    file.take(LARGEST as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}
