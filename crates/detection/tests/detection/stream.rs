//! The stream as it comes: twice, late, in any order, across saving and loading, without end.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use vigil_detection::{Basis, Detector, Finding, Observation, Outcome, RuleSet, Subject};
use vigil_model::Role;

use crate::support::{Log, monday, rules};

/// Everything fires early, so that short streams show it.
fn sensitive() -> RuleSet {
    let numbers = [
        ("most = ", "most = 1 #"),
        ("times = ", "times = 1 #"),
        ("floor = ", "floor = 1 #"),
        ("habit_days = ", "habit_days = 50 #"),
    ];
    let text = numbers.iter().fold(RuleSet::DEFAULT.to_owned(), |text, (from, to)| text.replace(from, to));
    RuleSet::parse(&text).unwrap()
}

/// One of many things that somebody does, some minutes after the beginning.
#[derive(Clone, Debug)]
struct Deed {
    minute: u32,
    log: usize,
    who: u128,
    whose: u32,
    what: u32,
}

fn deeds(days: u32, most: usize) -> impl Strategy<Value = Vec<Deed>> {
    let deed = (0..days * 1_440, 0..3_usize, 0..3_u128, 0..25_u32, 0..10_u32)
        .prop_map(|(minute, log, who, whose, what)| Deed { minute, log, who, whose, what });
    prop::collection::vec(deed, 1..most)
}

/// The entries; each log numbers its own by time.
fn entries(deeds: &[Deed]) -> Vec<Observation> {
    let mut sorted = deeds.to_vec();
    sorted.sort_by_key(|deed| deed.minute);
    let mut logs: Vec<Log> = (0..3).map(Log::new).collect();
    let entry = |deed: &Deed| {
        let at: DateTime<Utc> = monday() + TimeDelta::minutes(deed.minute.into());
        let log = &mut logs[deed.log];
        match deed.what {
            0 => log.emergency(at, deed.who, deed.whose),
            1 => Observation { outcome: Outcome::Refused, ..log.entry(at, deed.who, Role::Nurse, "session-refuse") },
            2 => Observation {
                interaction: "patient-export".to_owned(),
                ..log.chart(at, deed.who, deed.whose, Basis::None)
            },
            3 | 4 => log.chart(at, deed.who, deed.whose, Basis::CareTeam),
            _ => {
                let chart = log.chart(at, deed.who, deed.whose, Basis::None);
                Observation { vip: deed.whose < 3, employee: deed.whose > 20, ..chart }
            }
        }
    };
    sorted.iter().map(entry).collect()
}

fn run(detector: &mut Detector, rules: &RuleSet, entries: &[Observation]) -> Vec<Finding> {
    entries.iter().flat_map(|entry| detector.observe(rules, entry)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn saving_and_loading_in_between_changes_nothing(deeds in deeds(30, 300), cut in 0..300_usize) {
        let (entries, rules) = (entries(&deeds), sensitive());
        let mut whole = Detector::default();
        let expected = run(&mut whole, &rules, &entries);
        let (before, after) = entries.split_at(cut.min(entries.len()));
        let mut first = Detector::default();
        let mut found = run(&mut first, &rules, before);
        let saved = serde_json::to_string(&first).unwrap();
        let mut second: Detector = serde_json::from_str(&saved).unwrap();
        prop_assert_eq!(&second, &first, "what is loaded is what was saved");
        found.extend(run(&mut second, &rules, after));
        prop_assert_eq!(found, expected);
        prop_assert_eq!(second, whole, "and so is what it ends with");
    }

    #[test]
    fn an_entry_that_comes_twice_counts_once(deeds in deeds(10, 100)) {
        let (entries, rules) = (entries(&deeds), sensitive());
        let expected = run(&mut Detector::default(), &rules, &entries);
        let doubled: Vec<Observation> = entries.iter().flat_map(|entry| [entry.clone(), entry.clone()]).collect();
        prop_assert_eq!(run(&mut Detector::default(), &rules, &doubled), expected);
    }

    /// What is counted within windows is found whatever the order in which the logs come in.
    #[test]
    fn the_order_of_the_logs_does_not_hide_anybody(deeds in deeds(1, 120), order in prop::collection::vec(0..3_usize, 120)) {
        let entries = entries(&deeds);
        let windows = |parameters: &str| rules(parameters);
        for rules in [
            windows("kind = \"unusual-volume\"\ncounts = \"all\"\ntimes = 1\nfloor = 3\nbaseline = \"own\""),
            windows("kind = \"unusual-volume\"\ncounts = \"unexplained\"\ntimes = 1\nfloor = 2\nbaseline = \"own\""),
            windows("kind = \"break-glass-burst\"\nmost = 1\nwithin_hours = 3"),
            windows("kind = \"failed-sign-ins\"\nper = \"account\"\nmost = 1\nmost_places = 1\nwithin_minutes = 180"),
            windows("kind = \"bulk-export\"\ninteractions = [\"patient-export\"]\ncounts = \"all\"\nmost = 1\nwithin_hours = 2"),
        ] {
            let subjects = |found: &[Finding]| -> BTreeSet<Subject> { found.iter().map(|one| one.subject.clone()).collect() };
            let expected = subjects(&run(&mut Detector::default(), &rules, &entries));
            let shuffled = interleave(&entries, &order);
            prop_assert_eq!(subjects(&run(&mut Detector::default(), &rules, &shuffled)), expected, "{:?}", rules.rules[0].kind);
        }
    }
}

/// The same entries with the logs in another order among each other; each log keeps its own.
fn interleave(entries: &[Observation], order: &[usize]) -> Vec<Observation> {
    let mut logs: Vec<Vec<Observation>> = vec![Vec::new(); 3];
    for entry in entries {
        let place = (0..3).position(|number| Log::new(number).log == entry.log).unwrap();
        logs[place].push(entry.clone());
    }
    for log in &mut logs {
        log.reverse();
    }
    let mut mixed: Vec<Observation> = order.iter().filter_map(|place| logs[*place].pop()).collect();
    mixed.extend(logs.into_iter().flat_map(|log| log.into_iter().rev()));
    mixed
}

#[test]
fn an_alert_that_comes_out_of_turn_counts_once_though_hundreds_come_between() {
    let rules = rules("kind = \"break-glass-burst\"\nmost = 1\nwithin_hours = 12");
    let (mut detector, mut log) = (Detector::default(), Log::new(1));
    let entries: Vec<Observation> =
        (0..2_000_u32).map(|number| log.chart(monday(), 2, number % 9, Basis::CareTeam)).collect();
    let alerts: Vec<Observation> = [1].map(|whose| log.emergency(monday(), 1, whose)).into();
    assert!(run(&mut detector, &rules, &alerts).is_empty(), "at once");
    run(&mut detector, &rules, &entries);
    let state = detector.clone();
    assert!(run(&mut detector, &rules, &alerts).is_empty(), "and in turn");
    assert_eq!(detector, state, "which adds nothing");
}

#[test]
fn a_clock_that_is_years_ahead_does_not_make_the_habits_of_others_old() {
    let rules = RuleSet::bare_threefold();
    let (mut detector, mut log, mut wrong) = (Detector::default(), Log::new(1), Log::new(2));
    for week in (1..=8).rev() {
        for number in 0..10 {
            detector.observe(&rules, &log.chart(monday() - TimeDelta::weeks(week), 1, number, Basis::CareTeam));
        }
    }
    detector.tick(&rules, monday(), &[]);
    detector.observe(&rules, &wrong.chart(monday() + TimeDelta::days(3_000), 2, 1, Basis::CareTeam));
    let found: Vec<Finding> = (0..31)
        .flat_map(|number| {
            detector
                .observe(&rules, &log.chart(monday() + TimeDelta::seconds(number.into()), 1, number, Basis::CareTeam))
        })
        .collect();
    assert_eq!(found.len(), 1, "31 where 10 are usual");
}

#[test]
fn memory_is_bounded_whatever_comes() {
    let rules = RuleSet::default_rules();
    let size = |detector: &Detector| serde_json::to_vec(detector).unwrap().len();
    // One user and more charts than there are.
    let (mut detector, mut log, mut most) = (Detector::default(), Log::new(1), 0);
    for number in 0..9_000_u32 {
        let at = monday() + TimeDelta::seconds(i64::from(number) * 10);
        detector.observe(&rules, &log.chart(at, 1, number, Basis::None));
        if number == 4_500 {
            most = size(&detector);
        }
    }
    assert!(size(&detector) < most * 21 / 20, "one user fills no memory: {} and {most}", size(&detector));
    // A workstation that invents users.
    let mut detector = Detector::default();
    for number in 0..21_500_u32 {
        let at = monday() + TimeDelta::seconds(number.into());
        detector.observe(&rules, &log.chart(at, number.into(), 1, Basis::CareTeam));
        if number == 20_000 {
            most = size(&detector);
        }
    }
    assert!(size(&detector) < most * 51 / 50, "nor does one that invents them: {} and {most}", size(&detector));
    // Years, during which everybody works on.
    let mut detector = Detector::default();
    for day in 0..400 {
        for number in 0..10 {
            let at = monday() + TimeDelta::days(day) + TimeDelta::minutes(i64::from(number));
            let basis = if number == 0 { Basis::None } else { Basis::CareTeam };
            let whose = u32::try_from(day).unwrap() * 10 + number;
            detector.observe(&rules, &log.chart(at, 1, whose, basis));
        }
        if day == 120 {
            most = size(&detector);
        }
    }
    assert!(
        size(&detector) < most * 11 / 10,
        "after a year it is as large as after four months: {} and {most}",
        size(&detector)
    );
}
