//! `vigil user list`, `rights` and `update`.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;
use vigil_workstation::Role;
use vigil_workstation::view::{
    AccessRightsSaveRequest, AccessRightsSelection, ReportForm, RightsColumn, TeamView, UserUpdateRequest, UserView,
};

use super::{Passwords, say, show_reseal, sign_in};
use crate::options::{Options, UpdateOptions};

/// Lists the users.
pub(super) fn list(options: &Options, administrator: &str, password_stdin: bool, json: bool) -> anyhow::Result<()> {
    let workstation = sign_in(options, administrator, &mut Passwords::new(password_stdin), Box::new(|_| {}))?;
    let (users, teams) = (workstation.user_search()?, workstation.team_search()?);
    workstation.close()?;
    if json { say(&serde_json::to_string_pretty(&users)?) } else { show(&users, &teams) }
}

/// Says what each user may do.
pub(super) fn rights(options: &Options, user: &str, password_stdin: bool, out: Option<&Path>) -> anyhow::Result<()> {
    let workstation = sign_in(options, user, &mut Passwords::new(password_stdin), Box::new(|_| {}))?;
    let selection = AccessRightsSelection { sort: RightsColumn::Who, descending: false };
    let said = match out {
        None => serde_json::to_string_pretty(&workstation.access_rights_read(selection)?)?,
        Some(file) => {
            let form = if file.extension().is_some_and(|end| end == "pdf") { ReportForm::Pdf } else { ReportForm::Csv };
            let path = std::path::absolute(file).context("this is no path")?.to_string_lossy().into_owned();
            let saved = workstation.access_rights_save(AccessRightsSaveRequest { selection, form, path })?;
            format!("written to {}", saved.path)
        }
    };
    workstation.close()?;
    say(&said)
}

/// Changes another user; what the options do not name stays.
pub(super) fn update(options: &Options, update: &UpdateOptions) -> anyhow::Result<()> {
    let account = &update.account;
    let role = update
        .role
        .as_deref()
        .map(|role| Role::from_code(role).with_context(|| format!("there is no role {role}; see --help")));
    let role = role.transpose()?;
    let mut passwords = Passwords::new(account.password_stdin);
    let workstation = sign_in(options, &account.administrator, &mut passwords, Box::new(|_| {}))?;
    let user = workstation.user_named(&account.username)?;
    let team_ids = if update.team.is_empty() && !update.no_team {
        user.team_ids
    } else {
        let teams = workstation.team_search()?;
        let id = |name: &String| {
            let team = teams.iter().find(|team| team.name == *name);
            team.map(|team| team.id.clone()).with_context(|| format!("there is no team {name}"))
        };
        update.team.iter().map(id).collect::<Result<_, _>>()?
    };
    let changed = workstation.user_update(UserUpdateRequest {
        id: user.id,
        display_name: update.display_name.clone().unwrap_or(user.display_name),
        role: role.unwrap_or(user.role),
        practitioner: update.practitioner.clone().or(user.practitioner).unwrap_or_default(),
        team_ids,
    })?;
    workstation.key_reseal_run(&mut show_reseal)?;
    workstation.close()?;
    say(&format!("{} is {}, {}", changed.username, changed.display_name, changed.role.code()))
}

fn show(users: &[UserView], teams: &[TeamView]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    for user in users {
        let of = teams.iter().filter(|team| user.team_ids.contains(&team.id)).map(|team| team.name.as_str());
        let of: Vec<&str> = of.collect();
        let state = match (user.disabled, user.unused_days) {
            (true, _) => "closed".to_owned(),
            (false, Some(days)) => format!("open, unused for {days} days"),
            (false, None) => "open".to_owned(),
        };
        writeln!(
            out,
            "{:<20}{:<16}{}  teams {}  {}  last sign-in {}  last use {}  {state}",
            user.username,
            user.role.code(),
            user.display_name,
            if of.is_empty() { "none".to_owned() } else { of.join(", ") },
            user.practitioner.as_deref().unwrap_or("no practitioner"),
            user.last_sign_in.as_deref().unwrap_or("never"),
            user.last_use.as_deref().unwrap_or("never"),
        )?;
    }
    Ok(())
}
