//! Rules tried against what was recorded, before they decide.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use vigil_detection::{Action, Detector, Finding, RuleError, RuleSet, Subject};
use vigil_model::UserId;
use vigil_model::wire::IncidentFinding;

use super::memory::PAST;
use super::reading::{is_looked_at, observed};
use crate::installation::Installation;
use crate::store::incident::{IncidentRow, SubjectRow};
use crate::store::rule_trial::{TriedOn, tried};
use crate::store::stream::{entries_between, heads};
use crate::store::{RuleSetRow, StoreError, Tx};

/// Read at once.
const STRETCH: TimeDelta = TimeDelta::hours(6);
/// An alarm so near to the events of a known case is the alarm of that case.
const NEAR: TimeDelta = TimeDelta::days(1);
/// More incidents than this are not looked through for known misuse.
const CASES: u32 = 10_000;

/// Why rules were not tried.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// They are none.
    #[error(transparent)]
    Rules(#[from] RuleError),
    /// The work was cut off.
    #[error("the trial was cut off")]
    CutOff,
}

/// What one set of rules found: each episode once.
#[derive(Default)]
struct Found {
    detector: Detector,
    episodes: BTreeMap<String, BTreeSet<String>>,
    suspensions: BTreeSet<String>,
    users: Vec<(UserId, DateTime<Utc>)>,
}

impl Found {
    fn take(&mut self, finding: Finding) {
        if let Subject::User(user) = finding.subject {
            self.users.push((user, finding.at));
        }
        if finding.action == Action::Suspend {
            self.suspensions.insert(finding.key.clone());
        }
        self.episodes.entry(finding.rule).or_default().insert(finding.key);
    }

    fn has(&self, user: UserId, at: DateTime<Utc>) -> bool {
        self.users.iter().any(|(found, when)| *found == user && (*when - at).abs() <= NEAR)
    }

    fn alarms(&self, rule: &str) -> usize {
        self.episodes.get(rule).map_or(0, BTreeSet::len)
    }
}

/// How many alarms `new` would have raised over the last `period`, beside the rules that decide, and which cases that were closed as misuse
/// each of them finds. Nothing is raised. That these rules, with this text, were tried is kept.
///
/// # Errors
/// [`TrialError`]
pub async fn trial(installation: &Installation, text: &str, period: TimeDelta) -> Result<String, TrialError> {
    let new = &RuleSet::parse(text)?;
    let now = installation.now();
    let from = now - period;
    let mut tx = installation.store.read().await?;
    let old = deciding(&mut tx).await?;
    let own = installation.keyring.keys.own_log();
    let logs: BTreeMap<_, _> = heads(&mut tx).await?.into_iter().map(|(key, id, _)| (key, id)).collect();
    let (mut of_old, mut of_new) = (Found::default(), Found::default());
    let (mut begin, mut entries) = (from - PAST, 0_u64);
    while begin < now {
        let end = (begin + STRETCH).min(now);
        for (log, row) in entries_between(&mut tx, begin.timestamp_micros(), end.timestamp_micros()).await? {
            let looked_at = logs.get(&log).filter(|id| is_looked_at(**id, &row, own));
            let Some(observation) = looked_at.and_then(|id| observed(*id, &row)) else { continue };
            entries += u64::from(observation.at >= from);
            for (found, rules) in [(&mut of_old, &old), (&mut of_new, new)] {
                for finding in found.detector.observe(rules, &observation) {
                    if finding.at >= from {
                        found.take(finding);
                    }
                }
            }
        }
        begin = end;
    }
    let cases = IncidentRow::all(&mut tx, None, CASES).await?;
    let misuse = cases.iter().filter(|case| {
        matches!(case.finding, Some(IncidentFinding::Inappropriate | IncidentFinding::Attack))
            && case.newest >= from.timestamp_micros()
    });
    let mut known = (0_usize, 0_usize, 0_usize);
    for case in misuse {
        let (SubjectRow::User(user), Some(at)) = (&case.subject, DateTime::from_timestamp_micros(case.newest)) else {
            continue;
        };
        known.0 += 1;
        known.1 += usize::from(of_old.has(*user, at));
        known.2 += usize::from(of_new.has(*user, at));
    }
    drop(tx);
    keep(installation, text, TriedOn::Recorded).await?;
    Ok(table((&old, &of_old), (new, &of_new), period, entries, known))
}

/// The rules that decide.
pub(super) async fn deciding(tx: &mut Tx) -> Result<RuleSet, StoreError> {
    match RuleSetRow::active(tx).await? {
        Some(row) => RuleSet::parse(&row.rules).map_err(|_| StoreError::Corrupt("the rules that are kept are none")),
        None => Ok(RuleSet::default_rules()),
    }
}

/// Keeps that these rules were tried.
pub(super) async fn keep(installation: &Installation, text: &str, on: TriedOn) -> Result<(), StoreError> {
    let mut tx = installation.store.begin().await?;
    tried(&mut tx, text, on, installation.now().timestamp_micros()).await?;
    tx.commit().await
}

fn table(
    (old, of_old): (&RuleSet, &Found),
    (new, of_new): (&RuleSet, &Found),
    period: TimeDelta,
    entries: u64,
    (cases, by_old, by_new): (usize, usize, usize),
) -> String {
    let mut text = String::new();
    // Writing into a string does not fail.
    let _ = writeln!(
        text,
        "{entries} entries of {} days; log, silence and other facts of the server are not tried",
        period.num_days()
    );
    let _ = writeln!(
        text,
        "{:<28} {:>14} {:>14}",
        "rule",
        format!("version {}", old.version),
        format!("version {}", new.version)
    );
    let rules: BTreeSet<&str> = old.rules.iter().chain(&new.rules).map(|rule| rule.id.as_str()).collect();
    for rule in rules {
        let _ = writeln!(text, "{rule:<28} {:>14} {:>14}", of_old.alarms(rule), of_new.alarms(rule));
    }
    let (suspends_old, suspends_new) = (of_old.suspensions.len(), of_new.suspensions.len());
    let _ = writeln!(text, "{:<28} {suspends_old:>14} {suspends_new:>14}", "accounts suspended");
    let _ = write!(text, "{:<28} {by_old:>14} {by_new:>14}", format!("of {cases} known misuses found"));
    text
}
