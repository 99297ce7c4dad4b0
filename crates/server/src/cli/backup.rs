//! `vigil-server backup` and `vigil-server restore`.

use std::path::Path;
use std::process::ExitCode;

use vigil_audit::Agent;

use super::{audit, say};
use crate::backup::{self, BackupError};
use crate::clock::Clock;
use crate::config::Config;
use crate::custody::Purpose;
use crate::installation::{Installation, database_url, open_master};
use crate::keyring::Keyring;
use crate::store::{DatabaseUrl, Store};

pub(super) async fn write(installation: &Installation, file: &Path) -> anyhow::Result<()> {
    let url = database_url(&installation.config)?;
    let (keys, key) = (&installation.keyring.keys, installation.master.key(Purpose::Backups)?);
    let head = backup::write(&installation.store, &url, keys, &key, file, Agent::Operator, installation.now()).await?;
    Ok(say(&format!("{} is a backup of {}", file.display(), head.created))?)
}

/// Ends with 1 when the backup holds logs that do not verify.
pub(super) async fn restore(config: &Config, file: &Path) -> anyhow::Result<ExitCode> {
    let now = Clock::system().now();
    let url = database_url(config)?;
    // It opens under the master key that it was written with, and under no other.
    let master = open_master(config, false).await?;
    let database_key = match &url {
        DatabaseUrl::Sqlite(_) => Some(master.key(Purpose::Database)?),
        DatabaseUrl::Postgres(_) => None,
    };
    let keys = async |store: &Store| Ok(Keyring::open(store, &master, &config.name, now).await?.keys);
    let key = master.key(Purpose::Backups)?;
    match backup::restore(file, &url, database_key.as_ref(), keys, &key, now).await {
        Ok(logs) => {
            audit::show(&logs)?;
            say("the backup is restored, and every log in it is intact")?;
            Ok(ExitCode::SUCCESS)
        }
        Err(BackupError::Unsound(logs)) => {
            audit::show(&logs)?;
            say(match url {
                DatabaseUrl::Sqlite(_) => "the backup is not good: nothing was put in place; use another one",
                DatabaseUrl::Postgres(_) => "the backup is not good: drop the database and use another one",
            })?;
            Ok(ExitCode::FAILURE)
        }
        Err(error) => Err(error.into()),
    }
}
