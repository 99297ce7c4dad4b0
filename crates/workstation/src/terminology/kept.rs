//! The releases in memory: read when they are first asked for, and anew when their file or what the vault knows of it is another.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use vigil_terminology::{CodeSystem, Digest, Index, shipped};
use vigil_vault::TerminologyRecord;

use crate::{AppError, lock_of};

/// Where the files of the releases lie, within the data folder.
const FOLDER: &str = "terminology";

/// A release is at most so large; that of SNOMED CT has about a tenth of it.
const LARGEST: u64 = 512 * 1024 * 1024;

/// What there is of a code system.
#[derive(Clone)]
pub(crate) enum Loaded {
    /// The release that was imported.
    Imported(Arc<Index>),
    /// The common entries that come with the program.
    Common(Arc<Index>),
    /// No release, and no common entries.
    Nothing,
    /// A release that is not used, and why.
    Refused(String),
}

impl Loaded {
    /// What can be searched.
    pub(super) const fn index(&self) -> Option<&Arc<Index>> {
        match self {
            Self::Imported(index) | Self::Common(index) => Some(index),
            Self::Nothing | Self::Refused(_) => None,
        }
    }
}

/// What was read, and from what.
#[derive(Default)]
pub(crate) struct Kept(Mutex<HashMap<CodeSystem, (Stamp, Loaded)>>);

/// What a release was read from. Another stamp, and it is read again.
#[derive(PartialEq, Eq)]
enum Stamp {
    Shipped,
    File { sha256: String, length: Option<u64>, modified: Option<SystemTime> },
}

impl Kept {
    /// What there is of this code system, as the vault knows it.
    pub(super) fn loaded(
        &self,
        data: &Path,
        system: CodeSystem,
        record: Option<&TerminologyRecord>,
    ) -> Result<Loaded, AppError> {
        let stamp = match record {
            None => Stamp::Shipped,
            Some(record) => {
                let found = fs::metadata(file_of(data, system, &record.sha256)).ok();
                Stamp::File {
                    sha256: record.sha256.clone(),
                    length: found.as_ref().map(fs::Metadata::len),
                    modified: found.and_then(|found| found.modified().ok()),
                }
            }
        };
        let mut kept = lock_of(&self.0)?;
        if let Some((known, loaded)) = kept.get(&system)
            && *known == stamp
        {
            return Ok(loaded.clone());
        }
        let loaded = match record {
            None => common(system),
            Some(record) => imported(&file_of(data, system, &record.sha256), system, record),
        };
        kept.insert(system, (stamp, loaded.clone()));
        Ok(loaded)
    }
}

/// The file of a release: its name has the beginning of the digest, so that a new one never takes the place of one that is in use.
pub(super) fn file_of(data: &Path, system: CodeSystem, sha256: &str) -> PathBuf {
    let short: String = sha256.chars().take(16).filter(char::is_ascii_hexdigit).collect();
    folder_of(data).join(format!("{}-{short}.txt", system.code()))
}

pub(super) fn folder_of(data: &Path) -> PathBuf {
    data.join(FOLDER)
}

fn common(system: CodeSystem) -> Loaded {
    let Some(text) = shipped(system) else { return Loaded::Nothing };
    match Index::new(text.to_owned(), None) {
        Ok(index) => Loaded::Common(Arc::new(index)),
        Err(fault) => Loaded::Refused(fault.to_string()),
    }
}

fn imported(file: &Path, system: CodeSystem, record: &TerminologyRecord) -> Loaded {
    let Some(digest) = Digest::parse(&record.sha256) else {
        return Loaded::Refused("what was noted when it was imported is no digest".to_owned());
    };
    let text = match fs::metadata(file) {
        Ok(found) if found.len() > LARGEST => Err("its file is larger than any release".to_owned()),
        Ok(_) => fs::read_to_string(file).map_err(|error| format!("its file could not be read: {error}")),
        Err(_) => Err("its file is gone".to_owned()),
    };
    match text.and_then(|text| Index::new(text, Some(digest)).map_err(|fault| fault.to_string())) {
        Ok(index) if index.release.system == system => Loaded::Imported(Arc::new(index)),
        Ok(_) => Loaded::Refused("its file is one of another code system".to_owned()),
        Err(why) => Loaded::Refused(why),
    }
}
