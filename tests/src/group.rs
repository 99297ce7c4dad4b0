//! A program on a display, in a process group of its own, so that nothing that it started outlives it.

use crate::window::Launch;
use crate::xvfb::Xvfb;
use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group};
use std::fs::File;
use std::ops::{Deref, DerefMut};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// The program; it and all that it started end with this value.
pub struct Group(Child);

impl Group {
    /// Starts `command` with the environment of the launch on the display; what it says goes to the launch's log.
    ///
    /// It has no bus but one that the launch names: GTK would start one by itself and leave it behind.
    pub fn start(command: &mut Command, launch: &Launch, display: &Xvfb) -> Result<Self> {
        let log = File::create(&launch.log).with_context(|| format!("could not write {}", launch.log.display()))?;
        let child = command
            .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
            .env("NO_AT_BRIDGE", "1")
            .env("GDK_BACKEND", "x11")
            .envs(launch.environment.iter().map(|(name, value)| (name, value)))
            .env("DISPLAY", display.name())
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()?;
        Ok(Self(child))
    }
}

impl Deref for Group {
    type Target = Child;

    fn deref(&self) -> &Child {
        &self.0
    }
}

impl DerefMut for Group {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw) {
            // It may have ended by itself, and there is nobody to tell.
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.0.wait();
    }
}
