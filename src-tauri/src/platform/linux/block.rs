//! Whether a block device is encrypted, by what the kernel says of the layers beneath it (/sys/block).

use std::fs;
use std::path::{Path, PathBuf};

use vigil_workstation::posture::Volume;

use super::root::{Root, read};
use super::volume;

/// LVM on LUKS on a partition of a RAID is five; deeper than this nobody builds, and a loop ends here.
pub(super) const DEPTH: u32 = 12;

/// By what the device at this folder of /sys is encrypted. Where it lies on several, all of them have to be.
pub(super) fn encryption(root: &Root, device: &Path, depth: u32) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    if let Some(by) = read(&device.join("dm/uuid")).as_deref().and_then(by_crypt) {
        return Some(by);
    }
    if let Some(file) = read(&device.join("loop/backing_file")) {
        return match volume::of(root, Path::new(&file), depth) {
            Volume::Encrypted(by) => Some(by),
            Volume::Plain(_) | Volume::Memory | Volume::NotKnown(_) => None,
        };
    }
    let mut beneath = slaves(device);
    if beneath.is_empty() && device.join("partition").exists() {
        // What a partition lies on is said of the whole device.
        beneath = device.parent().map(slaves).unwrap_or_default();
        if let Some(by) = device.parent().and_then(|whole| read(&whole.join("dm/uuid"))).as_deref().and_then(by_crypt) {
            return Some(by);
        }
    }
    let mut by = None;
    for device in beneath {
        by = Some(encryption(root, &device, depth)?);
    }
    by
}

/// The name of a device for people.
pub(super) fn name(device: &Path) -> String {
    let kernel = device.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match read(&device.join("dm/name")) {
        Some(mapped) => format!("/dev/mapper/{mapped}"),
        None => format!("/dev/{kernel}"),
    }
}

fn slaves(device: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(device.join("slaves")) else { return Vec::new() };
    entries.flatten().filter_map(|entry| entry.path().canonicalize().ok()).collect()
}

/// The kind of dm-crypt, by the name that cryptsetup gives its devices (`CRYPT-LUKS2-<uuid>-<name>`). dm-verity and
/// dm-integrity, which it names alike, encrypt nothing.
fn by_crypt(uuid: &str) -> Option<String> {
    let kind = uuid.strip_prefix("CRYPT-")?.split('-').next()?;
    match kind {
        "LUKS1" | "LUKS2" => Some(kind.to_owned()),
        "PLAIN" => Some("dm-crypt".to_owned()),
        "TCRYPT" => Some("VeraCrypt".to_owned()),
        "BITLK" => Some("BitLocker".to_owned()),
        "FVAULT2" => Some("FileVault".to_owned()),
        "LOOPAES" => Some("loop-AES".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
pub(super) mod testing {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    /// A device in a made-up /sys: its number, its files, what it lies on.
    pub(crate) fn device(folder: &Path, name: &str, number: &str, files: &[(&str, &str)], on: &[&str]) {
        let at = folder.join("sys/devices/block").join(name);
        for (file, text) in files {
            let path = at.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        fs::create_dir_all(at.join("slaves")).unwrap();
        let short = name.rsplit('/').next().unwrap();
        for (folder_of_links, link) in [("sys/dev/block", number), ("sys/class/block", short)] {
            let links = folder.join(folder_of_links);
            fs::create_dir_all(&links).unwrap();
            symlink(&at, links.join(link)).unwrap();
        }
        for under in on {
            symlink(folder.join("sys/class/block").join(under), at.join("slaves").join(under)).unwrap();
        }
        let node = folder.join("dev").join(short);
        fs::create_dir_all(node.parent().unwrap()).unwrap();
        fs::write(node, "").unwrap();
    }
}

#[cfg(test)]
mod tests {
    use super::testing::device;
    use super::*;

    #[test]
    fn luks_is_found_through_lvm_and_through_a_partition_of_a_mapped_disk() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        device(at, "sda", "8:0", &[], &[]);
        device(at, "sda/sda2", "8:2", &[("partition", "2")], &[]);
        device(at, "dm-0", "253:0", &[("dm/uuid", "CRYPT-LUKS2-aa-crypt\n"), ("dm/name", "crypt")], &["sda2"]);
        device(at, "dm-1", "253:1", &[("dm/uuid", "LVM-bb"), ("dm/name", "vg-home")], &["dm-0"]);
        device(at, "dm-2", "253:2", &[("dm/uuid", "CRYPT-VERITY-cc-root")], &["sda2"]);
        assert_eq!(of(at, "253:1").as_deref(), Some("LUKS2"), "LVM on LUKS");
        assert_eq!(of(at, "8:2"), None, "the partition beneath is not");
        assert_eq!(of(at, "253:2"), None, "dm-verity encrypts nothing");
        device(at, "dm-0/dm-0p1", "253:9", &[("partition", "1")], &[]);
        assert_eq!(of(at, "253:9").as_deref(), Some("LUKS2"), "a partition inside a mapped disk");
        assert_eq!(name(&at.join("sys/devices/block/dm-1")), "/dev/mapper/vg-home");
    }

    #[test]
    fn a_volume_over_two_disks_is_encrypted_only_where_both_are() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        for (number, name) in ["sda", "sdb"].into_iter().enumerate() {
            device(at, name, &format!("8:{number}"), &[], &[]);
        }
        device(at, "dm-0", "253:0", &[("dm/uuid", "CRYPT-LUKS1-aa-one")], &["sda"]);
        device(at, "dm-1", "253:1", &[("dm/uuid", "CRYPT-LUKS1-bb-two")], &["sdb"]);
        device(at, "md0", "9:0", &[], &["dm-0", "dm-1"]);
        device(at, "md1", "9:1", &[], &["dm-0", "sdb"]);
        assert_eq!(of(at, "9:0").as_deref(), Some("LUKS1"), "both");
        assert_eq!(of(at, "9:1"), None, "one of two");
    }

    fn of(folder: &Path, number: &str) -> Option<String> {
        let root = Root::at(folder);
        encryption(&root, &root.device_by_number(number).unwrap(), DEPTH)
    }
}
