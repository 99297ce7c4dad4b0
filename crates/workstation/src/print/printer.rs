//! The system's printing: CUPS, through its own programs. A paper goes to `lp` through its standard input and never into a file of ours; its
//! title names no patient. Whatever CUPS keeps while it prints is CUPS's: when the job is over it is purged, and
//! docs/deployment/printing.md says what IT sets so that nothing is kept at all.

mod purge;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use crate::AppError;
use crate::view::PrintersView;

/// Where Debian, Fedora and macOS have CUPS's programs; what stands elsewhere in `PATH` is not run.
const FOLDERS: [&str; 2] = ["/usr/bin", "/bin"];
/// The title of every job, as others see it in the queue and as CUPS writes it to its log.
const TITLE: &str = "Vigil";
/// How often, and how long, is looked whether a job is over.
const LOOK: Duration = Duration::from_secs(3);
const LOOKS: u32 = 600;

/// A name that CUPS gives to a printer: no space, no `/`, no `#` (lpadmin(8)), and nothing that a program takes for an option.
pub(super) fn named(printer: &str) -> Result<(), AppError> {
    let wrong = printer.is_empty()
        || printer.len() > 127
        || printer.starts_with('-')
        || printer.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '/' | '#'));
    if wrong { Err(AppError::invalid("this is no name of a printer; choose one from the list")) } else { Ok(()) }
}

/// The printers that take jobs, and which one is usual.
pub(super) fn all() -> PrintersView {
    let none = |problem: &str| PrintersView { printers: Vec::new(), usual: None, problem: Some(problem.to_owned()) };
    let Ok(names) = run("lpstat", &["-e"]) else {
        return none(
            "the system's printing (CUPS) is not installed; save a file, or ask whoever looks after the workstation",
        );
    };
    let printers: Vec<String> =
        lines(&names).filter(|name| named(name).is_ok() && !name.contains("lpstat:")).map(str::to_owned).collect();
    if !names.status.success() || printers.is_empty() {
        return none("no printer is set up on this workstation; save a file, or ask whoever looks after it");
    }
    // `system default destination: ward`
    let usual = run("lpstat", &["-d"]).ok().and_then(|said| {
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let (_, name) = said.rsplit_once(": ")?;
        printers.iter().find(|printer| *printer == name.trim()).cloned()
    });
    PrintersView { printers, usual, problem: None }
}

/// Whether there is such a printer.
pub(super) fn takes(printer: &str) -> Result<(), AppError> {
    let view = all();
    if view.printers.iter().any(|one| one == printer) {
        return Ok(());
    }
    let why = view.problem.unwrap_or_else(|| "there is no such printer any more; choose one from the list".to_owned());
    Err(AppError::invalid(why))
}

/// Hands `pdf` over, and has it forgotten once it is printed.
pub(super) fn print(printer: &str, copies: u32, pdf: &[u8]) -> Result<(), AppError> {
    let failed = |why: &str| AppError::invalid(format!("the printer did not take it: {why}; nothing was printed"));
    let mut command = program("lp").ok_or_else(|| failed("CUPS is not installed"))?;
    // No cover page: it would say who printed what.
    command.args(["-d", printer, "-n", &copies.to_string(), "-t", TITLE, "-o", "job-sheets=none,none", "--", "-"]);
    let mut lp = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(&error.kind().to_string()))?;
    let written = lp.stdin.take().map(|mut stdin| stdin.write_all(pdf));
    let said = lp.wait_with_output().map_err(|error| failed(&error.kind().to_string()))?;
    if !said.status.success() {
        let words = String::from_utf8_lossy(&said.stderr);
        let first = words.lines().next().unwrap_or("CUPS gives no reason").trim_start_matches("lp: ").to_owned();
        return Err(failed(&first));
    }
    if !matches!(written, Some(Ok(()))) {
        return Err(failed("it did not take all of it"));
    }
    if let Some(job) = job_of(&String::from_utf8_lossy(&said.stdout)) {
        forget(printer.to_owned(), job);
    }
    Ok(())
}

/// `request id is ward-12 (1 file(s))`.
fn job_of(said: &str) -> Option<String> {
    let job = said.split_whitespace().find(|word| {
        word.rsplit_once('-')
            .is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    })?;
    Some(job.to_owned())
}

/// Waits on a thread of its own until the job is over, and has CUPS delete what it kept of it. A job that never ends stays with CUPS, which
/// would print it when the printer is back.
fn forget(printer: String, job: String) {
    let over = move || {
        for _ in 0..LOOKS {
            let open = run("lpstat", &["-W", "not-completed", "-o", &printer]);
            let is_over = |open: &Output| {
                open.status.success() && !lines(open).any(|line| line.split_whitespace().next() == Some(&job))
            };
            if open.is_ok_and(|open| is_over(&open)) {
                if purged(&job).is_none() {
                    tracing::warn!(
                        "CUPS did not delete what it kept of a print job; set PreserveJobFiles and PreserveJobHistory to No"
                    );
                }
                return;
            }
            thread::sleep(LOOK);
        }
        tracing::warn!("a print job has not ended; what CUPS keeps of it stays");
    };
    if thread::Builder::new().name("print-job".to_owned()).spawn(over).is_err() {
        tracing::warn!("nobody waits for the end of a print job; what CUPS keeps of it stays");
    }
}

/// Deletes what CUPS kept of it; none where it did not.
fn purged(job: &str) -> Option<()> {
    let server = run("lpstat", &["-H"]).ok().filter(|said| said.status.success())?;
    let server = lines(&server).next()?.to_owned();
    let (_, number) = job.rsplit_once('-')?;
    let user = ["USER", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default();
    purge::purge(&server, number.parse().ok()?, &user).ok()
}

fn lines(output: &Output) -> impl Iterator<Item = &str> {
    std::str::from_utf8(&output.stdout).unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty())
}

fn run(name: &str, arguments: &[&str]) -> std::io::Result<Output> {
    let mut command = program(name).ok_or(std::io::ErrorKind::NotFound)?;
    command.args(arguments).stdin(Stdio::null()).output()
}

/// One of CUPS's programs, in English, for its answers are read.
fn program(name: &str) -> Option<Command> {
    let path = FOLDERS.into_iter().map(|folder| Path::new(folder).join(name)).find(|path| path.is_file())?;
    let mut command = Command::new(path);
    command.env("LC_ALL", "C");
    Some(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printer_has_a_name_that_no_program_takes_for_anything_else() {
        named("Ward-3_laser").unwrap();
        for name in ["", "-oraw", "a b", "a/b", "a#b", "a\nb"] {
            assert!(named(name).is_err(), "{name:?}");
        }
        assert!(named(&"x".repeat(128)).is_err(), "and one of a usual length");
    }

    #[test]
    fn the_number_of_the_job_is_found_in_what_lp_says() {
        assert_eq!(job_of("request id is Ward-3_laser-12 (1 file(s))\n").as_deref(), Some("Ward-3_laser-12"));
        assert_eq!(job_of("lp: no such printer"), None);
    }
}
