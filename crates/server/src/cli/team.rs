//! `vigil-server team`.

use std::collections::HashMap;

use clap::Subcommand;

use super::say;
use crate::directory::{put_team, remove_team};
use crate::installation::Installation;
use crate::store::directory::{teams, users};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make a team, or give one other members
    Put {
        /// What people read
        name: String,
        /// A member by user name, once for each; these and no others
        #[arg(long = "member", value_name = "USERNAME")]
        members: Vec<String>,
        /// Who the team is in the charts, such as CareTeam/t1
        #[arg(long, value_name = "REFERENCE")]
        reference: Option<String>,
    },
    /// List the teams and their members
    List,
    /// Dissolve a team
    Remove {
        /// Its name
        name: String,
    },
}

pub(super) async fn obey(installation: &Installation, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Put { name, members, reference } => {
            let id = put_team(installation, &name, reference, &members).await?;
            Ok(say(&format!("team {id}"))?)
        }
        Command::List => {
            let mut tx = installation.store.read().await?;
            let names: HashMap<_, _> = users(&mut tx).await?.into_iter().map(|user| (user.id, user.username)).collect();
            for team in teams(&mut tx).await? {
                let members = team.members.iter().map(|id| names.get(id).map_or("?", String::as_str));
                say(&format!("{}  {}", team.name, members.collect::<Vec<_>>().join(" ")))?;
            }
            Ok(())
        }
        Command::Remove { name } => {
            let changed = remove_team(installation, &name).await?;
            Ok(say(&format!("done; the directory is version {}", changed.version))?)
        }
    }
}
