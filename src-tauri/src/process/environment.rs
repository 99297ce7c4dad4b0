//! The environment that the window needs. That of a running program cannot be changed safely, so the program replaces itself.

#[cfg(target_os = "linux")]
use std::collections::BTreeMap;
#[cfg(target_os = "linux")]
use std::ffi::{OsStr, OsString};

/// The C library's own settings.
#[cfg(target_os = "linux")]
const TUNABLES: &str = "GLIBC_TUNABLES";
/// Freed memory is overwritten, also that of GTK and WebKit, which wipe nothing; and no freed block waits unwiped in a thread's cache
/// (glibc manual, "Memory Allocation Tunables"). Measured in docs/adr/0008.
#[cfg(target_os = "linux")]
const WIPING: [(&str, &str); 2] = [("glibc.malloc.perturb", "165"), ("glibc.malloc.tcache_count", "0")];
/// WebKit takes its memory from the C library too, where it is overwritten when freed, and not from an allocator of its own.
#[cfg(target_os = "linux")]
const ONE_ALLOCATOR: &str = "Malloc";
/// They open the page to a debugger, or let the TPM's library write down what passes through it, session keys among it.
#[cfg(target_os = "linux")]
const UNWANTED: [&str; 4] = ["WEBKIT_INSPECTOR_SERVER", "WEBKIT_INSPECTOR_HTTP_SERVER", "TSS2_LOG", "TSS2_LOGFILE"];

/// Starts this program again with the environment that it needs; it returns only where it has that already.
#[cfg(target_os = "linux")]
pub(crate) fn choose() -> std::io::Result<()> {
    use std::os::unix::process::CommandExt as _;
    let now: BTreeMap<OsString, OsString> = std::env::vars_os().collect();
    let wanted = wanted(&now);
    if wanted == now {
        return Ok(());
    }
    let program = std::env::current_exe()?;
    Err(std::process::Command::new(program).args(std::env::args_os().skip(1)).env_clear().envs(wanted).exec())
}

/// Elsewhere there is nothing to choose.
#[cfg(not(target_os = "linux"))]
pub(crate) fn choose() -> std::io::Result<()> {
    Ok(())
}

/// Takes back what is meant for this process alone, before the web view starts its own: they end when the screen locks, and their memory with
/// them, so nothing needs to slow them down. Whoever calls it must have the window toolkit ready and no web view yet.
#[cfg(target_os = "linux")]
pub(crate) fn keep_from_children() {
    // WebKit looks when it first takes memory: these settings are its first, and they are thrown away.
    drop(webkit2gtk::Settings::new());
    gtk::glib::unsetenv(ONE_ALLOCATOR);
    gtk::glib::unsetenv(TUNABLES);
}

/// Elsewhere nothing was given.
#[cfg(not(target_os = "linux"))]
pub(crate) fn keep_from_children() {}

#[cfg(target_os = "linux")]
fn wanted(now: &BTreeMap<OsString, OsString>) -> BTreeMap<OsString, OsString> {
    let mut wanted = now.clone();
    wanted.insert(TUNABLES.into(), tunables(now.get(OsStr::new(TUNABLES)).map(OsString::as_os_str)));
    wanted.insert(ONE_ALLOCATOR.into(), "1".into());
    if cfg!(not(debug_assertions)) {
        wanted.retain(|name, _| !UNWANTED.iter().any(|unwanted| name == unwanted));
    }
    wanted
}

/// Ours, after those of others that do not contradict them.
#[cfg(target_os = "linux")]
fn tunables(found: Option<&OsStr>) -> OsString {
    let found = found.map(|found| found.to_string_lossy().into_owned()).unwrap_or_default();
    let others = found.split(':').filter(|one| {
        let name = one.split('=').next().unwrap_or_default();
        !name.is_empty() && !WIPING.iter().any(|(ours, _)| *ours == name)
    });
    let ours = WIPING.iter().map(|(name, value)| format!("{name}={value}"));
    others.map(str::to_owned).chain(ours).collect::<Vec<_>>().join(":").into()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn nobody_switches_the_wiping_off_from_outside_and_other_settings_stay() {
        let found = [("GLIBC_TUNABLES", "glibc.malloc.perturb=0:glibc.cpu.hwcaps=-AVX2"), ("LANG", "C")];
        let found = environment(&found);
        let wanted = wanted(&found);
        let tunables = "glibc.cpu.hwcaps=-AVX2:glibc.malloc.perturb=165:glibc.malloc.tcache_count=0";
        let expected = [("GLIBC_TUNABLES", tunables), ("LANG", "C"), ("Malloc", "1")];
        assert_eq!(wanted, environment(&expected));
        assert_eq!(super::wanted(&wanted), wanted, "the second start changes nothing, so there is no third");
    }

    fn environment(variables: &[(&str, &str)]) -> BTreeMap<OsString, OsString> {
        variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }
}
