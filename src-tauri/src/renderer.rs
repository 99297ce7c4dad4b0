//! WebKitGTK's DMABUF renderer shows a blank window where there is no usable GPU (tauri-apps/tauri#15936).

use std::path::Path;

/// Starts this program again with that renderer off, if there is no GPU and nobody chose otherwise. The environment of a
/// running program cannot be changed safely, so the program replaces itself; it returns only if that was not needed.
#[cfg(target_os = "linux")]
pub(crate) fn choose() -> std::io::Result<()> {
    use std::os::unix::process::CommandExt;
    const VARIABLE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(VARIABLE).is_some() || has_gpu(Path::new("/dev/dri")) {
        return Ok(());
    }
    let program = std::env::current_exe()?;
    Err(std::process::Command::new(program).args(std::env::args_os().skip(1)).env(VARIABLE, "1").exec())
}

/// Elsewhere there is nothing to choose.
#[cfg(not(target_os = "linux"))]
pub(crate) fn choose() -> std::io::Result<()> {
    Ok(())
}

#[cfg(target_os = "linux")]
fn has_gpu(devices: &Path) -> bool {
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
