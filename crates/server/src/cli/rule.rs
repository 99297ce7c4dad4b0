//! `vigil-server rule`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::TimeDelta;
use clap::Subcommand;
use vigil_detection::RuleSet;

use super::say;
use crate::desk::{put_rules, rule_sets};
use crate::detection::trial;
use crate::incident::Officer;
use crate::installation::Installation;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Print the rules that decide, as TOML; change them in a copy, with the next version
    Show,
    /// Try rules against what was recorded, beside those that decide. Nothing is raised
    Try {
        /// The rules
        file: PathBuf,
        /// Over so many days
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..=366))]
        days: u16,
    },
    /// Let rules decide from now on; those before stay kept
    Use {
        /// The rules
        file: PathBuf,
    },
}

pub(super) async fn obey(installation: &Installation, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Show => {
            let sets = rule_sets(installation, Officer::Operator).await?;
            let text = if sets.active == 0 { RuleSet::DEFAULT } else { &sets.rules };
            say(text.trim_end())?;
        }
        Command::Try { file, days } => {
            let (_, new) = read(&file)?;
            say(&trial(installation, &new, TimeDelta::days(i64::from(days))).await?)?;
        }
        Command::Use { file } => {
            let (text, _) = read(&file)?;
            let version = put_rules(installation, Officer::Operator, &text).await?;
            say(&format!("version {version} decides"))?;
        }
    }
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<(String, RuleSet)> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let rules = RuleSet::parse(&text).with_context(|| format!("{} holds no rules", file.display()))?;
    Ok((text, rules))
}
