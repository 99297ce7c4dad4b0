//! Linux: what /proc, /sys, the files and the two buses say.

mod block;
mod bus;
mod files;
mod mount;
mod process;
mod release;
mod root;
mod swap;
mod volume;

use std::path::Path;

use vigil_workstation::posture::{Facts, Space};

use root::Root;

pub(super) fn facts(data: &Path) -> Facts {
    let asked = bus::ask();
    let root = Root::real();
    // The folder may not be there yet; then it will lie where the nearest one above it lies.
    let place = data.ancestors().find_map(|path| path.canonicalize().ok());
    let heard = asked.wait();
    Facts {
        data_volume: place.as_deref().map(|place| volume::of_file(&root, place)).unwrap_or_default(),
        swap: swap::areas(&root),
        core_dumps: process::core_dumps(&root),
        key_memory: crate::process::key_memory(),
        attaching: process::attaching(&root),
        process: process::state(&root),
        screen_lock: Some(heard.screen_lock),
        system: release::system(&root),
        clock_synchronized: release::clock_synchronized(&root).or(heard.clock_synchronized),
        data_files: files::of_data(data),
        program_files: files::of_program(),
        space: place.as_deref().and_then(space),
    }
}

/// The name that the system was given.
pub(super) fn machine() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?.trim().to_owned();
    (!name.is_empty() && name != "(none)").then_some(name)
}

fn space(place: &Path) -> Option<Space> {
    let found = rustix::fs::statvfs(place).ok()?;
    Some(Space {
        free: found.f_bavail.saturating_mul(found.f_frsize),
        total: found.f_blocks.saturating_mul(found.f_frsize),
    })
}
