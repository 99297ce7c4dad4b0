//! The vendors' libraries: each is loaded and started once and stays until the program ends.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};

use super::said;
use crate::CustodianError;

static LOADED: OnceLock<Mutex<BTreeMap<PathBuf, Pkcs11>>> = OnceLock::new();

/// The library at `path`, for the custodian.
pub(super) fn load(path: &Path) -> Result<Pkcs11, CustodianError> {
    loaded(path).map_err(|reason| said(&reason))
}

/// The library at `path`; why it did not load otherwise.
pub(crate) fn loaded(path: &Path) -> Result<Pkcs11, String> {
    if !path.is_absolute() {
        return Err(format!("the module {} is not named by its whole path", path.display()));
    }
    let mut loaded = LOADED.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(module) = loaded.get(path) {
        return Ok(module.clone());
    }
    let failed = |error: Error| format!("{}: {error}", path.display());
    let module = Pkcs11::new(path).map_err(failed)?;
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        // Another part of the program may have started the same library.
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(error) => return Err(failed(error)),
    }
    loaded.insert(path.to_owned(), module.clone());
    Ok(module)
}
