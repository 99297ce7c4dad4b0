//! Builds the screen (ui/), but only when something in it has changed.

use crate::project;
use anyhow::{Context, Result};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Installs the screen's packages when the lock file is not the one that they were installed from.
pub(crate) fn packages() -> Result<()> {
    let folder = folder();
    let stamp = folder.join("node_modules").join(".vigil-lock");
    let lock = fingerprint(&[folder.join("package-lock.json"), folder.join("package.json")])?;
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        println!("The screen's packages are up to date.");
        return Ok(());
    }
    project::run(&folder, "npm", &["ci", "--no-audit", "--no-fund", "--loglevel=error"])?;
    fs::write(&stamp, lock).with_context(|| format!("could not write {}", stamp.display()))
}

/// Builds ui/dist when one of its sources has changed.
pub(crate) fn build() -> Result<()> {
    packages()?;
    let folder = folder();
    let stamp = project::target().join("screen-built-from");
    let now = sources()?;
    if folder.join("dist/index.html").is_file() && fs::read_to_string(&stamp).is_ok_and(|built| built == now) {
        println!("The screen is up to date.");
        return Ok(());
    }
    project::run(&folder, "npm", &["run", "build"])?;
    remember(&stamp, &now)
}

/// Types, lint, tests and build of the screen.
pub(crate) fn check() -> Result<()> {
    project::run(&folder(), "npm", &["run", "check"])?;
    remember(&project::target().join("screen-built-from"), &sources()?)
}

fn remember(stamp: &Path, what: &str) -> Result<()> {
    fs::create_dir_all(project::target())?;
    fs::write(stamp, what).with_context(|| format!("could not write {}", stamp.display()))
}

fn folder() -> PathBuf {
    project::root().join("ui")
}

fn sources() -> Result<String> {
    let mut files = Vec::new();
    let mut open = vec![folder()];
    while let Some(place) = open.pop() {
        for entry in fs::read_dir(&place).with_context(|| format!("could not list {}", place.display()))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_file() {
                files.push(path);
            } else if path.is_dir() && name != "node_modules" && !name.starts_with("dist") {
                open.push(path);
            }
        }
    }
    files.sort();
    fingerprint(&files)
}

fn fingerprint(files: &[PathBuf]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.hash(&mut hasher);
        fs::read(file).with_context(|| format!("could not read {}", file.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}
