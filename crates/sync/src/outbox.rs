//! What the engine asks of whoever keeps the entries.

use std::error::Error;

use chrono::{DateTime, Utc};
use vigil_model::DeviceId;
use vigil_model::wire::{Alerts, Batch, Certificate, Receipt, SealKey, SignedDirectory};
use zeroize::Zeroizing;

/// Why the outbox did not do it.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// A signature is missing or is not the server's, or what was signed is not this workstation's.
    #[error("what came was not signed by the server, or is not about this workstation's log")]
    Forged,
    /// The vault cannot be read or written.
    #[error("the vault cannot be used now")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
}

/// What this workstation is in the fleet.
#[derive(Clone)]
pub struct Identity {
    /// The origin of the server, such as `https://vigil.example:8443`.
    pub server: String,
    /// The one certificate that is trusted, DER.
    pub anchor: Vec<u8>,
    /// The workstation's certificate and what leads from it to the anchor, PEM.
    pub chain: String,
    /// Its private key, PKCS#8 DER.
    pub key: Zeroizing<Vec<u8>>,
    /// When the certificate ends.
    pub certificate_expires: DateTime<Utc>,
    /// The id of the key that entries are sealed to.
    pub seal_key: u32,
    /// The version of the directory that is held; 0: none.
    pub directory: u64,
    /// The workstation's log.
    pub log: DeviceId,
}

/// How much waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutboxState {
    /// Entries in the log.
    pub entries: u64,
    /// The size of the newest receipt: it covers the entries up to this number.
    pub covered: u64,
    /// When the oldest entry without a receipt was written.
    pub oldest: Option<DateTime<Utc>>,
    /// When the newest receipt came.
    pub last_receipt: Option<DateTime<Utc>>,
    /// Entries in quarantine.
    pub quarantined: u64,
    /// Urgent entries that were not delivered yet.
    pub urgent: u64,
}

/// Keeps the sealed entries until a receipt covers them. Every call may block; the engine makes them on threads for that.
pub trait Outbox: Send + Sync {
    /// What this workstation is in the fleet. `None`: it is not enrolled.
    ///
    /// # Errors
    /// [`OutboxError::Unavailable`]
    fn identity(&self) -> Result<Option<Identity>, OutboxError>;

    /// How much waits.
    ///
    /// # Errors
    /// [`OutboxError::Unavailable`]
    fn state(&self) -> Result<OutboxState, OutboxError>;

    /// What of the workstation's posture is not as it should be, in words for a header: `diskEncryption=fail swap=unknown`, or `ok`. Empty:
    /// it is not known.
    fn posture(&self) -> String {
        String::new()
    }

    /// The unit at which the workstation stands ([`vigil_model::wire::UNIT`]); `None`: nobody said.
    fn unit(&self) -> Option<String> {
        None
    }

    /// The entries from this number on: at most so many, and no more bytes on the wire than that, but for the first one, which comes
    /// however long it is. `None`: there is nothing from there on, or it was deleted.
    ///
    /// # Errors
    /// [`OutboxError::Unavailable`]
    fn batch(&self, from: u64, entries: usize, bytes: usize) -> Result<Option<Batch>, OutboxError>;

    /// The oldest urgent entries that were not delivered, at most so many.
    ///
    /// # Errors
    /// [`OutboxError::Unavailable`]
    fn urgent(&self, most: usize) -> Result<Option<Alerts>, OutboxError>;

    /// The server has these urgent entries. They stay in the outbox.
    ///
    /// # Errors
    /// [`OutboxError::Unavailable`]
    fn urgent_delivered(&self, seqs: &[u64]) -> Result<(), OutboxError>;

    /// Verifies both signatures, and that size and root are the log's own; then keeps the receipt and deletes what it covers. One that
    /// covers no more than an earlier one changes nothing.
    ///
    /// # Errors
    /// [`OutboxError::Forged`] and [`OutboxError::Unavailable`]; nothing was deleted.
    fn receipt(&self, receipt: &Receipt) -> Result<(), OutboxError>;

    /// Seals this entry anew. One that a receipt covers or that is in quarantine stays as it is.
    ///
    /// # Errors
    /// [`OutboxError::Unavailable`]
    fn reseal(&self, seq: u64) -> Result<(), OutboxError>;

    /// Keeps this entry back; its leaf hash goes in its place. One that a receipt covers stays as it is.
    ///
    /// # Errors
    /// [`OutboxError::Unavailable`]
    fn quarantine(&self, seq: u64, why: &'static str) -> Result<(), OutboxError>;

    /// Verifies the directory and takes it over; answers its version. One that is older than the one held is forged.
    ///
    /// # Errors
    /// [`OutboxError::Forged`] and [`OutboxError::Unavailable`]
    fn directory(&self, signed: &SignedDirectory) -> Result<u64, OutboxError>;

    /// The workstation's next certificate and its key, PKCS#8 DER.
    ///
    /// # Errors
    /// [`OutboxError::Unavailable`]
    fn certificate(&self, certificate: &Certificate, key: &Zeroizing<Vec<u8>>) -> Result<(), OutboxError>;

    /// What entries are sealed to from now on.
    ///
    /// # Errors
    /// [`OutboxError::Forged`] when it is no key, and [`OutboxError::Unavailable`]
    fn seal_key(&self, key: &SealKey) -> Result<(), OutboxError>;

    /// The directory was the newest one at this time.
    ///
    /// # Errors
    /// [`OutboxError::Unavailable`]
    fn contact(&self, at: DateTime<Utc>) -> Result<(), OutboxError>;
}
