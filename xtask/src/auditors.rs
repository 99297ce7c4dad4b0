//! Tools of other people that judge in tests what Vigil gives out, in target/auditors: the audit log, and FHIR resources.

use crate::project;
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;
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
    fhir_validator(&folder.join("fhir"), &sources.join("fhir"))?;
    // Debian's package of golang.org/x/mod lies outside of any module.
    let mut build = Command::new("go");
    build.args(["build", "-o"]).arg(folder.join("sumdb")).arg(sources.join("sumdb.go"));
    build.envs([("GO111MODULE", "off"), ("GOPATH", "/usr/share/gocode"), ("GOFLAGS", "")]);
    project::run_with(build.env("GOCACHE", folder.join("go")))
}

/// The packages of the FHIR validator, and the script that calls it beside them.
fn fhir_validator(folder: &Path, sources: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
    let copy = |name: &str| {
        let (from, to) = (sources.join(name), folder.join(name));
        fs::copy(&from, &to).with_context(|| format!("could not copy {}", from.display()))
    };
    let stamp = folder.join("node_modules").join(".vigil-lock");
    let wanted =
        fs::read(sources.join("package-lock.json")).context("the lock file of the validator cannot be read")?;
    if fs::read(&stamp).ok().as_ref() != Some(&wanted) {
        copy("package.json")?;
        copy("package-lock.json")?;
        project::run(folder, "npm", &["ci", "--no-audit", "--no-fund", "--loglevel=error"])?;
        fs::write(stamp, wanted)?;
    }
    copy("validate.mjs").map(drop)
}
