//! The recovery key and passwords, on the command line.

use std::path::Path;

use anyhow::Context;
use vigil_workstation::Workstation;
use vigil_workstation::view::{
    RecoveryKeyConfirmRequest, RecoveryKeyCreateRequest, RecoveryStage, UserPasswordChangeRequest,
    UserPasswordRecoverRequest,
};

use super::{Passwords, complain, open, say, setup, sign_in};
use crate::options::{Options, RecoveryCommand, UserCommand};

pub(super) fn run(options: &Options, command: &RecoveryCommand) -> anyhow::Result<()> {
    match command {
        RecoveryCommand::Make { administrator, password_stdin, out } => {
            let mut lines = Passwords::new(*password_stdin);
            let workstation = open(options, Box::new(|_| {}))?;
            let password = lines.next(&format!("Password of {administrator}"))?;
            super::sign_in_with(&workstation, administrator, password.clone(), &mut lines)?;
            make(&workstation, Some(password), out.as_deref(), &mut lines)?;
            Ok(workstation.close()?)
        }
        RecoveryCommand::Decline { administrator, password_stdin } => {
            let workstation = sign_in(options, administrator, &mut Passwords::new(*password_stdin), Box::new(|_| {}))?;
            decline(&workstation)?;
            Ok(workstation.close()?)
        }
        RecoveryCommand::Status => {
            let workstation = open(options, Box::new(|_| {}))?;
            let state = workstation.recovery_state()?;
            workstation.close()?;
            let text = match (state.stage, state.fingerprint, state.made) {
                (RecoveryStage::Made, Some(name), Some(made)) => {
                    format!("there is a recovery key: {name}, made {made}")
                }
                (RecoveryStage::Declined, ..) => "there is no recovery key: an administrator declined it".to_owned(),
                (RecoveryStage::Broken, ..) => {
                    "the recovery key is not usable any more; make a new one with `vigil recovery make`".to_owned()
                }
                (RecoveryStage::Missing | RecoveryStage::Made, ..) => {
                    "there is no recovery key yet; make one with `vigil recovery make`".to_owned()
                }
            };
            say(&text)
        }
    }
}

/// Makes a key, writes or shows its paper, and asks for two groups of it.
pub(super) fn make(
    workstation: &Workstation,
    password: Option<String>,
    out: Option<&Path>,
    lines: &mut Passwords,
) -> anyhow::Result<()> {
    let shown = workstation.recovery_key_make(RecoveryKeyCreateRequest { password })?;
    match out {
        Some(file) => {
            let file = std::path::absolute(file).with_context(|| format!("{} is no path", file.display()))?;
            workstation.recovery_key_save(&file)?;
            say(&format!("The paper is {}. Print it, then delete the file.", file.display()))?;
        }
        None => {
            say("Write this down; it is not shown again:")?;
            shown.groups.chunks(2).try_for_each(|row| say(&format!("    {}", row.join("-"))))?;
        }
    }
    say(&format!("The name of this key is {}.", shown.fingerprint))?;
    let asked = shown.ask.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
    say(&format!("Two groups are asked for: {asked}."))?;
    let groups = shown
        .ask
        .iter()
        .map(|number| lines.next(&format!("Group {number} of the paper")))
        .collect::<anyhow::Result<Vec<_>>>()?;
    workstation.recovery_key_confirm(RecoveryKeyConfirmRequest { groups })?;
    say(&format!("{} is the organisation recovery key now. Keep the paper as it says.", shown.fingerprint))
}

pub(super) fn decline(workstation: &Workstation) -> anyhow::Result<()> {
    workstation.recovery_key_decline()?;
    complain(&anyhow::anyhow!(
        "this workstation goes on without a recovery key: if its device key is lost, so is the data, and nobody can give an \
         administrator a new password. `vigil recovery make` makes one at any time"
    ));
    Ok(())
}

/// Opens a workstation whose device key is lost.
pub(super) fn recover(options: &Options, username: &str, password_stdin: bool) -> anyhow::Result<()> {
    let request = recovery_request(username, &mut Passwords::new(password_stdin))?;
    let (workstation, view) = Workstation::recover(setup(options, Box::new(|_| {}))?, request)?;
    workstation.close()?;
    say(&format!("The data opens again. Device key: {}", view.custodian))?;
    say(&format!(
        "{username} signs in with the new password and then chooses another one; every other user gets one from them."
    ))?;
    if view.findings.is_empty() {
        return Ok(());
    }
    complain(&anyhow::anyhow!("the audit log is not what was written:\n  {}", view.findings.join("\n  ")));
    Ok(())
}

/// The commands about passwords.
pub(super) fn passwords(options: &Options, command: &UserCommand) -> anyhow::Result<()> {
    match command {
        UserCommand::ResetPassword { administrator, username, password_stdin } => {
            let mut passwords = Passwords::new(*password_stdin);
            let workstation = sign_in(options, administrator, &mut passwords, Box::new(|_| {}))?;
            let password = passwords.next(&format!("New password of {username}"))?;
            let user = workstation.user_password_reset_by_name(username, password)?;
            workstation.close()?;
            say(&format!("{} signs in with it once and then chooses another one", user.display_name))
        }
        UserCommand::ChangePassword { user, password_stdin } => {
            let mut passwords = Passwords::new(*password_stdin);
            let workstation = open(options, Box::new(|_| {}))?;
            let current = passwords.next(&format!("Password of {user}"))?;
            super::sign_in_with(&workstation, user, current.clone(), &mut passwords)?;
            let password = passwords.next("New password")?;
            workstation.user_password_change(UserPasswordChangeRequest { current, password })?;
            workstation.close()?;
            say("the new password counts from now on")
        }
        UserCommand::RecoverPassword { username, password_stdin } => {
            let request = recovery_request(username, &mut Passwords::new(*password_stdin))?;
            let workstation = open(options, Box::new(|_| {}))?;
            workstation.user_password_recover(request)?;
            workstation.close()?;
            say(&format!("{username} signs in with the new password and then chooses another one"))
        }
        UserCommand::Create { .. }
        | UserCommand::List { .. }
        | UserCommand::Rights { .. }
        | UserCommand::Update(_)
        | UserCommand::Disable(_)
        | UserCommand::Enable(_) => Ok(()),
    }
}

fn recovery_request(username: &str, lines: &mut Passwords) -> anyhow::Result<UserPasswordRecoverRequest> {
    Ok(UserPasswordRecoverRequest {
        username: username.to_owned(),
        recovery_key: lines.next("Recovery key")?,
        password: lines.next(&format!("New password of {username}"))?,
    })
}
