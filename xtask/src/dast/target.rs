//! The server that is attacked, in a folder of its own, and who calls it: another system with a token, and an enrolled workstation.

use crate::central_server::{CentralServer, Running};
use crate::project;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Nobody who attacks for a few minutes is to be sent away for asking often.
const LIMITS: &str = "\n[limits]\naddress_calls_per_minute = 100000\ndevice_calls_per_minute = 100000\n";

pub(super) struct Target {
    server: CentralServer,
    _running: Running,
    folder: PathBuf,
    python: PathBuf,
    client: [String; 2],
    /// The log of the workstation.
    pub(super) log: String,
}

impl Target {
    pub(super) fn start(folder: &Path, python: &Path) -> Result<Self> {
        let server = CentralServer::in_folder(folder, LIMITS)?;
        let running = server.start()?;
        let mut target = Self {
            _running: running,
            folder: folder.to_owned(),
            python: python.to_owned(),
            client: Default::default(),
            log: String::new(),
            server,
        };
        let made = said(target.server.command().args(["client", "add", "dast"]))?;
        let line =
            |name: &str| made.lines().find_map(|line| line.strip_prefix(name)).map(|rest| rest.trim().to_owned());
        target.client = [line("client_id:"), line("client_secret:")].map(Option::unwrap_or_default);
        let token = folder.join("enrolment-token");
        target.server.token(&token)?;
        let enrol = project::target().join("debug/examples/enrol");
        target.log = said(Command::new(enrol).arg(token).arg(folder))?.trim().to_owned();
        Ok(target)
    }

    pub(super) fn listeners(&self) -> [(&'static str, u16); 2] {
        [("workstations", self.server.workstations()), ("public", self.server.public())]
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
        let [id, secret] = &self.client;
        let mut ask = Command::new(&self.python);
        ask.arg(project::root().join("tests/dast/access_token.py"))
            .arg(format!("https://localhost:{}", self.server.public()));
        ask.arg(self.anchor()).env("CLIENT_ID", id).env("CLIENT_SECRET", secret);
        Ok(format!("Bearer {}", said(&mut ask)?.trim()))
    }

    /// What the server itself takes for a fault of its own.
    pub(super) fn errors(&self) -> Result<Vec<String>> {
        let log = fs::read_to_string(self.server.log())?;
        let errors = log.lines().filter(|line| line.contains(" ERROR ") || line.contains("panicked"));
        Ok(errors.map(|line| format!("the server's log: {line}")).collect())
    }
}

/// What a program said, which has to end well.
fn said(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("could not start {program}"))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} ended with {}: {complaint}", output.status);
    Ok(String::from_utf8(output.stdout)?)
}
