//! The command line `vigil-server`.

mod alarm;
mod audit;
mod backup;
mod check;
mod client;
mod device;
mod group;
mod incident;
mod key;
mod rule;
mod serve;
mod team;
mod user;
mod witness;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::DateTime;
use clap::{Parser, Subcommand};

use crate::clock::Clock;
use crate::config::{Config, LogForm};
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
    #[command(flatten)]
    Here(Here),
    /// Restore a backup to where the configuration says, if nothing is there yet, and verify every log in it
    Restore {
        /// The backup
        file: PathBuf,
    },
    /// The configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print the OpenAPI document
    Openapi,
}

/// What is done with the data that is there.
#[derive(Subcommand)]
enum Here {
    /// Answer until SIGTERM or SIGINT; makes data, keys and certificates at the first start
    Serve,
    /// Bring the database's schema up to date and end; `serve` does it too
    Migrate,
    /// Workstations
    #[command(subcommand)]
    Device(device::Command),
    /// Users of the directory
    #[command(subcommand)]
    User(user::Command),
    /// Teams of the directory
    #[command(subcommand)]
    Team(team::Command),
    /// Who holds which group's key
    #[command(subcommand)]
    Group(group::Command),
    /// Other systems that may search the audit log
    #[command(subcommand)]
    Client(client::Command),
    /// The audit logs
    #[command(subcommand)]
    Audit(audit::Command),
    /// The server's own keys
    #[command(subcommand)]
    Key(key::Command),
    /// What the rules found
    #[command(subcommand)]
    Incident(incident::Command),
    /// The rules over the entries of all logs
    #[command(subcommand)]
    Rule(rule::Command),
    /// The ways by which people and systems are told of incidents
    #[command(subcommand)]
    Alarm(alarm::Command),
    /// The server as the witness of another one
    #[command(subcommand)]
    Witness(witness::Command),
    /// Write a sealed backup into a new file, while the server answers
    Backup {
        /// The new file; keep the master key elsewhere
        file: PathBuf,
    },
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
        return openapi();
    }
    let config = Config::load(options.config.as_deref(), std::env::vars())?;
    // Whoever types a command reads its answer, not what the server notes beside its work.
    let level = if matches!(options.command, Command::Here(Here::Serve)) {
        tracing::Level::INFO
    } else {
        tracing::Level::ERROR
    };
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr);
    match config.log {
        LogForm::Text => log.with_ansi(false).init(),
        LogForm::Json => log.json().init(),
    }
    match options.command {
        Command::Restore { file } => backup::restore(&config, &file).await,
        Command::Config(ConfigCommand::Check) => check::check(&config).map(|()| ExitCode::SUCCESS),
        Command::Openapi => openapi(),
        Command::Here(command) => {
            let installation = Installation::open(config, Clock::system()).await?;
            let store = installation.store.clone();
            let done = obey_here(installation, command).await;
            // The threads of the embedded database end before the process does: one that still closes its file when the libraries are
            // taken down crashes, and whoever called is told that the command failed.
            store.close().await;
            done
        }
    }
}

/// A command that is about this installation.
async fn obey_here(installation: Installation, command: Here) -> anyhow::Result<ExitCode> {
    match command {
        Here::Serve => serve::serve(installation).await?,
        Here::Migrate => migrate(&installation)?,
        Here::Device(command) => device::obey(&installation, command).await?,
        Here::User(command) => user::obey(&installation, command).await?,
        Here::Team(command) => team::obey(&installation, command).await?,
        Here::Group(command) => group::obey(&installation, command).await?,
        Here::Client(command) => client::obey(&installation, command).await?,
        Here::Audit(command) => return audit::obey(&installation, command).await,
        Here::Key(command) => key::obey(&installation, command).await?,
        Here::Incident(command) => incident::obey(&installation, command).await?,
        Here::Rule(command) => rule::obey(&installation, command).await?,
        Here::Alarm(command) => alarm::obey(&installation, command).await?,
        Here::Witness(command) => witness::obey(&installation, &command)?,
        Here::Backup { file } => backup::write(&installation, &file).await?,
    }
    Ok(ExitCode::SUCCESS)
}

fn openapi() -> anyhow::Result<ExitCode> {
    say(crate::http::document::text()?.trim_end())?;
    Ok(ExitCode::SUCCESS)
}

fn migrate(installation: &Installation) -> anyhow::Result<()> {
    Ok(say(&format!("the schema is at step {}, which is this program's", installation.store.schema_step()))?)
}

/// A line for whoever asked.
pub(crate) fn say(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}

/// Minutes, for people.
fn minute(micros: i64) -> String {
    DateTime::from_timestamp_micros(micros).map(|at| at.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}
