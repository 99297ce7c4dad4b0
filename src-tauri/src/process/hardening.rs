//! Core dumps and attaching.

#[cfg(target_os = "linux")]
use vigil_workstation::posture::KeyMemory;

/// Whether every page of this process is kept from swap space.
#[cfg(target_os = "linux")]
static ALL_LOCKED: std::sync::OnceLock<bool> = std::sync::OnceLock::new();

/// Which memory is kept from swap space.
#[cfg(target_os = "linux")]
pub(crate) fn key_memory() -> Option<KeyMemory> {
    use rustix::process::{Resource, getrlimit};
    let limit_kib = getrlimit(Resource::Memlock).current.map_or(u64::MAX, |bytes| bytes / 1024);
    let all = ALL_LOCKED.get().copied().unwrap_or_default();
    Some(if all { KeyMemory::Everything } else { KeyMemory::Nothing { limit_kib } })
}

/// Closes this process: it leaves no core dump, and nobody but root reads its memory or attaches to it.
///
/// The limit and the filter are inherited by the web view's processes, whatever the system does with cores: a limit of zero holds for core
/// files, an empty filter (core(5), "Controlling which mappings are written to the core dump") also for a program that takes them by a
/// pipe. Being closed to others is not inherited: a process that starts another program is open again.
///
/// What fails is said in the log; it stops nothing.
#[cfg(target_os = "linux")]
pub(crate) fn harden(open_to_others: bool) {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    let locked = if may_lock_memory() { lock_memory() } else { Ok(()) };
    let _ = ALL_LOCKED.set(may_lock_memory() && locked.is_ok());
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let limit = setrlimit(Resource::Core, none).map_err(std::io::Error::from);
    // Before the process is closed: then this file belongs to root.
    let filter = std::fs::write("/proc/self/coredump_filter", "0");
    let closed = if open_to_others {
        Ok(())
    } else {
        set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(std::io::Error::from)
    };
    for (what, done) in
        [("memory lock", locked), ("core limit", limit), ("core filter", filter), ("closing to others", closed)]
    {
        if let Err(error) = done {
            tracing::warn!(what, %error, "this process is less protected than it could be");
        }
    }
}

/// Locks every page as soon as it is used, of secrets and of everything else: which page holds a secret for a moment nobody knows.
///
/// Only where there is no limit: with one, the first page above it would end the program. IT sets it (`limits.conf`, memlock).
#[cfg(target_os = "linux")]
fn lock_memory() -> std::io::Result<()> {
    use rustix::mm::{MlockAllFlags, mlockall};
    use rustix::process::{Resource, Rlimit, setrlimit};
    if !rustix::process::geteuid().is_root() {
        setrlimit(Resource::Memlock, Rlimit { current: None, maximum: None })?;
    }
    mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT)?;
    Ok(())
}

#[cfg(target_os = "linux")]
fn may_lock_memory() -> bool {
    use rustix::process::{Resource, geteuid, getrlimit};
    getrlimit(Resource::Memlock).maximum.is_none() || geteuid().is_root()
}

/// Elsewhere nothing is done yet.
#[cfg(not(target_os = "linux"))]
pub(crate) fn harden(_open_to_others: bool) {}
