//! The server's own keys: made once, wrapped under the master key, shared by all processes on one database.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use ed25519_dalek::SigningKey;
use uuid::Uuid;
use vigil_audit::{EntryOpener, TextSigner, seal_key_pair};
use vigil_model::DeviceId;
use vigil_model::wire::SealKey;
use zeroize::Zeroizing;

use crate::ca::{Authority, CaError};
use crate::custody::{self, CustodyError, Master, Purpose, Secret, random};
use crate::server_keys::{KeyMaterial, Keys, KeysError};
use crate::store::{ServerKey, Store, StoreError, Tx};

/// Signs the checkpoints of the server's own log.
const LOG: &str = "log";
/// Cosigns the checkpoints of every log.
const WITNESS: &str = "witness";
/// Signs the directory.
const DIRECTORY: &str = "directory";
/// Entries are sealed to it.
const SEAL: &str = "seal";
/// Seals what people write about cases.
const CASE: &str = "case";
/// Signs packages of evidence.
const EVIDENCE: &str = "evidence";
/// Signs the certificates of workstations.
const DEVICE_AUTHORITY: &str = "device-authority";
/// What that authority calls itself.
const WORKSTATIONS: &str = "Vigil workstations";
/// Signs the server's own certificate.
const SERVER_AUTHORITY: &str = "server-authority";

/// Why the keys are not there.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The custodian, or another master key.
    #[error(transparent)]
    Custody(#[from] CustodyError),
    /// A certificate.
    #[error(transparent)]
    Ca(#[from] CaError),
    /// A name.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// A key has another form.
    #[error("a key in the database has another form: {0}")]
    Form(&'static str),
}

/// The keys of a running server.
pub struct Keyring {
    /// For the audit log.
    pub keys: Arc<Keys>,
    /// Signs the directory.
    pub directory: TextSigner,
    /// Its public half (C2SP vkey).
    pub directory_key: String,
    /// What entries are sealed to.
    pub seal_key: SealKey,
    /// What group keys that workstations hand in are sealed to: the same keys, by id.
    seal_seeds: Vec<(u32, Secret)>,
    /// The authorities for workstations, newest first: the first one signs, all are trusted.
    pub device_authorities: Vec<Authority>,
    /// The authority for the server itself.
    pub server_authority: Authority,
    /// Seals what people write about cases.
    pub(crate) case: CaseKey,
    /// Signs packages of evidence.
    pub(crate) evidence: TextSigner,
    /// Its public half (C2SP vkey).
    pub evidence_key: String,
}

/// Seals words of people about people.
pub(crate) struct CaseKey(Secret);

impl CaseKey {
    /// Seals a text for one place.
    pub(crate) fn seal(&self, place: &str, text: &[u8]) -> Result<Vec<u8>, CustodyError> {
        custody::seal(&self.0, &format!("vigil/server/case/v1|{place}"), text)
    }

    /// What was sealed for this place; `None`: it was not, or not with this key.
    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        custody::open(&self.0, &format!("vigil/server/case/v1|{place}"), sealed)
    }
}

impl Keyring {
    /// Reads the keys and makes those that are not there yet. `name`: what the server calls itself in notes.
    ///
    /// # Errors
    /// [`KeyringError`]
    pub async fn open(store: &Store, master: &Master, name: &str, now: DateTime<Utc>) -> Result<Self, KeyringError> {
        let mut tx = store.begin().await?;
        let log = newest_seed(&mut tx, master, LOG, now).await?;
        let witness = newest_seed(&mut tx, master, WITNESS, now).await?;
        let directory = newest_seed(&mut tx, master, DIRECTORY, now).await?;
        let seal_seeds = seeds(&mut tx, master, SEAL, now).await?;
        let case = newest_seed(&mut tx, master, CASE, now).await?;
        let evidence = newest_seed(&mut tx, master, EVIDENCE, now).await?;
        let device_authorities = authorities(&mut tx, master, DEVICE_AUTHORITY, WORKSTATIONS, now).await?;
        let server_authorities = authorities(&mut tx, master, SERVER_AUTHORITY, "Vigil server", now).await?;
        tx.commit().await?;
        let log_key = SigningKey::from_bytes(&log);
        let (seal_id, newest) = seal_seeds.first().ok_or(KeyringError::Form("there is none to seal to"))?;
        let seal_key = SealKey { id: *seal_id, public: seal_key_pair(newest).1.to_bytes().to_vec().into() };
        let directory = SigningKey::from_bytes(&directory);
        let directory_name = format!("{name}/directory");
        let text = |_| KeyringError::Form("the name of the directory");
        let evidence = SigningKey::from_bytes(&evidence);
        let evidence_name = format!("{name}/evidence");
        let server_authority = server_authorities.into_iter().next().ok_or(KeyringError::Form("no authority"))?;
        Ok(Self {
            keys: Arc::new(Keys::new(KeyMaterial {
                own_log: own_log(&log_key),
                log_key,
                witness_name: format!("{name}/witness"),
                witness_key: SigningKey::from_bytes(&witness),
                seal: seal_seeds.iter().map(|(id, seed)| (*id, seal_key_pair(seed).0)).collect(),
                head: master.key(Purpose::Heads)?,
                cursor: master.key(Purpose::Cursors)?,
            })?),
            directory: TextSigner::new(&directory_name, &directory).map_err(text)?,
            directory_key: TextSigner::vkey(&directory_name, &directory),
            seal_key,
            seal_seeds,
            device_authorities,
            server_authority,
            case: CaseKey(case),
            evidence: TextSigner::new(&evidence_name, &evidence).map_err(text)?,
            evidence_key: TextSigner::vkey(&evidence_name, &evidence),
        })
    }

    /// The authority that signs the certificates of workstations from now on.
    ///
    /// # Errors
    /// [`KeyringError::Form`]; in practice never.
    pub fn device_authority(&self) -> Result<&Authority, KeyringError> {
        self.device_authorities.first().ok_or(KeyringError::Form("no authority"))
    }

    /// The seed of the key pair with this id that entries and group keys are sealed to.
    pub(crate) fn seal_seed(&self, id: u32) -> Option<&Secret> {
        self.seal_seeds.iter().find(|(known, _)| *known == id).map(|(_, seed)| seed)
    }

    /// The opener of the key pair with this id.
    pub fn opener(&self, id: u32) -> Option<EntryOpener> {
        self.seal_seed(id).map(|seed| seal_key_pair(seed).0)
    }
}

/// Makes the next key that entries are sealed to; the former ones go on opening. Returns its id.
///
/// # Errors
/// [`KeyringError`]
pub async fn rotate_seal_key(tx: &mut Tx, master: &Master, now: DateTime<Utc>) -> Result<u32, KeyringError> {
    let newest = ServerKey::all(tx, SEAL).await?.first().map_or(0, |key| key.id);
    make_seed(tx, master, SEAL, newest + 1, now).await?;
    ServerKey::retire_before(tx, SEAL, newest + 1, now.timestamp_micros()).await?;
    Ok(newest + 1)
}

/// Makes the next authority for workstations. It signs from the next start on; certificates of the former ones hold until they end.
///
/// # Errors
/// [`KeyringError`]
pub async fn rotate_device_authority(tx: &mut Tx, master: &Master, now: DateTime<Utc>) -> Result<u32, KeyringError> {
    let next = ServerKey::all(tx, DEVICE_AUTHORITY).await?.first().map_or(1, |key| key.id + 1);
    let made = Authority::make(WORKSTATIONS, now)?;
    keep(tx, master, DEVICE_AUTHORITY, next, made.certificate().to_vec(), &made.private_key(), now).await?;
    ServerKey::retire_before(tx, DEVICE_AUTHORITY, next, now.timestamp_micros()).await?;
    Ok(next)
}

/// The server's own log is named by the key that signs it.
fn own_log(key: &SigningKey) -> DeviceId {
    DeviceId::from_uuid(Uuid::new_v5(&Uuid::NAMESPACE_OID, key.verifying_key().as_bytes()))
}

async fn newest_seed(tx: &mut Tx, master: &Master, purpose: &str, now: DateTime<Utc>) -> Result<Secret, KeyringError> {
    let seed = seeds(tx, master, purpose, now).await?.into_iter().next();
    seed.map(|(_, seed)| seed).ok_or(KeyringError::Form("a seed is missing"))
}

/// Every seed for this purpose, newest first; the first is made where there is none.
async fn seeds(
    tx: &mut Tx,
    master: &Master,
    purpose: &str,
    now: DateTime<Utc>,
) -> Result<Vec<(u32, Secret)>, KeyringError> {
    let mut kept = ServerKey::all(tx, purpose).await?;
    if kept.is_empty() {
        make_seed(tx, master, purpose, 1, now).await?;
        kept = ServerKey::all(tx, purpose).await?;
    }
    let open = |key: &ServerKey| {
        let seed = master.unwrap(Purpose::ServerKeys, &bound(purpose, key.id), &key.wrapped)?;
        let seed = seed.as_slice().try_into().map_err(|_| KeyringError::Form("a seed has 32 bytes"))?;
        Ok((key.id, Secret::new(seed)))
    };
    kept.iter().map(open).collect()
}

async fn make_seed(
    tx: &mut Tx,
    master: &Master,
    purpose: &str,
    id: u32,
    now: DateTime<Utc>,
) -> Result<(), KeyringError> {
    let seed = random::<32>()?;
    let public = match purpose {
        SEAL => seal_key_pair(&seed).1.to_bytes().to_vec(),
        _ => SigningKey::from_bytes(&seed).verifying_key().as_bytes().to_vec(),
    };
    keep(tx, master, purpose, id, public, seed.as_slice(), now).await
}

async fn authorities(
    tx: &mut Tx,
    master: &Master,
    purpose: &str,
    name: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Authority>, KeyringError> {
    let mut kept = ServerKey::all(tx, purpose).await?;
    if kept.is_empty() {
        let made = Authority::make(name, now)?;
        keep(tx, master, purpose, 1, made.certificate().to_vec(), &made.private_key(), now).await?;
        kept = ServerKey::all(tx, purpose).await?;
    }
    let open = |key: ServerKey| {
        let private = master.unwrap(Purpose::ServerKeys, &bound(purpose, key.id), &key.wrapped)?;
        Ok(Authority::from_parts(key.public, &private)?)
    };
    kept.into_iter().map(open).collect()
}

async fn keep(
    tx: &mut Tx,
    master: &Master,
    purpose: &str,
    id: u32,
    public: Vec<u8>,
    secret: &[u8],
    now: DateTime<Utc>,
) -> Result<(), KeyringError> {
    let wrapped = master.wrap(Purpose::ServerKeys, &bound(purpose, id), secret)?;
    let made = now.timestamp_micros();
    let key = ServerKey { purpose: purpose.to_owned(), id, public, wrapped, made, retired: None };
    key.insert(tx).await?;
    Ok(())
}

pub(crate) fn bound(purpose: &str, id: u32) -> String {
    format!("{purpose}|{id}")
}
