//! `vigil ranges`: what this hospital holds for plausible, normal and critical. Nothing here is about a patient.

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::Ordering;

use anyhow::Context;
use vigil_workstation::view::RangesView;

use super::backup::interrupted;
use super::{Passwords, say, sign_in};
use crate::options::{Options, RangesCommand};

/// Runs one of them to its end.
pub(super) fn run(options: &Options, command: &RangesCommand) -> anyhow::Result<()> {
    match command {
        RangesCommand::Import { user, password_stdin, file } => {
            let file = std::path::absolute(file).with_context(|| format!("{} is no path", file.display()))?;
            import(options, user, *password_stdin, &file)
        }
        RangesCommand::List { user, password_stdin, json } => {
            let workstation = sign_in(options, user, &mut Passwords::new(*password_stdin), Box::new(|_| {}))?;
            let view = workstation.ranges_read()?;
            workstation.close()?;
            if *json { say(&serde_json::to_string_pretty(&view)?) } else { say(&words(&view)) }
        }
    }
}

fn import(options: &Options, user: &str, password_stdin: bool, file: &Path) -> anyhow::Result<()> {
    let workstation = sign_in(options, user, &mut Passwords::new(password_stdin), Box::new(|_| {}))?;
    let interrupted = interrupted()?;
    let imported = workstation.ranges_import(file, &mut |rows| {
        // A progress line that cannot be shown stops no import.
        let _ = write!(io::stderr(), "\r{rows} rows      ");
        !interrupted.load(Ordering::Relaxed)
    });
    workstation.close()?;
    // The line of the progress ends.
    let _ = writeln!(io::stderr());
    let imported = imported?;
    say(&format!("the ranges of this hospital are imported: {} rows", imported.rows))
}

fn words(view: &RangesView) -> String {
    match view.imported.as_str() {
        "" => view.words.clone(),
        imported => format!("{}: {} rows of {}, imported {imported}", view.words, view.rows, view.source),
    }
}
