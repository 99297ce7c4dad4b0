//! `vigil-server device`.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use chrono::TimeDelta;
use clap::Subcommand;
use vigil_audit::{Agent, Outcome};
use vigil_model::DeviceId;

use super::{minute, say};
use crate::ca::from_files;
use crate::enrolment::make_token;
use crate::installation::Installation;
use crate::kind;
use crate::server::origins;
use crate::store::Device;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Print a one-time token for one workstation
    Token {
        /// For how many hours it is valid
        #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=720))]
        valid: u32,
        /// Write it to this new file (mode 0600) instead
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// List the workstations
    List,
    /// Take a workstation's identity away: within two seconds it is refused, on a connection that stands too
    Revoke {
        /// The enrolment, as `list` shows it
        enrolment: String,
    },
}

pub(super) async fn obey(installation: &Installation, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Token { valid, out } => token(installation, valid, out).await,
        Command::List => list(installation).await,
        Command::Revoke { enrolment } => revoke(installation, &enrolment).await,
    }
}

async fn token(installation: &Installation, valid: u32, out: Option<PathBuf>) -> anyhow::Result<()> {
    let listen = &installation.config.listen;
    let (_, public) = origins(&installation.config, (listen.workstations.port(), listen.public.port()));
    let anchor = match &installation.config.tls {
        Some(files) => from_files(files)?.1,
        None => installation.keyring.server_authority.certificate().clone(),
    };
    let hours = TimeDelta::hours(i64::from(valid));
    let (_, text) = make_token(installation, &public, &anchor, hours).await?;
    let Some(path) = out else { return Ok(say(&text)?) };
    let mut file = std::fs::OpenOptions::new();
    std::os::unix::fs::OpenOptionsExt::mode(file.write(true).create_new(true), 0o600);
    let written = file.open(&path).and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()));
    written.with_context(|| format!("{} was not written; name a file that is not there", path.display()))
}

async fn list(installation: &Installation) -> anyhow::Result<()> {
    for device in Device::all(&mut installation.store.read().await?).await? {
        let state = if device.revoked.is_some() { "revoked" } else { "enrolled" };
        let contact = device.last_contact.map(minute).unwrap_or_else(|| "never".to_owned());
        say(&format!("{}  {state:<8}  last contact {contact}  {}  log {}", device.enrolment, device.host, device.log))?;
    }
    Ok(())
}

async fn revoke(installation: &Installation, enrolment: &str) -> anyhow::Result<()> {
    let id = DeviceId::parse(enrolment).context("an enrolment is a UUID, as `vigil-server device list` shows it")?;
    let mut tx = installation.store.begin().await?;
    if !Device::revoke(&mut tx, id, installation.now().timestamp_micros()).await? {
        bail!("there is no workstation {enrolment} that is not revoked already");
    }
    let reason = format!("enrolment={id}");
    installation.record(&mut tx, kind::DEVICE_REVOKE, Outcome::Success, Agent::Operator, reason, None).await?;
    tx.commit().await?;
    Ok(say(&format!("{id} is revoked"))?)
}
