//! Backups and their way back, on the command line.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use vigil_workstation::view::BackupCreateRequest;
use vigil_workstation::{Event, RestoreAuthority, RestoreRequest, Workstation};

use super::{Passwords, say, setup, sign_in};
use crate::options::Options;

pub(super) fn back_up(options: &Options, user: &str, password_stdin: bool, out: &Path) -> anyhow::Result<()> {
    let out = std::path::absolute(out).with_context(|| format!("{} is no path", out.display()))?;
    let notify = Box::new(|event| {
        if let Event::BackupProgressed(progress) = event {
            // A progress line that cannot be shown stops no backup.
            let _ = write!(io::stderr(), "\r{} %", progress.percent);
        }
    });
    let workstation = sign_in(options, user, &mut Passwords::new(password_stdin), notify)?;
    let interrupted = interrupted()?;
    let (stopper, watched) = (Arc::clone(&workstation), Arc::clone(&interrupted));
    // A thread of its own looks, for the progress comes only where the writing gets on.
    std::thread::spawn(move || {
        while !watched.load(Ordering::Relaxed) {
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        stopper.backup_stop();
    });
    let written = workstation.backup_run(&BackupCreateRequest { path: out.to_string_lossy().into_owned() });
    workstation.close()?;
    // The line of the progress ends.
    let _ = writeln!(io::stderr());
    let content = written?;
    say(&format!("{} holds {} bytes and {} entries of the audit log", out.display(), content.bytes, content.entries))
}

pub(super) fn restore(
    options: &Options,
    file: &Path,
    user: Option<&str>,
    password_stdin: bool,
    accept_rollback: bool,
) -> anyhow::Result<()> {
    let file: PathBuf = std::path::absolute(file).with_context(|| format!("{} is no path", file.display()))?;
    let mut lines = Passwords::new(password_stdin);
    let authority = match user {
        Some(user) => RestoreAuthority::Administrator {
            username: user.to_owned(),
            password: lines.next(&format!("Password of {user}"))?,
            proof: lines
                .next_if_any(&format!("Second factor of {user}, empty if there is none"))?
                .and_then(|line| super::factor::proof_of(&line)),
        },
        None => RestoreAuthority::RecoveryKey(lines.next("Recovery key")?),
    };
    let interrupted = interrupted()?;
    let request = RestoreRequest { file, authority, accept_rollback };
    let report = Workstation::restore(setup(options, Box::new(|_| {}))?, request, &mut |at| {
        let percent = at.done.saturating_mul(100) / at.total.max(1);
        let _ = write!(io::stderr(), "\r{percent} %");
        !interrupted.load(Ordering::Relaxed)
    });
    let _ = writeln!(io::stderr());
    let report = report?;
    say(&format!("The backup of {} is in place: {} entries of the audit log", report.created, report.entries))?;
    say(&format!("Device key: {}", report.custodian))?;
    if let Some(remembered) = report.remembered {
        say(&format!(
            "It is older than what was here ({remembered} entries). What was done since is not in it; the restore is on record"
        ))?;
    }
    if report.destroyed_again > 0 {
        say(&format!("{} records that were destroyed before were destroyed again", report.destroyed_again))?;
    }
    match report.aside {
        Some(aside) => say(&format!("What was here lies in {}; delete it once all is well", aside.display())),
        None => Ok(()),
    }
}

/// Set when the person presses Ctrl+C or the system ends the program: what is half written is taken back first.
pub(super) fn interrupted() -> anyhow::Result<Arc<AtomicBool>> {
    let interrupted = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&interrupted)).context("no signal can be watched")?;
    }
    Ok(interrupted)
}
