//! macOS: FileVault, by its own tool; nothing else is asked yet. Never run where this is built.

use std::path::Path;
use std::process::Command;

use vigil_workstation::posture::{Facts, Volume};

pub(super) fn facts(_data: &Path) -> Facts {
    Facts { data_volume: file_vault(), ..Facts::default() }
}

/// `fdesetup status` says so for the start volume.
fn file_vault() -> Volume {
    let answer = Command::new("/usr/bin/fdesetup").arg("status").env_clear().output();
    let said = answer.map(|answer| String::from_utf8_lossy(&answer.stdout).into_owned()).unwrap_or_default();
    match said.lines().next().unwrap_or_default().trim() {
        "FileVault is On." => Volume::Encrypted("FileVault (the start volume)".to_owned()),
        "FileVault is Off." => Volume::Plain("the start volume".to_owned()),
        _ => Volume::NotKnown("fdesetup does not say".to_owned()),
    }
}
