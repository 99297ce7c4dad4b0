//! A home folder of its own for each started program, so that everything it writes can be looked at afterwards.

use anyhow::{Context, Result};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A temporary home with every place that a desktop program writes to inside it.
pub struct Home {
    folder: TempDir,
}

impl Home {
    /// Makes the folders.
    pub fn new() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("vigil-").tempdir().context("could not make a temporary home")?;
        let home = Self { folder };
        for (_, place) in PLACES {
            let place = home.path().join(place);
            fs::create_dir_all(&place)?;
            fs::set_permissions(&place, fs::Permissions::from_mode(0o700))?;
        }
        Ok(home)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The vault's folder inside it.
    pub fn data(&self) -> PathBuf {
        self.path().join("vigil-data")
    }

    /// The environment that sends a program here for everything it writes.
    pub fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        PLACES.iter().map(|(name, place)| (*name, self.path().join(place))).collect()
    }
}

const PLACES: [(&str, &str); 7] = [
    ("HOME", ""),
    ("XDG_DATA_HOME", ".local/share"),
    ("XDG_STATE_HOME", ".local/state"),
    ("XDG_CONFIG_HOME", ".config"),
    ("XDG_CACHE_HOME", ".cache"),
    ("XDG_RUNTIME_DIR", "run"),
    ("TMPDIR", "tmp"),
];
