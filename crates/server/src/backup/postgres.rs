//! `pg_dump` and `pg_restore` of the distribution.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::BackupError;
use crate::store::PostgresAddress;

/// Where Debian keeps the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Writes a dump of the database to `out`. A `pg_dump` that is older than the server refuses by itself; it is said before.
pub(super) fn dump(address: &PostgresAddress, server: u32, out: &mut dyn Write) -> Result<(), BackupError> {
    let program = program("pg_dump");
    let found = version(&program)?;
    if found < server {
        return Err(BackupError::Older { found, server });
    }
    let mut command = command(&program, address);
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--dbname", &address.without_password()]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let words = words(child.stderr.take());
    let copied = child.stdout.take().map_or(Ok(0), |mut dump| io::copy(&mut dump, out));
    let status = child.wait()?;
    if !status.success() {
        return Err(BackupError::Program("pg_dump", words.join().unwrap_or_default()));
    }
    copied?;
    Ok(())
}

/// Restores a dump into an empty database, in one transaction.
pub(super) fn restore(address: &PostgresAddress, dump: &mut dyn Read) -> Result<(), BackupError> {
    let mut command = command(&program("pg_restore"), address);
    command.args(["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]);
    command.args(["--dbname", &address.without_password()]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let words = words(child.stderr.take());
    // Ends when the program does not listen any more; its words say why.
    let copied = child.stdin.take().map_or(Ok(0), |mut input| io::copy(dump, &mut input));
    let status = child.wait()?;
    if !status.success() {
        return Err(BackupError::Program("pg_restore", words.join().unwrap_or_default()));
    }
    copied?;
    Ok(())
}

fn command(program: &Path, address: &PostgresAddress) -> Command {
    let mut command = Command::new(program);
    // Arguments are seen by everybody on the machine; the environment is not.
    if let Some(password) = address.password() {
        command.env("PGPASSWORD", password.as_str());
    }
    command
}

/// What the program says of itself, read so that it never waits for a reader.
fn words(stderr: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut words = Vec::new();
        // A few lines are enough.
        if let Some(stderr) = stderr {
            let mut stderr = stderr;
            let _ = stderr.by_ref().take(4_096).read_to_end(&mut words);
            let _ = io::copy(&mut stderr, &mut io::sink());
        }
        String::from_utf8_lossy(&words).trim().to_owned()
    })
}

/// The major version: `pg_dump (PostgreSQL) 15.18 (Debian ...)`.
fn version(program: &Path) -> Result<u32, BackupError> {
    let said = Command::new(program).arg("--version").output()?.stdout;
    let said = String::from_utf8_lossy(&said).into_owned();
    let number =
        said.split(' ').nth(2).and_then(|number| number.split(['.', 'b', 'd', 'r']).next()?.trim().parse().ok());
    number.ok_or(BackupError::Program("pg_dump", "it does not say which version it is".to_owned()))
}

/// The newest that is installed: it reads every older server.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten().map(|entry| entry.path());
    let numbered = versions.filter_map(|path| Some((path.file_name()?.to_str()?.parse::<u32>().ok()?, path)));
    let programs =
        numbered.map(|(number, path)| (number, path.join("bin").join(name))).filter(|(_, path)| path.is_file());
    programs.max().map_or_else(|| PathBuf::from(name), |(_, path)| path)
}
