//! `vigil-server group`.

use std::collections::BTreeMap;

use clap::Subcommand;

use super::say;
use crate::directory::{BREAK_GLASS, CARE_GROUP, grant, revoke};
use crate::installation::Installation;
use crate::store::directory::users;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Let a user hold a group's key
    Grant {
        /// The user name
        username: String,
        /// break-glass, or care-group/ and a name, such as care-group/general
        group: String,
    },
    /// Take a group's key from a user: the group gets a new one on every workstation
    Revoke {
        /// The user name
        username: String,
        /// The group
        group: String,
    },
    /// List the groups and who holds their keys
    List,
}

pub(super) async fn obey(installation: &Installation, command: Command) -> anyhow::Result<()> {
    let changed = match command {
        Command::Grant { username, group } => grant(installation, &username, &group).await?,
        Command::Revoke { username, group } => revoke(installation, &username, &group).await?,
        Command::List => return list(installation).await,
    };
    Ok(say(&format!("done; the directory is version {}", changed.version))?)
}

async fn list(installation: &Installation) -> anyhow::Result<()> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for user in users(&mut installation.store.read().await?).await? {
        let held = user.care_groups.iter().map(|group| format!("{CARE_GROUP}{group}"));
        for group in held.chain(user.break_glass.then(|| BREAK_GLASS.to_owned())) {
            groups.entry(group).or_default().push(user.username.clone());
        }
    }
    groups.iter().try_for_each(|(group, users)| say(&format!("{group}  {}", users.join(" "))))?;
    Ok(())
}
