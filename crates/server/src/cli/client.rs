//! `vigil-server client`.

use anyhow::bail;
use clap::Subcommand;

use super::{minute, say};
use crate::installation::Installation;
use crate::oauth::{add_client, revoke_client};
use crate::store::Client;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make another system known and print its id and secret, which nobody can read again
    Add {
        /// What people call it
        name: String,
    },
    /// List the systems
    List,
    /// Take a system's access away, with its next call
    Revoke {
        /// Its id, as `list` shows it
        id: String,
    },
}

/// The longest name, in characters.
const LONGEST: usize = 64;

pub(super) async fn obey(installation: &Installation, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add { name } => {
            if name.trim().is_empty() || name.chars().count() > LONGEST || name.contains(char::is_control) {
                bail!("a system's name has 1 to {LONGEST} characters");
            }
            let (client, secret) = add_client(installation, name.trim()).await?;
            say(&format!("client_id: {}", client.id))?;
            say(&format!("client_secret: {}", *secret))?;
            Ok(say(&format!("scope: {}", client.scopes))?)
        }
        Command::List => {
            for client in Client::all(&mut installation.store.read().await?).await? {
                let state = if client.revoked.is_some() { "revoked" } else { "known" };
                say(&format!("{}  {state:<7}  since {}  {}", client.id, minute(client.made), client.name))?;
            }
            Ok(())
        }
        Command::Revoke { id } => {
            if !revoke_client(installation, &id).await? {
                bail!("there is no system {id} that is not revoked already; `vigil-server client list` shows them");
            }
            Ok(say(&format!("{id} is revoked"))?)
        }
    }
}
