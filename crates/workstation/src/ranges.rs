//! The ranges of this hospital: importing them, and whether they are loaded (ADR 30).
//!
//! They are nobody's health, so they lie in a file beside the database, as the releases of code systems do (ADR 24); the vault knows the digest
//! of it, noted in the transaction of the audit entry, and a file that is not the one of that digest is not used, which the screen says.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};
use vigil_clinical::ranges::Ranges;
use vigil_policy::Interaction;
use vigil_vault::TerminologyRecord;

use crate::custodian::make_folder;
use crate::private_file;
use crate::view::{RangesState, RangesView};
use crate::{AppError, Workstation, clock, lock_of};

/// What the vault calls them among what was imported.
const SYSTEM: &str = "ranges";
/// Where the file lies, within the data folder.
const FOLDER: &str = "ranges";
/// A file is at most so large: a hundred thousand rows have about a tenth of it.
const LARGEST: u64 = 64 * 1024 * 1024;

/// What there is of them.
#[derive(Clone)]
pub(crate) enum House {
    /// Those that were imported.
    Loaded(Arc<Ranges>),
    /// None.
    Nothing,
    /// They are not used, and why.
    Refused(String),
}

impl House {
    pub(crate) fn ranges(&self) -> Option<Arc<Ranges>> {
        match self {
            Self::Loaded(ranges) => Some(Arc::clone(ranges)),
            Self::Nothing | Self::Refused(_) => None,
        }
    }

    /// What whoever reads values has to know; empty where there is nothing to say.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Loaded(_) => String::new(),
            Self::Nothing => {
                "No ranges of this hospital are loaded: a value is marked by what came with it alone.".to_owned()
            }
            Self::Refused(why) => {
                format!(
                    "The ranges of this hospital are not used, for {why}: a value is marked by what came with it alone."
                )
            }
        }
    }
}

/// What was read last, and from what. Another stamp, and it is read again.
#[derive(Default)]
pub(crate) struct Kept(Mutex<Option<(Stamp, House)>>);

type Stamp = (String, Option<u64>, Option<SystemTime>);

impl Workstation {
    /// Imports the ranges of this hospital in place of those before. `go_on` is told how many rows were read, and stops it with `false`.
    ///
    /// # Errors
    /// A denial; [`crate::ErrorCode::Invalid`] for a file that cannot be read, each bad row of it with line and reason, and when it was
    /// stopped. What was there before stays.
    pub fn ranges_import(&self, file: &Path, go_on: &mut dyn FnMut(usize) -> bool) -> Result<RangesView, AppError> {
        self.asked(Interaction::TerminologyCreate)?;
        let text =
            read(file).map_err(|why| AppError::invalid(format!("{} could not be used: {why}", file.display())))?;
        let refused = |fault| AppError::invalid(format!("{} was not imported.\n{fault}", file.display()));
        let ranges = Ranges::parse(&text, go_on).map_err(refused)?;
        let text = ranges.to_text();
        let sha256 = digest(&text);
        let (folder, kept) = (self.data.join(FOLDER), file_of(&self.data, &sha256));
        make_folder(&folder)?;
        let was_there = kept.exists();
        store(&folder, &kept, &text)?;
        let record = TerminologyRecord {
            system: SYSTEM.to_owned(),
            release: clock::fhir_day(&self.clock.now().utc),
            source: file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            concepts: u64::try_from(ranges.len()).unwrap_or(u64::MAX),
            sha256,
            at: self.clock.now().utc,
        };
        let noted = self.act(Interaction::TerminologyCreate, None, |tx, _| Ok(tx.terminology_put(&record)?));
        if let Err(error) = noted {
            if !was_there {
                // The error says what happened; a file that nobody knows of is never read.
                let _ = fs::remove_file(&kept);
            }
            return Err(error);
        }
        forget_others(&folder, &kept);
        Ok(view(&self.house()?, Some(&record)))
    }

    /// What there is of them.
    ///
    /// # Errors
    /// That nobody is signed in, or that the screen is locked; that is on record.
    pub fn ranges_read(&self) -> Result<RangesView, AppError> {
        self.refusing("ranges_read", || self.present().map(drop))?;
        Ok(view(&self.house()?, self.house_record()?.as_ref()))
    }

    /// The ranges, as the vault knows them. Before a transaction: a file may have to be read for it.
    pub(crate) fn house(&self) -> Result<House, AppError> {
        let record = self.house_record()?;
        let stamp = match &record {
            None => (String::new(), None, None),
            Some(record) => {
                let found = fs::metadata(file_of(&self.data, &record.sha256)).ok();
                let modified = found.as_ref().and_then(|found| found.modified().ok());
                (record.sha256.clone(), found.map(|found| found.len()), modified)
            }
        };
        let mut kept = lock_of(&self.ranges.0)?;
        if let Some((known, house)) = kept.as_ref()
            && *known == stamp
        {
            return Ok(house.clone());
        }
        let house = record.map_or(House::Nothing, |record| self.loaded(&record));
        *kept = Some((stamp, house.clone()));
        Ok(house)
    }

    fn house_record(&self) -> Result<Option<TerminologyRecord>, AppError> {
        Ok(self.vault()?.terminologies()?.into_iter().find(|record| record.system == SYSTEM))
    }

    fn loaded(&self, record: &TerminologyRecord) -> House {
        let text = match read(&file_of(&self.data, &record.sha256)) {
            Ok(text) if digest(&text) == record.sha256 => text,
            Ok(_) => return House::Refused("their file was altered since they were imported".to_owned()),
            Err(_) => return House::Refused("their file is gone or cannot be read".to_owned()),
        };
        match Ranges::parse(&text, &mut |_| true) {
            Ok(ranges) => House::Loaded(Arc::new(ranges)),
            Err(_) => House::Refused("their file has a form that this version does not know".to_owned()),
        }
    }
}

fn view(house: &House, record: Option<&TerminologyRecord>) -> RangesView {
    let again = "an administrator imports them with `vigil ranges import`";
    let (state, words) = match house {
        House::Loaded(_) => (RangesState::Loaded, "The ranges of this hospital are loaded".to_owned()),
        House::Nothing => (RangesState::NotLoaded, format!("No ranges of this hospital are loaded; {again}")),
        House::Refused(why) => {
            (RangesState::Refused, format!("The ranges of this hospital are not used, for {why}; {again} anew"))
        }
    };
    RangesView {
        state,
        rows: record.map_or(0, |record| u32::try_from(record.concepts).unwrap_or(u32::MAX)),
        source: record.map(|record| record.source.clone()).unwrap_or_default(),
        imported: record.map(|record| clock::text(&record.at)).unwrap_or_default(),
        words,
    }
}

fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

fn read(file: &Path) -> Result<String, String> {
    let length = fs::metadata(file).map_err(|error| error.to_string())?.len();
    if length > LARGEST {
        return Err("it is larger than any file of ranges".to_owned());
    }
    fs::read_to_string(file).map_err(|error| error.to_string())
}

/// Whole, or not at all.
fn store(folder: &Path, kept: &Path, text: &str) -> Result<(), AppError> {
    let draft = folder.join(format!("{}.partial", std::process::id()));
    // One that a program of the same number left behind.
    let _ = fs::remove_file(&draft);
    private_file::write_new(&draft, text.as_bytes())?;
    let failed = |error: std::io::Error| AppError::invalid(format!("{} could not be used: {error}", kept.display()));
    fs::rename(&draft, kept).map_err(failed)?;
    #[cfg(unix)]
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
    Ok(())
}

/// Its name has the beginning of the digest, so that a new one never takes the place of one that is in use.
fn file_of(data: &Path, sha256: &str) -> PathBuf {
    let short: String = sha256.chars().take(16).filter(char::is_ascii_hexdigit).collect();
    data.join(FOLDER).join(format!("ranges-{short}.csv"))
}

/// Takes away what is left of those before. A file that stays is never read: nobody knows its digest any more.
fn forget_others(folder: &Path, kept: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()).filter(|path| path != kept) {
        let _ = fs::remove_file(path);
    }
}
