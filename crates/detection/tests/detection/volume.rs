//! Three times the usual is allowed; one patient more is not.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use vigil_detection::{Action, Basis, Detector, RuleSet, Subject};
use vigil_model::{PurposeOfUse, Role};

use crate::support::{Log, monday, open, patient, rules, told, user};

const ALL: &str = "kind = \"unusual-volume\"\ncounts = \"all\"\ntimes = 3\nfloor = 20\nbaseline = \"own-or-role\"";
const UNEXPLAINED: &str =
    "kind = \"unusual-volume\"\ncounts = \"unexplained\"\ntimes = 3\nfloor = 3\nbaseline = \"own-or-role\"";

/// So many patients at this hour of the week, eight weeks long.
fn habit(detector: &mut Detector, log: &mut Log, who: u128, patients: u32) {
    for week in (1..=8).rev() {
        let at = monday() - TimeDelta::weeks(week);
        assert!(
            open(detector, &rules(ALL), log, (at, who, patients, Basis::CareTeam)).is_empty(),
            "a habit is no finding"
        );
    }
}

fn fires(detector: &Detector, log: &mut Log, who: u128, count: u32) -> bool {
    let mut detector = detector.clone();
    !open(&mut detector, &rules(ALL), log, (monday(), who, count, Basis::CareTeam)).is_empty()
}

#[test]
fn three_times_the_usual_is_allowed_and_one_patient_more_is_not() {
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    for week in (1..=8).rev() {
        let at = monday() - TimeDelta::weeks(week);
        // Without a rule: 100 an hour are their habit.
        open(&mut detector, &none(), &mut log, (at, 1, 100, Basis::CareTeam));
    }
    assert!(!fires(&detector, &mut log, 1, 300), "3.0 times");
    assert!(fires(&detector, &mut log, 1, 301), "3.01 times");
}

#[test]
fn the_finding_says_who_over_which_numbers_and_by_which_rules() {
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    let found = open(&mut detector, &rules(ALL), &mut log, (monday(), 1, 61, Basis::CareTeam));
    let [finding] = found.as_slice() else { panic!("one finding, not {found:?}") };
    assert_eq!((finding.rule.as_str(), finding.rules_version, finding.action), ("it", 7, Action::Notify));
    assert_eq!(finding.subject, Subject::User(user(1)));
    let figures = &finding.figures;
    assert_eq!(
        (figures.count, figures.limit, figures.usual.as_deref(), figures.window_seconds),
        (61, 60, Some("20"), 3600)
    );
    assert!(finding.tells, "it is new");
    assert_eq!((finding.evidence.len(), finding.patients.len()), (61, 61), "all of them");
    assert_eq!(finding.evidence.last().map(|id| id.seq), Some(61), "up to the one that made it fire");
}

#[test]
fn a_cold_start_goes_by_the_colleagues_and_without_them_by_the_floor() {
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    assert!(!fires(&detector, &mut log, 1, 60), "nobody is known: three times the floor");
    assert!(fires(&detector, &mut log, 1, 61));
    habit(&mut detector, &mut log, 2, 40);
    assert!(!fires(&detector, &mut log, 1, 120), "somebody new is judged as the colleagues are");
    assert!(fires(&detector, &mut log, 1, 121));
}

#[test]
fn a_quiet_week_is_held_against_nobody() {
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    habit(&mut detector, &mut log, 1, 2);
    assert!(!fires(&detector, &mut log, 1, 60), "who had two an hour may have sixty: the floor");
    habit(&mut detector, &mut log, 2, 50);
    // The mean of the role is over both: 26.
    assert!(!fires(&detector, &mut log, 1, 78), "and where colleagues work, as many as three times theirs");
    assert!(fires(&detector, &mut log, 1, 79));
}

#[test]
fn the_bare_rule_knows_no_floor_and_judges_nobody_without_a_habit() {
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    let bare = RuleSet::bare_threefold();
    assert!(open(&mut detector, &bare, &mut log, (monday(), 1, 500, Basis::None)).is_empty(), "a cold start");
    let mut quiet = Detector::default();
    habit(&mut quiet, &mut log, 1, 2);
    assert!(open(&mut quiet.clone(), &bare, &mut log, (monday(), 1, 6, Basis::CareTeam)).is_empty());
    assert!(
        !open(&mut quiet, &bare, &mut log, (monday(), 1, 7, Basis::CareTeam)).is_empty(),
        "a quiet week is held against them"
    );
}

#[test]
fn what_is_explained_does_not_count_where_the_unexplained_is_counted() {
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    let rules = rules(UNEXPLAINED);
    assert!(open(&mut detector, &rules, &mut log, (monday(), 1, 200, Basis::Shift)).is_empty(), "a busy hour of work");
    let later = monday() + TimeDelta::minutes(20);
    assert!(
        open(&mut detector, &rules, &mut log, (later, 1, 9, Basis::None)).is_empty(),
        "three times the floor of three"
    );
    let unknown = log.chart(later + TimeDelta::minutes(1), 1, 500, Basis::Unknown);
    assert!(detector.observe(&rules, &unknown).is_empty(), "what could not be looked for is held against nobody");
    let one_more = log.chart(later + TimeDelta::minutes(1), 1, 501, Basis::None);
    assert_eq!(detector.observe(&rules, &one_more).len(), 1, "one more");
}

#[test]
fn a_rule_may_count_what_could_not_be_looked_for() {
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    let rules = rules(&UNEXPLAINED.replace("unexplained", "not-explained"));
    assert!(open(&mut detector, &rules, &mut log, (monday(), 1, 9, Basis::Unknown)).is_empty());
    let one_more = log.chart(monday() + TimeDelta::minutes(1), 1, 501, Basis::None);
    assert_eq!(detector.observe(&rules, &one_more).len(), 1, "both together");
}

#[test]
fn an_entry_that_says_nothing_about_its_reason_is_neither() {
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    for number in 0..100 {
        let entry = log.chart(monday() + TimeDelta::seconds(number.into()), 1, number, Basis::None);
        let entry = vigil_detection::Observation { basis: None, ..entry };
        assert!(detector.observe(&rules(UNEXPLAINED), &entry).is_empty(), "of an older workstation");
    }
    let all = detector.explained(monday() - TimeDelta::days(1), monday() + TimeDelta::days(1));
    assert_eq!(all.all, 0, "nor does it count in the share");
}

#[test]
fn a_chart_that_is_opened_again_within_the_hour_adds_nobody() {
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    for _ in 0..10 {
        assert!(open(&mut detector, &rules(ALL), &mut log, (monday(), 1, 60, Basis::CareTeam)).is_empty());
    }
}

#[test]
fn the_hour_slides() {
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    assert!(open(&mut detector, &rules(ALL), &mut log, (monday(), 1, 60, Basis::CareTeam)).is_empty());
    let within = log.chart(monday() + TimeDelta::minutes(60) - TimeDelta::seconds(1), 1, 999, Basis::CareTeam);
    assert_eq!(detector.clone().observe(&rules(ALL), &within).len(), 1, "59 minutes and 59 seconds after the first");
    let after = log.chart(monday() + TimeDelta::minutes(60), 1, 999, Basis::CareTeam);
    assert!(detector.observe(&rules(ALL), &after).is_empty(), "an hour after the first, which has left by then");
}

#[test]
fn workstations_count_together() {
    let (mut detector, rules) = (Detector::default(), rules(ALL));
    let mut logs: Vec<Log> = (0..4).map(Log::new).collect();
    let found: usize = (0..61_u32)
        .map(|number| {
            let log = &mut logs[usize::try_from(number % 4).unwrap()];
            let entry = log.chart(monday() + TimeDelta::seconds(number.into()), 1, number, Basis::CareTeam);
            detector.observe(&rules, &entry).len()
        })
        .sum();
    assert_eq!(found, 1, "sixteen at each of four");
}

#[test]
fn an_episode_is_told_once_and_again_when_it_has_doubled() {
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    let found = open(&mut detector, &rules(ALL), &mut log, (monday(), 1, 250, Basis::CareTeam));
    let told = told(found.clone());
    let counts: Vec<u64> = told.iter().map(|finding| finding.figures.count).collect();
    assert_eq!(counts, [61, 122, 244], "each time twice as many");
    assert!(found.iter().all(|finding| finding.key == found[0].key), "one episode");
    let next_day = open(&mut detector, &rules(ALL), &mut log, (monday() + TimeDelta::days(1), 1, 61, Basis::CareTeam));
    assert_ne!(next_day[0].key, found[0].key, "and the next day another one");
}

#[test]
fn whatever_belongs_to_an_episode_is_said_of_it_once() {
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    let mut found = open(&mut detector, &rules(ALL), &mut log, (monday(), 1, 110, Basis::CareTeam));
    let quiet: Vec<usize> = found.iter().filter(|one| !one.tells).map(|one| one.evidence.len()).collect();
    assert_eq!(quiet, [1; 49], "what is added is said alone");
    // Four of them are opened again after half an hour, and 56 more: as many as do not fire, and one that does.
    let later = monday() + TimeDelta::minutes(30);
    found.extend(open(&mut detector, &rules(ALL), &mut log, (later, 1, 4, Basis::CareTeam)));
    let next_hour = monday() + TimeDelta::minutes(100);
    for number in 0..61_u32 {
        let entry = log.chart(next_hour + TimeDelta::seconds(number.into()), 1, 1_000 + number, Basis::CareTeam);
        found.extend(detector.observe(&rules(ALL), &entry));
    }
    assert!(found.iter().all(|finding| finding.key == found[0].key), "one episode");
    assert_eq!(told(found.clone()).len(), 1, "told of once");
    let entries: Vec<u64> = found.iter().flat_map(|finding| &finding.evidence).map(|id| id.seq).collect();
    assert_eq!(entries, (1..=175).collect::<Vec<u64>>(), "every entry, once, in order");
    let patients: BTreeSet<_> = found.iter().flat_map(|finding| finding.patients.clone()).collect();
    assert_eq!(patients, (0..110).chain(1_000..1_061).map(patient).collect(), "and every patient");
}

#[test]
fn a_chart_that_is_opened_again_begins_no_episode() {
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    habit(&mut detector, &mut log, 2, 40);
    // 70 are allowed at an hour at which colleagues work, and not two hours later, when nothing is usual.
    let from = monday() + TimeDelta::minutes(90);
    assert!(open(&mut detector, &rules(ALL), &mut log, (from, 1, 70, Basis::CareTeam)).is_empty());
    let again = log.chart(monday() + TimeDelta::minutes(125), 1, 1, Basis::CareTeam);
    assert!(detector.observe(&rules(ALL), &again).is_empty(), "it adds nobody");
    let one_more = log.chart(monday() + TimeDelta::minutes(126), 1, 999, Basis::CareTeam);
    assert_eq!(detector.observe(&rules(ALL), &one_more).len(), 1, "one more does");
}

#[test]
fn what_came_late_and_made_several_hours_fire_is_said_whole() {
    let (mut detector, mut log, mut late) = (Detector::default(), Log::new(1), Log::new(2));
    let chart = |log: &mut Log, minute: i64, number: u32| {
        log.chart(monday() + TimeDelta::minutes(minute), 1, number, Basis::CareTeam)
    };
    // Thirty at the beginning, thirty after an hour; what comes between them makes both hours fire.
    let early: Vec<_> = (0..30).map(|number| chart(&mut log, 0, number)).collect();
    let after: Vec<_> = (100..131).map(|number| chart(&mut log, 70, number)).collect();
    for entry in early.iter().chain(&after) {
        assert!(detector.observe(&rules(ALL), entry).is_empty());
    }
    let between: Vec<_> = (200..231).map(|number| chart(&mut late, 40, number)).collect();
    let found: Vec<_> = between.iter().flat_map(|entry| detector.observe(&rules(ALL), entry)).collect();
    let entries: BTreeSet<_> = found.iter().flat_map(|finding| finding.evidence.clone()).collect();
    assert_eq!(entries.len(), 92, "both, though no hour has all of them");
}

#[test]
fn what_comes_a_week_late_is_judged_by_its_own_hour() {
    let (mut detector, mut log, mut late) = (Detector::default(), Log::new(1), Log::new(2));
    open(&mut detector, &rules(ALL), &mut log, (monday() + TimeDelta::days(7), 2, 5, Basis::CareTeam));
    let found = open(&mut detector, &rules(ALL), &mut late, (monday(), 1, 61, Basis::CareTeam));
    assert_eq!(found.len(), 1, "a workstation without a network hides nobody");
    assert!(found[0].at < monday() + TimeDelta::hours(1), "and it happened then");
}

#[test]
fn a_lifted_suspension_begins_anew() {
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    assert_eq!(open(&mut detector, &rules(ALL), &mut log, (monday(), 1, 61, Basis::CareTeam)).len(), 1);
    let lifted = monday() + TimeDelta::minutes(10);
    detector.begin_anew(user(1), lifted);
    let later = |seconds: i64| lifted + TimeDelta::seconds(seconds);
    let mut next = |detector: &mut Detector, number: u32| {
        let entry = log.chart(later(1 + i64::from(number)), 1, 1_000 + number, Basis::CareTeam);
        detector.observe(&rules(ALL), &entry)
    };
    for number in 0..60 {
        assert!(next(&mut detector, number).is_empty(), "what was before is settled");
    }
    let again = next(&mut detector, 60);
    assert_eq!(again.len(), 1, "and who goes on is found again");
    assert_eq!(again[0].figures.count, 61, "over what came after");
}

#[test]
fn emergencies_and_those_who_oversee_do_not_count() {
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    for number in 0..200_u32 {
        let at: DateTime<Utc> = monday() + TimeDelta::seconds(number.into());
        let mut entry = log.chart(at, 1, number, Basis::None);
        entry.purpose = Some(PurposeOfUse::EmergencyTreatment);
        assert!(detector.observe(&rules(ALL), &entry).is_empty(), "an emergency has a rule of its own");
        let mut entry = log.chart(at, 2, number, Basis::None);
        entry.actor = entry.actor.map(|actor| vigil_detection::Actor { role: Role::PrivacyOfficer, ..actor });
        assert!(detector.observe(&rules(ALL), &entry).is_empty(), "whose work it is");
    }
}

#[test]
fn a_rule_of_some_roles_looks_at_nobody_else() {
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    let others = rules(&format!("roles = [\"physician\"]\n{ALL}"));
    assert!(open(&mut detector, &others, &mut log, (monday(), 1, 200, Basis::None)).is_empty(), "a nurse");
}

fn none() -> RuleSet {
    let mut none = RuleSet::bare_threefold();
    none.rules.clear();
    none
}

#[test]
fn what_comes_late_is_kept_while_the_stream_goes_on() {
    let (mut detector, mut log, mut late) = (Detector::default(), Log::new(1), Log::new(2));
    let now = monday() + TimeDelta::days(7);
    open(&mut detector, &rules(ALL), &mut log, (now, 2, 1, Basis::CareTeam));
    assert!(open(&mut detector, &rules(ALL), &mut late, (monday(), 1, 40, Basis::CareTeam)).is_empty());
    open(&mut detector, &rules(ALL), &mut log, (now + TimeDelta::hours(3), 2, 1, Basis::CareTeam));
    let rest: usize = (40..61)
        .map(|number| late.chart(monday() + TimeDelta::seconds(i64::from(number) * 5), 1, number, Basis::CareTeam))
        .map(|entry| detector.observe(&rules(ALL), &entry).len())
        .sum();
    assert_eq!(rest, 1, "the first forty are not forgotten when the rest comes hours later");
}

#[test]
fn what_comes_late_may_fill_an_hour_that_ends_after_it() {
    let (mut detector, mut log, mut late) = (Detector::default(), Log::new(1), Log::new(2));
    let minute = |minute: u32| monday() + TimeDelta::minutes(minute.into());
    assert!(detector.observe(&rules(ALL), &log.chart(minute(0), 1, 999, Basis::CareTeam)).is_empty());
    for number in 0..60 {
        let at = minute(10) + TimeDelta::seconds(i64::from(number) * 55);
        assert!(detector.observe(&rules(ALL), &log.chart(at, 1, number, Basis::CareTeam)).is_empty());
    }
    // The same patient as at the beginning, which had left that hour.
    let between = late.chart(minute(50), 1, 999, Basis::CareTeam);
    assert_eq!(detector.observe(&rules(ALL), &between).len(), 1, "61 in the hour that ends with the last");
}
