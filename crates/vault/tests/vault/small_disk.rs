//! A disk that is soon full.

use std::path::Path;

/// A disk that is soon full, where the tests may mount one.
pub(crate) struct SmallDisk(pub(crate) std::path::PathBuf);

impl SmallDisk {
    pub(crate) fn mount(place: &Path, kib: u32) -> Option<Self> {
        std::fs::create_dir_all(place).unwrap();
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={kib}k"), "tmpfs"])
            .arg(place)
            .output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            Some(Self(place.to_owned()))
        } else {
            eprintln!("skipped: nobody here may mount a small disk");
            None
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(&self.0).output();
    }
}
