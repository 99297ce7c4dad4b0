//! A TPM 2.0 as custodian, through the TSS 2.0 libraries.
//!
//! The root is an HMAC key that the TPM made and that it never gives out. It lies beside the data as a blob that this TPM
//! alone can load, so that it takes no room in the chip; a cleared or replaced TPM has another storage seed and refuses it.
//! The mark lies in the chip itself (an NV index), so that a data folder that is put back is noticed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use super::mac::{hmac_with, open_with, seal_with};
use super::root::failed;
use super::timed::Timed;
use super::{Custodian, CustodianError, CustodianKind, Mark};
use crate::file;
use chip::Chip;
use key_file::KeyFile;

mod chip;
mod key_file;

const KIND: CustodianKind = CustodianKind::Tpm;

/// A root in a TPM 2.0.
pub struct TpmCustodian {
    place: Arc<Place>,
    timed: Timed,
}

/// Where the TPM is and where the blob of its key lies.
struct Place {
    /// In the notation of the TSS: `device:/dev/tpmrm0`, `swtpm:host=localhost,port=2321`. Never taken from the environment.
    tcti: String,
    key_file: PathBuf,
}

impl TpmCustodian {
    /// The TPM behind `tcti` with the key whose blob lies at `key_file`; nothing is asked or read yet.
    pub fn of(tcti: &str, key_file: &Path) -> Self {
        let place = Place { tcti: tcti.to_owned(), key_file: key_file.to_owned() };
        Self { place: Arc::new(place), timed: Timed::new(KIND) }
    }

    /// Runs `work` with the TPM and the installation's key in it.
    fn with_key<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Chip, &KeyFile) -> Result<T, CustodianError> + Send + 'static,
    ) -> Result<T, CustodianError> {
        let place = Arc::clone(&self.place);
        self.timed.call(move || {
            let key = KeyFile::read(&place.key_file)?.ok_or(CustodianError::KeyMissing(KIND))?;
            let mut chip = Chip::connect(&place.tcti)?;
            chip.load(&key)?;
            work(&mut chip, &key)
        })
    }
}

impl Custodian for TpmCustodian {
    fn kind(&self) -> CustodianKind {
        KIND
    }

    fn seal(&self, purpose: &str, secret: &[u8]) -> Result<Vec<u8>, CustodianError> {
        let (place, purpose) = (Arc::clone(&self.place), purpose.to_owned());
        let secret = Zeroizing::new(secret.to_vec());
        self.timed.call(move || {
            let mut chip = Chip::connect(&place.tcti)?;
            match KeyFile::read(&place.key_file)? {
                Some(key) => chip.load(&key)?,
                None => make_key(&mut chip, &place.key_file)?,
            }
            seal_with(&mut chip, &purpose, &secret)
        })
    }

    fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, CustodianError> {
        let (purpose, sealed) = (purpose.to_owned(), sealed.to_vec());
        self.with_key(move |chip, _| open_with(chip, &purpose, &sealed))
    }

    fn hmac(&self, message: &[u8]) -> Result<Zeroizing<[u8; 32]>, CustodianError> {
        let message = message.to_vec();
        self.with_key(move |chip, _| hmac_with(chip, &message))
    }

    fn mark(&self) -> Result<Option<Mark>, CustodianError> {
        match self.with_key(|chip, key| chip.mark(key.mark_index)) {
            // Nothing was made yet.
            Err(CustodianError::KeyMissing(_)) => Ok(None),
            other => other,
        }
    }

    fn mark_set(&self, mark: &Mark) -> Result<(), CustodianError> {
        let mark = *mark;
        self.with_key(move |chip, key| chip.mark_set(key.mark_index, &mark))
    }
}

/// The blob is written last: a crash before it leaves an NV index that nobody names, and the next try takes another.
fn make_key(chip: &mut Chip, path: &Path) -> Result<(), CustodianError> {
    let made = chip.make()?;
    chip.load(&made)?;
    let key = made.with_mark_at(chip.mark_define()?);
    let written = key.to_json().and_then(|json| {
        file::write_new(path, &json)
            .map_err(|error| CustodianError::Failed { kind: KIND, reason: format!("{}: {error}", path.display()) })
    });
    if written.is_err() {
        // What failed is said; an index that stays behind costs 40 bytes of the chip.
        let _ = chip.mark_remove(key.mark_index);
    }
    written
}

/// The mark as the chip holds it: size (big endian), then the root. **Do not modify**: chips hold this form.
fn mark_to_bytes(mark: &Mark) -> Vec<u8> {
    [mark.size.to_be_bytes().as_slice(), &mark.root].concat()
}

fn mark_from_bytes(bytes: &[u8]) -> Result<Mark, CustodianError> {
    let parse = || {
        let (size, root) = bytes.split_first_chunk::<8>()?;
        Some(Mark { size: u64::from_be_bytes(*size), root: root.try_into().ok()? })
    };
    parse().ok_or_else(|| failed(KIND, &crate::VaultError::Invalid("its NV index holds no mark")))
}
