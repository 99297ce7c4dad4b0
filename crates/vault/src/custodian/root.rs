//! What every custodian does with its root once it has it in hand.

use zeroize::Zeroizing;

use super::{CustodianError, CustodianKind, Mark};
use crate::VaultError;
use crate::key::{Secret, derive, hmac, open, random, seal};

/// The root, for the length of one call.
pub(super) struct Root(Secret);

impl Root {
    pub(super) fn make(kind: CustodianKind) -> Result<Self, CustodianError> {
        random().map(|bytes| Self(Zeroizing::new(bytes))).map_err(|error| failed(kind, &error))
    }

    pub(super) fn from_bytes(kind: CustodianKind, bytes: &[u8]) -> Result<Self, CustodianError> {
        let root = bytes.try_into().map_err(|_| CustodianError::Refused(kind))?;
        Ok(Self(Zeroizing::new(root)))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    pub(super) fn seal(&self, kind: CustodianKind, purpose: &str, secret: &[u8]) -> Result<Vec<u8>, CustodianError> {
        let key = derive(self.bytes(), "vigil/custodian/seal/v1").map_err(|error| failed(kind, &error))?;
        seal(&key, purpose, secret).map_err(|error| failed(kind, &error))
    }

    pub(super) fn open(
        &self,
        kind: CustodianKind,
        purpose: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, CustodianError> {
        let key = derive(self.bytes(), "vigil/custodian/seal/v1").map_err(|error| failed(kind, &error))?;
        open(&key, purpose, sealed).map_err(|_| CustodianError::Refused(kind))
    }

    pub(super) fn hmac(&self, kind: CustodianKind, message: &[u8]) -> Result<Zeroizing<[u8; 32]>, CustodianError> {
        let key = derive(self.bytes(), "vigil/custodian/hmac/v1").map_err(|error| failed(kind, &error))?;
        hmac(&key, &[message]).map(Zeroizing::new).map_err(|error| failed(kind, &error))
    }
}

/// `size` and root in hex, one space between.
pub(super) fn mark_to_text(mark: &Mark) -> String {
    format!("{} {}", mark.size, hex::encode(mark.root))
}

pub(super) fn mark_from_text(kind: CustodianKind, text: &str) -> Result<Mark, CustodianError> {
    let parse = || {
        let (size, root) = text.trim().split_once(' ')?;
        let root = hex::decode(root).ok()?.try_into().ok()?;
        Some(Mark { size: size.parse().ok()?, root })
    };
    parse().ok_or_else(|| CustodianError::Failed { kind, reason: "what it holds is no mark".to_owned() })
}

pub(super) fn failed(kind: CustodianKind, error: &VaultError) -> CustodianError {
    CustodianError::Failed { kind, reason: error.to_string() }
}
