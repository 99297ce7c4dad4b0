//! `vigil-server audit`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use vigil_audit::Agent;
use vigil_model::DeviceId;

use super::say;
use crate::audit_log::{VerifiedLog, export_tiles, verify_all};
use crate::installation::Installation;
use crate::search::{ExportForm, Searcher, export};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Recompute every log and name what was done to it; ends with 1 when something was
    Verify,
    /// Write audit events into a new file or folder; who took them is on record
    Export(Export),
}

#[derive(Args)]
pub(super) struct Export {
    /// FHIR, one event to a line; a FHIR Bundle; or C2SP tiles of one log, for other people's verifiers
    #[arg(long, value_enum, default_value_t = Form::Ndjson)]
    format: Form,
    /// Of this log alone, as `audit verify` shows it
    #[arg(long, value_name = "LOG")]
    log: Option<String>,
    /// From this day or time on, such as 2026-11-29
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Up to and with this day or time
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// The new file; of tiles the new folder
    to: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    Ndjson,
    Bundle,
    Tiles,
}

pub(super) async fn obey(installation: &Installation, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Verify => {
            let logs = verify_all(&installation.store, &installation.keyring.keys).await?;
            show(&logs)?;
            let sound = logs.iter().all(|log| log.verification.intact());
            Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Export(asked) => {
            let count = match asked.format {
                Form::Tiles => tiles(installation, &asked).await?,
                Form::Ndjson => fhir(installation, &asked, ExportForm::Ndjson).await?,
                Form::Bundle => fhir(installation, &asked, ExportForm::Bundle).await?,
            };
            say(&format!("{count} entries"))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// What verification found, a log to a line.
pub(super) fn show(logs: &[VerifiedLog]) -> anyhow::Result<()> {
    for log in logs {
        let word = if log.verification.intact() { "intact" } else { "NOT INTACT" };
        say(&format!("{}  {} entries  {word}", log.log, log.verification.entries))?;
        log.verification.findings.iter().try_for_each(|finding| say(&format!("  {finding}")))?;
    }
    Ok(())
}

async fn tiles(installation: &Installation, asked: &Export) -> anyhow::Result<u64> {
    let Some(log) = log(asked)? else { bail!("tiles are of one log: name it with --log, as `audit verify` shows it") };
    if asked.from.is_some() || asked.until.is_some() {
        bail!("tiles prove a log from its first entry on: leave --from and --until away");
    }
    let (store, keys) = (&installation.store, &installation.keyring.keys);
    Ok(export_tiles(store, keys, log, &asked.to, Agent::Operator, installation.now()).await?)
}

async fn fhir(installation: &Installation, asked: &Export, form: ExportForm) -> anyhow::Result<u64> {
    let searcher = Searcher {
        agent: Agent::Operator,
        address: None,
        request: None,
        strict: true,
        log: log(asked)?,
        base: String::new(),
    };
    let bound = |prefix: &str, time: &String| ("date".to_owned(), format!("{prefix}{time}"));
    let from = asked.from.as_ref().map(|time| bound("ge", time));
    let query: Vec<_> = from.into_iter().chain(asked.until.as_ref().map(|time| bound("le", time))).collect();
    let to: &Path = &asked.to;
    let (store, keys) = (&installation.store, &installation.keyring.keys);
    let exported = export(store, keys, &searcher, &query, form, to, installation.now()).await;
    exported.context("nothing was exported")
}

fn log(asked: &Export) -> anyhow::Result<Option<DeviceId>> {
    let parse = |id: &String| DeviceId::parse(id).context("--log is a UUID, as `audit verify` shows it");
    asked.log.as_ref().map(parse).transpose()
}
