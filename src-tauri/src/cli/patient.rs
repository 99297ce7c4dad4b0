//! `vigil patient destroy-...`: destroying a patient's record, or one entry of it, with two persons. Patients are named by id alone.

use std::io::{self, Write};

use anyhow::Context;
use vigil_workstation::view::{DestructionDecideRequest, DestructionListView, DestructionRequest};
use vigil_workstation::{DestructionReason, Workstation};

use super::{Passwords, say, setup, sign_in};
use crate::options::{DecideOptions, Options, PatientCommand};

/// Runs one of them to its end.
pub(super) fn run(options: &Options, command: &PatientCommand) -> anyhow::Result<()> {
    match command {
        PatientCommand::DestroyRequest { user, password_stdin, patient, resource, reason } => {
            let reason = DestructionReason::from_code(reason)
                .with_context(|| format!("there is no reason {reason}; see --help"))?;
            let mut lines = Passwords::new(*password_stdin);
            let workstation = sign_in(options, user, &mut lines, Box::new(|_| {}))?;
            let number = workstation.patient_destruction_request(DestructionRequest {
                patient_id: patient.clone(),
                resource: resource.clone(),
                reason,
                // Not an argument: every program on the computer may read those.
                words: lines
                    .visible("Why, in words that stay on record (the law, the file; nothing of the content)")?,
            })?;
            workstation.close()?;
            say(&format!(
                "request {number} waits for a second person: vigil patient destroy-approve --request {number}"
            ))
        }
        PatientCommand::DestroyApprove(decide) => approve(options, decide),
        PatientCommand::DestroyWithdraw(decide) => {
            let mut passwords = Passwords::new(decide.password_stdin);
            let workstation = sign_in(options, &decide.user, &mut passwords, Box::new(|_| {}))?;
            workstation.patient_destruction_withdraw(named(decide))?;
            workstation.close()?;
            say(&format!("request {} is withdrawn", decide.request))
        }
        PatientCommand::DestroyList { user, password_stdin, json } => {
            let workstation = sign_in(options, user, &mut Passwords::new(*password_stdin), Box::new(|_| {}))?;
            let list = workstation.patient_destruction_search()?;
            workstation.close()?;
            if *json { say(&serde_json::to_string_pretty(&list)?) } else { show(&list) }
        }
    }
}

fn approve(options: &Options, decide: &DecideOptions) -> anyhow::Result<()> {
    let mut passwords = Passwords::new(decide.password_stdin);
    let workstation = sign_in(options, &decide.user, &mut passwords, Box::new(|_| {}))?;
    workstation.patient_destruction_approve(named(decide))?;
    workstation.close()?;
    drop(workstation);
    say(&format!(
        "request {} is carried out for {}: it is destroyed; backups that were written before still hold it",
        decide.request, decide.patient
    ))?;
    // What the disk may keep of the old pages opens under the former database key alone.
    let replaced = Workstation::database_key_rotate_unopened(setup(options, Box::new(|_| {}))?, &mut |_| true);
    match replaced {
        Ok(()) => say("the database is under a new key"),
        Err(error) => say(&format!("the database gets a new key when the program starts next ({error})")),
    }
}

fn named(decide: &DecideOptions) -> DestructionDecideRequest {
    DestructionDecideRequest { id: decide.request, patient_id: decide.patient.clone() }
}

fn show(list: &DestructionListView) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    for row in &list.rows {
        let stage = serde_json::to_value(row.stage)?;
        let decided = match (&row.decided, &row.decided_by) {
            (Some(at), Some(by)) => format!("; decided {at} by {by}"),
            _ => format!("; {} resources; somebody else may agree until {}", row.resources, row.expires),
        };
        let of = row.resource.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
        let destroyed = row.destroyed.as_ref().map(|at| format!("; destroyed {at}")).unwrap_or_default();
        writeln!(
            out,
            "{:>5}  {:<10} patient {}{of}  {}: {}; asked {} by {}{decided}{destroyed}",
            row.id,
            stage.as_str().unwrap_or_default(),
            row.patient_id,
            row.reason.code(),
            row.words,
            row.requested,
            row.requested_by,
        )?;
    }
    if list.rows.is_empty() {
        writeln!(out, "nobody has asked for the destruction of anything")?;
    }
    Ok(())
}
