//! The built program and its command line.

use crate::data;
use crate::home::Home;
use anyhow::{Context, Result, bail};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The built `vigil`: `VIGIL_BINARY`, or the debug build in the target folder. The program that it starts lies beside it.
pub fn binary() -> Result<PathBuf> {
    let path = match std::env::var_os("VIGIL_BINARY") {
        Some(path) => PathBuf::from(path),
        None => target_folder().join("debug").join("vigil"),
    };
    if !path.is_file() || !path.with_file_name("vigil-desktop").is_file() {
        bail!(
            "the program is not built: {} is absent; run `cargo build -p vigil` or `cargo xtask test`",
            path.display()
        );
    }
    Ok(path)
}

/// Where cargo builds.
pub fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| data::root().join("target"), PathBuf::from)
}

/// The command line of the program, always with one data folder.
pub struct Program {
    binary: PathBuf,
    data: PathBuf,
    environment: Vec<(&'static str, PathBuf)>,
}

/// What a command left behind.
pub struct Answer {
    /// Whether it ended with success.
    pub success: bool,
    /// Its exit code; absent when a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub out: String,
    /// What it complained about.
    pub err: String,
}

impl Program {
    /// The built program with the vault of this home.
    pub fn in_home(home: &Home) -> Result<Self> {
        Ok(Self { binary: binary()?, data: home.data(), environment: home.environment() })
    }

    /// The same program with another data folder.
    pub fn with_data(&self, data: &Path) -> Self {
        Self { binary: self.binary.clone(), data: data.to_path_buf(), environment: self.environment.clone() }
    }

    /// The same program with one more variable in its environment.
    pub fn with_environment(&self, name: &'static str, value: PathBuf) -> Self {
        let environment = self.environment.iter().cloned().chain([(name, value)]).collect();
        Self { binary: self.binary.clone(), data: self.data.clone(), environment }
    }

    /// Runs a command to its end; `input` lines go to its standard input (passwords, one a line).
    pub fn run(&self, arguments: &[&str], input: &[&str]) -> Result<Answer> {
        let mut command = Command::new(&self.binary);
        command.env_remove("DISPLAY");
        self.run_as(command, arguments, input)
    }

    /// Starts the window on this display and waits for its end: it ends by itself where one is open already.
    pub fn run_on(&self, display: &str) -> Result<Answer> {
        let mut command = Command::new(&self.binary);
        command.env("DISPLAY", display).env("GDK_BACKEND", "x11").env("DBUS_SESSION_BUS_ADDRESS", "disabled:");
        self.run_as(command, &[], &[])
    }

    fn run_as(&self, mut command: Command, arguments: &[&str], input: &[&str]) -> Result<Answer> {
        let mut child = command
            .arg("--data")
            .arg(&self.data)
            .args(arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("could not start {}", self.binary.display()))?;
        if let Some(mut stdin) = child.stdin.take() {
            let mut lines = input.join("\n");
            lines.push('\n');
            // A command that needs no input may have closed it, which is no failure of ours.
            let _ = stdin.write_all(lines.as_bytes());
        }
        let Output { status, stdout, stderr } = child.wait_with_output()?;
        Ok(Answer {
            success: status.success(),
            code: status.code(),
            out: String::from_utf8_lossy(&stdout).into_owned(),
            err: String::from_utf8_lossy(&stderr).into_owned(),
        })
    }

    /// Runs a command that has to succeed and returns what it printed.
    pub fn must(&self, arguments: &[&str], input: &[&str]) -> Result<String> {
        let answer = self.run(arguments, input)?;
        if !answer.success {
            bail!("`vigil {}` failed ({:?}):\n{}{}", arguments.join(" "), answer.code, answer.out, answer.err);
        }
        Ok(answer.out)
    }
}
