//! Logs, silent workstations, keys and alerts.

use chrono::TimeDelta;
use vigil_detection::{Detector, DeviceContact, Fact, FactKind, Observation, RuleSet, Subject};
use vigil_model::Role;

use crate::support::{Log, log, monday, rules, user};

#[test]
fn a_fork_is_told_of_and_a_clock_is_not_where_the_rule_leaves_it_out() {
    let rules = rules("kind = \"log-integrity\"\nfacts = [\"conflict\", \"gap\"]");
    let mut detector = Detector::default();
    let fact = |kind, log| Fact { at: monday(), kind, log, seq: Some(7) };
    assert!(detector.observe_fact(&rules, &fact(FactKind::Clock, Some(log(1)))).is_empty());
    let found = detector.observe_fact(&rules, &fact(FactKind::Conflict, Some(log(1))));
    assert_eq!(found[0].subject, Subject::Device(log(1)));
    assert!(detector.observe_fact(&rules, &fact(FactKind::Conflict, Some(log(1)))).is_empty(), "told once");
    let another = Fact { seq: Some(8), ..fact(FactKind::Conflict, Some(log(1))) };
    let more = detector.observe_fact(&rules, &another);
    assert!(!more[0].tells && more[0].key == found[0].key, "another entry belongs to it");
    assert_eq!(detector.observe_fact(&rules, &fact(FactKind::Gap, Some(log(1)))).len(), 1, "a gap is another thing");
    assert_eq!(detector.observe_fact(&rules, &fact(FactKind::Conflict, None))[0].subject, Subject::Fleet);
}

#[test]
fn a_workstation_that_is_not_heard_of_is_told_of_once() {
    let rules = rules("kind = \"silent-device\"\nafter_hours = 72\ntogether = 3");
    let mut detector = Detector::default();
    let contact = |number, hours| DeviceContact { device: log(number), last: monday() - TimeDelta::hours(hours) };
    let contacts = [contact(1, 72), contact(2, 73), contact(3, 1)];
    let found = detector.tick(&rules, monday(), &contacts);
    assert_eq!(found.len(), 1, "72 hours are let pass");
    assert_eq!(found[0].subject, Subject::Device(log(2)));
    assert!(detector.tick(&rules, monday(), &contacts).is_empty(), "one silence is one episode");
}

#[test]
fn many_that_fall_silent_at_once_are_the_network() {
    let rules = rules("kind = \"silent-device\"\nafter_hours = 72\ntogether = 3");
    let mut detector = Detector::default();
    let contacts: Vec<DeviceContact> = (0..50)
        .map(|number| DeviceContact { device: log(number), last: monday() - TimeDelta::hours(80) })
        .chain([DeviceContact { device: log(99), last: monday() - TimeDelta::hours(100) }])
        .collect();
    let found = detector.tick(&rules, monday(), &contacts);
    let subjects: Vec<&Subject> = found.iter().map(|finding| &finding.subject).collect();
    assert_eq!(subjects, [&Subject::Device(log(99)), &Subject::Fleet], "fifty at once, and one before them");
}

#[test]
fn keys_are_told_of_each_time() {
    let rules = rules("kind = \"key-event\"\ninteractions = [\"recovery-key-create\"]");
    let (mut detector, mut place) = (Detector::default(), Log::new(1));
    let found = detector.observe(&rules, &place.entry(monday(), 1, Role::Administrator, "recovery-key-create"));
    assert_eq!(found[0].subject, Subject::User(user(1)));
    assert!(detector.observe(&rules, &place.entry(monday(), 1, Role::Administrator, "key-search")).is_empty());
}

#[test]
fn an_alert_that_no_list_knows_is_told_of() {
    let rules = RuleSet::default_rules();
    let (mut detector, mut place) = (Detector::default(), Log::new(1));
    let mut alert = |interaction: &str| Observation {
        security_alert: true,
        account: Some(user(5)),
        ..place.entry(monday(), 1, Role::Administrator, interaction)
    };
    let found = detector.observe(&rules, &alert("user-suspend"));
    assert_eq!(found.len(), 1, "a workstation has suspended somebody");
    assert_eq!(found[0].subject, Subject::User(user(5)), "whom it is about, and not who wrote it");
    assert_eq!(detector.observe(&rules, &alert("thing-of-next-year")).len(), 1);
    assert!(detector.observe(&rules, &alert("team-update")).is_empty(), "everyday administration");
}
