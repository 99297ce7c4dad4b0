//! One encrypted file that holds everything that is needed to go on elsewhere, written while the program runs, and its
//! way back.
//!
//! ```text
//! magic, 16 bytes | length of the head, u32 | head, JSON | blocks of 1 MiB, each sealed
//! head:   format, time, salt, nonce, device.json as it stood, the workstation's custodian.json
//! blocks: length of the manifest, u32 | manifest, JSON | the database
//! ```
//!
//! The head holds no secret and is authenticated by every block. The key of the blocks is derived from the database key
//! and the salt, and the database key comes out of the `device.json` in the head: with the same device root, or with the
//! organisation recovery key. Whoever finds the file finds what is found in the data folder, and nothing more.

mod restore;
mod stream;
mod write;

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::device::{DeviceFile, DeviceSecrets};
use crate::key::{Secret, derive};
use crate::{OpenError, VaultError, header};

pub use restore::{Judge, Restored};

const MAGIC: &[u8; 16] = b"VIGIL BACKUP 1\r\n";
/// The newest form of the head.
const NEWEST: u32 = 1;
/// A head is a few hundred bytes; more is no head.
const LONGEST_HEAD: u32 = 1 << 20;

/// How far a backup or a restore has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupProgress {
    /// Bytes done.
    pub done: u64,
    /// Of how many.
    pub total: u64,
}

/// Told of each step; answers whether to go on.
pub type GoOn<'a> = dyn FnMut(BackupProgress) -> bool + 'a;

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupContent {
    /// Bytes of the database.
    pub bytes: u64,
    /// Entries of the audit log.
    pub entries: u64,
    /// Their Merkle root (RFC 6962).
    pub root: [u8; 32],
}

/// The head of the file. **Do not modify**: backups lie in safes; a new form needs a new `format`.
#[derive(Serialize, Deserialize)]
struct Head {
    format: u32,
    /// RFC 3339.
    created: String,
    /// Hex, 32 bytes.
    salt: String,
    /// Hex, 7 bytes: the nonce of the STREAM.
    nonce: String,
    /// `device.json`.
    device_file: DeviceFile,
    /// The workstation's note of its custodian, as text.
    custodian_file: Option<String>,
    /// Bytes of the blocks behind the head, so that a file that was cut off is told from one that was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    length: Option<u64>,
}

/// What the blocks begin with.
#[derive(Serialize, Deserialize)]
struct Manifest {
    /// The program that wrote it.
    program: String,
    /// Bytes of the database.
    bytes: u64,
    /// SHA-256 of the database, hex.
    sha256: String,
    /// Entries of the audit log.
    entries: u64,
    /// Their Merkle root, hex.
    root: String,
}

/// A backup whose head was read; nothing of it is believed yet.
pub struct Backup {
    path: PathBuf,
    head: Head,
    /// SHA-256 of everything before the first block.
    bound_to: [u8; 32],
    blocks: BufReader<File>,
    bytes: u64,
}

impl Backup {
    /// Opens the file and reads its head.
    ///
    /// # Errors
    /// [`OpenError::NotSound`] when it is no backup; [`OpenError::NewerSchema`]; or the file cannot be read.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let io = |source| OpenError::Io { path: path.to_owned(), source };
        let no_backup = || not_sound(path, "it is no backup of Vigil's, or its beginning is damaged");
        let file = File::open(path).map_err(io)?;
        let bytes = file.metadata().map_err(io)?.len();
        let mut blocks = BufReader::with_capacity(1 << 20, file);
        let mut start = [0; MAGIC.len() + 4];
        blocks.read_exact(&mut start).map_err(|_| no_backup())?;
        let (magic, length) = start.split_first_chunk::<16>().ok_or_else(no_backup)?;
        let length = length.first_chunk().map(|length| u32::from_be_bytes(*length)).ok_or_else(no_backup)?;
        if magic != MAGIC || length > LONGEST_HEAD {
            return Err(no_backup());
        }
        let mut json = vec![0; usize::try_from(length).map_err(|_| no_backup())?];
        blocks.read_exact(&mut json).map_err(|_| no_backup())?;
        let value: serde_json::Value = serde_json::from_slice(&json).map_err(|_| no_backup())?;
        let found = value.get("format").and_then(serde_json::Value::as_u64).and_then(|found| u32::try_from(found).ok());
        if let Some(found) = found.filter(|found| *found > NEWEST) {
            return Err(OpenError::NewerSchema { path: path.to_owned(), found, known: NEWEST });
        }
        // The device file inside has a format of its own, and may be newer where this one is not.
        let device_file = value.get("device_file").map(ToString::to_string).unwrap_or_default();
        header::parse(path, device_file.as_bytes())?;
        let head: Head = serde_json::from_value(value).map_err(|_| no_backup())?;
        let bound_to = bound_to(&json);
        let behind = bytes.saturating_sub((start.len() + json.len()) as u64);
        if let Some(length) = head.length.filter(|length| behind < *length) {
            let reason =
                format!("it was cut off: {behind} of {length} bytes are there; copy it again from where it lies");
            return Err(not_sound(path, reason));
        }
        Ok(Self { path: path.to_owned(), head, bound_to, blocks, bytes })
    }

    /// When it was written (RFC 3339).
    pub fn created(&self) -> &str {
        &self.head.created
    }

    /// What the workstation noted of its custodian.
    pub fn custodian_file(&self) -> Option<&str> {
        self.head.custodian_file.as_deref()
    }

    /// The name of the recovery key that opens it.
    pub fn recovery_fingerprint(&self) -> Option<String> {
        self.head.device_file.recovery_fingerprint()
    }
}

/// What every block is bound to: the magic, the length and the head.
fn bound_to(head: &[u8]) -> [u8; 32] {
    let length = u32::try_from(head.len()).unwrap_or(u32::MAX).to_be_bytes();
    Sha256::new().chain_update(MAGIC).chain_update(length).chain_update(head).finalize().into()
}

/// The key of the blocks. **Do not modify**.
fn block_key(secrets: &DeviceSecrets, salt: &[u8]) -> Result<Secret, VaultError> {
    derive(secrets.database_key.as_slice(), &format!("vigil/backup/v1|{}", hex::encode(salt)))
}

fn not_sound(path: &Path, reason: impl Into<String>) -> OpenError {
    OpenError::NotSound { path: path.to_owned(), reason: reason.into() }
}
