//! Importing a release: its file is read, what is kept of it is written beside the database under a name of its own, and only then does the
//! vault note it, in the transaction of the audit entry. Cut off at any moment, what was there before stays.

use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use vigil_policy::Interaction;
use vigil_terminology::{CodeSystem, Imported, Progress, import};
use vigil_vault::TerminologyRecord;

use super::kept::{file_of, folder_of};
use crate::custodian::make_folder;
use crate::view::TerminologyView;
use crate::{AppError, Workstation};

/// What is to be imported.
pub struct TerminologyImport {
    /// The word of the code system: `icd-10-cm`.
    pub system: String,
    /// The official file.
    pub file: PathBuf,
    /// Which release it is, where neither the file nor its name says so.
    pub release: Option<String>,
}

/// How far it is.
#[derive(Clone, Copy, Debug)]
pub struct TerminologyProgress {
    /// Bytes of the file that were read.
    pub bytes: u64,
    /// Of so many.
    pub total: u64,
    /// Concepts that were taken.
    pub concepts: u64,
}

impl Workstation {
    /// Imports a release in place of the one before. `go_on` is told how far it is, and stops it with `false`.
    ///
    /// # Errors
    /// A denial; [`crate::ErrorCode::Invalid`] for a code system that is not known, a file that cannot be read or is none, and when it was
    /// stopped. What was there before stays.
    pub fn terminology_import(
        &self,
        what: &TerminologyImport,
        go_on: &mut dyn FnMut(TerminologyProgress) -> bool,
    ) -> Result<TerminologyView, AppError> {
        self.asked(Interaction::TerminologyCreate)?;
        let system = CodeSystem::from_code(&what.system).ok_or_else(|| {
            let known = CodeSystem::ALL.map(CodeSystem::code).join(", ");
            AppError::invalid(format!("there is no such code system here; there are {known}"))
        })?;
        let folder = folder_of(&self.data);
        make_folder(&folder)?;
        let draft = Draft(folder.join(format!("{}.{}.partial", system.code(), std::process::id())));
        let imported = draft.write(system, what, go_on)?;
        let sha256 = imported.digest.to_string();
        let file = file_of(&self.data, system, &sha256);
        let was_there = file.exists();
        fs::rename(&draft.0, &file).map_err(|error| failed(&file, &error))?;
        sync(&folder)?;
        let record = TerminologyRecord {
            system: system.code().to_owned(),
            release: imported.release,
            source: name_of(&what.file),
            concepts: imported.concepts,
            sha256,
            at: self.clock.now().utc,
        };
        let noted = self.act(Interaction::TerminologyCreate, None, |tx, _| Ok(tx.terminology_put(&record)?));
        if let Err(error) = noted {
            if !was_there {
                // The error says what happened; a file that nobody knows of is never read.
                let _ = fs::remove_file(&file);
            }
            return Err(error);
        }
        forget_others(&folder, system, &file);
        Ok(self.looked(system, &[record])?.1)
    }
}

/// A file that is being written; gone when it is not finished.
struct Draft(PathBuf);

impl Draft {
    fn write(
        &self,
        system: CodeSystem,
        what: &TerminologyImport,
        go_on: &mut dyn FnMut(TerminologyProgress) -> bool,
    ) -> Result<Imported, AppError> {
        let from = File::open(&what.file).map_err(|error| failed(&what.file, &error))?;
        let total = from.metadata().map_err(|error| failed(&what.file, &error))?.len();
        // One that a program of the same number left behind.
        let _ = fs::remove_file(&self.0);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let to = options.open(&self.0).map_err(|error| failed(&self.0, &error))?;
        let mut writer = BufWriter::new(&to);
        let mut told = |Progress { bytes, concepts, .. }| go_on(TerminologyProgress { bytes, total, concepts });
        let name = name_of(&what.file);
        let imported = import(system, &name, what.release.as_deref(), BufReader::new(from), &mut writer, &mut told)
            .map_err(|fault| AppError::invalid(format!("{} was not imported: {fault}", what.file.display())))?;
        writer.flush().map_err(|error| failed(&self.0, &error))?;
        drop(writer);
        to.sync_all().map_err(|error| failed(&self.0, &error))?;
        Ok(imported)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Renamed when it is finished: then there is none.
        let _ = fs::remove_file(&self.0);
    }
}

fn name_of(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn failed(file: &Path, error: &std::io::Error) -> AppError {
    AppError::invalid(format!("{} could not be used: {error}", file.display()))
}

#[cfg(unix)]
fn sync(folder: &Path) -> Result<(), AppError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| failed(folder, &error))
}

#[cfg(not(unix))]
fn sync(_folder: &Path) -> Result<(), AppError> {
    Ok(())
}

/// Takes away what is left of releases before this one, and of imports that were cut off.
fn forget_others(folder: &Path, system: CodeSystem, file: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = name_of(&path);
        let of_this = name.strip_prefix(system.code()).is_some_and(|rest| {
            (rest.starts_with('-') && rest.ends_with(".txt")) || (rest.starts_with('.') && rest.ends_with(".partial"))
        });
        if of_this && path != file {
            // A file that stays is never read: nobody knows its digest any more.
            let _ = fs::remove_file(&path);
        }
    }
}
