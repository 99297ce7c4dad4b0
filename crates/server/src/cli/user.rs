//! `vigil-server user`.

use anyhow::Context as _;
use clap::Subcommand;
use vigil_model::Role;

use super::say;
use crate::directory::{self, NewUser};
use crate::installation::Installation;
use crate::store::directory::users;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Add a user and print the first password, which is replaced at the first sign-in
    Add {
        /// What is typed
        username: String,
        /// What people read
        #[arg(long)]
        display_name: String,
        /// physician, nurse, pharmacist, front-desk, billing, privacy-officer, administrator
        #[arg(long)]
        role: String,
        /// Who the user is in the charts, such as Practitioner/p1
        #[arg(long, value_name = "REFERENCE")]
        practitioner: Option<String>,
    },
    /// List the users
    List,
    /// Close an account: it is out on every workstation, and every group whose key the user held gets a new one
    ///
    /// A workstation learns of the closed account within a minute while it reaches the server, and takes the new keys over at the next
    /// sign-in of somebody who holds them.
    Disable {
        /// The user name
        username: String,
    },
    /// Open a closed account again
    Enable {
        /// The user name
        username: String,
    },
    /// Give a user another role
    SetRole {
        /// The user name
        username: String,
        /// The role
        role: String,
    },
    /// Print a new first password
    PasswordReset {
        /// The user name
        username: String,
    },
}

pub(super) async fn obey(installation: &Installation, command: Command) -> anyhow::Result<()> {
    let role = |code: &str| Role::from_code(code).with_context(|| format!("there is no role {code}; see --help"));
    match command {
        Command::Add { username, display_name, role: code, practitioner } => {
            let new = NewUser { username, display_name, role: role(&code)?, practitioner };
            let (id, password) = directory::add_user(installation, new).await?;
            say(&format!("user {id}"))?;
            Ok(say(&format!("first password: {}", *password))?)
        }
        Command::List => {
            for user in users(&mut installation.store.read().await?).await? {
                let state = if user.disabled { "closed" } else { "open" };
                say(&format!("{:<20}  {:<16}  {state:<6}  {}", user.username, user.role.code(), user.display_name))?;
            }
            Ok(())
        }
        Command::Disable { username } => changed(directory::disable(installation, &username, true).await?),
        Command::Enable { username } => changed(directory::disable(installation, &username, false).await?),
        Command::SetRole { username, role: code } => {
            changed(directory::set_role(installation, &username, role(&code)?).await?)
        }
        Command::PasswordReset { username } => {
            let password = directory::reset_password(installation, &username).await?;
            Ok(say(&format!("first password: {}", *password))?)
        }
    }
}

fn changed(changed: directory::Changed) -> anyhow::Result<()> {
    Ok(say(&format!("done; the directory is version {}", changed.version))?)
}
