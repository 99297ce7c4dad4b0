//! `vigil-server rule`.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::TimeDelta;
use clap::Subcommand;
use vigil_detection::RuleSet;

use super::say;
use crate::desk::{put_rules, rule_sets};
use crate::detection::{Hospital, trial, trial_simulated};
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
        /// Against an invented hospital instead, in which it is known who does what they must not
        #[arg(long)]
        simulated: bool,
        /// Users of the invented hospital
        #[arg(long, default_value_t = 150, requires = "simulated", value_parser = clap::value_parser!(u16).range(10..=1000))]
        users: u16,
        /// Which of all such hospitals
        #[arg(long, default_value_t = 1, requires = "simulated")]
        seed: u64,
    },
    /// Let rules decide from now on that were tried, or have decided before; those before stay kept
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
        Command::Try { file, days, simulated: false, .. } => {
            let text = read(&file)?;
            say(&trial(installation, &text, TimeDelta::days(i64::from(days))).await?)?;
        }
        Command::Try { file, days, simulated: true, users, seed } => {
            let text = read(&file)?;
            let hospital = Hospital { users: u32::from(users), days: u32::from(days), seed };
            say(trial_simulated(installation, &text, hospital, progress(hospital.days)).await?.trim_end())?;
        }
        Command::Use { file } => {
            let text = read(&file)?;
            let version = put_rules(installation, Officer::Operator, &text).await?;
            say(&format!("version {version} decides"))?;
        }
    }
    Ok(())
}

/// The rules in a file, as they are written.
fn read(file: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    RuleSet::parse(&text).with_context(|| format!("{} holds no rules", file.display()))?;
    Ok(text)
}

/// Says each week that has passed where answers do not go.
fn progress(days: u32) -> impl FnMut(u32) + Send + 'static {
    move |day| {
        if day % 7 == 0 || day == days {
            // Whoever does not listen misses nothing.
            let _ = writeln!(std::io::stderr(), "day {day} of {days}");
        }
    }
}
