//! `cargo xtask torture [N] [SEED]`: so many SIGKILLs, 1,000 where no number is given, during writes, reads, changes of keys,
//! backups and migration.

use std::process::Command;

use anyhow::{Context, Result};

use crate::{project, system};

const KILLS: &str = "1000";

/// Runs it; the same seed takes the same course, but for where the moments fall.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    system::install(system::Need::Everything)?;
    let kills = arguments.first().map_or(KILLS, String::as_str);
    let seed = arguments.get(1).map_or("1", String::as_str);
    kills.parse::<u64>().with_context(|| format!("{kills} is no number of kills"))?;
    seed.parse::<u64>().with_context(|| format!("{seed} is no seed"))?;
    let test = "torture::killed_at_any_moment_it_loses_nothing_that_it_acknowledged";
    project::run_with(
        Command::new("cargo")
            .args(["test", "--package", "vigil-vault", "--test", "vault", "--", "--exact", test, "--nocapture"])
            .env("VIGIL_TORTURE_KILLS", kills)
            .env("VIGIL_TORTURE_SEED", seed)
            .current_dir(project::root()),
    )
}
