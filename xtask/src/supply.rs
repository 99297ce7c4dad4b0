//! What comes into the house from others: licences, sources, banned crates and known flaws, by the lists in deny.toml.
//!
//! cargo-deny takes longer to build than the program; this reads the same file and holds the same lists in a second.

mod advisory;
mod licence;

use crate::project;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

#[derive(Deserialize)]
struct Deny {
    advisories: Advisories,
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Advisories {
    ignore: Vec<Ignored>,
}

#[derive(Deserialize)]
struct Ignored {
    id: String,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// One crate of the lock file that is built for Linux.
#[derive(Deserialize)]
struct Package {
    name: String,
    version: semver::Version,
    license: Option<String>,
    source: Option<String>,
}

impl Package {
    /// As `cargo tree` writes it.
    fn line(&self) -> String {
        format!("{} v{}", self.name, self.version)
    }
}

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Holds every crate of the lock file against the lists; says how old the advisories are, or that there are none.
pub(crate) fn check() -> Result<()> {
    let deny = fs::read_to_string(project::root().join("deny.toml")).context("could not read deny.toml")?;
    let deny: Deny = toml::from_str(&deny).context("deny.toml has another form than expected")?;
    let packages = packages()?;
    let mut findings = Vec::new();
    for package in &packages {
        let Package { name, version, license, source } = package;
        if !licence::allowed(license.as_deref().unwrap_or_default(), &deny.licenses.allow) {
            findings.push(format!("{name} {version}: the licence {license:?} is not on the list"));
        }
        if source.as_ref().is_some_and(|source| source != REGISTRY) {
            findings.push(format!("{name} {version}: comes from {source:?}"));
        }
        if deny.bans.deny.iter().any(|banned| banned.name == *name) {
            findings.push(format!("{name} {version}: is banned"));
        }
    }
    match advisories() {
        Some(folder) => {
            let ignored: Vec<_> = deny.advisories.ignore.iter().map(|ignored| ignored.id.as_str()).collect();
            findings.extend(advisory::check(&folder, &packages, &ignored)?);
        }
        None => {
            println!("SKIPPED: no copy of RustSec's advisories in shared/data beside the project or in VIGIL_TEST_DATA")
        }
    }
    if !findings.is_empty() {
        bail!("see deny.toml:\n  {}", findings.join("\n  "));
    }
    println!("{} crates hold to deny.toml", packages.len());
    Ok(())
}

fn packages() -> Result<Vec<Package>> {
    let metadata = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(project::root())
        .output()
        .context("could not start cargo metadata")?;
    if !metadata.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&metadata.stderr));
    }
    let metadata: Metadata = serde_json::from_slice(&metadata.stdout).context("cargo metadata has another form")?;
    let built = built()?;
    Ok(metadata.packages.into_iter().filter(|package| built.contains(&package.line())).collect())
}

/// Name and version of what is built: `cargo metadata` also lists what a feature that is off would bring (`ring`, of rustls-webpki).
fn built() -> Result<HashSet<String>> {
    let tree = Command::new("cargo")
        .args(["tree", "--workspace", "--locked", "--target", "x86_64-unknown-linux-gnu", "--prefix", "none"])
        .args(["--no-dedupe", "--edges", "normal,build,dev"])
        .current_dir(project::root())
        .output()
        .context("could not start cargo tree")?;
    if !tree.status.success() {
        bail!("cargo tree failed: {}", String::from_utf8_lossy(&tree.stderr));
    }
    let lines = String::from_utf8_lossy(&tree.stdout);
    Ok(lines.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect())
}

fn advisories() -> Option<PathBuf> {
    let data = std::env::var_os("VIGIL_TEST_DATA").map(PathBuf::from);
    let data = data.or_else(|| Some(project::root().parent()?.join("shared/data")))?;
    Some(data.join("advisory-db/crates")).filter(|folder| folder.is_dir())
}
