//! A central server in a folder of its own: its own data, its own ports, no setup.

use crate::project;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long it may take to be ready: keys are made at the first start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that can be started.
pub(crate) struct CentralServer {
    config: PathBuf,
    workstations: u16,
    public: u16,
    operation: u16,
    log: PathBuf,
}

/// A server that runs, until this is dropped.
pub(crate) struct Running(Child);

impl CentralServer {
    /// Writes the configuration of a server in this folder, on ports that nobody uses, with these sections beside what every one has.
    pub(crate) fn in_folder(folder: &Path, sections: &str) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let free = || TcpListener::bind("127.0.0.1:0").context("no port is free");
        // All three are held at once, so that none comes twice.
        let held = [free()?, free()?, free()?];
        let [workstations, public, operation] =
            held.each_ref().map(|listener| listener.local_addr().map(|address| address.port()));
        let (workstations, public, operation) = (workstations?, public?, operation?);
        let config = folder.join("vigil-server.toml");
        let text = format!(
            "[server]\ndata = {:?}\nnames = [\"localhost\"]\n\n[listen]\nworkstations = \"127.0.0.1:{workstations}\"\npublic = \
             \"127.0.0.1:{public}\"\noperation = \"127.0.0.1:{operation}\"\n{sections}",
            folder.join("data"),
        );
        fs::write(&config, text).with_context(|| format!("could not write {}", config.display()))?;
        Ok(Self { config, workstations, public, operation, log: folder.join("server.log") })
    }

    /// Starts it and waits until it says that it is ready.
    pub(crate) fn start(&self) -> Result<Running> {
        let log = fs::File::create(&self.log)?;
        let child = self.command().arg("serve").stderr(log).spawn().context("could not start vigil-server")?;
        let mut running = Running(child);
        let begun = Instant::now();
        while !self.is_ready() {
            if let Some(status) = running.0.try_wait()? {
                bail!("vigil-server ended with {status}; see {}", self.log.display());
            }
            ensure!(begun.elapsed() < PATIENCE, "vigil-server is not ready; see {}", self.log.display());
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(running)
    }

    /// Writes a one-time token for a workstation to a new file.
    pub(crate) fn token(&self, file: &Path) -> Result<()> {
        project::run_with(self.command().args(["device", "token", "--out"]).arg(file).stderr(Stdio::null()))
    }

    /// Where its configuration lies.
    pub(crate) fn config(&self) -> &Path {
        &self.config
    }

    /// The port of workstations.
    pub(crate) fn workstations(&self) -> u16 {
        self.workstations
    }

    /// The port of everybody else.
    pub(crate) fn public(&self) -> u16 {
        self.public
    }

    /// What it says of its work.
    pub(crate) fn log(&self) -> &Path {
        &self.log
    }

    /// What asks for health and metrics.
    pub(crate) fn operation(&self) -> u16 {
        self.operation
    }

    /// One of its commands.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(project::built("vigil-server"));
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

impl Drop for Running {
    fn drop(&mut self) {
        // It ends as after SIGTERM when its database is opened again.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
