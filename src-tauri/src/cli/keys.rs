//! `vigil keys`: the keys of the workstation. Nothing here is secret.

use std::io::{self, Write};

use vigil_workstation::Workstation;
use vigil_workstation::view::{KeyListView, KeyRotateRequest, KeySearchRequest, KeyUseListView, KeyUseSearchRequest};

use super::{Passwords, say, setup, show_reseal, sign_in};
use crate::options::{KeysCommand, Options};

/// The word that asks for nothing new.
const RESUME: &str = "resume";
/// The key that is replaced while nobody has the database open.
const DATABASE: &str = "database";

/// Runs one of them to its end.
pub(super) fn run(options: &Options, command: &KeysCommand) -> anyhow::Result<()> {
    match command {
        KeysCommand::Status { user, password_stdin, each_patient, json } => {
            let workstation = sign_in(options, user, &mut Passwords::new(*password_stdin), Box::new(|_| {}))?;
            let list = workstation.key_search(KeySearchRequest { each_patient: *each_patient })?;
            workstation.close()?;
            if *json { say(&serde_json::to_string_pretty(&list)?) } else { show(&list) }
        }
        KeysCommand::Rotate { keys, user, password_stdin } => rotate(options, keys, user, *password_stdin),
        KeysCommand::Log { user, password_stdin, of, patient, from, until, json } => {
            let workstation = sign_in(options, user, &mut Passwords::new(*password_stdin), Box::new(|_| {}))?;
            let uses = workstation.key_use_search(KeyUseSearchRequest {
                user_id: of.clone(),
                patient_id: patient.clone(),
                from: from.clone(),
                until: until.clone(),
            })?;
            workstation.close()?;
            if *json { say(&serde_json::to_string_pretty(&uses)?) } else { show_uses(&uses) }
        }
    }
}

fn rotate(options: &Options, keys: &[String], user: &str, password_stdin: bool) -> anyhow::Result<()> {
    let workstation = sign_in(options, user, &mut Passwords::new(password_stdin), Box::new(|_| {}))?;
    for key in keys.iter().filter(|key| *key != RESUME) {
        workstation.key_rotate(KeyRotateRequest { key: key.clone() })?;
        if key != DATABASE {
            say(&format!("{key} is replaced"))?;
        }
    }
    workstation.key_reseal_run(&mut show_reseal)?;
    workstation.close()?;
    drop(workstation);
    if keys.iter().any(|key| key == DATABASE) {
        Workstation::database_key_rotate_unopened(setup(options, Box::new(|_| {}))?, &mut |progress| {
            // A progress line that cannot be shown stops nothing.
            let _ = write!(io::stderr(), "\rdatabase: {} of {} bytes      ", progress.done, progress.total);
            true
        })?;
        say("database is replaced")?;
    }
    Ok(())
}

fn show(list: &KeyListView) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    let line = |cells: [&str; 8]| {
        let [id, version, state, made, age, next, count, custodian] = cells;
        format!("{id:<28}{version:>8}  {state:<13}{made:<19}{age:>9}  {next:<32}{count:>8}  {custodian}")
    };
    writeln!(out, "{}", line(["key", "version", "state", "made", "age", "next rotation", "keys", "custodian"]))?;
    for row in &list.rows {
        let age = row.age_days.map(|days| format!("{days} d")).unwrap_or_default();
        let next = row.next_rotation.as_deref().unwrap_or("-");
        let next = if row.due { format!("{next} (due)") } else { next.to_owned() };
        let (version, count) = (row.version.to_string(), row.count.to_string());
        let made = row.made.as_deref().unwrap_or("-");
        writeln!(out, "{}", line([&row.id, &version, &row.state, made, &age, &next, &count, &row.custodian]))?;
    }
    if let Some(progress) = &list.under_way {
        writeln!(out, "{}: {} of {} rows are sealed anew", progress.what, progress.done, progress.total)?;
    }
    if list.database_at_start {
        writeln!(out, "a new database key is made when the program starts next")?;
    }
    Ok(())
}

fn show_uses(uses: &KeyUseListView) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    for row in &uses.rows {
        let patient = row.patient_id.as_deref().unwrap_or("-");
        writeln!(
            out,
            "{:>9}  {}  {} ({})  patient {patient}  {}  for {}  keys {}",
            row.sequence,
            row.recorded,
            row.who,
            row.role,
            row.what,
            row.purpose,
            row.keys.join(" "),
        )?;
    }
    if uses.cut_off {
        writeln!(out, "there are more; ask for a shorter period")?;
    }
    Ok(())
}
