//! A file that somebody asked for and only its owner reads.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use crate::AppError;

/// The longest path of Linux (`PATH_MAX`), in bytes.
const LONGEST: usize = 4096;

/// Refuses what is no whole path of a file that a person may have chosen.
pub(crate) fn chosen(path: &Path) -> Result<(), AppError> {
    if path.as_os_str().len() > LONGEST {
        return Err(AppError::invalid(format!("the path of a file has at most {LONGEST} bytes")));
    }
    if !path.is_absolute() {
        return Err(AppError::invalid("name the file with its whole path"));
    }
    Ok(())
}

/// Writes a new file (mode 0600); what is there already is never written over, and what could not be written whole is gone.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    let failed = |error: std::io::Error| {
        let reason = if error.kind() == std::io::ErrorKind::AlreadyExists {
            "there is a file of that name already; name another one".to_owned()
        } else {
            error.to_string()
        };
        AppError::invalid(format!("{} was not written: {reason}", path.display()))
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|error| {
        // The message says what went wrong; a file that cannot be removed either is in plain sight.
        let _ = std::fs::remove_file(path);
        failed(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_chosen_has_a_whole_path() {
        chosen(Path::new("/media/usb/report.csv")).unwrap();
        for other in ["report.csv", "../report.csv", "", "file:///media/usb/report.csv"] {
            assert!(chosen(Path::new(other)).is_err(), "{other:?} would lie wherever the program was started");
        }
        let refused = chosen(Path::new(&format!("/{}", "x".repeat(LONGEST)))).unwrap_err();
        assert!(refused.message.len() < 100, "and nothing that long is repeated");
    }
}
