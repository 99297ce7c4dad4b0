//! The fleet that a workstation belongs to: who its server is, and how it proves itself to it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigil_audit::{CosignatureVerifier, SealPublicKey, TextSigner, TextVerifier};
use vigil_model::DeviceId;
use vigil_model::wire::{Bytes, Certificate, SealKey};
use zeroize::Zeroizing;

use crate::key::{Kek, Secret, derive, hmac};
use crate::{Vault, VaultError, table};

/// The server that a workstation enrolled with. **Do not modify** the form: databases hold it, with the device's authentication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fleet {
    /// The workstation's identity in it.
    pub enrolment: DeviceId,
    /// The origin of the listener for workstations, such as `https://vigil.example:8443`.
    pub server: String,
    /// The origin of the listener for everybody else, where it enrolled.
    pub public: String,
    /// The one certificate that its certificate has to lead to, DER.
    pub anchor: Bytes,
    /// What the workstation calls itself with.
    pub certificate: Certificate,
    /// The key that cosigns its checkpoints (C2SP vkey).
    pub witness_key: String,
    /// The key that signs the directory (C2SP vkey).
    pub directory_key: String,
    /// What entries are sealed to.
    pub seal_key: SealKey,
    /// When it enrolled, RFC 3339.
    pub enrolled_at: String,
    /// The private key of the certificate (PKCS#8), sealed under a key of the device.
    pub(crate) key: Bytes,
}

/// What is needed to call the server. The key is wiped when dropped.
pub struct FleetIdentity {
    /// The fleet.
    pub fleet: Fleet,
    /// The private key of the certificate, PKCS#8 DER.
    pub key: Zeroizing<Vec<u8>>,
    /// The newest version of the directory that is here; 0: none.
    pub directory: u64,
}

/// When the server was last heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FleetContact {
    /// By the wall clock.
    pub at: DateTime<Utc>,
    /// Seconds that this workstation's clock is ahead of the server's.
    pub clock_ahead: i64,
}

impl Fleet {
    /// A fleet as the server's answer to the enrolment describes it.
    pub fn new(
        response: &vigil_model::wire::EnrolmentResponse,
        public: &str,
        anchor: &[u8],
        enrolled_at: DateTime<Utc>,
    ) -> Self {
        Self {
            enrolment: response.enrolment,
            server: response.server.clone(),
            public: public.to_owned(),
            anchor: Bytes(anchor.to_vec()),
            certificate: response.certificate.clone(),
            witness_key: response.witness_key.clone(),
            directory_key: response.directory_key.clone(),
            seal_key: response.seal_key.clone(),
            enrolled_at: enrolled_at.to_rfc3339(),
            key: Bytes::default(),
        }
    }

    /// The same, once every key in it was seen to be one.
    pub(crate) fn checked(self) -> Result<Self, VaultError> {
        let keys = CosignatureVerifier::new(&self.witness_key).is_ok()
            && TextVerifier::new(&self.directory_key).is_ok()
            && SealPublicKey::from_bytes(self.seal_key.public.as_ref()).is_ok();
        if keys { Ok(self) } else { Err(VaultError::Invalid("the server's answer has a key in it that is none")) }
    }
}

impl Vault {
    /// The fleet that this workstation belongs to, if it does.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] when the device did not write it; or the database fails.
    pub fn fleet(&self) -> Result<Option<Fleet>, VaultError> {
        table::fleet::read(&self.lock(), self)
    }

    /// What is needed to call the server.
    ///
    /// # Errors
    /// As [`Self::fleet`].
    pub fn fleet_identity(&self) -> Result<Option<FleetIdentity>, VaultError> {
        let sql = self.lock();
        let Some(fleet) = table::fleet::read(&sql, self)? else { return Ok(None) };
        let key = self
            .fleet_kek()?
            .open(&key_place(self.device, fleet.enrolment), fleet.key.as_ref())
            .map_err(|_| VaultError::Tampered("fleet"))?;
        Ok(Some(FleetIdentity { directory: table::directory::version(&sql)?, fleet, key }))
    }

    /// The next certificate, with its key.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] without a fleet; or the database fails.
    pub fn fleet_certificate(&self, certificate: &Certificate, key: &[u8]) -> Result<(), VaultError> {
        self.fleet_change(|fleet| {
            fleet.certificate.clone_from(certificate);
            fleet.key = self.seal_fleet_key(fleet.enrolment, key)?;
            Ok(())
        })
    }

    /// What entries are sealed to from now on.
    ///
    /// # Errors
    /// As [`Self::fleet_certificate`].
    pub fn fleet_seal_key(&self, key: &SealKey) -> Result<(), VaultError> {
        self.fleet_change(|fleet| {
            fleet.seal_key.clone_from(key);
            Ok(())
        })
    }

    /// The server was heard.
    ///
    /// # Errors
    /// The database fails.
    pub fn fleet_contact(&self, contact: FleetContact) -> Result<(), VaultError> {
        table::fleet::contact(&self.lock(), contact)
    }

    /// When the server was last heard; `None`: never.
    ///
    /// # Errors
    /// The database fails.
    pub fn fleet_last_contact(&self) -> Result<Option<FleetContact>, VaultError> {
        table::fleet::last_contact(&self.lock())
    }

    /// A text that this workstation's log key signs: a C2SP signed note whose first line is `kind`. Whoever enrols a log shows with it that
    /// the key is theirs.
    ///
    /// # Errors
    /// [`VaultError::Cryptography`] for a text that has no such form.
    pub fn log_sign(&self, kind: &str, body: &str) -> Result<String, VaultError> {
        let signer = self.secrets.text_signer(self.device)?;
        TextSigner::sign(&signer, kind, body).map_err(|_| VaultError::Cryptography("signing"))
    }

    /// The key that signs this workstation's checkpoints, for whoever verifies them (C2SP vkey).
    pub fn log_verifier_key(&self) -> String {
        self.secrets.verifier(self.device).key().to_owned()
    }

    fn fleet_change(&self, change: impl FnOnce(&mut Fleet) -> Result<(), VaultError>) -> Result<(), VaultError> {
        let sql = self.lock();
        let mut fleet =
            table::fleet::read(&sql, self)?.ok_or(VaultError::Invalid("this workstation belongs to no fleet"))?;
        change(&mut fleet)?;
        table::fleet::write(&sql, self, &fleet.checked()?)
    }

    pub(crate) fn seal_fleet_key(&self, enrolment: DeviceId, key: &[u8]) -> Result<Bytes, VaultError> {
        self.fleet_kek()?.seal(&key_place(self.device, enrolment), key).map(Bytes)
    }

    fn fleet_kek(&self) -> Result<Kek, VaultError> {
        Ok(Kek::new(&derive(self.secrets.fleet_key.as_slice(), "vigil/fleet/certificate-key/v1")?))
    }

    pub(crate) fn fleet_mac(&self, record: &[u8]) -> Result<[u8; 32], VaultError> {
        let key: Secret = derive(self.secrets.fleet_key.as_slice(), "vigil/fleet/record/v1")?;
        hmac(&key, &[b"vigil/fleet/v1", self.device.as_uuid().as_bytes(), record])
    }
}

/// **Do not modify**: sealed keys are bound to this text.
fn key_place(log: DeviceId, enrolment: DeviceId) -> String {
    format!("vigil/fleet/key/v1|{log}|{enrolment}")
}
