//! Emergency access is told of and never touched.

use chrono::TimeDelta;
use vigil_detection::{Action, Detector, RuleSet, Subject};

use crate::support::{Log, monday, rules, user};

#[test]
fn a_burst_is_told_of() {
    let rules = rules("kind = \"break-glass-burst\"\nmost = 3\nwithin_hours = 12");
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    for number in [1, 2, 3, 3, 3] {
        let entry = log.emergency(monday() + TimeDelta::hours(number.into()), 1, number);
        assert!(detector.observe(&rules, &entry).is_empty(), "three patients, one of them again and again");
    }
    let found = detector.observe(&rules, &log.emergency(monday() + TimeDelta::hours(12), 1, 4));
    assert_eq!(found.len(), 1, "the fourth within twelve hours");
    assert_eq!((&found[0].subject, found[0].action), (&Subject::User(user(1)), Action::Notify));
}

#[test]
fn who_breaks_the_glass_as_colleagues_do_is_let_pass() {
    let rules = rules("kind = \"break-glass-burst\"\nmost = 2\nwithin_hours = 672\ntimes = 3");
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    let mut found = Vec::new();
    for day in 0..10_u32 {
        for who in 1..=5 {
            let entry = log.emergency(monday() + TimeDelta::days(day.into()), who, day * 10);
            found.extend(detector.observe(&rules, &entry));
        }
    }
    assert!(found.is_empty(), "one a day is usual here: {found:?}");
    for number in 0..20 {
        found.extend(detector.observe(&rules, &log.emergency(monday() + TimeDelta::days(9), 5, 1_000 + number)));
        assert_eq!(found.is_empty(), number < 20, "three times as many are let pass");
    }
    found.extend(detector.observe(&rules, &log.emergency(monday() + TimeDelta::days(9), 5, 2_000)));
    assert_eq!(found.len(), 1, "one more is not: 31 over ten days");
}

#[test]
fn no_number_of_emergencies_makes_any_rule_suspend() {
    let rules = RuleSet::default_rules();
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    for number in 0..500_u32 {
        let at = monday() + TimeDelta::seconds(i64::from(number) * 20);
        let start = log.emergency(at, 1, number);
        let mut read = log.emergency(at + TimeDelta::seconds(5), 1, number);
        read.interaction = "patient-read".to_owned();
        read.security_alert = false;
        read.vip = true;
        for finding in [start, read].iter().flat_map(|entry| detector.observe(&rules, entry)) {
            assert_eq!(finding.action, Action::Notify, "{finding:?}");
        }
    }
}
