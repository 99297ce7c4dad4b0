//! A session bus of its own, as a desktop session has one: the accessibility bus hangs on it.

use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A running session bus; it ends with this value, and what it started with it.
pub struct Bus {
    daemon: Child,
    address: String,
}

impl Bus {
    /// Starts one.
    pub fn start() -> Result<Self> {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("could not start dbus-daemon: run `cargo xtask system`")?;
        // It writes its address when it takes connections.
        let mut address = String::new();
        let ready = daemon.stdout.take().context("dbus-daemon has no standard output")?;
        BufReader::new(ready).read_line(&mut address)?;
        let bus = Self { daemon, address: address.trim().to_owned() };
        ensure!(!bus.address.is_empty(), "dbus-daemon ended before it took connections");
        Ok(bus)
    }

    /// What `DBUS_SESSION_BUS_ADDRESS` is to be.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        // It may have ended already, and there is nobody to tell.
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
