//! `vigil doctor`: looks at everything, changes nothing, and ends with 0, 1 or 2.

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context;
use vigil_workstation::posture::CheckState;
use vigil_workstation::view::{DoctorView, PostureCheckView};
use vigil_workstation::{Depth, ManagedPolicy, Workstation};

use crate::cli;
use crate::options::Options;

/// That something was found: the exit code says how bad it is.
#[derive(Debug)]
pub(crate) struct Found(CheckState);

impl Found {
    /// 1: something is weaker than it could be, or not known. 2: something is not as it should be.
    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(match self.0 {
            CheckState::Ok => 0,
            CheckState::Warn | CheckState::Unknown => 1,
            CheckState::Fail => 2,
        })
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("see above")
    }
}

impl std::error::Error for Found {}

/// Looks, says it as text or JSON, and ends with [`Found`] when not everything is as it should be.
pub(crate) fn run(options: &Options, json: bool, quick: bool) -> anyhow::Result<()> {
    let policy = cli::policy(options);
    let refused = policy.as_ref().err().cloned();
    let setup = cli::setup_under(options, policy.unwrap_or_else(|_| ManagedPolicy::default()), Box::new(|_| {}))?;
    let depth = if quick { Depth::Quick } else { Depth::EveryPage };
    let found = Workstation::doctor(&setup, refused.as_ref(), depth);
    let mut out = io::stdout().lock();
    let written = if json {
        serde_json::to_writer_pretty(&mut out, &found).map_err(io::Error::from).and_then(|()| writeln!(out))
    } else {
        write(&found, &mut out)
    };
    written.context("standard output is closed")?;
    if found.verdict == CheckState::Ok { Ok(()) } else { Err(Found(found.verdict).into()) }
}

fn write(found: &DoctorView, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "Vigil {}, {}, {}\n", found.version, found.data, found.checked_at)?;
    for check in &found.checks {
        writeln!(out, "{:<9} {:<34} {}", word(check.state), check.name, check.found)?;
        if let Some(advice) = &check.advice {
            writeln!(out, "{:<9} {:<34} -> {advice}", "", "")?;
        }
    }
    let count = |state| found.checks.iter().filter(|check| check.state == state).count();
    writeln!(
        out,
        "\n{} ok, {} to look at, {} not as they should be, {} not known",
        count(CheckState::Ok),
        count(CheckState::Warn),
        count(CheckState::Fail),
        count(CheckState::Unknown),
    )?;
    let refused: Vec<_> = found.checks.iter().filter(|check| check.refuses).map(name).collect();
    if !refused.is_empty() {
        writeln!(out, "The managed policy closes the sign-in to all but administrators: {}", refused.join(", "))?;
    }
    Ok(())
}

fn name(check: &PostureCheckView) -> &str {
    &check.name
}

const fn word(state: CheckState) -> &'static str {
    match state {
        CheckState::Ok => "ok",
        CheckState::Warn => "look at",
        CheckState::Fail => "FAIL",
        CheckState::Unknown => "not known",
    }
}
