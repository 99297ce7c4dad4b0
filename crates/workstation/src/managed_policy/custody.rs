//! Who may keep the device key.

use std::path::PathBuf;

use serde::Deserialize;
use vigil_vault::Pkcs11Place;

use crate::{AppError, CustodianName};

/// The Linux kernel's resource manager for the TPM: several programs share the chip through it.
const TPM_TCTI: &str = "device:/dev/tpmrm0";

/// What is tried where nothing is prescribed: what cannot be copied comes first.
const ORDER: [CustodianName; 3] = [CustodianName::Tpm, CustodianName::Pkcs11, CustodianName::OsKeystore];

/// The keys of the managed policy about the device key. They count when a workstation is set up; an existing one says
/// itself who keeps its key, and the addresses below must go on leading there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CustodyPolicy {
    /// Who may keep the device key, in the order in which they are tried: `tpm`, `pkcs11`, `os-keystore`, `software`. Nobody
    /// else is allowed. `software` is never taken by itself: it is only allowed to be asked for [default: `tpm`, `pkcs11`
    /// if it is configured, `os-keystore`; anyone may be asked for].
    pub custodians: Option<Vec<CustodianName>>,
    /// The TPM, in the notation of the TSS 2.0 [default: `device:/dev/tpmrm0`].
    pub tpm_tcti: Option<String>,
    /// The whole path of the library of a PKCS#11 token; with the two keys below.
    pub pkcs11_module: Option<PathBuf>,
    /// The label of the token.
    pub pkcs11_token: Option<String>,
    /// The file with the token's user PIN on its first line; owned by root, readable by the group that uses Vigil.
    pub pkcs11_pin_file: Option<PathBuf>,
}

impl CustodyPolicy {
    /// Whom to try where nobody was asked for. Never `software`.
    pub(crate) fn order(&self) -> Vec<CustodianName> {
        let order = self.custodians.as_deref().unwrap_or(&ORDER);
        order.iter().copied().filter(|name| *name != CustodianName::Software).collect()
    }

    /// Whether this custodian may be asked for.
    pub(crate) fn allows(&self, name: CustodianName) -> bool {
        self.custodians.as_ref().is_none_or(|allowed| allowed.contains(&name))
    }

    pub(crate) fn tcti(&self) -> &str {
        self.tpm_tcti.as_deref().unwrap_or(TPM_TCTI)
    }

    /// The token; `None` when the policy names none.
    ///
    /// # Errors
    /// When it is named in part.
    pub(crate) fn token(&self) -> Result<Option<Pkcs11Place>, AppError> {
        match (&self.pkcs11_module, &self.pkcs11_token, &self.pkcs11_pin_file) {
            (None, None, None) => Ok(None),
            (Some(module), Some(token), Some(pin_file)) => {
                Ok(Some(Pkcs11Place { module: module.clone(), token: token.clone(), pin_file: pin_file.clone() }))
            }
            _ => Err(AppError::unusable(
                "the managed policy names a PKCS#11 token in part; it needs pkcs11Module, pkcs11Token and pkcs11PinFile",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn software_is_never_taken_by_itself() {
        let listed = CustodyPolicy {
            custodians: Some(vec![CustodianName::Software, CustodianName::OsKeystore]),
            ..CustodyPolicy::default()
        };
        assert_eq!(listed.order(), [CustodianName::OsKeystore], "though it is listed first");
        assert!(listed.allows(CustodianName::Software), "the list lets somebody ask for it");
        assert!(!listed.allows(CustodianName::Tpm), "and for nobody who is not on it");
        assert_eq!(CustodyPolicy::default().order(), ORDER, "what cannot be copied comes first");
    }

    #[test]
    fn half_a_token_is_a_mistake_and_none_is_none() {
        assert_eq!(CustodyPolicy::default().token().unwrap(), None, "nothing is configured");
        let half = CustodyPolicy { pkcs11_module: Some("/lib/x.so".into()), ..CustodyPolicy::default() };
        assert!(half.token().unwrap_err().message.contains("pkcs11PinFile"), "it says what is missing");
    }
}
