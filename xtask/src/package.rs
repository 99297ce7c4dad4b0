//! The Debian package: built, installed, started from its installed place, removed.

use crate::step::Steps;
use crate::{project, screen, system};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PACKAGE: &str = "vigil";

/// `cargo xtask package [--development]`
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let development = match arguments {
        [] => false,
        [option] if option == "--development" => true,
        _ => bail!("package takes nothing but --development"),
    };
    let mut steps = Steps::new();
    steps.take("System packages", || system::install(system::Need::Everything))?;
    steps.take("The screen", screen::build)?;
    let package = if development {
        steps.take("The program", || project::build("vigil"))?;
        steps.take("The package, from the development build", of_development_build)?
    } else {
        steps.take("The package, optimised", || {
            bundler(&["build", "--bundles", "deb"])?;
            newest(&project::target().join("release/bundle/deb"))
        })?
    };
    check(&mut steps, &package)?;
    steps.summary();
    println!("\n{}", package.display());
    Ok(())
}

/// Packs the development build, which is there already, so that a test of the package costs no second build.
pub(crate) fn of_development_build() -> Result<PathBuf> {
    bundler(&["bundle", "--debug", "--bundles", "deb"])?;
    newest(&project::target().join("debug/bundle/deb"))
}

/// Installs the package as IT would, starts the program from its installed place, removes it and looks for what is left.
pub(crate) fn check(steps: &mut Steps, package: &Path) -> Result<()> {
    if !system::is_root() {
        steps.skip("The package, installed and removed", "only root installs packages");
        return Ok(());
    }
    if Command::new("dpkg-query").args(["--show", PACKAGE]).output().is_ok_and(|known| known.status.success()) {
        steps.skip("The package, installed and removed", "a package of this name is installed here already");
        return Ok(());
    }
    let files = steps.take("The package, installed", || install(package))?;
    let started = steps.take("The program, started from its installed place", start);
    steps.take("The package, removed", || remove(&files))?;
    started
}

fn install(package: &Path) -> Result<Vec<PathBuf>> {
    let package = package.to_str().context("the path of the package is not UTF-8")?;
    system::apt(&["install", "--yes", "--no-install-recommends", package])?;
    let listed = Command::new("dpkg-query").args(["--listfiles", PACKAGE]).output()?;
    let listed = String::from_utf8(listed.stdout)?;
    let files: Vec<_> = listed.lines().map(PathBuf::from).filter(|path| path.is_file()).collect();
    for program in ["/usr/bin/vigil", "/usr/bin/vigil-desktop"] {
        ensure!(files.contains(&PathBuf::from(program)), "the package does not hold {program}");
    }
    ensure!(!files.iter().any(|file| file.starts_with("/etc")), "an upgrade would overwrite what IT wrote in /etc");
    for entry in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "desktop")) {
        project::run(project::root(), "desktop-file-validate", &[entry])?;
    }
    Ok(files)
}

fn start() -> Result<()> {
    let out = project::target().join("package-check");
    let data = out.join("data");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    project::run(&out, "/usr/bin/vigil", &["--version"])?;
    project::build("vigil-tests")?;
    project::run_with(
        Command::new(project::built("tour"))
            .args(["--binary", "/usr/bin/vigil", "--out"])
            .arg(&out)
            .args(["first-start", "--", "--custodian", "software", "--environment", "demo", "--data"])
            .arg(&data)
            .current_dir(&out),
    )?;
    // What was typed into the window is on record, and the record holds.
    project::run_with(Command::new("/usr/bin/vigil").arg("--data").arg(&data).args(["audit", "verify"]))
}

fn remove(files: &[PathBuf]) -> Result<()> {
    system::apt(&["purge", "--yes", PACKAGE])?;
    let left: Vec<_> = files.iter().filter(|file| file.exists()).map(|file| file.display().to_string()).collect();
    ensure!(left.is_empty(), "these files are left after the removal: {}", left.join(", "));
    Ok(())
}

/// The bundler of Tauri, which npm brings as a finished program.
fn bundler(arguments: &[&str]) -> Result<()> {
    let program = project::root().join("ui/node_modules/.bin/tauri");
    ensure!(program.is_file(), "{} is absent: ui/package.json has to name @tauri-apps/cli", program.display());
    project::run_with(
        Command::new(program).args(arguments).env("CI", "true").current_dir(project::root().join("src-tauri")),
    )
}

fn newest(folder: &Path) -> Result<PathBuf> {
    let entries = fs::read_dir(folder).with_context(|| format!("could not list {}", folder.display()))?;
    let packages = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    packages
        .filter(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .max_by_key(|path| fs::metadata(path).and_then(|about| about.modified()).ok())
        .with_context(|| format!("no package was made in {}", folder.display()))
}
