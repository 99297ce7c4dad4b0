//! `cargo xtask torture [N] [SEED]`: so many SIGKILLs, 1,000 where no number is given, during writes, reads, changes of keys,
//! backups and migration of the vault; and a fifth as many of the central server while workstations send.

use std::process::Command;

use anyhow::{Context, Result};

use crate::{project, system};

const KILLS: &str = "1000";

/// Runs it; the same seed takes the same course, but for where the moments fall.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    system::install(system::Need::Everything)?;
    let kills = arguments.first().map_or(KILLS, String::as_str);
    let seed = arguments.get(1).map_or("1", String::as_str);
    let count = kills.parse::<u64>().with_context(|| format!("{kills} is no number of kills"))?;
    seed.parse::<u64>().with_context(|| format!("{seed} is no seed"))?;
    let vault = "torture::killed_at_any_moment_it_loses_nothing_that_it_acknowledged";
    project::run_with(
        test("vigil-vault", "vault", vault).env("VIGIL_TORTURE_KILLS", kills).env("VIGIL_TORTURE_SEED", seed),
    )?;
    let server = "killed::a_server_that_is_killed_at_any_moment_loses_nothing_that_it_confirmed";
    project::run_with(
        test("vigil-server", "wire", server).env("VIGIL_TORTURE_SERVER_KILLS", count.div_ceil(5).to_string()),
    )
}

/// One test of this package, with what it prints.
fn test(package: &str, target: &str, name: &str) -> Command {
    let mut command = Command::new("cargo");
    command.args(["test", "--package", package, "--test", target, "--", "--exact", name, "--nocapture"]);
    command.current_dir(project::root());
    command
}
