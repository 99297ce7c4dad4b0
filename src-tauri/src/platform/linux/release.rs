//! What the operating system says of itself (os-release(5)), and whether systemd-timesyncd has set the clock.

use vigil_workstation::posture::OperatingSystem;

use super::root::Root;

pub(super) fn system(root: &Root) -> OperatingSystem {
    let text = root.read("/etc/os-release").or_else(|| root.read("/usr/lib/os-release")).unwrap_or_default();
    OperatingSystem {
        name: value(&text, "PRETTY_NAME"),
        support_ends: value(&text, "SUPPORT_END").and_then(|day| day.parse().ok()),
    }
}

/// systemd-timesyncd(8) makes this file once the clock has been set. Its absence says nothing: another program may do it.
pub(super) fn clock_synchronized(root: &Root) -> Option<bool> {
    root.path("/run/systemd/timesync/synchronized").exists().then_some(true)
}

fn value(text: &str, name: &str) -> Option<String> {
    let found = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?;
    Some(found.trim_matches(['"', '\'']).to_owned()).filter(|found| !found.is_empty())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_end_of_support_is_taken_from_the_system_alone() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::at(folder.path());
        assert_eq!(system(&root), OperatingSystem::default(), "it says nothing");
        fs::create_dir_all(folder.path().join("etc")).unwrap();
        let release = |text: &str| fs::write(folder.path().join("etc/os-release"), text).unwrap();
        release("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\n");
        let debian = system(&root);
        assert_eq!(debian.name.as_deref(), Some("Debian GNU/Linux 12 (bookworm)"));
        assert_eq!(debian.support_ends, None, "no date is made up");
        release("PRETTY_NAME='Fedora Linux 43'\nSUPPORT_END=2026-12-02\n");
        assert_eq!(system(&root).support_ends, "2026-12-02".parse().ok());
    }
}
