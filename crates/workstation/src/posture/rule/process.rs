//! The running process and its memory.

use crate::posture::{Attaching, Check, CheckId, CoreDumps, Facts, KeyMemory, Volume};

pub(in crate::posture) fn memory_lock(facts: &Facts) -> Check {
    let id = CheckId::MemoryLock;
    let advice = "set no limit on locked memory for the users of Vigil (limits.conf: memlock unlimited), or have no plain swap space";
    // What is swapped out to a place that keeps nothing in the clear is as good as locked.
    let swap_is_safe = facts
        .swap
        .as_ref()
        .is_some_and(|areas| areas.iter().all(|area| matches!(area.on, Volume::Encrypted(_) | Volume::Memory)));
    match facts.key_memory {
        Some(KeyMemory::Everything) => Check::ok(id, "all memory of the program is kept from swap space"),
        Some(KeyMemory::Keys { limit_kib }) => {
            let found =
                format!("the pages of the keys are kept from swap space; the limit ({limit_kib} KiB) allows no more");
            if swap_is_safe { Check::ok(id, found) } else { Check::warn(id, found, advice) }
        }
        Some(KeyMemory::Nothing { limit_kib }) => {
            let found = format!("no memory is kept from swap space (the limit is {limit_kib} KiB)");
            if swap_is_safe { Check::ok(id, found) } else { Check::fail(id, found, advice) }
        }
        None => Check::unknown(id, "nothing locks memory on this system yet", "encrypt the swap space"),
    }
}

pub(in crate::posture) fn core_dumps(facts: &Facts) -> Check {
    let id = CheckId::CoreDumps;
    let Some(CoreDumps { limit, filter, dumpable, pattern }) = &facts.core_dumps else {
        return Check::unknown(id, "this system was not asked", "switch crash dumps off");
    };
    let taken = match pattern.strip_prefix('|') {
        Some(program) => {
            format!("the system hands dumps to {}", program.split_whitespace().next().unwrap_or("a program"))
        }
        None => "the system writes dumps to files".to_owned(),
    };
    // A limit of zero holds for files only; a program that takes dumps by a pipe is stopped by the other two.
    if *limit == Some(0) && *filter == 0 && !dumpable {
        Check::ok(
            id,
            format!(
                "a crash leaves nothing: this process is not dumped, those of the page without their memory ({taken})"
            ),
        )
    } else {
        let mut missing = Vec::new();
        missing.extend((*limit != Some(0)).then_some("core files have no limit of 0"));
        missing.extend((*filter != 0).then_some("a dump would hold memory"));
        missing.extend(dumpable.then_some("the process may be dumped"));
        Check::fail(
            id,
            format!("{}; {taken}", missing.join(", ")),
            "start Vigil as it was installed, without options for tests",
        )
    }
}

pub(in crate::posture) fn attaching(facts: &Facts) -> Check {
    let id = CheckId::Attaching;
    let advice = "set kernel.yama.ptrace_scope to 1 or more (sysctl.d)";
    match facts.attaching {
        Some(Attaching::SameUser) => {
            Check::warn(id, "every program of the same user may attach to the processes of the page", advice)
        }
        Some(Attaching::Descendants) => {
            Check::ok(id, "a program attaches only to those that it started (ptrace_scope 1)")
        }
        Some(Attaching::Administrators) => Check::ok(id, "only administrators of the system attach (ptrace_scope 2)"),
        Some(Attaching::Nobody) => Check::ok(id, "nobody attaches (ptrace_scope 3)"),
        None => Check::unknown(id, "this system was not asked", "keep debuggers off this computer"),
    }
}

pub(in crate::posture) fn process_environment(facts: &Facts) -> Check {
    let id = CheckId::ProcessEnvironment;
    let Some(process) = &facts.process else {
        return Check::unknown(id, "this system was not asked", "keep debuggers off this computer");
    };
    match (process.traced_by, process.injected.as_slice()) {
        (Some(tracer), _) => {
            Check::fail(id, format!("process {tracer} traces this one"), "end it, and find out who started it and why")
        }
        (None, []) => Check::ok(id, "nobody traces this process and no library was forced into it"),
        (None, injected) => Check::fail(
            id,
            format!("libraries are forced into the program: {}", injected.join(", ")),
            "take them out of the environment and of /etc/ld.so.preload, and start Vigil again",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posture::{CheckState, ProcessState, SwapArea};

    #[test]
    fn locked_keys_are_enough_only_where_swap_space_keeps_nothing_in_the_clear() {
        let state = |swap: Option<Vec<Volume>>, key_memory| {
            let areas = swap.map(|all| all.into_iter().map(|on| SwapArea { name: "swap".to_owned(), on }).collect());
            memory_lock(&Facts { swap: areas, key_memory: Some(key_memory), ..Facts::default() }).state
        };
        let (keys, nothing) = (KeyMemory::Keys { limit_kib: 8192 }, KeyMemory::Nothing { limit_kib: 64 });
        let plain = || Some(vec![Volume::Plain("/dev/vda2".to_owned())]);
        assert_eq!(state(plain(), KeyMemory::Everything), CheckState::Ok);
        assert_eq!(state(plain(), keys), CheckState::Warn, "clear text may be swapped out");
        assert_eq!(state(plain(), nothing), CheckState::Fail, "keys may be");
        assert_eq!(state(Some(vec![]), nothing), CheckState::Ok, "there is nowhere to swap to");
        assert_eq!(state(None, keys), CheckState::Warn, "nobody knows where it would go");
    }

    #[test]
    fn a_dump_is_closed_by_all_three_locks_whatever_the_system_does_with_dumps() {
        let state = |limit, filter, dumpable, pattern: &str| {
            let core_dumps = Some(CoreDumps { limit, filter, dumpable, pattern: pattern.to_owned() });
            super::core_dumps(&Facts { core_dumps, ..Facts::default() })
        };
        let closed = state(Some(0), 0, false, "|/lib/systemd/systemd-coredump %P %u");
        assert_eq!(closed.state, CheckState::Ok, "also where dumps go through a pipe");
        assert!(closed.found.contains("/lib/systemd/systemd-coredump"), "which is said: {}", closed.found);
        for open in [state(None, 0, false, "core"), state(Some(0), 51, false, "core"), state(Some(0), 0, true, "core")]
        {
            assert_eq!(open.state, CheckState::Fail, "{}", open.found);
        }
    }

    #[test]
    fn a_tracer_or_a_forced_library_fails() {
        let state = |traced_by, injected: &[&str]| {
            let injected = injected.iter().map(|&name| name.to_owned()).collect();
            let process = Some(ProcessState { traced_by, injected });
            process_environment(&Facts { process, ..Facts::default() }).state
        };
        assert_eq!(state(None, &[]), CheckState::Ok);
        assert_eq!(state(Some(7), &[]), CheckState::Fail);
        assert_eq!(state(None, &["LD_PRELOAD"]), CheckState::Fail);
    }

    #[test]
    fn any_other_program_of_the_user_that_may_attach_is_a_warning() {
        let state = |attaching| super::attaching(&Facts { attaching, ..Facts::default() }).state;
        assert_eq!(state(Some(Attaching::SameUser)), CheckState::Warn);
        assert_eq!(state(Some(Attaching::Descendants)), CheckState::Ok);
        assert_eq!(state(None), CheckState::Unknown);
    }
}
