//! What this computer says about itself: the facts behind the posture checks. Nothing is judged here.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;

use std::path::Path;

use vigil_workstation::posture::{Facts, Platform};

/// The computer that the program runs on.
pub(crate) struct ThisComputer;

impl Platform for ThisComputer {
    #[cfg(target_os = "linux")]
    fn facts(&self, data: &Path) -> Facts {
        linux::facts(data)
    }

    #[cfg(target_os = "macos")]
    fn facts(&self, data: &Path) -> Facts {
        macos::facts(data)
    }

    #[cfg(target_os = "linux")]
    fn machine(&self) -> Option<String> {
        linux::machine()
    }

    /// Windows is not asked yet (BitLocker answers to COM only): everything is not known.
    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    fn facts(&self, _data: &Path) -> Facts {
        Facts::default()
    }
}
