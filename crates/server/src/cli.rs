//! The command line `vigil-server`.

mod device;
mod serve;
mod user;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::clock::Clock;
use crate::config::Config;
use crate::installation::Installation;

/// The central server of Vigil: enrols workstations, takes in their audit entries, holds directory and group keys.
#[derive(Parser)]
#[command(name = "vigil-server", version, max_term_width = 100)]
struct Options {
    /// The configuration [default: /etc/vigil/vigil-server.toml, where it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer until SIGTERM or SIGINT; makes data, keys and certificates at the first start
    Serve,
    /// Workstations
    #[command(subcommand)]
    Device(device::Command),
    /// Users of the directory
    #[command(subcommand)]
    User(user::Command),
    /// The audit logs
    #[command(subcommand)]
    Audit(AuditCommand),
    /// The configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print the OpenAPI document
    Openapi,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Recompute every log and name what was done to it; ends with 1 when something was
    Verify,
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Read the configuration and say whether it can be used
    Check,
}

/// What `vigil-server` does, from its arguments to its exit code.
pub fn run() -> ExitCode {
    let options = Options::parse();
    // Whatever is made here - database, key, backup - is nobody else's to read.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    tracing_subscriber::fmt().json().with_max_level(tracing::Level::INFO).with_writer(std::io::stderr).init();
    let done = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(obey(options)));
    match done {
        Ok(code) => code,
        Err(error) => {
            // There is nobody left to tell when this fails.
            let _ = writeln!(std::io::stderr(), "vigil-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn obey(options: Options) -> anyhow::Result<ExitCode> {
    if matches!(options.command, Command::Openapi) {
        say(crate::http::document::text()?.trim_end())?;
        return Ok(ExitCode::SUCCESS);
    }
    let config = Config::load(options.config.as_deref(), std::env::vars())?;
    match options.command {
        Command::Serve => serve::serve(open(config).await?).await?,
        Command::Device(command) => device::obey(&open(config).await?, command).await?,
        Command::User(command) => user::obey(&open(config).await?, command).await?,
        Command::Audit(AuditCommand::Verify) => return verify(&open(config).await?).await,
        Command::Config(ConfigCommand::Check) => say("the configuration can be used")?,
        Command::Openapi => {}
    }
    Ok(ExitCode::SUCCESS)
}

async fn open(config: Config) -> anyhow::Result<Installation> {
    Ok(Installation::open(config, Clock::system()).await?)
}

async fn verify(installation: &Installation) -> anyhow::Result<ExitCode> {
    let mut sound = true;
    for log in crate::audit_log::verify_all(&installation.store, &installation.keyring.keys).await? {
        sound &= log.verification.intact();
        let word = if log.verification.intact() { "intact" } else { "NOT INTACT" };
        say(&format!("{}  {} entries  {word}", log.log, log.verification.entries))?;
        log.verification.findings.iter().try_for_each(|finding| say(&format!("  {finding}")))?;
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A line for whoever asked.
pub(crate) fn say(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}
