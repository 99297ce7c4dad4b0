//! `device.json`: what is needed before the database can be opened. Nothing in it is secret by itself.

use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use vigil_audit::{CheckpointSigner, CheckpointVerifier};
use vigil_model::DeviceId;
use zeroize::Zeroizing;

use crate::key::{Secret, derive, hmac, random, tokens_differ};
use crate::{Custodian, CustodianError, VaultError};

/// The file as JSON. **Do not modify**: installations hold it; a new form needs a new `format`.
#[derive(Serialize, Deserialize)]
pub(crate) struct DeviceFile {
    pub(crate) format: u32,
    pub(crate) device: DeviceId,
    /// Which custodian sealed it, so that a message can name it.
    pub(crate) custodian: String,
    /// The secrets, sealed by the custodian, hex.
    sealed: String,
    /// HMAC under the database key, hex: tells a wrong key from a damaged database.
    key_check: String,
    /// The first 16 bytes of the database file, hex: tells another installation's database from a damaged one.
    pub(crate) database_salt: String,
    /// The device's public key for other people's tools.
    verifier_key: String,
}

/// The newest form of `device.json`.
pub(crate) const NEWEST: u32 = 1;

/// What the custodian guards; in memory while the program runs.
pub(crate) struct DeviceSecrets {
    pub(crate) database_key: Secret,
    /// Authenticates the head of the audit log.
    pub(crate) head_key: Secret,
    /// Hides the names that sign-in failed under.
    pub(crate) name_key: Secret,
    signing_key: SigningKey,
}

/// Why the secrets did not come out.
pub(crate) enum Unsealed {
    WrongKey,
    Custodian(CustodianError),
    Malformed,
}

impl DeviceSecrets {
    pub(crate) fn make() -> Result<Self, VaultError> {
        let seed: Secret = Zeroizing::new(random()?);
        Self::new(Zeroizing::new(random()?), &seed)
    }

    fn new(database_key: Secret, seed: &Secret) -> Result<Self, VaultError> {
        Ok(Self {
            head_key: derive(seed.as_slice(), "vigil/audit/head/v1")?,
            name_key: derive(database_key.as_slice(), "vigil/sign-in/name/v1")?,
            signing_key: SigningKey::from_bytes(seed),
            database_key,
        })
    }

    /// The file that gives these secrets back.
    pub(crate) fn seal(
        &self,
        device: DeviceId,
        custodian: &dyn Custodian,
        database_salt: &[u8],
    ) -> Result<DeviceFile, VaultError> {
        let mut secrets = Zeroizing::new([0_u8; 64]);
        let both = self.database_key.iter().chain(self.signing_key.as_bytes());
        secrets.iter_mut().zip(both).for_each(|(to, from)| *to = *from);
        Ok(DeviceFile {
            format: NEWEST,
            device,
            custodian: custodian.kind().code().to_owned(),
            sealed: hex::encode(custodian.seal(&place(device), secrets.as_slice())?),
            key_check: hex::encode(key_check(&self.database_key, device)?),
            database_salt: hex::encode(database_salt),
            verifier_key: CheckpointVerifier::new(&origin(device), &self.signing_key).key().to_owned(),
        })
    }

    /// The secrets in `file`.
    pub(crate) fn unseal(file: &DeviceFile, custodian: &dyn Custodian) -> Result<Self, Unsealed> {
        let sealed = hex::decode(&file.sealed).map_err(|_| Unsealed::Malformed)?;
        let secrets = custodian.open(&place(file.device), &sealed).map_err(|error| match error {
            CustodianError::Refused(_) => Unsealed::WrongKey,
            CustodianError::KeyMissing(_) | CustodianError::Silent(_) | CustodianError::Failed { .. } => {
                Unsealed::Custodian(error)
            }
        })?;
        let (database_key, seed) = secrets.split_first_chunk::<32>().ok_or(Unsealed::Malformed)?;
        let seed: Secret = seed.try_into().map(Zeroizing::new).map_err(|_| Unsealed::Malformed)?;
        let secrets = Self::new(Zeroizing::new(*database_key), &seed).map_err(|_| Unsealed::Malformed)?;
        let check = hex::decode(&file.key_check).map_err(|_| Unsealed::Malformed)?;
        let expected = key_check(&secrets.database_key, file.device).map_err(|_| Unsealed::Malformed)?;
        if tokens_differ(&check, &expected) { Err(Unsealed::WrongKey) } else { Ok(secrets) }
    }

    pub(crate) fn signer(&self, device: DeviceId) -> Result<CheckpointSigner, VaultError> {
        CheckpointSigner::new(&origin(device), &self.signing_key).map_err(|_| VaultError::Cryptography("signing"))
    }

    pub(crate) fn verifier(&self, device: DeviceId) -> CheckpointVerifier {
        CheckpointVerifier::new(&origin(device), &self.signing_key)
    }
}

/// The name of the device's log (C2SP: origin).
fn origin(device: DeviceId) -> String {
    format!("vigil/{device}")
}

fn place(device: DeviceId) -> String {
    format!("vigil/device/v1|{device}")
}

fn key_check(database_key: &Secret, device: DeviceId) -> Result<[u8; 32], VaultError> {
    hmac(database_key, &[b"vigil/key-check/v1", device.as_uuid().as_bytes()])
}
