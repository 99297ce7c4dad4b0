//! `vigil-server incident`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Subcommand;
use vigil_model::wire::{Incident, IncidentAct, IncidentFinding, IncidentState, IncidentSubject, IncidentSummary};

use super::say;
use crate::channels::Channels;
use crate::evidence::evidence;
use crate::incident::{Officer, act, incident, incidents};
use crate::installation::Installation;
use crate::store::incident::{finding_of, state_of};

#[derive(Subcommand)]
pub(super) enum Command {
    /// List incidents: those that are not closed first, the gravest first
    List {
        /// open, acknowledged or closed
        #[arg(long, value_parser = state)]
        state: Option<IncidentState>,
    },
    /// Show one with what was done about it; which patients are affected is for the privacy officer's desk
    Show {
        /// Its number
        number: u64,
    },
    /// Say that it is looked at: nobody else is called
    Acknowledge {
        /// Its number
        number: u64,
    },
    /// Lift the suspension that it led to, on every workstation
    Lift {
        /// Its number
        number: u64,
        /// Why
        #[arg(long)]
        words: String,
    },
    /// Close it
    Close {
        /// Its number
        number: u64,
        /// appropriate, mistake, inappropriate, attack or technical
        #[arg(long, value_parser = finding)]
        finding: IncidentFinding,
        /// Why
        #[arg(long)]
        words: String,
    },
    /// Write its evidence into a new file, for an auditor
    Evidence {
        /// Its number
        number: u64,
        /// The new file
        to: PathBuf,
    },
}

fn state(code: &str) -> Result<IncidentState, &'static str> {
    state_of(code).ok_or("it is open, acknowledged or closed")
}

fn finding(code: &str) -> Result<IncidentFinding, &'static str> {
    finding_of(code).ok_or("it is appropriate, mistake, inappropriate, attack or technical")
}

pub(super) async fn obey(installation: &Installation, command: Command) -> anyhow::Result<()> {
    match command {
        Command::List { state } => {
            let list = incidents(installation, Officer::Operator, state).await?;
            let [open, acknowledged, closed] = list.counts;
            say(&format!("{open} open, {acknowledged} acknowledged, {closed} closed"))?;
            list.incidents.iter().try_for_each(|one| say(&line(one)))?;
        }
        Command::Show { number } => show(&incident(installation, Officer::Operator, number).await?)?,
        Command::Acknowledge { number } => done(installation, number, &IncidentAct::Acknowledge).await?,
        Command::Lift { number, words } => done(installation, number, &IncidentAct::LiftSuspension { words }).await?,
        Command::Close { number, finding, words } => {
            done(installation, number, &IncidentAct::Close { finding, words }).await?;
        }
        Command::Evidence { number, to } => {
            let archive = evidence(installation, Officer::Operator, number).await?;
            let mut file =
                std::fs::File::create_new(&to).with_context(|| format!("{} cannot be made", to.display()))?;
            std::io::Write::write_all(&mut file, &archive)?;
            file.sync_all()?;
            say(&format!("{} bytes", archive.len()))?;
        }
    }
    Ok(())
}

/// Does it. Whoever is to be told of it is told by the running server.
async fn done(installation: &Installation, number: u64, asked: &IncidentAct) -> anyhow::Result<()> {
    let channels = Channels::of(&installation.config)?;
    let now = act(installation, Officer::Operator, number, asked, &channels).await?;
    Ok(say(&line(&now.summary))?)
}

fn line(one: &IncidentSummary) -> String {
    let subject = match &one.subject {
        IncidentSubject::User { id, name } => format!("user {id} {name}"),
        IncidentSubject::Workstation { log, host } => format!("log {log} {host}"),
        IncidentSubject::Patient { .. } => "a chart".to_owned(),
        IncidentSubject::Server => "-".to_owned(),
    };
    let (severity, state) = (format!("{:?}", one.severity).to_lowercase(), format!("{:?}", one.state).to_lowercase());
    let suspended = if one.suspended { "  suspended" } else { "" };
    format!("{}  {}  {severity}  {state}  {}  {subject}{suspended}", one.id, one.opened, one.rule)
}

fn show(incident: &Incident) -> anyhow::Result<()> {
    say(&line(&incident.summary))?;
    let figures = &incident.summary.figures;
    let usual = figures.usual.as_ref().map(|usual| format!(", usual {usual}")).unwrap_or_default();
    say(&format!(
        "  counted {}, allowed {}{usual}, within {} s",
        figures.count, figures.limit, figures.window_seconds
    ))?;
    for event in &incident.events {
        say(&format!("  event {}  {}  {}.{}", event.at, event.interaction, event.log, event.seq))?;
    }
    for step in &incident.history {
        let who = step.by.as_ref().map_or_else(|| "server".to_owned(), |person| person.id.to_string());
        say(&format!("  {}  {}  {who}", step.at, step.what))?;
    }
    for sent in &incident.deliveries {
        let error = sent.error.as_deref().map(|error| format!("  {error}")).unwrap_or_default();
        say(&format!(
            "  to {}  {}  {}  tried {}  {}{error}",
            sent.channel, sent.event, sent.state, sent.attempts, sent.at
        ))?;
    }
    Ok(())
}
