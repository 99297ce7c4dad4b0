//! Sign-ins that are refused, and nobody who is locked out by them.

use chrono::TimeDelta;
use vigil_detection::{Action, Detector, Observation, Outcome, RuleSet, Subject};
use vigil_model::Role;

use crate::support::{Log, log, monday, rules, user};

const ACCOUNT: &str = "kind = \"failed-sign-ins\"\nper = \"account\"\nmost = 5\nmost_places = 2\nwithin_minutes = 60";
const WORKSTATION: &str =
    "kind = \"failed-sign-ins\"\nper = \"workstation\"\nmost = 5\nmost_places = 2\nwithin_minutes = 60";

/// The server refuses a first sign-in at a workstation.
fn refused(server: &mut Log, minute: i64, account: u128, at: u128) -> Observation {
    let entry = server.entry(monday() + TimeDelta::minutes(minute), 0, Role::Nurse, "first-sign-in");
    let (device, account) = (Some(log(at)), Some(user(account)));
    Observation { actor: None, device, account, outcome: Outcome::Refused, ..entry }
}

#[test]
fn one_account_at_many_workstations_is_told_of() {
    let (mut detector, mut server, rules) = (Detector::default(), Log::new(99), rules(ACCOUNT));
    for attempt in 0..20 {
        let entry = refused(&mut server, attempt, 1, u128::from(attempt.unsigned_abs() % 2));
        assert!(detector.observe(&rules, &entry).is_empty(), "two workstations: somebody is tired");
    }
    let found = detector.observe(&rules, &refused(&mut server, 20, 1, 2));
    assert_eq!(found.len(), 1, "a third");
    assert_eq!((&found[0].subject, found[0].action), (&Subject::User(user(1)), Action::Notify));
}

#[test]
fn few_refusals_are_nothing_however_many_workstations() {
    let (mut detector, mut server, rules) = (Detector::default(), Log::new(99), rules(ACCOUNT));
    for place in 0..5 {
        assert!(detector.observe(&rules, &refused(&mut server, 1, 1, place)).is_empty(), "one at each");
    }
}

#[test]
fn many_accounts_at_one_workstation_are_told_of() {
    let (mut detector, mut server, rules) = (Detector::default(), Log::new(99), rules(WORKSTATION));
    let found: Vec<_> = (0..6).flat_map(|who| detector.observe(&rules, &refused(&mut server, 1, who, 7))).collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].subject, Subject::Device(log(7)), "the workstation, and not the server whose log it is");
}

#[test]
fn refusals_that_name_nobody_are_one_account() {
    let (mut detector, mut place, rules) = (Detector::default(), Log::new(1), rules(WORKSTATION));
    for _ in 0..50 {
        let entry = place.entry(monday(), 0, Role::Nurse, "session-refuse");
        let entry = Observation { actor: None, outcome: Outcome::Refused, ..entry };
        assert!(detector.observe(&rules, &entry).is_empty(), "nobody knows whose");
    }
}

#[test]
fn an_attacker_locks_nobody_out() {
    let rules = RuleSet::default_rules();
    let (mut detector, mut server) = (Detector::default(), Log::new(99));
    let mut told = 0;
    for attempt in 0..5_000 {
        let entry = refused(&mut server, attempt / 100, 1, u128::from(attempt.unsigned_abs() % 50));
        for finding in detector.observe(&rules, &entry) {
            assert_eq!(finding.action, Action::Notify, "{finding:?}");
            told += 1;
        }
    }
    assert!(told > 0, "it is told of all the same");
}
