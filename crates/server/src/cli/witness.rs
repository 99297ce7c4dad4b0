//! `vigil-server witness`.

use clap::Subcommand;

use super::say;
use crate::ca::{from_files, pem};
use crate::installation::Installation;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Print the key of its cosignatures: another server names it as witness.key, or among its witness.servers
    Key,
    /// Print the certificate (PEM) that this server's own is trusted by: another one names the file as witness.anchor
    Anchor,
}

pub(super) fn obey(installation: &Installation, command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Key => say(&installation.keyring.keys.witness_key())?,
        Command::Anchor => {
            let anchor = match &installation.config.tls {
                Some(files) => from_files(files)?.1,
                None => installation.keyring.server_authority.certificate().clone(),
            };
            say(pem(&anchor).trim_end())?;
        }
    }
    Ok(())
}
