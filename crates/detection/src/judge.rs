//! What each kind of rule makes of the state.

mod emergency;
mod event;
mod export;
mod machine;
mod off_hours;
mod returns;
mod sign_in;
mod volume;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use vigil_model::PatientId;
use vigil_policy::unusual::{FEWEST_HOURS, Usual};

use crate::detector::Noted;
use crate::detector::count::Compared;
use crate::detector::timeline::Micros;
use crate::{Detector, DeviceContact, EventId, Fact, Figures, Kind, Observation, Rule, RuleSet, Subject};

/// Something that a rule found, before it is known whether it was told already.
pub(crate) struct Candidate {
    pub(crate) subject: Subject,
    /// What else makes the episode one of its own.
    pub(crate) part: Option<String>,
    pub(crate) at: Micros,
    /// When the first of it happened.
    pub(crate) since: Micros,
    /// All of it, oldest first.
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) figures: Figures,
    /// Whether it is more than was counted before. What is not begins no episode; it belongs to one that runs.
    pub(crate) grows: bool,
}

/// An entry behind a finding, and whose chart it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Evidence {
    pub(crate) id: EventId,
    pub(crate) patient: Option<PatientId>,
}

/// What `rule` makes of an entry that is in the state already.
pub(crate) fn entry(
    state: &Detector,
    rules: &RuleSet,
    rule: &Rule,
    seen: &Observation,
    noted: &Noted,
) -> Option<Candidate> {
    match &rule.kind {
        Kind::UnusualVolume(rule) => volume::judge(state, rule, seen, noted),
        Kind::BreakGlassBurst(rule) => emergency::judge(state, rule, seen, noted),
        Kind::VipAccess(rule) => returns::judge(state, rule, returns::Whose::Vip, seen, noted),
        Kind::CoWorkerAccess(rule) => returns::judge(state, rule, returns::Whose::Employee, seen, noted),
        Kind::RepeatedUnexplained(rule) => returns::judge(state, rule, returns::Whose::Anybody, seen, noted),
        Kind::OffHours(rule) => off_hours::judge(state, rule, rules.offset, seen, noted),
        Kind::FailedSignIns(rule) => sign_in::judge(state, rule, seen, noted),
        Kind::BulkExport(rule) => export::judge(state, rule, seen, noted),
        Kind::KeyEvent(interactions) => event::key_event(interactions, seen),
        Kind::SecurityAlert(except) => event::security_alert(except, seen),
        Kind::LogIntegrity(_) | Kind::SilentDevice(_) => None,
    }
}

/// What `rule` makes of what the server found.
pub(crate) fn fact(rule: &Rule, fact: &Fact) -> Option<Candidate> {
    match &rule.kind {
        Kind::LogIntegrity(facts) => machine::log_integrity(facts, fact),
        Kind::UnusualVolume(_)
        | Kind::BreakGlassBurst(_)
        | Kind::VipAccess(_)
        | Kind::CoWorkerAccess(_)
        | Kind::RepeatedUnexplained(_)
        | Kind::OffHours(_)
        | Kind::FailedSignIns(_)
        | Kind::BulkExport(_)
        | Kind::SilentDevice(_)
        | Kind::KeyEvent(_)
        | Kind::SecurityAlert(_) => None,
    }
}

/// What `rule` makes of who was last heard of when.
pub(crate) fn silence(rule: &Rule, now: DateTime<Utc>, devices: &[DeviceContact]) -> Vec<Candidate> {
    match &rule.kind {
        Kind::SilentDevice(rule) => machine::silent_devices(rule, now, devices),
        Kind::UnusualVolume(_)
        | Kind::BreakGlassBurst(_)
        | Kind::VipAccess(_)
        | Kind::CoWorkerAccess(_)
        | Kind::RepeatedUnexplained(_)
        | Kind::OffHours(_)
        | Kind::FailedSignIns(_)
        | Kind::BulkExport(_)
        | Kind::LogIntegrity(_)
        | Kind::KeyEvent(_)
        | Kind::SecurityAlert(_) => Vec::new(),
    }
}

/// The fullest of the windows that end so, the earliest first, and fire; with the entries of all of them. Where nothing came in late there
/// is one.
fn fullest(ends: impl Iterator<Item = Micros>, judge: impl Fn(Micros) -> Option<Candidate>) -> Option<Candidate> {
    let mut firing: Vec<Candidate> = ends.filter_map(judge).collect();
    if firing.len() < 2 {
        return firing.pop();
    }
    let mut known = BTreeSet::new();
    let every = firing.iter().flat_map(|found| &found.evidence);
    let every: Vec<Evidence> = every.filter(|one| known.insert(one.id)).cloned().collect();
    let fullest = firing.into_iter().max_by_key(|found| (found.figures.count, std::cmp::Reverse(found.at)))?;
    Some(Candidate { evidence: every, ..fullest })
}

/// Microseconds as seconds.
fn seconds(micros: Micros) -> u64 {
    u64::try_from(micros / 1_000_000).unwrap_or(0)
}

/// The number of something.
fn number(of: usize) -> u64 {
    u64::try_from(of).unwrap_or(u64::MAX)
}

/// The most that is not more than `times` the usual of colleagues, over as many days as the user was active; with it, what is usual.
/// Fewer active days than a habit has hours are no comparison.
fn colleagues(compared: Compared, times: u32) -> Option<(u64, String)> {
    if compared.their_days < FEWEST_HOURS {
        return None;
    }
    let usual = Usual::from_parts(compared.theirs.saturating_mul(compared.own_days.max(1)), compared.their_days)?;
    Some((u64::from(usual.most(times)), usual.to_string()))
}
