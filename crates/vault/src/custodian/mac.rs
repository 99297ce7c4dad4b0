//! Sealing with a custodian whose key stays in its device: all that the device does is an HMAC-SHA-256.

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::root::failed;
use super::{CustodianError, CustodianKind};
use crate::key::{Secret, derive, open, random, seal};

/// Salt at the head of what is sealed.
const SALT: usize = 32;
/// **Do not modify**: installations are sealed under these labels.
const SEAL: &[u8] = b"vigil/custodian/device/seal/v1";
const HMAC: &[u8] = b"vigil/custodian/device/hmac/v1";

/// The longest message that [`DeviceMac::mac`] is asked for, in bytes: below the 1,024 that a TPM takes at once.
const LONGEST: usize = 64;

/// HMAC-SHA-256 under a key that cannot leave its device.
pub(super) trait DeviceMac {
    const KIND: CustodianKind;

    /// The code over at most 64 bytes.
    fn mac(&mut self, message: &[u8]) -> Result<Secret, CustodianError>;
}

/// AES-256-GCM under a key that the device makes from a fresh salt: `salt | nonce | text | tag`.
pub(super) fn seal_with<M: DeviceMac>(device: &mut M, purpose: &str, secret: &[u8]) -> Result<Vec<u8>, CustodianError> {
    let salt: [u8; SALT] = random().map_err(|error| failed(M::KIND, &error))?;
    let key = sealing_key(device, &salt)?;
    let mut sealed = salt.to_vec();
    sealed.extend(seal(&key, purpose, secret).map_err(|error| failed(M::KIND, &error))?);
    Ok(sealed)
}

/// Opens what [`seal_with`] sealed.
pub(super) fn open_with<M: DeviceMac>(
    device: &mut M,
    purpose: &str,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, CustodianError> {
    let (salt, rest) = sealed.split_first_chunk::<SALT>().ok_or(CustodianError::Refused(M::KIND))?;
    let key = sealing_key(device, salt)?;
    open(&key, purpose, rest).map_err(|_| CustodianError::Refused(M::KIND))
}

/// The code over a message of any length.
pub(super) fn hmac_with<M: DeviceMac>(device: &mut M, message: &[u8]) -> Result<Secret, CustodianError> {
    device.mac(&labelled(HMAC, &Sha256::digest(message)))
}

fn sealing_key<M: DeviceMac>(device: &mut M, salt: &[u8; SALT]) -> Result<Secret, CustodianError> {
    let code = device.mac(&labelled(SEAL, salt))?;
    derive(code.as_slice(), "vigil/custodian/seal/v1").map_err(|error| failed(M::KIND, &error))
}

/// Labels have one length, so that no two pairs of label and data give one message.
fn labelled(label: &[u8], data: &[u8]) -> Vec<u8> {
    debug_assert!(label.len() == SEAL.len() && label.len() + data.len() <= LONGEST, "see LONGEST");
    [label, data].concat()
}
