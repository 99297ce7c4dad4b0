//! `vigil-server key`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;
use vigil_audit::{Agent, Outcome};

use super::{minute, say};
use crate::config::Config;
use crate::directory::rotate_group;
use crate::installation::Installation;
use crate::keyring::{rotate_device_authority, rotate_seal_key};
use crate::kind;
use crate::rotation::rotate_master;
use crate::server::Bound;
use crate::store::ServerKey;

#[derive(Subcommand)]
pub(super) enum Command {
    /// List the server's own keys
    List,
    /// Give a key a successor
    #[command(subcommand)]
    Rotate(Rotate),
}

#[derive(Subcommand)]
pub(super) enum Rotate {
    /// What workstations seal their entries to; stop every process of the server before, and start them after
    Seal,
    /// What signs the certificates of workstations; stop every process of the server before, and start them after
    DeviceAuthority,
    /// The master key; stop every process of the server before, and start them with the new configuration after
    Master {
        /// A whole configuration that differs in its section custody alone: who keeps the new key, which is made there if there is none
        new: PathBuf,
    },
    /// A group's key on every workstation, though nobody has left the group
    Group {
        /// break-glass, or care-group/ and a name
        group: String,
    },
}

pub(super) async fn obey(installation: &Installation, command: Command) -> anyhow::Result<()> {
    match command {
        Command::List => {
            for key in ServerKey::every(&mut installation.store.read().await?).await? {
                let state = key.retired.map_or_else(|| "in use".to_owned(), |at| format!("retired {}", minute(at)));
                say(&format!("{:<16}  {}  made {}  {state}", key.purpose, key.id, minute(key.made)))?;
            }
            Ok(())
        }
        Command::Rotate(Rotate::Group { group }) => {
            let logs = rotate_group(installation, &group).await?;
            Ok(say(&format!("{group} has a new key on {logs} workstations; they get it at the next sign-in"))?)
        }
        Command::Rotate(Rotate::Master { new }) => master(installation, &new).await,
        Command::Rotate(Rotate::Seal) => own(installation, Own::Seal).await,
        Command::Rotate(Rotate::DeviceAuthority) => own(installation, Own::DeviceAuthority).await,
    }
}

async fn master(installation: &Installation, new: &Path) -> anyhow::Result<()> {
    let config = Config::load(Some(new), [])?;
    // A server that runs would go on writing under the former key.
    let stopped = Bound::to(&installation.config.listen).await;
    let _listening = stopped.context("stop the server first")?;
    let kept = rotate_master(installation, &config).await?;
    if let Some(kept) = kept {
        say(&format!("the database under the former key is {}; remove it when the server runs", kept.display()))?;
    }
    say(&format!("start the server with {} from now on", new.display()))?;
    Ok(say("keep the former master key for as long as there are backups of before: they open with it alone")?)
}

#[derive(Clone, Copy)]
enum Own {
    Seal,
    DeviceAuthority,
}

async fn own(installation: &Installation, key: Own) -> anyhow::Result<()> {
    let (now, master) = (installation.now(), &installation.master);
    let mut tx = installation.store.begin().await?;
    let (what, id) = match key {
        Own::Seal => ("seal", rotate_seal_key(&mut tx, master, now).await?),
        Own::DeviceAuthority => ("device-authority", rotate_device_authority(&mut tx, master, now).await?),
    };
    let reason = format!("key={what} id={id}");
    installation.record(&mut tx, kind::SERVER_KEY_ROTATE, Outcome::Success, Agent::Operator, reason, None).await?;
    tx.commit().await?;
    Ok(say(&format!("{what} {id} is in use from the next start of the server on"))?)
}
