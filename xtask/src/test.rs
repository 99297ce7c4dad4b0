//! Everything that CI runs, in an order in which the cheap and likely failures come first.

use crate::step::Steps;
use crate::{auditors, demo, package, project, screen, supply, system};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// `cargo xtask test`
pub(crate) fn run(_arguments: &[String]) -> Result<()> {
    let mut steps = Steps::new();
    let done = take_all(&mut steps);
    steps.summary();
    let (passed, skipped) = steps.counts();
    println!("steps: {passed} passed, {} failed, {skipped} skipped", usize::from(done.is_err()));
    done
}

fn take_all(steps: &mut Steps) -> Result<()> {
    steps.take("System packages", || system::install(system::Need::Everything))?;
    steps.take("Rust is formatted", || project::cargo(&["fmt", "--all", "--check"]))?;
    steps.take("The screen's packages", screen::packages)?;
    // The screen comes before the program, which carries the built screen inside.
    steps.take("The screen: types, lint, tests, build", screen::check)?;
    steps.take("Licences, sources, bans and known flaws", supply::check)?;
    steps.take("Lints", || {
        project::cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"])
    })?;
    steps.take("Documentation", || {
        let doc = ["doc", "--workspace", "--no-deps", "--document-private-items", "--quiet"];
        project::run_with(
            Command::new("cargo").args(doc).env("RUSTDOCFLAGS", "--deny warnings").current_dir(project::root()),
        )
    })?;
    steps.take("The program and its tests are built", project::build_all)?;
    steps.take("The tools of other people that judge what leaves the house", auditors::install)?;
    if !patients_of_others().is_dir() {
        let why = "shared/data is not beside the project; set VIGIL_TEST_DATA to the folder that holds synthea-r4";
        steps.skip("Tests with patients of others", why);
    }
    steps.take("Tests, also in the real window", || project::cargo(&["test", "--workspace"]))?;
    steps.take("The demo, driven through the main job", || demo::Demo::make(60)?.tour())?;
    let deb = steps.take("The package, from the development build", package::of_development_build)?;
    package::check(steps, &deb)
}

/// Where the tests look for FHIR patients that are not part of the project (tests/src/data.rs).
fn patients_of_others() -> PathBuf {
    let beside = || project::root().join("../shared/data");
    std::env::var_os("VIGIL_TEST_DATA").map_or_else(beside, PathBuf::from).join("synthea-r4")
}
