//! What the web view and the window toolkit are told before they start.

#[cfg(target_os = "linux")]
use crate::process::environment::{ONE_ALLOCATOR, TUNABLES};

/// Turns off, where there is no GPU and nobody chose otherwise, WebKitGTK's DMABUF renderer, which shows a blank window then
/// (tauri-apps/tauri#15936), and GTK's OpenGL, which would load a software renderer that nothing here uses.
///
/// To be called before anything else runs: other threads must not read the environment while it changes. The web process takes
/// both from this program's environment, and starting this program anew with another one costs a tenth of its start.
#[cfg(target_os = "linux")]
pub(crate) fn choose() {
    if has_gpu(std::path::Path::new("/dev/dri")) {
        return;
    }
    for (variable, value) in [("WEBKIT_DISABLE_DMABUF_RENDERER", "1"), ("GDK_GL", "disable")] {
        if let Err(error) = gtk::glib::setenv(variable, value, false) {
            tracing::warn!(%error, variable, "the window may stay blank");
        }
    }
}

/// Elsewhere there is nothing to choose.
#[cfg(not(target_os = "linux"))]
pub(crate) fn choose() {}

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
fn has_gpu(devices: &std::path::Path) -> bool {
    let Ok(entries) = std::fs::read_dir(devices) else { return false };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("renderD"))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_render_node_is_a_gpu_and_its_absence_is_none() {
        let devices = tempfile::tempdir().unwrap();
        assert!(!has_gpu(devices.path()), "an empty folder has no GPU");
        std::fs::write(devices.path().join("renderD128"), "").unwrap();
        assert!(has_gpu(devices.path()), "a render node is one");
        assert!(!has_gpu(&devices.path().join("missing")), "nor has a folder that is not there");
    }
}
