//! The selections of a display, as another program sees and fills them.

use anyhow::{Context, Result};
use std::io::Write;
use std::process::{Child, Command, Stdio};

/// The two selections in use, by the names that xclip gives them: the clipboard, and the one of the middle button.
pub const SELECTIONS: [&str; 2] = ["clipboard", "primary"];

/// What a selection holds; none when nobody owns it.
///
/// # Errors
/// When xclip cannot be started.
pub fn held(display: &str, selection: &str) -> Result<Option<String>> {
    let output = Command::new("xclip")
        .args(["-out", "-selection", selection, "-target", "UTF8_STRING"])
        .env("DISPLAY", display)
        .output()
        .context("could not start xclip: run `cargo xtask system`")?;
    Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
}

/// Another program that owns a selection, for as long as it lives.
pub struct Stranger(Child);

impl Stranger {
    /// Fills a selection.
    ///
    /// # Errors
    /// When xclip cannot be started.
    pub fn fills(display: &str, selection: &str, text: &str) -> Result<Self> {
        let mut child = Command::new("xclip")
            .args(["-in", "-quiet", "-selection", selection])
            .env("DISPLAY", display)
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("could not start xclip: run `cargo xtask system`")?;
        child.stdin.take().context("xclip has no standard input")?.write_all(text.as_bytes())?;
        Ok(Self(child))
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        // It ends by itself when another program takes over.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
