//! The environment that the window needs. That of a running program cannot be changed safely, so one program replaces another: `vigil` the
//! program itself, and that itself where somebody started it in another way. Linux only, and without a library, so that both can hold it.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

/// The C library's own settings.
pub(crate) const TUNABLES: &str = "GLIBC_TUNABLES";
/// Freed memory is overwritten, also that of GTK and WebKit, which wipe nothing; and no freed block waits unwiped in a thread's cache
/// (glibc manual, "Memory Allocation Tunables"). Measured in docs/adr/0008.
const WIPING: [(&str, &str); 2] = [("glibc.malloc.perturb", "165"), ("glibc.malloc.tcache_count", "0")];
/// WebKit takes its memory from the C library too, where it is overwritten when freed, and not from an allocator of its own.
pub(crate) const ONE_ALLOCATOR: &str = "Malloc";
/// What the program and the libraries that it loads may be told by the environment: who the user is and where the folders
/// are, which display, bus and language. Everything else is dropped, because each library listens to variables of its own that
/// name code to load (`LD_PRELOAD`, `GTK_MODULES`, `GIO_EXTRA_MODULES`, `GDK_PIXBUF_MODULE_FILE`, `GST_PLUGIN_PATH`,
/// `OPENSSL_CONF`, `LIBGL_DRIVERS_PATH`, `WEBKIT_EXEC_PATH`), places to write secrets to (`SSLKEYLOGFILE`, `TSS2_LOG`,
/// `SQLITE_TMPDIR`), other custodians (`SOFTHSM2_CONF`, `TCTI`, `PCSCLITE_CSOCK_NAME`), another system bus, or a debugger
/// (`WEBKIT_INSPECTOR_SERVER`, `GTK_DEBUG`). A list of what is bad would miss the next one.
const ALLOWED: [&str; 46] = [
    // The user and the folders.
    "HOME",
    "LOGNAME",
    "PATH",
    "SHELL",
    "TMPDIR",
    "USER",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_DIRS",
    "XDG_CONFIG_HOME",
    "XDG_DATA_DIRS",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "XDG_STATE_HOME",
    // The desktop session.
    "DBUS_SESSION_BUS_ADDRESS",
    "DESKTOP_SESSION",
    "DESKTOP_STARTUP_ID",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_ACTIVATION_TOKEN",
    "XDG_CURRENT_DESKTOP",
    "XDG_SEAT",
    "XDG_SESSION_CLASS",
    "XDG_SESSION_DESKTOP",
    "XDG_SESSION_ID",
    "XDG_SESSION_TYPE",
    "XDG_VTNR",
    // How it looks, and how people type and hear.
    "AT_SPI_BUS_ADDRESS",
    "GDK_BACKEND",
    "GDK_DPI_SCALE",
    "GDK_GL",
    "GDK_SCALE",
    "GTK_IM_MODULE",
    "GTK_THEME",
    "LIBGL_ALWAYS_SOFTWARE",
    "NO_AT_BRIDGE",
    "WEBKIT_DISABLE_COMPOSITING_MODE",
    "WEBKIT_DISABLE_DMABUF_RENDERER",
    "XCURSOR_SIZE",
    "XCURSOR_THEME",
    "XMODIFIERS",
    // Language, time and the terminal.
    "LANG",
    "LANGUAGE",
    "TZ",
    "NO_COLOR",
    "TERM",
];
/// `LC_TIME` and the like.
const ALLOWED_BEGINNING: &str = "LC_";
/// What tests lead elsewhere, in a debug build that does not say `VIGIL_TEST_ENVIRONMENT=strict`: the driver's server, another
/// system bus, a token, a card reader, the reports of coverage. A release build knows none of it.
const OF_TESTS: [&str; 8] = [
    "DBUS_SYSTEM_BUS_ADDRESS",
    "LLVM_PROFILE_FILE",
    "PCSCLITE_CSOCK_NAME",
    "SOFTHSM2_CONF",
    "TAURI_WEBVIEW_AUTOMATION",
    "VIGIL_TEST_ENVIRONMENT",
    "WEBKIT_INSPECTOR_HTTP_SERVER",
    "WEBKIT_INSPECTOR_SERVER",
];

/// Replaces this process by `program`, with the same arguments, in the environment that it needs; returns only what went wrong.
pub(crate) fn replace_by(program: &Path) -> std::io::Error {
    let mut arguments = std::env::args_os();
    // The name that the desktop knows its windows by.
    let name = arguments.next().unwrap_or_else(|| program.as_os_str().to_owned());
    Command::new(program).arg0(name).args(arguments).env_clear().envs(wanted(&found())).exec()
}

/// What this process was given.
pub(crate) fn found() -> BTreeMap<OsString, OsString> {
    std::env::vars_os().collect()
}

/// What of it the program needs, and nothing else.
pub(crate) fn wanted(now: &BTreeMap<OsString, OsString>) -> BTreeMap<OsString, OsString> {
    let strict = cfg!(not(debug_assertions))
        || now.get(OsStr::new("VIGIL_TEST_ENVIRONMENT")).is_some_and(|value| value == "strict");
    let mut wanted = now.clone();
    wanted.retain(|name, _| is_allowed(&name.to_string_lossy(), strict));
    wanted.insert(TUNABLES.into(), tunables(now.get(OsStr::new(TUNABLES)).map(OsString::as_os_str)));
    wanted.insert(ONE_ALLOCATOR.into(), "1".into());
    wanted
}

fn is_allowed(name: &str, strict: bool) -> bool {
    ALLOWED.contains(&name) || name.starts_with(ALLOWED_BEGINNING) || (!strict && OF_TESTS.contains(&name))
}

/// Ours, after those about the processor's features; every other setting of the C library is dropped.
fn tunables(found: Option<&OsStr>) -> OsString {
    let found = found.map(|found| found.to_string_lossy().into_owned()).unwrap_or_default();
    let others = found.split(':').filter(|one| one.starts_with("glibc.cpu."));
    let ours = WIPING.iter().map(|(name, value)| format!("{name}={value}"));
    others.map(str::to_owned).chain(ours).collect::<Vec<_>>().join(":").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_switches_the_wiping_off_from_outside_and_other_settings_stay() {
        let tunables = "glibc.malloc.perturb=0:glibc.malloc.check=3:glibc.cpu.hwcaps=-AVX2";
        let found = [("GLIBC_TUNABLES", tunables), ("LANG", "C")];
        let found = environment(&found);
        let wanted = wanted(&found);
        let tunables = "glibc.cpu.hwcaps=-AVX2:glibc.malloc.perturb=165:glibc.malloc.tcache_count=0";
        let expected = [("GLIBC_TUNABLES", tunables), ("LANG", "C"), ("Malloc", "1")];
        assert_eq!(wanted, environment(&expected));
        assert_eq!(super::wanted(&wanted), wanted, "the second start changes nothing, so there is no third");
    }

    #[test]
    fn whatever_a_library_could_be_told_is_dropped_and_what_a_desktop_needs_stays() {
        for name in ["LD_PRELOAD", "OPENSSL_CONF", "GTK_MODULES", "SSLKEYLOGFILE", "WEBKIT_EXEC_PATH", "OF_THE_FUTURE"]
        {
            assert!(!is_allowed(name, true) && !is_allowed(name, false), "{name}");
        }
        for name in OF_TESTS {
            assert!(!is_allowed(name, true), "{name} is for tests");
        }
        for name in ["DISPLAY", "LC_TIME", "TZ", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"] {
            assert!(is_allowed(name, true), "{name}");
        }
    }

    fn environment(variables: &[(&str, &str)]) -> BTreeMap<OsString, OsString> {
        variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }
}
