//! `device.json`: what is needed before the database can be opened. Nothing in it is secret by itself.

use std::sync::{Mutex, MutexGuard, PoisonError};

use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use vigil_audit::{CheckpointSigner, CheckpointVerifier, TextSigner};
use vigil_model::DeviceId;
use zeroize::Zeroizing;

use crate::key::{PublicKey, Secret, derive, hmac, random, tokens_differ};
use crate::{Custodian, CustodianError, RecoveryKey, VaultError, recovery};

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
    /// The same secrets, sealed to the organisation recovery key. From format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    escrow: Option<Escrow>,
    /// What takes the place of all this as soon as the database under the next key has taken the place of the one that is
    /// there. In format 3 only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<Box<DeviceFile>>,
}

/// The secrets for the day when the device root is gone.
#[derive(Serialize, Deserialize)]
struct Escrow {
    /// The recovery key's public half, hex. What counts is the copy inside the sealed secrets: this one only says which
    /// paper is needed.
    public_key: String,
    /// Database key and signing key, HPKE, hex.
    sealed: String,
}

/// The newest form of `device.json`. 1: without escrow. 2: with it; inside the custodian's seal stands the recovery
/// key's public half behind the secrets, so that nobody who edits the file can have the next secrets sealed to
/// a key of their own. 3: while the database key is replaced, with the next form inside.
pub(crate) const NEWEST: u32 = 3;
const SETTLED: u32 = 2;

/// What the custodian guards; in memory while the program runs.
pub(crate) struct DeviceSecrets {
    pub(crate) database_key: Secret,
    /// Authenticates the head of the audit log.
    pub(crate) head_key: Secret,
    /// What belongs to the fleet is authenticated and sealed under keys of this one.
    pub(crate) fleet_key: Secret,
    /// Hides the names that sign-in failed under.
    pub(crate) name_key: Secret,
    signing_key: SigningKey,
    /// The public half of the organisation recovery key, if there is one. Another process may have replaced it since;
    /// whatever writes the file looks again.
    pub(crate) recovery: Mutex<Option<[u8; 32]>>,
}

/// Why the secrets did not come out.
pub(crate) enum Unsealed {
    WrongKey,
    Custodian(CustodianError),
    Malformed,
    /// There is no escrow in the file.
    NoEscrow,
    /// The escrow is for another recovery key.
    OtherRecoveryKey,
}

impl DeviceFile {
    /// The same, naming `next` for the moment in which the database is exchanged.
    pub(crate) fn with_next(mut self, next: Self) -> Self {
        self.format = NEWEST;
        self.next = Some(Box::new(next));
        self
    }

    /// Both forms, apart: the one of the database before, and the one of the database after.
    pub(crate) fn without_next(mut self) -> (Self, Option<Self>) {
        self.format = self.format.min(SETTLED);
        let next = self.next.take().map(|next| *next);
        (self, next)
    }

    /// The name of the recovery key that opens the escrow.
    pub(crate) fn recovery_fingerprint(&self) -> Option<String> {
        let public = hex::decode(&self.escrow.as_ref()?.public_key).ok()?;
        Some(recovery::fingerprint(&public))
    }

    /// Whether the escrow is for this public half.
    pub(crate) fn is_escrowed_to(&self, public: &[u8]) -> bool {
        self.escrow.as_ref().is_some_and(|escrow| escrow.public_key == hex::encode(public))
    }
}

impl DeviceSecrets {
    pub(crate) fn make() -> Result<Self, VaultError> {
        let seed: Secret = Zeroizing::new(random()?);
        Self::new(Zeroizing::new(random()?), &seed)
    }

    fn new(database_key: Secret, seed: &Secret) -> Result<Self, VaultError> {
        Ok(Self {
            head_key: derive(seed.as_slice(), "vigil/audit/head/v1")?,
            fleet_key: derive(seed.as_slice(), "vigil/fleet/v1")?,
            name_key: derive(database_key.as_slice(), "vigil/sign-in/name/v1")?,
            signing_key: SigningKey::from_bytes(seed),
            recovery: Mutex::new(None),
            database_key,
        })
    }

    /// The same device under a new database key.
    pub(crate) fn with_new_database_key(&self) -> Result<Self, VaultError> {
        let seed: Secret = Zeroizing::new(*self.signing_key.as_bytes());
        let secrets = Self::new(Zeroizing::new(random()?), &seed)?;
        *secrets.lock_recovery() = self.recovery();
        Ok(secrets)
    }

    /// The file that gives these secrets back.
    pub(crate) fn seal(
        &self,
        device: DeviceId,
        custodian: &dyn Custodian,
        database_salt: &[u8],
    ) -> Result<DeviceFile, VaultError> {
        let mut secrets = Zeroizing::new(Vec::with_capacity(96));
        secrets.extend_from_slice(self.database_key.as_slice());
        secrets.extend_from_slice(self.signing_key.as_bytes());
        let recovery = self.recovery();
        let escrow = recovery.map(|public| escrow(device, &public, &secrets)).transpose()?;
        secrets.extend_from_slice(recovery.as_ref().map_or(&[], |public| public.as_slice()));
        Ok(DeviceFile {
            format: SETTLED,
            device,
            custodian: custodian.kind().code().to_owned(),
            sealed: hex::encode(custodian.seal(&place(device), secrets.as_slice())?),
            key_check: hex::encode(key_check(&self.database_key, device)?),
            database_salt: hex::encode(database_salt),
            verifier_key: CheckpointVerifier::new(&origin(device), &self.signing_key).key().to_owned(),
            escrow,
            next: None,
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
        let (secrets, rest) = Self::parse(file, &secrets)?;
        *secrets.lock_recovery() = match rest.len() {
            0 => None,
            _ => Some(rest.as_slice().try_into().map_err(|_| Unsealed::Malformed)?),
        };
        Ok(secrets)
    }

    /// The secrets in `file`, with the organisation recovery key in place of the custodian.
    pub(crate) fn recover(file: &DeviceFile, key: &RecoveryKey) -> Result<Self, Unsealed> {
        let escrow = file.escrow.as_ref().ok_or(Unsealed::NoEscrow)?;
        let sealed = hex::decode(&escrow.sealed).map_err(|_| Unsealed::Malformed)?;
        let (private, public) = key.pair();
        if escrow.public_key != hex::encode(public.to_bytes()) {
            return Err(Unsealed::OtherRecoveryKey);
        }
        let secrets = private.open_bytes(&escrow_place(file.device), &sealed).map_err(|_| Unsealed::Malformed)?;
        let (secrets, rest) = Self::parse(file, &secrets)?;
        if !rest.is_empty() {
            return Err(Unsealed::Malformed);
        }
        *secrets.lock_recovery() = Some(public.to_bytes());
        Ok(secrets)
    }

    /// The secrets and what stands behind them.
    fn parse(file: &DeviceFile, secrets: &[u8]) -> Result<(Self, Vec<u8>), Unsealed> {
        let (database_key, rest) = secrets.split_first_chunk::<32>().ok_or(Unsealed::Malformed)?;
        let (seed, rest) = rest.split_first_chunk::<32>().ok_or(Unsealed::Malformed)?;
        let seed: Secret = Zeroizing::new(*seed);
        let secrets = Self::new(Zeroizing::new(*database_key), &seed).map_err(|_| Unsealed::Malformed)?;
        let check = hex::decode(&file.key_check).map_err(|_| Unsealed::Malformed)?;
        let expected = key_check(&secrets.database_key, file.device).map_err(|_| Unsealed::Malformed)?;
        if tokens_differ(&check, &expected) { Err(Unsealed::WrongKey) } else { Ok((secrets, rest.to_vec())) }
    }

    /// The public half of the recovery key that these secrets are sealed to.
    pub(crate) fn recovery(&self) -> Option<[u8; 32]> {
        *self.lock_recovery()
    }

    pub(crate) fn lock_recovery(&self) -> MutexGuard<'_, Option<[u8; 32]>> {
        self.recovery.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn signer(&self, device: DeviceId) -> Result<CheckpointSigner, VaultError> {
        CheckpointSigner::new(&origin(device), &self.signing_key).map_err(|_| VaultError::Cryptography("signing"))
    }

    /// The same key for other texts than checkpoints; their first line says what they are.
    pub(crate) fn text_signer(&self, device: DeviceId) -> Result<TextSigner, VaultError> {
        TextSigner::new(&origin(device), &self.signing_key).map_err(|_| VaultError::Cryptography("signing"))
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

fn escrow(device: DeviceId, public: &[u8; 32], secrets: &[u8]) -> Result<Escrow, VaultError> {
    let sealed = PublicKey::from_bytes(public)?.seal_bytes(&escrow_place(device), secrets)?;
    Ok(Escrow { public_key: hex::encode(public), sealed: hex::encode(sealed) })
}

/// **Do not modify**: escrows are bound to this text.
fn escrow_place(device: DeviceId) -> String {
    format!("vigil/device/escrow/v1|{device}")
}

fn key_check(database_key: &Secret, device: DeviceId) -> Result<[u8; 32], VaultError> {
    hmac(database_key, &[b"vigil/key-check/v1", device.as_uuid().as_bytes()])
}
