//! `cargo xtask dast`: tools of other people attack a running server over both of its TLS listeners.

mod crawled;
mod document;
mod target;
mod tls;

use crate::{project, system};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use target::Target;

/// `cargo xtask dast [SEED]`; raw reports in `target/dast/reports`.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let seed = arguments.first().map_or("1", String::as_str);
    ensure!(seed.parse::<u64>().is_ok(), "{seed} is no seed: a whole number");
    system::install(system::Need::Attackers)?;
    project::build("vigil-server")?;
    project::cargo(&["build", "--quiet", "--package", "vigil-sync", "--example", "enrol"])?;
    let folder = project::target().join("dast");
    let python = python(&folder.join("python"))?;
    let (running, reports) = (empty(&folder.join("server"))?, empty(&folder.join("reports"))?);
    let target = Target::start(&running, &python)?;

    println!("\nThe server runs in {}", running.display());
    let mut findings = Vec::new();
    for (name, port) in target.listeners() {
        findings.extend(tls::judge(name, port, &reports)?);
    }
    findings.extend(document::judge(&target, &python, seed, &reports)?);
    findings.extend(crawled::judge(&target, &reports)?);
    findings.extend(target.errors()?);
    println!("\nRaw reports are in {}", reports.display());
    findings.iter().for_each(|finding| println!("FINDING: {finding}"));
    ensure!(findings.is_empty(), "{} finding(s), above", findings.len());
    println!("No finding.");
    Ok(())
}

/// The interpreter of an environment with the pinned tools, made when it is not there yet.
fn python(folder: &Path) -> Result<PathBuf> {
    let source = project::root().join("tests/dast/requirements.txt");
    let wanted = fs::read(&source).context("the list of Python's packages cannot be read")?;
    let (stamp, python) = (folder.join("requirements.txt"), folder.join("bin/python"));
    if fs::read(&stamp).ok().as_ref() != Some(&wanted) {
        project::run_with(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
        let pip = ["-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "--requirement"];
        project::run_with(Command::new(&python).args(pip).arg(source))?;
        fs::write(stamp, wanted)?;
    }
    Ok(python)
}

fn empty(folder: &Path) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    Ok(folder.to_owned())
}
