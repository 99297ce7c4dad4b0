//! Visits to charts that nothing explains.

use chrono::TimeDelta;
use vigil_detection::{Basis, Detector, Observation, Subject};

use crate::support::{Log, monday, patient, rules, user};

fn days(number: u32) -> TimeDelta {
    TimeDelta::days(number.into())
}

#[test]
fn a_vip_once_is_let_pass_and_twice_is_not() {
    let rules = rules("kind = \"vip-access\"\nper = \"user\"\nmost = 1\nwithin_days = 28");
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    let mut vip = |day, whose, basis| Observation { vip: true, ..log.chart(monday() + days(day), 1, whose, basis) };
    assert!(detector.observe(&rules, &vip(0, 1, Basis::None)).is_empty(), "once may be a slip of the pen");
    assert!(detector.observe(&rules, &vip(1, 2, Basis::CareTeam)).is_empty(), "who looks after them may look");
    let mut late = detector.clone();
    assert!(late.observe(&rules, &vip(28, 3, Basis::None)).is_empty(), "four weeks later it is the first again");
    let found = detector.observe(&rules, &vip(27, 3, Basis::None));
    assert_eq!(found.len(), 1, "the second one within four weeks");
    assert_eq!(found[0].patients, [patient(1), patient(3)].into(), "both");
}

#[test]
fn many_at_one_vip_are_about_the_patient() {
    let rules = rules("kind = \"vip-access\"\nper = \"patient\"\nmost = 3\nwithin_days = 7");
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    let mut of = |who: u128| Observation {
        vip: true,
        ..log.chart(monday() + TimeDelta::hours(10 * i64::try_from(who).unwrap()), who, 1, Basis::None)
    };
    for who in [1, 2, 3, 3] {
        assert!(detector.observe(&rules, &of(who)).is_empty(), "three users");
    }
    let found = detector.observe(&rules, &of(4));
    assert_eq!(found.len(), 1, "the fourth");
    assert_eq!(found[0].subject, Subject::Patient(patient(1)));
}

#[test]
fn a_co_worker_is_watched_over_and_a_stranger_is_not() {
    let rules = rules("kind = \"co-worker-access\"\nper = \"user\"\nmost = 2\nwithin_days = 28");
    for (employee, expected) in [(true, 1), (false, 0)] {
        let (mut detector, mut log) = (Detector::default(), Log::new(1));
        let found: usize = (0..3)
            .map(|day| Observation { employee, ..log.chart(monday() + days(day), 1, day, Basis::None) })
            .map(|entry| detector.observe(&rules, &entry).len())
            .sum();
        assert_eq!(found, expected, "employee: {employee}");
    }
}

#[test]
fn a_shift_is_one_visit() {
    let rules = rules("kind = \"repeated-unexplained\"\nper = \"pair\"\nmost = 1\nwithin_days = 28");
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    for hours in [0, 3, 7, 10] {
        let entry = log.chart(monday() + TimeDelta::hours(hours), 1, 1, Basis::None);
        assert!(detector.observe(&rules, &entry).is_empty(), "{hours} hours after the first, never eight between two");
    }
    let back = log.chart(monday() + TimeDelta::hours(18), 1, 1, Basis::None);
    assert_eq!(detector.observe(&rules, &back).len(), 1, "eight hours later it is another one");
}

#[test]
fn one_person_again_and_again_is_found_among_the_noise() {
    let rules = rules("kind = \"repeated-unexplained\"\nper = \"pair\"\nmost = 4\nwithin_days = 42");
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    let mut found = Vec::new();
    for day in 0..30 {
        let noise = log.chart(monday() + days(day), 1, 100 + day, Basis::None);
        found.extend(detector.observe(&rules, &noise));
        if day % 6 == 0 {
            let neighbour = log.chart(monday() + days(day) + TimeDelta::hours(1), 1, 7, Basis::None);
            found.extend(detector.observe(&rules, &neighbour));
        }
    }
    assert_eq!(found.len(), 1, "the fifth visit");
    assert_eq!(found[0].patients, [patient(7)].into(), "to the neighbour");
}

#[test]
fn whoever_does_as_the_colleagues_do_is_let_pass() {
    let rules = rules("kind = \"repeated-unexplained\"\nper = \"user\"\nmost = 10\nwithin_days = 28\ntimes = 3");
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    let mut found = Vec::new();
    for day in 0..14 {
        // Colleagues have two a day, user 1 has six, user 2 has seven: three times two is let pass.
        for (who, count) in [(10, 2), (11, 2), (12, 2), (1, 6)] {
            for number in 0..count {
                let at = monday() + days(day) + TimeDelta::minutes(number.into());
                let entry = log.chart(at, who, day * 100 + number, Basis::None);
                found.extend(detector.observe(&rules, &entry));
            }
        }
    }
    assert!(found.is_empty(), "as many as three times what is usual: {found:?}");
    let one_more = log.chart(monday() + days(13) + TimeDelta::hours(1), 1, 9_999, Basis::None);
    let found = detector.observe(&rules, &one_more);
    assert_eq!(found.len(), 1, "one more");
    assert_eq!((found[0].figures.count, found[0].figures.limit), (85, 84), "over fourteen days");
    assert_eq!(found[0].subject, Subject::User(user(1)));
}

#[test]
fn visits_that_come_late_are_counted_where_they_belong() {
    let rules = rules("kind = \"repeated-unexplained\"\nper = \"pair\"\nmost = 2\nwithin_days = 10");
    let (mut detector, mut log, mut late) = (Detector::default(), Log::new(1), Log::new(2));
    for day in [0, 9] {
        assert!(detector.observe(&rules, &log.chart(monday() + days(day), 1, 1, Basis::None)).is_empty());
    }
    let between = late.chart(monday() + days(4), 1, 1, Basis::None);
    assert_eq!(detector.observe(&rules, &between).len(), 1, "the third, which came in last");
}
