//! Who uses a data folder: everybody who opens it shares it; what takes the place of its files wants it alone.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use crate::OpenError;

const FILE: &str = "in-use.lock";
/// How often, and after which pause each time, a folder that is to be nobody else's is tried again: 0.2 s in all.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(10);

/// Held as long as the folder is used; the operating system lets go of it when the program ends, however it ends.
pub(crate) struct InUse(File);

/// Beside others who use it.
pub(crate) fn together(dir: &Path) -> Result<InUse, OpenError> {
    locked(dir, FILE, File::try_lock_shared)
}

/// With nobody else in it.
pub(crate) fn alone(dir: &Path) -> Result<InUse, OpenError> {
    // A program that this one is just starting has a copy of every open file, and holds what they hold, until it is its own.
    for _ in 0..TRIES {
        match locked(dir, FILE, File::try_lock) {
            Err(OpenError::InUse { .. }) => std::thread::sleep(PAUSE),
            settled => return settled,
        }
    }
    locked(dir, FILE, File::try_lock)
}

/// One after another, for the work that the file `name` stands for.
pub(crate) fn turn(dir: &Path, name: &str) -> Result<InUse, OpenError> {
    locked(dir, name, File::try_lock)
}

impl InUse {
    /// Sends everybody else away; a folder that others use stays shared.
    pub(crate) fn take_alone(&self, dir: &Path) -> Result<(), OpenError> {
        if self.0.try_lock().is_ok() {
            return Ok(());
        }
        self.share();
        Err(OpenError::InUse { path: dir.to_owned() })
    }

    /// The same hold on the folder for somebody else within this program: it lasts as long as either.
    pub(crate) fn also(&self, dir: &Path) -> Result<Self, OpenError> {
        self.0.try_clone().map(Self).map_err(|source| OpenError::Io { path: dir.join(FILE), source })
    }

    /// Lets others in again.
    pub(crate) fn share(&self) {
        // Where it cannot be shared it stays exclusive, which is safe.
        let _ = self.0.try_lock_shared();
    }
}

fn locked(dir: &Path, name: &str, take: impl FnOnce(&File) -> Result<(), TryLockError>) -> Result<InUse, OpenError> {
    let path = dir.join(name);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path).map_err(|source| OpenError::Io { path: path.clone(), source })?;
    match take(&file) {
        Ok(()) => Ok(InUse(file)),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: dir.to_owned() }),
        Err(TryLockError::Error(source)) => Err(OpenError::Io { path, source }),
    }
}
