//! Whether the volume of a path is encrypted, as far as the system says.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
use vigil_workstation::posture::Volume;

use super::root::Root;
use super::{block, mount};

/// The volume of a file or folder that is there; its path has no links in it.
pub(super) fn of_file(root: &Root, path: &Path) -> Volume {
    // fscrypt encrypts folders, not volumes, and the kernel marks what is encrypted so.
    let marked = statx(CWD, path, AtFlags::empty(), StatxFlags::empty())
        .is_ok_and(|found| found.stx_attributes.contains(StatxAttributes::ENCRYPTED));
    if marked { Volume::Encrypted("fscrypt".to_owned()) } else { of(root, path, block::DEPTH) }
}

/// The volume of a path.
pub(super) fn of(root: &Root, path: &Path, depth: u32) -> Volume {
    let Some(found) = mount::of(root, path) else {
        return Volume::NotKnown("the system does not say what is mounted".to_owned());
    };
    let not_known = |what: &str| Volume::NotKnown(format!("{what} ({})", found.source));
    let devices = match found.kind.as_str() {
        "tmpfs" | "ramfs" => return Volume::Memory,
        "ecryptfs" => return Volume::Encrypted("eCryptfs".to_owned()),
        "zfs" => return not_known("ZFS encrypts by dataset, which only `zfs get encryption` says"),
        "btrfs" => btrfs_devices(root, &found.source),
        _ => root.device_by_number(&found.number).or_else(|| node(root, &found.source)).into_iter().collect(),
    };
    let Some(first) = devices.first() else {
        return not_known(&format!("{} lies on no device of this computer", found.kind));
    };
    let mut by = Vec::new();
    for device in &devices {
        match block::encryption(root, device, depth) {
            Some(found) if by.contains(&found) => {}
            Some(found) => by.push(found),
            None => return Volume::Plain(block::name(device)),
        }
    }
    Volume::Encrypted(format!("{} ({})", by.join(", "), block::name(first)))
}

fn node(root: &Root, source: &str) -> Option<PathBuf> {
    if source.starts_with("/dev/") { root.device_by_node(source) } else { None }
}

/// Every device of the Btrfs volume that has `source` as one of its own.
fn btrfs_devices(root: &Root, source: &str) -> Vec<PathBuf> {
    let Some(one) = node(root, source) else { return Vec::new() };
    let Ok(volumes) = fs::read_dir(root.path("/sys/fs/btrfs")) else { return vec![one] };
    let of = |volume: &Path| -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(volume.join("devices")) else { return Vec::new() };
        entries.flatten().filter_map(|entry| entry.path().canonicalize().ok()).collect()
    };
    let all = volumes.flatten().map(|entry| of(&entry.path()));
    all.into_iter().find(|devices| devices.contains(&one)).unwrap_or_else(|| vec![one])
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::super::block::testing::device;
    use super::*;

    #[test]
    fn each_kind_of_volume_is_what_the_system_says_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        device(at, "vda", "254:0", &[], &[]);
        device(at, "vda/vda1", "254:1", &[("partition", "1")], &[]);
        device(at, "dm-0", "253:0", &[("dm/uuid", "CRYPT-LUKS2-aa-data"), ("dm/name", "data")], &["vda1"]);
        fs::create_dir_all(at.join("proc/self")).unwrap();
        let mounts = "1 0 254:1 / / rw - ext4 /dev/vda1 rw\n\
                      2 1 253:0 / /luks rw - ext4 /dev/mapper/data rw\n\
                      3 1 0:5 / /zfs rw - zfs tank/data rw\n\
                      4 1 0:6 / /net rw - nfs4 server:/export rw\n\
                      5 1 0:7 / /tmp rw - tmpfs tmpfs rw\n\
                      6 1 0:8 / /private rw - ecryptfs /home/.ecryptfs rw\n\
                      7 1 0:9 / /merged rw - overlay overlay rw\n";
        fs::write(at.join("proc/self/mountinfo"), mounts).unwrap();
        let of = |path: &str| super::of(&Root::at(at), Path::new(path), block::DEPTH);
        assert_eq!(of("/srv"), Volume::Plain("/dev/vda1".to_owned()));
        assert_eq!(of("/luks/vigil"), Volume::Encrypted("LUKS2 (/dev/mapper/data)".to_owned()));
        assert_eq!(of("/tmp/x"), Volume::Memory);
        assert_eq!(of("/private/x"), Volume::Encrypted("eCryptfs".to_owned()));
        for unknown in ["/zfs/x", "/net/x", "/merged/x"] {
            assert!(matches!(of(unknown), Volume::NotKnown(_)), "{unknown} is not guessed: {:?}", of(unknown));
        }
    }

    #[test]
    fn a_btrfs_over_an_encrypted_and_a_plain_disk_is_plain() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        device(at, "vda", "254:0", &[], &[]);
        device(at, "dm-0", "253:0", &[("dm/uuid", "CRYPT-LUKS2-aa-data"), ("dm/name", "data")], &["vda"]);
        device(at, "vdb", "254:16", &[], &[]);
        fs::create_dir_all(at.join("proc/self")).unwrap();
        fs::write(at.join("proc/self/mountinfo"), "1 0 0:20 /@ / rw - btrfs /dev/dm-0 rw\n").unwrap();
        let of = || super::of(&Root::at(at), Path::new("/srv"), block::DEPTH);
        assert_eq!(of(), Volume::Encrypted("LUKS2 (/dev/mapper/data)".to_owned()), "one disk");
        let devices = at.join("sys/fs/btrfs/uuid/devices");
        fs::create_dir_all(&devices).unwrap();
        for name in ["dm-0", "vdb"] {
            symlink(at.join("sys/class/block").join(name), devices.join(name)).unwrap();
        }
        assert_eq!(of(), Volume::Plain("/dev/vdb".to_owned()), "and a second one that is not encrypted");
    }

    #[test]
    fn the_volume_of_this_computer_is_known_or_a_reason_is_given() {
        let root = Root::real();
        let here = std::env::temp_dir().canonicalize().unwrap();
        let found = of_file(&root, &here);
        assert_ne!(found, Volume::default(), "the system was asked");
    }
}
