//! What is added to episodes in one look at the stream, episode by episode: a burst costs one transaction, not one for each entry.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use vigil_detection::Finding;

/// The same findings. Those of which nobody is told are put together by episode, where the first of them stands.
pub(super) fn together(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    let mut places = BTreeMap::new();
    for finding in findings {
        if finding.tells {
            kept.push(finding);
            continue;
        }
        match places.entry(finding.key.clone()) {
            Entry::Vacant(place) => {
                place.insert(kept.len());
                kept.push(finding);
            }
            Entry::Occupied(place) => {
                if let Some(first) = kept.get_mut(*place.get()) {
                    add(first, finding);
                }
            }
        }
    }
    kept
}

fn add(first: &mut Finding, more: Finding) {
    first.at = first.at.max(more.at);
    first.evidence.extend(more.evidence);
    first.patients.extend(more.patients);
    if more.figures.count > first.figures.count {
        first.figures = more.figures;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::{DateTime, TimeDelta};
    use vigil_detection::{Action, EventId, Figures, Severity, Subject};
    use vigil_model::{DeviceId, PatientId};

    use super::*;

    fn finding(key: &str, seq: u64, tells: bool) -> Finding {
        let log = DeviceId::parse("01900000-0000-7000-8000-000000000001").unwrap();
        Finding {
            rule: "it".to_owned(),
            rules_version: 1,
            severity: Severity::High,
            subject: Subject::Fleet,
            key: key.to_owned(),
            tells,
            at: DateTime::UNIX_EPOCH + TimeDelta::seconds(i64::try_from(seq).unwrap()),
            evidence: vec![EventId { log, seq }],
            patients: BTreeSet::from([PatientId::parse(&format!("p{seq}")).unwrap()]),
            figures: Figures { count: seq, limit: 9, usual: None, window_seconds: 3_600 },
            action: Action::Notify,
        }
    }

    #[test]
    fn what_is_added_to_one_episode_is_put_together_and_nothing_is_lost() {
        let told = [finding("a", 10, true), finding("a", 20, true)];
        let added = [finding("a", 11, false), finding("b", 5, false), finding("a", 21, false), finding("a", 22, false)];
        let all = [&told[..1], &added[..2], &told[1..], &added[2..]].concat();
        let kept = together(all);
        let shown: Vec<_> = kept.iter().map(|one| (one.key.as_str(), one.tells, one.evidence.len())).collect();
        assert_eq!(shown, [("a", true, 1), ("a", false, 3), ("b", false, 1), ("a", true, 1)], "each told of by itself");
        let whole = &kept[1];
        assert_eq!(
            (whole.figures.count, whole.at, whole.patients.len()),
            (22, added[3].at, 3),
            "the newest and the most"
        );
    }
}
