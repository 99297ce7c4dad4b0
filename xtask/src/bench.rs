//! `cargo xtask bench`: figures beside their floors, measured in the same run, as a Markdown table.

use crate::{project, system};
use anyhow::Result;

/// `cargo xtask bench [import] [chart] [append] [search]`
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    system::install(system::Need::Build)?;
    let bench = ["bench", "--package", "vigil-workstation", "--bench", "floors", "--"];
    let chosen: Vec<&str> = bench.into_iter().chain(arguments.iter().map(String::as_str)).collect();
    project::cargo(&chosen)
}
