//! Resident memory of this process.

/// Forgets the highest value so far; the memory that is resident now, in KiB.
pub(crate) fn restart_peak() -> u64 {
    // 5: "reset the peak resident set size" (proc_pid_clear_refs(5)).
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    field("VmRSS:")
}

/// The highest value since then, in KiB.
pub(crate) fn peak() -> u64 {
    field("VmHWM:")
}

fn field(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
