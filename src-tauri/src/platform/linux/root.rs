//! Where /proc, /sys, /dev and /etc are: at the root, or in a folder that a test made.

use std::fs;
use std::path::{Path, PathBuf};

pub(super) struct Root(PathBuf);

impl Root {
    pub(super) fn real() -> Self {
        Self(PathBuf::from("/"))
    }

    #[cfg(test)]
    pub(super) fn at(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// The place of an absolute path.
    pub(super) fn path(&self, absolute: &str) -> PathBuf {
        self.0.join(absolute.trim_start_matches('/'))
    }

    /// A small file's text, without the space around it.
    pub(super) fn read(&self, absolute: &str) -> Option<String> {
        read(&self.path(absolute))
    }

    /// The folder in /sys of a block device, by the path of its node (`/dev/mapper/vg-data`).
    pub(super) fn device_by_node(&self, node: &str) -> Option<PathBuf> {
        let node = fs::canonicalize(self.path(node)).ok()?;
        let name = node.file_name()?.to_str()?;
        fs::canonicalize(self.path(&format!("/sys/class/block/{name}"))).ok()
    }

    /// The same by its number (`253:0`).
    pub(super) fn device_by_number(&self, number: &str) -> Option<PathBuf> {
        fs::canonicalize(self.path(&format!("/sys/dev/block/{number}"))).ok()
    }
}

pub(super) fn read(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
}
