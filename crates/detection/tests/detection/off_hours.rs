//! Charts that are opened when the user does not work.

use chrono::TimeDelta;
use vigil_detection::{Basis, Detector, RuleSet};

use crate::support::{Log, monday, open, rules};

const NIGHT: &str =
    "kind = \"off-hours\"\nfrom = \"20:00\"\nuntil = \"06:00\"\nweekends = true\nmost = 2\nwithin_hours = 8
    habit_days = 1\nexplained_most = 2";

fn night() -> RuleSet {
    rules(NIGHT)
}

/// Works by day, from Monday to Friday, for two weeks.
fn day_worker(log: &mut Log) -> Detector {
    let mut detector = Detector::default();
    for day in (3..=14).filter(|day| ![8, 9].contains(day)) {
        let at = monday() + TimeDelta::days(-day);
        assert!(open(&mut detector, &night(), log, (at, 1, 10, Basis::CareTeam)).is_empty());
    }
    detector
}

#[test]
fn who_works_by_day_and_browses_by_night_is_found() {
    let mut log = Log::new(1);
    let mut detector = day_worker(&mut log);
    let (evening, sunday) = (monday() + TimeDelta::hours(11), monday() - TimeDelta::days(1));
    assert!(
        open(&mut detector.clone(), &night(), &mut log, (evening, 1, 2, Basis::None)).is_empty(),
        "two are let pass"
    );
    assert_eq!(open(&mut detector.clone(), &night(), &mut log, (evening, 1, 3, Basis::None)).len(), 1, "three are not");
    assert_eq!(
        open(&mut detector.clone(), &night(), &mut log, (sunday, 1, 3, Basis::None)).len(),
        1,
        "nor on a Sunday"
    );
    assert!(
        open(&mut detector, &night(), &mut log, (monday(), 1, 9, Basis::None)).is_empty(),
        "by day this rule is silent"
    );
}

#[test]
fn who_is_at_work_at_night_is_let_pass() {
    let mut log = Log::new(1);
    let mut detector = day_worker(&mut log);
    let evening = monday() + TimeDelta::hours(11);
    // For once the night shift of a colleague.
    assert!(open(&mut detector, &night(), &mut log, (evening, 1, 3, Basis::Shift)).is_empty());
    let later = evening + TimeDelta::hours(1);
    assert!(open(&mut detector, &night(), &mut log, (later, 1, 5, Basis::None)).is_empty(), "work goes on around it");
}

#[test]
fn who_is_used_to_it_is_let_pass_and_browsing_is_no_habit() {
    let mut log = Log::new(1);
    let detector = day_worker(&mut log);
    let evening = monday() + TimeDelta::hours(11);
    for (basis, expected) in [(Basis::Shift, 0), (Basis::None, 1)] {
        let mut detector = detector.clone();
        for days in [3, 4] {
            open(&mut detector, &night(), &mut log, (evening - TimeDelta::days(days), 1, 2, basis));
        }
        let found = open(&mut detector, &night(), &mut log, (evening, 1, 3, Basis::None));
        assert_eq!(found.len(), expected, "two such evenings before with {basis:?}");
    }
}

#[test]
fn somebody_new_has_no_hours_yet() {
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    let evening = monday() + TimeDelta::hours(11);
    assert!(open(&mut detector, &night(), &mut log, (evening, 1, 20, Basis::None)).is_empty(), "a cold start");
}

#[test]
fn the_hours_are_those_of_the_hospital() {
    let mut log = Log::new(1);
    let detector = day_worker(&mut log);
    let mut rules = night();
    rules.offset = chrono::FixedOffset::east_opt(3 * 3600).unwrap();
    let evening = monday() + TimeDelta::hours(8);
    assert!(
        open(&mut detector.clone(), &night(), &mut log, (evening, 1, 3, Basis::None)).is_empty(),
        "18:00 in London"
    );
    assert_eq!(open(&mut detector.clone(), &rules, &mut log, (evening, 1, 3, Basis::None)).len(), 1, "21:00 in Riyadh");
}
