//! A TPM 2.0 made of software, for the program under test.

use anyhow::{Context, Result, bail};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A running swtpm with a state of its own; it ends with the value.
pub struct Swtpm {
    process: Child,
    port: u16,
    _state: TempDir,
}

impl Swtpm {
    /// Starts one on two free ports that follow each other, as the TSS expects.
    pub fn start() -> Result<Self> {
        for _ in 0..20 {
            if let Some(chip) = Self::try_start()? {
                return Ok(chip);
            }
        }
        bail!("swtpm did not start; install the package swtpm")
    }

    /// Its address in the notation of the TSS.
    pub fn tcti(&self) -> String {
        format!("swtpm:host=127.0.0.1,port={}", self.port)
    }

    fn try_start() -> Result<Option<Self>> {
        let data = TcpListener::bind(("127.0.0.1", 0))?;
        let port = data.local_addr()?.port();
        let Some(control) = port.checked_add(1) else { return Ok(None) };
        if TcpListener::bind(("127.0.0.1", control)).is_err() {
            return Ok(None);
        }
        drop(data);
        let state = tempfile::tempdir()?;
        let process = Command::new("swtpm")
            .args(["socket", "--tpm2", "--flags", "not-need-init,startup-clear"])
            .args(["--tpmstate", &format!("dir={}", state.path().display())])
            .args(["--server", &format!("type=tcp,port={port}")])
            .args(["--ctrl", &format!("type=tcp,port={control}")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("swtpm could not be started; install the package swtpm")?;
        let mut chip = Self { process, port, _state: state };
        let patience = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", control)).is_err() {
            if chip.process.try_wait()?.is_some() || Instant::now() > patience {
                return Ok(None);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(Some(chip))
    }
}

impl Drop for Swtpm {
    fn drop(&mut self) {
        // It is going away either way.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
