//! This process, and what others may do to it.

use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};
use vigil_workstation::posture::{Attaching, CoreDumps, ProcessState};

use super::root::Root;

/// Variables of the loader (ld.so(8)) that force code into a program.
const FORCING: [&str; 4] = ["LD_PRELOAD", "LD_AUDIT", "LD_LIBRARY_PATH", "LD_PROFILE"];

pub(super) fn core_dumps(root: &Root) -> Option<CoreDumps> {
    let filter = root.read("/proc/self/coredump_filter")?;
    Some(CoreDumps {
        limit: getrlimit(Resource::Core).maximum,
        filter: u32::from_str_radix(&filter, 16).ok()?,
        dumpable: dumpable_behavior().ok()? != DumpableBehavior::NotDumpable,
        pattern: root.read("/proc/sys/kernel/core_pattern").unwrap_or_default(),
    })
}

/// A kernel without Yama has no such restriction at all.
pub(super) fn attaching(root: &Root) -> Option<Attaching> {
    root.read("/proc/self/status")?;
    match root.read("/proc/sys/kernel/yama/ptrace_scope").as_deref() {
        None | Some("0") => Some(Attaching::SameUser),
        Some("1") => Some(Attaching::Descendants),
        Some("2") => Some(Attaching::Administrators),
        Some("3") => Some(Attaching::Nobody),
        Some(_) => None,
    }
}

pub(super) fn state(root: &Root) -> Option<ProcessState> {
    let status = root.read("/proc/self/status")?;
    let tracer = status.lines().find_map(|line| line.strip_prefix("TracerPid:"))?.trim().parse().ok()?;
    let mut injected: Vec<String> = FORCING
        .iter()
        .filter(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
        .map(|name| (*name).to_owned())
        .collect();
    let system_wide = root.read("/etc/ld.so.preload").unwrap_or_default();
    injected.extend(system_wide.split_whitespace().map(|library| format!("/etc/ld.so.preload: {library}")));
    Some(ProcessState { traced_by: Some(tracer).filter(|tracer| *tracer != 0), injected })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn who_may_attach_is_what_yama_says_and_everybody_where_there_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::at(folder.path());
        assert_eq!(attaching(&root), None, "no /proc: not known");
        fs::create_dir_all(folder.path().join("proc/self")).unwrap();
        fs::write(folder.path().join("proc/self/status"), "Name:\tvigil\nTracerPid:\t0\n").unwrap();
        assert_eq!(attaching(&root), Some(Attaching::SameUser), "a kernel without Yama");
        fs::create_dir_all(folder.path().join("proc/sys/kernel/yama")).unwrap();
        for (value, wanted) in
            [("0\n", Attaching::SameUser), ("1\n", Attaching::Descendants), ("3\n", Attaching::Nobody)]
        {
            fs::write(folder.path().join("proc/sys/kernel/yama/ptrace_scope"), value).unwrap();
            assert_eq!(attaching(&root), Some(wanted), "{value}");
        }
    }

    #[test]
    fn a_tracer_and_a_library_for_every_program_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::at(folder.path());
        fs::create_dir_all(folder.path().join("proc/self")).unwrap();
        fs::create_dir_all(folder.path().join("etc")).unwrap();
        fs::write(folder.path().join("proc/self/status"), "TracerPid:\t0\n").unwrap();
        assert_eq!(state(&root).unwrap().traced_by, None);
        fs::write(folder.path().join("proc/self/status"), "TracerPid:\t4711\n").unwrap();
        fs::write(folder.path().join("etc/ld.so.preload"), "/lib/hook.so\n").unwrap();
        let found = state(&root).unwrap();
        assert_eq!(found.traced_by, Some(4711));
        assert!(found.injected.contains(&"/etc/ld.so.preload: /lib/hook.so".to_owned()), "{:?}", found.injected);
    }
}
