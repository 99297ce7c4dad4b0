//! The sealed file: a mark, a head in the clear, and the database behind it.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::BackupError;
use super::stream::{NONCE, SealedReader, SealedWriter};

const MAGIC: &[u8; 16] = b"vigil-server/1\n\0";
/// A longer head is none.
const HEAD: u32 = 64 * 1024;
const INFO: &[u8] = b"vigil-server/backup/v1";

/// Which database it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BackupOf {
    /// The embedded one: its file, under the database key.
    Sqlite,
    /// PostgreSQL: what `pg_dump --format=custom` wrote.
    Postgres,
}

/// What stands at the beginning, in the clear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupHead {
    /// The program that wrote it.
    pub program: String,
    /// When, RFC 3339.
    pub created: String,
    /// Of which database.
    pub of: BackupOf,
    salt: String,
    nonce: String,
}

impl BackupHead {
    pub(super) fn new(created: String, of: BackupOf) -> Result<Self, BackupError> {
        let (mut salt, mut nonce) = ([0_u8; 32], [0_u8; NONCE]);
        getrandom::fill(&mut salt).and_then(|()| getrandom::fill(&mut nonce)).map_err(|_| BackupError::Random)?;
        let program = env!("CARGO_PKG_VERSION").to_owned();
        Ok(Self { program, created, of, salt: hex::encode(salt), nonce: hex::encode(nonce) })
    }

    /// `bytes`: the head as it stands in the file.
    fn seal(&self, key: &[u8; 32], bytes: &[u8]) -> Option<Seal> {
        let mut own = Zeroizing::new([0_u8; 32]);
        Hkdf::<Sha256>::new(Some(&hex::decode(&self.salt).ok()?), key).expand(INFO, own.as_mut_slice()).ok()?;
        Some(Seal {
            key: own,
            nonce: hex::decode(&self.nonce).ok()?.try_into().ok()?,
            bound_to: Sha256::digest(bytes).into(),
        })
    }
}

/// What the blocks of one file are sealed with.
struct Seal {
    key: Zeroizing<[u8; 32]>,
    nonce: [u8; NONCE],
    bound_to: [u8; 32],
}

/// Writes a sealed file under a name that is not there yet: whole and durable, or not at all.
pub(super) fn write(
    to: &Path,
    head: &BackupHead,
    key: &[u8; 32],
    content: impl FnOnce(&mut dyn Write) -> Result<(), BackupError>,
) -> Result<(), BackupError> {
    if to.symlink_metadata().is_ok() {
        return Err(BackupError::There(to.to_owned()));
    }
    let draft = Draft::beside(to)?;
    let bytes = serde_json::to_vec(head).map_err(|_| BackupError::Malformed)?;
    let seal = head.seal(key, &bytes).ok_or(BackupError::Malformed)?;
    let mut out = BufWriter::new(&draft.file);
    out.write_all(MAGIC)?;
    out.write_all(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes())?;
    out.write_all(&bytes)?;
    let mut sealed = SealedWriter::new(out, &seal.key, seal.nonce, seal.bound_to);
    content(&mut sealed)?;
    sealed.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    draft.finish(to)?;
    Ok(())
}

/// Opens a sealed file; what is read is authenticated block by block.
pub(super) fn open(from: &Path, key: &[u8; 32]) -> Result<(BackupHead, SealedReader<BufReader<File>>), BackupError> {
    let mut input = BufReader::new(File::open(from)?);
    let (mut magic, mut length) = ([0_u8; MAGIC.len()], [0_u8; 4]);
    input.read_exact(&mut magic).and_then(|()| input.read_exact(&mut length)).map_err(|_| BackupError::Malformed)?;
    let length = u32::from_be_bytes(length);
    if magic != *MAGIC || length > HEAD {
        return Err(BackupError::Malformed);
    }
    let mut bytes = Vec::new();
    input.by_ref().take(u64::from(length)).read_to_end(&mut bytes)?;
    let head: BackupHead = serde_json::from_slice(&bytes).map_err(|_| BackupError::Malformed)?;
    let seal = head.seal(key, &bytes).ok_or(BackupError::Malformed)?;
    Ok((head, SealedReader::new(input, &seal.key, seal.nonce, seal.bound_to)?))
}

/// A file that gets its name when it is whole, and is removed otherwise.
pub(crate) struct Draft {
    path: PathBuf,
    pub(crate) file: File,
    done: bool,
}

impl Draft {
    /// Beside `to`, for the owner alone.
    pub(crate) fn beside(to: &Path) -> io::Result<Self> {
        let mut name = to.file_name().unwrap_or_default().to_owned();
        name.push(".partial");
        let path = to.with_file_name(name);
        // What an earlier attempt has left.
        if let Err(error) = std::fs::remove_file(&path)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error);
        }
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        Ok(Self { path, file, done: false })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Durable under its name.
    pub(crate) fn finish(mut self, to: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        std::fs::rename(&self.path, to)?;
        self.done = true;
        match to.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            Some(parent) => File::open(parent)?.sync_all(),
            None => File::open(".")?.sync_all(),
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let mut name = self.path.clone().into_os_string();
            name.push(suffix);
            // Mostly it is not there, which is what is wanted.
            let _ = std::fs::remove_file(name);
        }
    }
}
