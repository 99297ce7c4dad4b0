//! Reading and writing `device.json`.

use std::path::{Path, PathBuf};

use vigil_model::DeviceId;

use crate::device::{self, DeviceFile, DeviceSecrets, Unsealed};
use crate::{Custodian, OpenError, VaultError, crash, file};

pub(crate) const DEVICE_FILE: &str = "device.json";
pub(crate) const DATABASE_FILE: &str = "vigil.db";

/// The file in `dir`.
pub(crate) fn read(dir: &Path) -> Result<DeviceFile, OpenError> {
    let path = dir.join(DEVICE_FILE);
    match std::fs::read(&path) {
        Ok(bytes) => parse(&path, &bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(OpenError::Missing { path: dir.to_owned(), what: DEVICE_FILE })
        }
        Err(source) => Err(OpenError::Io { path, source }),
    }
}

/// The file in `dir`, after a change of the database key that was cut off has been brought to the end where it stands: the
/// database that is there says which one. Whoever calls this has the folder alone.
pub(crate) fn settle(dir: &Path) -> Result<DeviceFile, OpenError> {
    if read(dir)?.next.is_none() {
        return read(dir);
    }
    let header = standing(dir)?;
    put(dir, &header)?;
    crash::point("device.json names one database key again");
    Ok(header)
}

/// The same without a change of anything, for whoever only looks.
pub(crate) fn standing(dir: &Path) -> Result<DeviceFile, OpenError> {
    let header = read(dir)?;
    if header.next.is_none() {
        return Ok(header);
    }
    let (before, after) = header.without_next();
    let path = dir.join(DATABASE_FILE);
    let salt = first_bytes(&path).map_err(|source| OpenError::Io { path, source })?;
    Ok(after.filter(|after| hex::encode(salt) == after.database_salt).unwrap_or(before))
}

/// Writes the file as a whole.
pub(crate) fn put(dir: &Path, header: &DeviceFile) -> Result<(), VaultError> {
    let doing = "writing device.json";
    file::replace(&dir.join(DEVICE_FILE), &bytes(header)?).map_err(|source| VaultError::Disk { doing, source })
}

/// The file from its bytes; `path` is for messages.
pub(crate) fn parse(path: &Path, bytes: &[u8]) -> Result<DeviceFile, OpenError> {
    let corrupt = || OpenError::Corrupt { path: path.to_owned() };
    let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|_| corrupt())?;
    // The number is read first: a newer form may not parse as this one.
    let found = value.get("format").and_then(serde_json::Value::as_u64).and_then(|found| u32::try_from(found).ok());
    match found {
        Some(found) if found > device::NEWEST => {
            Err(OpenError::NewerSchema { path: path.to_owned(), found, known: device::NEWEST })
        }
        Some(_) => serde_json::from_value(value).map_err(|_| corrupt()),
        None => Err(corrupt()),
    }
}

/// The bytes of the file.
pub(crate) fn bytes(header: &DeviceFile) -> Result<Vec<u8>, VaultError> {
    serde_json::to_vec_pretty(header).map_err(|_| VaultError::Invalid("device.json has no JSON form"))
}

/// Writes the file anew as a whole: for a new database, a new custodian or a new recovery key.
pub(crate) fn replace(
    dir: &Path,
    device: DeviceId,
    secrets: &DeviceSecrets,
    custodian: &dyn Custodian,
) -> Result<(), VaultError> {
    let doing = "writing device.json";
    let salt = first_bytes(&dir.join(DATABASE_FILE)).map_err(|source| VaultError::Disk { doing, source })?;
    let json = bytes(&secrets.seal(device, custodian, &salt)?)?;
    file::replace(&dir.join(DEVICE_FILE), &json).map_err(|source| VaultError::Disk { doing, source })
}

/// Why the secrets did not come out, in words for people.
pub(crate) fn refusal(dir: &Path, header: &DeviceFile, unsealed: Unsealed) -> OpenError {
    let path = || dir.to_owned();
    match unsealed {
        Unsealed::WrongKey => OpenError::WrongKey { path: path() },
        Unsealed::Custodian(error) => OpenError::Custodian(error),
        Unsealed::Malformed => OpenError::Corrupt { path: dir.join(DEVICE_FILE) },
        Unsealed::NoEscrow => OpenError::NoRecoveryKey { path: path() },
        Unsealed::OtherRecoveryKey => {
            OpenError::OtherRecoveryKey { path: path(), wanted: header.recovery_fingerprint().unwrap_or_default() }
        }
    }
}

/// The salt at the head of a database file.
pub(crate) fn first_bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::with_capacity(16);
    std::fs::File::open(PathBuf::from(path))?.take(16).read_to_end(&mut bytes)?;
    Ok(bytes)
}
