//! Where a test lets the program die. Each step of a rotation passes a point; in a release build a point is nothing.

/// A step was done and the next one was not begun.
#[inline(always)]
pub(crate) fn point(name: &'static str) {
    #[cfg(debug_assertions)]
    armed::reached(name);
    #[cfg(not(debug_assertions))]
    let _ = name;
}

#[cfg(debug_assertions)]
mod armed {
    use std::io::Write as _;
    use std::sync::atomic::{AtomicU64, Ordering};

    static REACHED: AtomicU64 = AtomicU64::new(0);

    /// `VIGIL_TEST_CRASH_AT=n`: the n-th point of this program, from 1, is its end. `VIGIL_TEST_CRASH_LOG=file`: the names
    /// of the points are appended to the file.
    pub(super) fn reached(name: &str) {
        let number = REACHED.fetch_add(1, Ordering::SeqCst) + 1;
        if let Some(path) = std::env::var_os("VIGIL_TEST_CRASH_LOG")
            && let Ok(mut file) = std::fs::OpenOptions::new().append(true).create(true).open(path)
        {
            let _ = writeln!(file, "{name}");
        }
        let at = std::env::var("VIGIL_TEST_CRASH_AT").ok().and_then(|at| at.parse::<u64>().ok());
        if at == Some(number) {
            std::process::abort();
        }
    }
}
