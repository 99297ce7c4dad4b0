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
/// What the program and the libraries that it loads may be told by the environment: who the user is and where the folders
/// are, which display, bus and language. Everything else is dropped, because each library listens to variables of its own that
/// name code to load (`LD_PRELOAD`, `GTK_MODULES`, `GIO_EXTRA_MODULES`, `GDK_PIXBUF_MODULE_FILE`, `GST_PLUGIN_PATH`,
/// `OPENSSL_CONF`, `LIBGL_DRIVERS_PATH`, `WEBKIT_EXEC_PATH`), places to write secrets to (`SSLKEYLOGFILE`, `TSS2_LOG`,
/// `SQLITE_TMPDIR`), other custodians (`SOFTHSM2_CONF`, `TCTI`, `PCSCLITE_CSOCK_NAME`), another system bus, or a debugger
/// (`WEBKIT_INSPECTOR_SERVER`, `GTK_DEBUG`). A list of what is bad would miss the next one.
#[cfg(target_os = "linux")]
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
#[cfg(target_os = "linux")]
const ALLOWED_BEGINNING: &str = "LC_";
/// What tests lead elsewhere, in a debug build that does not say `VIGIL_TEST_ENVIRONMENT=strict`: the driver's server, another
/// system bus, a token, a card reader, the reports of coverage. A release build knows none of it.
#[cfg(target_os = "linux")]
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
    let strict = cfg!(not(debug_assertions))
        || now.get(OsStr::new("VIGIL_TEST_ENVIRONMENT")).is_some_and(|value| value == "strict");
    let mut wanted = now.clone();
    wanted.retain(|name, _| is_allowed(&name.to_string_lossy(), strict));
    wanted.insert(TUNABLES.into(), tunables(now.get(OsStr::new(TUNABLES)).map(OsString::as_os_str)));
    wanted.insert(ONE_ALLOCATOR.into(), "1".into());
    wanted
}

#[cfg(target_os = "linux")]
fn is_allowed(name: &str, strict: bool) -> bool {
    ALLOWED.contains(&name) || name.starts_with(ALLOWED_BEGINNING) || (!strict && OF_TESTS.contains(&name))
}

/// Ours, after those about the processor's features; every other setting of the C library is dropped.
#[cfg(target_os = "linux")]
fn tunables(found: Option<&OsStr>) -> OsString {
    let found = found.map(|found| found.to_string_lossy().into_owned()).unwrap_or_default();
    let others = found.split(':').filter(|one| one.starts_with("glibc.cpu."));
    let ours = WIPING.iter().map(|(name, value)| format!("{name}={value}"));
    others.map(str::to_owned).chain(ours).collect::<Vec<_>>().join(":").into()
}

#[cfg(all(test, target_os = "linux"))]
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
