//! The blob of the TPM's key, as it lies beside the data.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::super::CustodianError;
use super::KIND;

/// The newest form of the file.
const NEWEST: u32 = 1;

/// The file as JSON. **Do not modify**: installations hold it; a new form needs a new `format`. Nothing in it is secret:
/// the private part is encrypted by the TPM that made it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeyFile {
    format: u32,
    /// `TPMT_PUBLIC` as the TPM marshals it, hex.
    public: String,
    /// `TPM2B_PRIVATE` without its length, hex.
    private: String,
    /// The NV index that holds the mark of the audit log.
    pub(super) mark_index: u32,
}

impl KeyFile {
    pub(super) fn new(public: &[u8], private: &[u8]) -> Self {
        Self { format: NEWEST, public: hex::encode(public), private: hex::encode(private), mark_index: 0 }
    }

    pub(super) fn with_mark_at(self, mark_index: u32) -> Self {
        Self { mark_index, ..self }
    }

    /// The file, if there is one.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, CustodianError> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unusable(&format!("{}: {error}", path.display()))),
        };
        let file: Self = serde_json::from_slice(&bytes)
            .map_err(|_| unusable(&format!("{} is not what Vigil wrote", path.display())))?;
        if file.format == NEWEST {
            Ok(Some(file))
        } else {
            Err(unusable(&format!("{} was written by a newer Vigil", path.display())))
        }
    }

    pub(super) fn to_json(&self) -> Result<Vec<u8>, CustodianError> {
        serde_json::to_vec_pretty(self).map_err(|_| unusable("the key has no JSON form"))
    }

    pub(super) fn public(&self) -> Result<Vec<u8>, CustodianError> {
        hex::decode(&self.public).map_err(|_| CustodianError::Refused(KIND))
    }

    pub(super) fn private(&self) -> Result<Vec<u8>, CustodianError> {
        hex::decode(&self.private).map_err(|_| CustodianError::Refused(KIND))
    }
}

fn unusable(reason: &str) -> CustodianError {
    CustodianError::Failed { kind: KIND, reason: reason.to_owned() }
}
