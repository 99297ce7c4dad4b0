//! The disk.

use crate::posture::{Check, CheckId, Facts, Space, SwapArea, Volume};

/// Below this the log cannot grow for long.
const LITTLE: u64 = 1 << 30;
/// Below this it may not grow at all.
const TOO_LITTLE: u64 = 100 << 20;

pub(in crate::posture) fn disk_encryption(facts: &Facts) -> Check {
    let id = CheckId::DiskEncryption;
    match &facts.data_volume {
        Volume::Encrypted(by) => Check::ok(id, format!("the data folder lies on an encrypted volume: {by}")),
        Volume::Plain(device) => Check::fail(
            id,
            format!("the data folder lies on {device}, which this system does not encrypt"),
            "install the system on an encrypted disk (LUKS, BitLocker, FileVault), or move the data folder to one. What the \
             disk itself or the host of a virtual machine encrypts cannot be seen from here",
        ),
        Volume::Memory => Check::ok(id, "the data folder lies in memory and is gone when the computer is off"),
        Volume::NotKnown(why) => Check::unknown(id, why.clone(), "look whether that volume is encrypted"),
    }
}

pub(in crate::posture) fn swap(facts: &Facts) -> Check {
    let id = CheckId::Swap;
    let Some(areas) = &facts.swap else {
        return Check::unknown(id, "this system was not asked", "look whether its swap space is encrypted");
    };
    if areas.is_empty() {
        return Check::ok(id, "there is no swap space");
    }
    let names = |wanted: fn(&Volume) -> bool| {
        let found = areas.iter().filter(|area| wanted(&area.on));
        found.map(|area: &SwapArea| area.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let plain = names(|on| matches!(on, Volume::Plain(_)));
    let not_known = names(|on| matches!(on, Volume::NotKnown(_)));
    if !plain.is_empty() {
        let advice = "encrypt the swap space (a random key at each start: crypttab(5), option swap), or switch it off";
        Check::fail(id, format!("not encrypted: {plain}"), advice)
    } else if not_known.is_empty() {
        Check::ok(id, format!("encrypted or in memory: {}", names(|_| true)))
    } else {
        Check::unknown(id, format!("the system does not say of {not_known}"), "look whether it is encrypted")
    }
}

pub(in crate::posture) fn free_space(facts: &Facts) -> Check {
    let id = CheckId::FreeSpace;
    let Some(Space { free, total }) = facts.space else {
        return Check::unknown(id, "the volume does not say", "look at its free space");
    };
    let found = format!("{} of {} are free", size(free), size(total));
    let advice = "make room on the volume of the data folder";
    match free {
        0..TOO_LITTLE => Check::fail(id, found, advice),
        TOO_LITTLE..LITTLE => Check::warn(id, found, advice),
        LITTLE.. => Check::ok(id, found),
    }
}

/// `1.4 GiB`, `120 MiB`.
fn size(bytes: u64) -> String {
    let mib = bytes >> 20;
    if mib < 1024 { format!("{mib} MiB") } else { format!("{}.{} GiB", mib / 1024, (mib % 1024) * 10 / 1024) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posture::CheckState;

    #[test]
    fn a_volume_is_what_the_system_says_and_not_known_where_it_says_nothing() {
        let state = |data_volume| disk_encryption(&Facts { data_volume, ..Facts::default() }).state;
        assert_eq!(state(Volume::Encrypted("LUKS2".to_owned())), CheckState::Ok);
        assert_eq!(state(Volume::Plain("/dev/vda1".to_owned())), CheckState::Fail);
        assert_eq!(state(Volume::Memory), CheckState::Ok);
        assert_eq!(disk_encryption(&Facts::default()).state, CheckState::Unknown, "nobody was asked");
    }

    #[test]
    fn one_plain_swap_area_among_encrypted_ones_fails() {
        let area = |name: &str, on| SwapArea { name: name.to_owned(), on };
        let found = |swap| swap_of(swap).found;
        let state = |swap| swap_of(swap).state;
        let encrypted = || area("/dev/dm-1", Volume::Encrypted("plain dm-crypt".to_owned()));
        assert_eq!(state(Some(vec![])), CheckState::Ok, "none");
        assert_eq!(state(Some(vec![encrypted(), area("/dev/zram0", Volume::Memory)])), CheckState::Ok);
        let plain = || area("/swapfile", Volume::Plain("/dev/vda1".to_owned()));
        assert_eq!(state(Some(vec![encrypted(), plain()])), CheckState::Fail, "one is enough");
        assert!(found(Some(vec![encrypted(), plain()])).ends_with("/swapfile"), "and it is the one that is named");
        assert_eq!(state(Some(vec![area("/dev/x", Volume::default())])), CheckState::Unknown);
        assert_eq!(state(None), CheckState::Unknown);
    }

    #[test]
    fn little_space_warns_and_none_fails() {
        let state = |free| free_space(&Facts { space: Some(Space { free, total: 1 << 40 }), ..Facts::default() }).state;
        assert_eq!(state(LITTLE), CheckState::Ok);
        assert_eq!(state(LITTLE - 1), CheckState::Warn);
        assert_eq!(state(TOO_LITTLE - 1), CheckState::Fail);
        assert_eq!(size(1536 << 20), "1.5 GiB");
    }

    fn swap_of(swap: Option<Vec<SwapArea>>) -> Check {
        super::swap(&Facts { swap, ..Facts::default() })
    }
}
