//! `cargo xtask bench`: figures beside their floors and peers, measured in the same run, as Markdown tables.

use crate::{project, screen, system};
use anyhow::{Context, Result};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

/// What is measured in the window, by programs of their own.
const DRAWN: [&str; 2] = ["start", "window"];

/// `cargo xtask bench [import] [chart] [append] [search] [report] [decision] [drain] [intake] [verify] [connections] [alarm] [replay] [start] [window]`;
/// without a name all of them.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    system::install(system::Need::Everything)?;
    let named: Vec<&str> = arguments.iter().map(String::as_str).filter(|name| !DRAWN.contains(name)).collect();
    if arguments.is_empty() || !named.is_empty() {
        // One build for both, so that what talks to the server finds the one of the same build.
        let benches = [
            "bench",
            "-p",
            "vigil-workstation",
            "-p",
            "vigil-server",
            "-p",
            "vigil-detection",
            "--bench",
            "floors",
            "--bench",
            "fleet",
            "--bench",
            "replay",
            "--",
        ];
        project::cargo(&[benches.as_slice(), named.as_slice()].concat())?;
    }
    let wanted = |name: &str| arguments.is_empty() || arguments.iter().any(|argument| argument == name);
    if wanted("start") {
        system::install(system::Need::Peers)?;
        start()?;
    }
    if wanted("window") {
        window()?;
    }
    Ok(())
}

/// From a key to what it draws, in the release build's window.
fn window() -> Result<()> {
    screen::build()?;
    project::cargo(&["build", "--release", "--package", "vigil", "--bins"])?;
    project::cargo(&["build", "--package", "vigil-tests", "--bin", "drawn"])?;
    let vigil = project::target().join("release").join("vigil");
    project::run_with(Command::new(project::built("drawn")).arg(project::target()).env("VIGIL_BINARY", vigil))
}

/// The release build's window beside Chromium with the same page.
fn start() -> Result<()> {
    screen::build()?;
    project::cargo(&["build", "--release", "--package", "vigil", "--bins"])?;
    project::cargo(&["build", "--package", "vigil-tests", "--bin", "start"])?;
    let ui = project::root().join("ui");
    project::run_with(Command::new("npm").args(["run", "build:mock", "--silent"]).current_dir(&ui))?;
    let folder = project::target().join("bench-start");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let vigil = project::target().join("release").join("vigil");
    set_up(&vigil, &folder)?;
    let page = Page::serve(&ui)?;
    let measured =
        project::run_with(Command::new(project::built("start")).arg(&vigil).arg(&folder).arg("http://127.0.0.1:4173/"));
    drop(page);
    measured
}

fn set_up(vigil: &std::path::Path, folder: &std::path::Path) -> Result<()> {
    let mut child = Command::new(vigil)
        .arg("--data")
        .arg(folder)
        .args(["setup", "--organization", "Bench", "--environment", "demo", "--custodian", "software"])
        .args(["--username", "admin", "--display-name", "Admin", "--no-recovery-key", "--password-stdin"])
        .stdin(Stdio::piped())
        .spawn()
        .context("could not start the release build")?;
    if let Some(mut stdin) = child.stdin.take() {
        writeln!(stdin, "a sentence to remember")?;
    }
    anyhow::ensure!(child.wait()?.success(), "the workstation to measure could not be set up");
    Ok(())
}

/// The built page with invented data, served on this machine while this value lives.
struct Page(Child);

impl Page {
    fn serve(ui: &std::path::Path) -> Result<Self> {
        let mut server = Command::new("node")
            .args(["node_modules/vite/bin/vite.js", "preview", "--mode", "mock", "--outDir", "dist-mock"])
            .current_dir(ui)
            .stdout(Stdio::piped())
            .spawn()
            .context("could not serve the page")?;
        let lines = BufReader::new(server.stdout.take().context("the server has no standard output")?).lines();
        // It names its address once it takes connections.
        let ready = lines.map_while(Result::ok).any(|line| line.contains("127.0.0.1"));
        anyhow::ensure!(ready, "the server of the page ended");
        Ok(Self(server))
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
