//! Logs that are not whole, and workstations that are not heard of.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Candidate, Evidence, number, seconds};
use crate::{DeviceContact, EventId, Fact, FactKind, Figures, SilentDevice, Subject};

pub(super) fn log_integrity(facts: &BTreeSet<FactKind>, fact: &Fact) -> Option<Candidate> {
    facts.contains(&fact.kind).then(|| Candidate {
        subject: fact.log.map_or(Subject::Fleet, Subject::Device),
        part: Some(fact.kind.code().to_owned()),
        at: fact.at.timestamp_micros(),
        since: fact.at.timestamp_micros(),
        evidence: fact
            .log
            .zip(fact.seq)
            .map(|(log, seq)| Evidence { id: EventId { log, seq }, patient: None })
            .into_iter()
            .collect(),
        figures: Figures { count: 1, limit: 0, usual: None, window_seconds: 0 },
        grows: true,
    })
}

/// Workstations that fall silent within this time of each other fall silent at once.
const AT_ONCE: TimeDelta = TimeDelta::hours(1);

pub(super) fn silent_devices(rule: &SilentDevice, now: DateTime<Utc>, devices: &[DeviceContact]) -> Vec<Candidate> {
    let Some(after) = rule.after.num_microseconds() else { return Vec::new() };
    let mut silent: Vec<&DeviceContact> = devices.iter().filter(|device| now - device.last > rule.after).collect();
    silent.sort_unstable_by_key(|device| (device.last, device.device));
    let candidate = |subject, since: DateTime<Utc>, count, limit| Candidate {
        subject,
        // One silence is one episode, however long it lasts.
        part: Some(since.timestamp().to_string()),
        at: since.timestamp_micros().saturating_add(after),
        since: since.timestamp_micros(),
        evidence: Vec::new(),
        figures: Figures { count, limit, usual: None, window_seconds: seconds(after) },
        grows: true,
    };
    let mut found = Vec::new();
    let mut rest = silent.as_slice();
    while let Some(first) = rest.first() {
        let at_once = rest.partition_point(|device| device.last - first.last < AT_ONCE);
        let (group, others) = rest.split_at(at_once);
        if number(group.len()) > u64::from(rule.together) {
            found.push(candidate(Subject::Fleet, first.last, number(group.len()), u64::from(rule.together)));
        } else {
            found.extend(group.iter().map(|device| candidate(Subject::Device(device.device), device.last, 1, 0)));
        }
        rest = others;
    }
    found
}
