//! The share of accesses that something explains.

use chrono::TimeDelta;
use vigil_detection::{Basis, Detector, Explained, RuleSet};
use vigil_model::Role;

use crate::support::{Log, monday, open, user};

#[test]
fn the_share_is_that_of_charts_for_each_user_and_hour() {
    let (mut detector, mut log, rules) = (Detector::default(), Log::new(1), RuleSet::default_rules());
    open(&mut detector, &rules, &mut log, (monday(), 1, 8, Basis::CareTeam));
    // The same charts again within the hour are the same accesses.
    open(&mut detector, &rules, &mut log, (monday() + TimeDelta::minutes(10), 1, 8, Basis::CareTeam));
    open(&mut detector, &rules, &mut log, (monday() + TimeDelta::hours(1), 2, 1, Basis::None));
    open(&mut detector, &rules, &mut log, (monday() + TimeDelta::hours(1), 2, 1, Basis::Unknown));
    open(&mut detector, &rules, &mut log, (monday() + TimeDelta::hours(2), 2, 1, Basis::Unknown));
    let (from, until) = (monday() - TimeDelta::days(1), monday() + TimeDelta::days(1));
    assert_eq!(detector.explained(from, until), Explained { explained: 8, all: 10 });
    assert_eq!(detector.explained_of_user(user(1), from, until), Explained { explained: 8, all: 8 });
    assert_eq!(detector.explained_of_user(user(2), from, until), Explained { explained: 0, all: 2 });
    assert_eq!(detector.explained_of_role(Role::Nurse, from, until), Explained { explained: 8, all: 10 });
    assert_eq!(detector.explained_of_role(Role::Physician, from, until).basis_points(), None, "nobody");
    let hours: Vec<Explained> = detector.explained_by_hour(from, until).into_values().collect();
    let one = Explained { explained: 0, all: 1 };
    assert_eq!(hours, [Explained { explained: 8, all: 8 }, one, one]);
    assert_eq!(detector.explained(monday(), monday() + TimeDelta::hours(1)).all, 8, "the first hour alone");
}

#[test]
fn what_is_learnt_of_the_past_is_a_habit_and_no_episode() {
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    let rules = crate::support::rules("kind = \"repeated-unexplained\"\nper = \"pair\"\nmost = 1\nwithin_days = 28");
    for days in [4, 2] {
        detector.learn(&log.chart(monday() - TimeDelta::days(days), 1, 1, Basis::None));
    }
    let third = log.chart(monday(), 1, 1, Basis::None);
    assert_eq!(detector.observe(&rules, &third).len(), 1, "the two before count, and were not told of");
}
