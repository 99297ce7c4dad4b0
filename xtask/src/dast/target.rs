//! The server that is attacked, in a folder of its own, and who calls it: another system with a token, and an enrolled workstation.

use crate::project;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

pub(super) struct Target {
    server: Child,
    folder: PathBuf,
    python: PathBuf,
    /// Of workstations, and of everybody else.
    ports: [u16; 2],
    client: [String; 2],
    /// The log of the workstation.
    pub(super) log: String,
}

impl Target {
    pub(super) fn start(folder: &Path, python: &Path) -> Result<Self> {
        let [workstations, public, operation] = free_ports()?;
        let config = folder.join("vigil-server.toml");
        let text = format!(
            "[server]\ndata = {:?}\nnames = [\"localhost\"]\n[listen]\nworkstations = \"127.0.0.1:{workstations}\"\n\
             public = \"127.0.0.1:{public}\"\noperation = \"127.0.0.1:{operation}\"\n[limits]\n\
             address_calls_per_minute = 100000\ndevice_calls_per_minute = 100000\n",
            folder.join("data"),
        );
        fs::write(&config, text)?;
        let server = serve(&config, &folder.join("server.log"))?;
        let mut target = Self {
            server,
            folder: folder.to_owned(),
            python: python.to_owned(),
            ports: [workstations, public],
            client: Default::default(),
            log: String::new(),
        };
        let made = said(command(&config).args(["client", "add", "dast"]))?;
        let line =
            |name: &str| made.lines().find_map(|line| line.strip_prefix(name)).map(|rest| rest.trim().to_owned());
        target.client = [line("client_id:"), line("client_secret:")].map(Option::unwrap_or_default);
        let token = folder.join("enrolment-token");
        said(command(&config).args(["device", "token", "--out"]).arg(&token))?;
        let enrol = project::target().join("debug/examples/enrol");
        target.log = said(Command::new(enrol).arg(token).arg(folder))?.trim().to_owned();
        Ok(target)
    }

    pub(super) fn listeners(&self) -> [(&'static str, u16); 2] {
        let [workstations, public] = self.ports;
        [("workstations", workstations), ("public", public)]
    }

    pub(super) fn anchor(&self) -> PathBuf {
        self.folder.join("anchor.pem")
    }

    /// Certificate and key of the workstation.
    pub(super) fn identity(&self) -> [PathBuf; 2] {
        ["chain.pem", "key.pem"].map(|name| self.folder.join(name))
    }

    /// What the other system writes into `authorization`: a token lives for five minutes.
    pub(super) fn authorization(&self) -> Result<String> {
        let [.., public] = self.ports;
        let [id, secret] = &self.client;
        let mut ask = Command::new(&self.python);
        ask.arg(project::root().join("tests/dast/access_token.py")).arg(format!("https://localhost:{public}"));
        ask.arg(self.anchor()).env("CLIENT_ID", id).env("CLIENT_SECRET", secret);
        Ok(format!("Bearer {}", said(&mut ask)?.trim()))
    }

    /// What the server itself takes for a fault of its own.
    pub(super) fn errors(&self) -> Result<Vec<String>> {
        let log = fs::read_to_string(self.folder.join("server.log"))?;
        let errors = log.lines().filter(|line| line.contains(" ERROR ") || line.contains("panicked"));
        Ok(errors.map(|line| format!("the server's log: {line}")).collect())
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn free_ports() -> Result<[u16; 3]> {
    let free = || TcpListener::bind("127.0.0.1:0").context("no port is free");
    // All three are held at once, so that none comes twice.
    let held = [free()?, free()?, free()?];
    let [first, second, third] = held.each_ref().map(|listener| listener.local_addr().map(|address| address.port()));
    Ok([first?, second?, third?])
}

fn command(config: &Path) -> Command {
    let mut command = Command::new(project::built("vigil-server"));
    command.arg("--config").arg(config);
    command
}

/// Starts it and waits until it says that it answers. What it says goes on into a file.
fn serve(config: &Path, log: &Path) -> Result<Child> {
    let mut server =
        command(config).arg("serve").stderr(Stdio::piped()).spawn().context("vigil-server did not start")?;
    let mut lines = BufReader::new(server.stderr.take().context("it has no standard error")?);
    let mut kept = fs::File::create(log)?;
    let mut line = String::new();
    let mut is_ready = false;
    while !is_ready && lines.read_line(&mut line)? > 0 {
        std::io::Write::write_all(&mut kept, line.as_bytes())?;
        is_ready = line.contains("the server answers");
        line.clear();
    }
    ensure!(is_ready, "vigil-server ended; see {}", log.display());
    std::thread::spawn(move || std::io::copy(&mut lines, &mut kept));
    Ok(server)
}

/// What a program said, which has to end well.
fn said(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("could not start {program}"))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} ended with {}: {complaint}", output.status);
    Ok(String::from_utf8(output.stdout)?)
}
