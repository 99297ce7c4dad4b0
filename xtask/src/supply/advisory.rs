//! Holds the lock file against a copy of RustSec's advisories.

use super::Package;
use anyhow::{Context, Result, bail};
use semver::VersionReq;
use serde::Deserialize;
use std::fs;
use std::path::Path;

#[derive(Deserialize)]
struct Advisory {
    advisory: About,
    versions: Versions,
}

#[derive(Deserialize)]
struct About {
    id: String,
    withdrawn: Option<toml::Value>,
}

#[derive(Deserialize)]
struct Versions {
    #[serde(default)]
    patched: Vec<VersionReq>,
    #[serde(default)]
    unaffected: Vec<VersionReq>,
}

/// Names each crate with a known flaw that is not ignored, and each ignored flaw that nothing has any more.
pub(crate) fn check(folder: &Path, packages: &[Package], ignored: &[&str]) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let mut met = Vec::new();
    for package in packages.iter().filter(|package| package.source.is_some()) {
        let Ok(files) = fs::read_dir(folder.join(&package.name)) else { continue };
        for file in files {
            let path = file?.path();
            let text = fs::read_to_string(&path)?;
            let advisory = parse(&text).with_context(|| format!("could not read {}", path.display()))?;
            let About { id, withdrawn } = &advisory.advisory;
            if withdrawn.is_some() || !advisory.versions.hold(package) {
                continue;
            }
            met.push(id.clone());
            if !ignored.contains(&id.as_str()) {
                findings.push(format!("{} {}: {id}, see rustsec.org/advisories/{id}", package.name, package.version));
            }
        }
    }
    let gone = ignored.iter().filter(|id| !met.iter().any(|met| met == *id));
    findings.extend(gone.map(|id| format!("{id} is ignored, but no crate has it any more: take it off the list")));
    Ok(findings)
}

impl Versions {
    fn hold(&self, package: &Package) -> bool {
        !self.patched.iter().chain(&self.unaffected).any(|versions| versions.matches(&package.version))
    }
}

/// The TOML at the head of an advisory, fenced as in Markdown.
fn parse(text: &str) -> Result<Advisory> {
    let Some((_, rest)) = text.split_once("```toml") else { bail!("it has no head") };
    let Some((head, _)) = rest.split_once("\n```") else { bail!("its head has no end") };
    Ok(toml::from_str(head)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "```toml\n[advisory]\nid = \"RUSTSEC-2099-0001\"\npackage = \"x\"\n\n[versions]\npatched = [\">= 1.2.0\"]\n\
                        unaffected = [\"< 1.0.0\"]\n```\n\n# Title\n";

    #[test]
    fn only_versions_between_are_held_to_be_flawed() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("x")).unwrap();
        fs::write(folder.path().join("x/RUSTSEC-2099-0001.md"), HEAD).unwrap();
        for (version, flawed) in [("0.9.0", false), ("1.1.9", true), ("1.2.0", false)] {
            let found = check(folder.path(), &[package(version)], &[]).unwrap();
            assert_eq!(!found.is_empty(), flawed, "x {version}: {found:?}");
        }
        assert!(check(folder.path(), &[package("1.1.0")], &["RUSTSEC-2099-0001"]).unwrap().is_empty(), "it is ignored");
        let stale = check(folder.path(), &[package("1.2.0")], &["RUSTSEC-2099-0001"]).unwrap();
        assert_eq!(stale.len(), 1, "an ignored flaw that is gone has to leave the list");
    }

    fn package(version: &str) -> Package {
        let source = Some("registry".to_owned());
        Package { name: "x".to_owned(), version: version.parse().unwrap(), license: None, source }
    }
}
