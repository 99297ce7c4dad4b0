//! Half a year of an invented hospital (500 users, 100 workstations) through the rules, beside the bare rule of three times the
//! own baseline: what is found, what is a false alarm, how fast, in how much memory. `cargo xtask bench replay`; with the variable
//! `VIGIL_RULES` the rules of another file.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark stops at the first surprise and prints its table"
)]

use std::time::Instant;

use vigil_detection::scoring::{Score, replay, report};
use vigil_detection::simulation::{Arrival, Misuse, Months, Size};
use vigil_detection::{Detector, RuleSet};

/// The numbers of the default rules were chosen on hospitals 1 to 3: these are others.
const SEEDS: [u64; 3] = [11, 12, 13];

fn main() {
    // `cargo test` runs benches with --test: there is nothing to assert here.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    // Names on the command line measure those alone; some are of the other benches.
    let named: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if !named.is_empty() && !named.iter().any(|name| name == "replay") {
        return;
    }
    let rules = match std::env::var_os("VIGIL_RULES") {
        Some(path) => RuleSet::parse(&std::fs::read_to_string(path).unwrap()).unwrap(),
        None => RuleSet::default_rules(),
    };
    speed(&rules);
    for seed in SEEDS {
        let months = || Months::new(Size::full(seed));
        let planted = months().planted().to_vec();
        let ours = replay(&rules, &planted, months());
        let bare = replay(&RuleSet::bare_threefold(), &planted, months());
        println!("\n## Hospital {seed}\n\n{}\n{}", report(&ours), report(&bare));
        beside(&ours, &bare);
    }
}

/// Entries a second and memory, without the making of the entries.
fn speed(rules: &RuleSet) {
    let size = Size::full(11);
    let started = Instant::now();
    let made = Months::new(size).filter(|arrival| matches!(arrival, Arrival::Entry(_))).count();
    let making = started.elapsed();
    let before = peak();
    let started = Instant::now();
    let mut detector = Detector::default();
    for arrival in Months::new(size) {
        match arrival {
            Arrival::Entry(entry) => drop(detector.observe(rules, &entry.seen)),
            Arrival::Fact(fact, _) => drop(detector.observe_fact(rules, &fact)),
            Arrival::Time(now, contacts) => drop(detector.tick(rules, now, &contacts)),
        }
    }
    let judging = started.elapsed().saturating_sub(making);
    let after = peak();
    let state = serde_json::to_vec(&detector).unwrap().len();
    println!("| What | Value |\n|---|---|");
    println!("| entries | {made} |");
    println!("| entries a second | {:.0} |", made as f64 / judging.as_secs_f64());
    println!("| peak memory before and with the rules, MiB | {} and {} |", before / 1024, after / 1024);
    println!("| the state as JSON, MiB | {:.1} |", state as f64 / 1_048_576.0);
}

/// The five snoopers and the rest, by the rules and by the bare rule.
fn beside(ours: &Score, bare: &Score) {
    println!("| Planted | found | of the careful | bare rule |\n|---|---|---|---|");
    for misuse in Misuse::ALL {
        let ((found, all), (bare, _)) = (ours.recall(misuse), bare.recall(misuse));
        let (careful, of) = ours.recall_where(misuse, true);
        println!("| {} | {found} of {all} | {careful} of {of} | {bare} of {all} |", misuse.code());
    }
    let rate = |score: &Score| score.total().false_alarms() as f64 / score.days() as f64;
    println!("| false alarms a day | {:.2} | | {:.2} |", rate(ours), rate(bare));
}

/// The highest resident memory of this process, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|value| value.parse().ok()).unwrap_or(0)
}
