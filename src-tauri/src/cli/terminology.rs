//! `vigil terminology`: code systems. Nothing here is about a patient.

use std::io::{self, Write as _};
use std::sync::atomic::Ordering;

use anyhow::Context;
use vigil_workstation::TerminologyImport;
use vigil_workstation::view::TerminologyView;

use super::backup::interrupted;
use super::{Passwords, say, sign_in};
use crate::options::{Options, TerminologyCommand};

/// Runs one of them to its end.
pub(super) fn run(options: &Options, command: &TerminologyCommand) -> anyhow::Result<()> {
    match command {
        TerminologyCommand::Import { user, password_stdin, release, system, file } => {
            let file = std::path::absolute(file).with_context(|| format!("{} is no path", file.display()))?;
            let what = TerminologyImport { system: system.clone(), file, release: release.clone() };
            import(options, user, *password_stdin, &what)
        }
        TerminologyCommand::List { user, password_stdin, json } => {
            let workstation = sign_in(options, user, &mut Passwords::new(*password_stdin), Box::new(|_| {}))?;
            let list = workstation.terminology_list()?;
            workstation.close()?;
            if *json { say(&serde_json::to_string_pretty(&list)?) } else { show(&list) }
        }
    }
}

fn import(options: &Options, user: &str, password_stdin: bool, what: &TerminologyImport) -> anyhow::Result<()> {
    let workstation = sign_in(options, user, &mut Passwords::new(password_stdin), Box::new(|_| {}))?;
    let interrupted = interrupted()?;
    let imported = workstation.terminology_import(what, &mut |at| {
        let percent = at.bytes.saturating_mul(100) / at.total.max(1);
        // A progress line that cannot be shown stops no import.
        let _ = write!(io::stderr(), "\r{percent} %, {} concepts      ", at.concepts);
        !interrupted.load(Ordering::Relaxed)
    });
    workstation.close()?;
    // The line of the progress ends.
    let _ = writeln!(io::stderr());
    let imported = imported?;
    let TerminologyView { name, release, concepts, .. } = imported;
    say(&format!("{name} {release} is imported: {concepts} concepts"))
}

fn show(list: &[TerminologyView]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    for view in list {
        let imported = if view.imported.is_empty() { "-" } else { &view.imported };
        let system = &view.system;
        writeln!(out, "{system:<12}{:>9} concepts  {imported:<18}{:<28}{}", view.concepts, view.source, view.words)?;
    }
    Ok(())
}
