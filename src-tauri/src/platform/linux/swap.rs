//! Swap space (/proc/swaps).

use std::path::Path;

use vigil_workstation::posture::{SwapArea, Volume};

use super::root::{Root, read};
use super::{block, mount, volume};

/// Each area; `None` when the system does not say.
pub(super) fn areas(root: &Root) -> Option<Vec<SwapArea>> {
    let text = root.read("/proc/swaps")?;
    Some(text.lines().skip(1).filter_map(|line| area(root, line)).collect())
}

fn area(root: &Root, line: &str) -> Option<SwapArea> {
    let mut words = line.split_whitespace();
    let (name, kind) = (mount::unescaped(words.next()?), words.next()?);
    let on = match kind {
        "partition" => partition(root, &name),
        "file" => volume::of(root, Path::new(&name), block::DEPTH),
        other => Volume::NotKnown(format!("swap space of the kind {other}")),
    };
    Some(SwapArea { name, on })
}

fn partition(root: &Root, node: &str) -> Volume {
    let Some(device) = root.device_by_node(node) else {
        return Volume::NotKnown(format!("the system does not say what {node} is"));
    };
    let compressed = device.file_name().is_some_and(|name| name.to_string_lossy().starts_with("zram"));
    if compressed && read(&device.join("backing_dev")).is_none_or(|backing| backing == "none") {
        return Volume::Memory;
    }
    match block::encryption(root, &device, block::DEPTH) {
        Some(by) => Volume::Encrypted(by),
        None => Volume::Plain(block::name(&device)),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::block::testing::device;
    use super::*;

    #[test]
    fn partitions_files_and_memory_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        device(at, "vda", "254:0", &[], &[]);
        device(at, "dm-0", "253:0", &[("dm/uuid", "CRYPT-PLAIN-cryptswap"), ("dm/name", "cryptswap")], &["vda"]);
        device(at, "zram0", "252:0", &[("backing_dev", "none\n")], &[]);
        device(at, "zram1", "252:1", &[("backing_dev", "/dev/vda")], &[]);
        fs::create_dir_all(at.join("proc/self")).unwrap();
        fs::write(at.join("proc/self/mountinfo"), "1 0 254:0 / / rw - ext4 /dev/vda rw\n").unwrap();
        let head = "Filename\tType\tSize\tUsed\tPriority\n";
        let lines = "/dev/dm-0 partition 1 0 -2\n/swap\\040file file 1 0 -3\n/dev/zram0 partition 1 0 100\n\
                     /dev/zram1 partition 1 0 99\n/dev/vda partition 1 0 -4\n";
        fs::write(at.join("proc/swaps"), format!("{head}{lines}")).unwrap();
        let found = areas(&Root::at(at)).unwrap();
        let on: Vec<_> = found.iter().map(|area| (area.name.as_str(), area.on.clone())).collect();
        let plain = |name: &str| Volume::Plain(name.to_owned());
        assert_eq!(
            on,
            [
                ("/dev/dm-0", Volume::Encrypted("dm-crypt".to_owned())),
                ("/swap file", plain("/dev/vda")),
                ("/dev/zram0", Volume::Memory),
                ("/dev/zram1", plain("/dev/zram1")),
                ("/dev/vda", plain("/dev/vda")),
            ]
        );
        fs::write(at.join("proc/swaps"), head).unwrap();
        assert_eq!(areas(&Root::at(at)), Some(Vec::new()), "none");
        fs::remove_file(at.join("proc/swaps")).unwrap();
        assert_eq!(areas(&Root::at(at)), None, "not known");
    }
}
