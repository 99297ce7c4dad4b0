//! Tools of other people that judge the exported audit log in a test, in target/auditors.

use crate::project;
use anyhow::{Context, Result};
use std::fs;
use std::process::Command;

/// Makes what is not there yet.
pub(crate) fn install() -> Result<()> {
    let (folder, sources) = (project::target().join("auditors"), project::root().join("tests/auditors"));
    let wanted = fs::read(sources.join("requirements.txt")).context("the list of Python's packages cannot be read")?;
    let stamp = folder.join("requirements.txt");
    if fs::read(&stamp).ok().as_ref() != Some(&wanted) {
        project::run_with(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        let pip = ["-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "--requirement"];
        project::run_with(Command::new(folder.join("bin/python")).args(pip).arg(sources.join("requirements.txt")))?;
        fs::write(stamp, wanted)?;
    }
    // Debian's package of golang.org/x/mod lies outside of any module.
    let mut build = Command::new("go");
    build.args(["build", "-o"]).arg(folder.join("sumdb")).arg(sources.join("sumdb.go"));
    build.envs([("GO111MODULE", "off"), ("GOPATH", "/usr/share/gocode"), ("GOFLAGS", "")]);
    project::run_with(build.env("GOCACHE", folder.join("go")))
}
