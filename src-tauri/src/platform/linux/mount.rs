//! The mounted volumes (/proc/self/mountinfo, proc(5)).

use std::path::{Path, PathBuf};

use super::root::Root;

/// One mounted volume.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mount {
    /// `8:1`; `0:37` where there is no device.
    pub(super) number: String,
    pub(super) place: PathBuf,
    pub(super) kind: String,
    pub(super) source: String,
}

/// The volume that a path lies on: the deepest that was mounted above it, the last of those on one place.
pub(super) fn of(root: &Root, path: &Path) -> Option<Mount> {
    let text = root.read("/proc/self/mountinfo")?;
    let above = text.lines().filter_map(parse).filter(|mount| path.starts_with(&mount.place));
    above.max_by_key(|mount| mount.place.components().count())
}

fn parse(line: &str) -> Option<Mount> {
    let (first, second) = line.split_once(" - ")?;
    let first: Vec<&str> = first.split(' ').collect();
    let mut second = second.split(' ');
    Some(Mount {
        number: (*first.get(2)?).to_owned(),
        place: PathBuf::from(unescaped(first.get(4)?)),
        kind: second.next()?.to_owned(),
        source: unescaped(second.next()?),
    })
}

/// The kernel writes space, tab, newline and backslash as octal numbers.
pub(super) fn unescaped(text: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(text.to_owned(), |text, (code, sign)| text.replace(code, sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deepest_and_the_last_mount_above_a_path_counts() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("proc/self")).unwrap();
        let lines = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n\
                     30 22 8:2 / /home rw shared:9 - ext4 /dev/sda2 rw\n\
                     31 22 8:3 / /home rw - xfs /dev/sda3 rw\n\
                     32 22 0:40 / /home/with\\040space rw - tmpfs tmpfs rw\n";
        std::fs::write(folder.path().join("proc/self/mountinfo"), lines).unwrap();
        let of = |path: &str| super::of(&Root::at(folder.path()), Path::new(path)).unwrap();
        assert_eq!(of("/var/lib/vigil").number, "8:1", "the root");
        assert_eq!(
            (of("/home/a").number.as_str(), of("/home/a").kind.as_str()),
            ("8:3", "xfs"),
            "the later one on top"
        );
        assert_eq!(of("/homes").number, "8:1", "another folder with a like name");
        assert_eq!(of("/home/with space/x").kind, "tmpfs", "escaped signs");
    }
}
