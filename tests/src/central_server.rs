//! The central server as a journey has it: a process that is started, stopped and killed.

use anyhow::{Context, Result, bail, ensure};
use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long it may take to be ready or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that can be started, and runs or not.
pub struct CentralServer {
    binary: PathBuf,
    config: PathBuf,
    operation: u16,
    log: PathBuf,
    running: Option<Child>,
}

impl CentralServer {
    /// The server that this configuration describes; its health is asked at this port.
    pub fn of(binary: &Path, config: &Path, operation: u16) -> Self {
        let log = config.with_extension("log");
        Self { binary: binary.to_owned(), config: config.to_owned(), operation, log, running: None }
    }

    /// A new server in this folder, on ports that nobody uses.
    pub fn in_folder(binary: &Path, folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let free = || TcpListener::bind("127.0.0.1:0").context("no port is free");
        let listeners = [free()?, free()?, free()?];
        let mut ports = Vec::new();
        for listener in &listeners {
            ports.push(listener.local_addr()?.port());
        }
        let [workstations, public, operation] = ports.as_slice() else { bail!("three ports are needed") };
        let config = folder.join("vigil-server.toml");
        let text = format!(
            "[server]\ndata = {:?}\nnames = [\"localhost\"]\n[listen]\nworkstations = \"127.0.0.1:{workstations}\"\npublic = \
             \"127.0.0.1:{public}\"\noperation = \"127.0.0.1:{operation}\"\n",
            folder.join("data"),
        );
        fs::write(&config, text)?;
        Ok(Self::of(binary, &config, *operation))
    }

    /// Keeps its data in this PostgreSQL database and not in its folder.
    pub fn set_database(&self, url: &str) -> Result<()> {
        let text = fs::read_to_string(&self.config)?;
        Ok(fs::write(&self.config, format!("{text}[database]\nurl = {url:?}\n"))?)
    }

    /// Starts it and waits until it is ready.
    pub fn start(&mut self) -> Result<()> {
        let log = OpenOptions::new().create(true).append(true).open(&self.log)?;
        let child = self.command().arg("serve").stderr(log).spawn().context("could not start vigil-server")?;
        self.running = Some(child);
        let begun = Instant::now();
        while !self.is_ready() {
            if let Some(status) = self.running.as_mut().and_then(|child| child.try_wait().transpose()) {
                bail!("vigil-server ended with {}; see {}", status?, self.log.display());
            }
            ensure!(begun.elapsed() < PATIENCE, "vigil-server is not ready; see {}", self.log.display());
            sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Asks it to end, as a system does, and waits for it.
    pub fn stop(&mut self) -> Result<()> {
        let Some(mut child) = self.running.take() else { return Ok(()) };
        let told = Command::new("kill").arg(child.id().to_string()).status()?;
        ensure!(told.success(), "vigil-server could not be told to end");
        let begun = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                ensure!(status.success(), "vigil-server ended with {status}");
                return Ok(());
            }
            ensure!(begun.elapsed() < PATIENCE, "vigil-server does not end");
            sleep(Duration::from_millis(50));
        }
    }

    /// Runs one of its commands; what it says.
    pub fn must(&self, arguments: &[&str]) -> Result<String> {
        let done = self.command().args(arguments).stderr(Stdio::piped()).output()?;
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        ensure!(done.status.success(), "vigil-server {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        Ok(said)
    }

    /// A one-time token for a workstation.
    pub fn token(&self) -> Result<String> {
        Ok(self.must(&["device", "token"])?.trim().to_owned())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg("--config").arg(&self.config);
        command
    }

    fn is_ready(&self) -> bool {
        let asked = TcpStream::connect(("127.0.0.1", self.operation)).and_then(|mut stream| {
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        });
        asked.is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }
}

impl Drop for CentralServer {
    fn drop(&mut self) {
        if let Some(mut child) = self.running.take() {
            // A test that failed has nothing to wait for.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
