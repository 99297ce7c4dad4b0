//! Core dumps and attaching.

/// How well this process keeps its memory to itself, as the system says and not as it was asked for. `None`: not known here.
pub(crate) struct Hardening {
    /// A core dump would hold nothing.
    pub(crate) no_core_dumps: Option<bool>,
    /// What lies in memory is never written to swap space.
    pub(crate) kept_from_swap: Option<bool>,
    /// Other programs of this user can neither attach nor read the memory.
    pub(crate) closed_to_others: Option<bool>,
}

/// Closes this process: it leaves no core dump, and nobody but root reads its memory or attaches to it.
///
/// The limit and the filter are inherited by the web view's processes, whatever the system does with cores: a limit of zero holds for core
/// files, an empty filter (core(5), "Controlling which mappings are written to the core dump") also for a program that takes them by a
/// pipe. Being closed to others is not inherited: a process that starts another program is open again.
///
/// What fails is said in the log and by `vigil doctor`; it stops nothing.
#[cfg(target_os = "linux")]
pub(crate) fn harden(open_to_others: bool) {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    let locked = if may_lock_memory() { lock_memory() } else { Ok(()) };
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
/// Only where there is no limit: with one, the first page above it would end the program. IT sets it (`limits.conf`, memlock), and
/// `vigil doctor` says where it is missing.
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

/// How much of this process is locked, from `/proc/self/status` (proc(5)).
#[cfg(target_os = "linux")]
fn has_locked_memory() -> Option<bool> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let locked = status.lines().find_map(|line| line.strip_prefix("VmLck:"))?;
    Some(locked.split_whitespace().next()?.parse::<u64>().ok()? > 0)
}

/// Elsewhere nothing is done yet, and `vigil doctor` says so.
#[cfg(not(target_os = "linux"))]
pub(crate) fn harden(_open_to_others: bool) {}

impl Hardening {
    /// As it is now.
    #[cfg(target_os = "linux")]
    pub(crate) fn now() -> Self {
        use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};
        let limit = getrlimit(Resource::Core);
        Self {
            no_core_dumps: Some(limit.current == Some(0) && limit.maximum == Some(0)),
            kept_from_swap: has_locked_memory(),
            closed_to_others: dumpable_behavior().ok().map(|behavior| behavior == DumpableBehavior::NotDumpable),
        }
    }

    /// Not known.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn now() -> Self {
        Self { no_core_dumps: None, kept_from_swap: None, closed_to_others: None }
    }
}
