//! Where things lie, and how other programs are run on them.

use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

/// The project's root folder.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A program of the development build.
pub(crate) fn built(name: &str) -> PathBuf {
    target().join("debug").join(name)
}

/// Runs a program to its end in a folder; its output goes to the terminal.
pub(crate) fn run<S: AsRef<OsStr>>(folder: &Path, program: &str, arguments: &[S]) -> Result<()> {
    run_with(Command::new(program).args(arguments).current_dir(folder))
}

/// Runs a prepared command to its end and refuses anything but success.
pub(crate) fn run_with(command: &mut Command) -> Result<()> {
    let shown = describe(command);
    let status = command.status().with_context(|| format!("could not start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` ended with {status}");
    }
    Ok(())
}

/// Runs cargo in the project's root.
pub(crate) fn cargo(arguments: &[&str]) -> Result<()> {
    run(root(), "cargo", arguments)
}

/// Builds every program, test and example at once, as `cargo test --workspace` needs them.
///
/// One after the other would be two builds of most crates: without the tests, some crates of others have fewer features.
pub(crate) fn build_all() -> Result<()> {
    cargo(&["build", "--workspace", "--bins", "--tests", "--examples", "--quiet"])?;
    ALL_BUILT.store(true, Ordering::Relaxed);
    Ok(())
}

/// Builds one package's programs, unless this run has built all of them.
pub(crate) fn build(package: &str) -> Result<()> {
    if ALL_BUILT.load(Ordering::Relaxed) {
        return Ok(());
    }
    cargo(&["build", "--package", package, "--bins"])
}

/// Whether [`build_all`] has run.
static ALL_BUILT: AtomicBool = AtomicBool::new(false);

/// Writes the TypeScript types of the commands anew.
pub(crate) fn write_bindings() -> Result<()> {
    // The program is compiled with the built screen in it; the types do not need one.
    std::fs::create_dir_all(root().join("ui").join("dist"))?;
    let test = ["test", "--package", "vigil", "--lib", "bindings_are_up_to_date"];
    run_with(Command::new("cargo").args(test).env("VIGIL_WRITE_BINDINGS", "1").current_dir(root()))
}

/// Whether a program can be found.
pub(crate) fn exists(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn describe(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
