//! The server under a fleet, as ratios to floors that are measured in the same run: `cargo xtask bench intake verify connections alarm`.
//!
//! The floor of the intake is PostgreSQL's own COPY of the rows that the intake wrote, in batches of the same size, each durable.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark stops at the first surprise and prints its table"
)]

mod alarm;
mod connections;
mod copy;
mod intake;
mod report;
mod station;
#[path = "../../tests/support/mod.rs"]
mod support;
mod verify;

use std::time::Duration;

use report::Report;

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    Intake,
    Verify,
    Connections,
    Alarm,
}

const MEASURES: [(&str, Measure); 4] = [
    ("intake", Measure::Intake),
    ("verify", Measure::Verify),
    ("connections", Measure::Connections),
    ("alarm", Measure::Alarm),
];

#[tokio::main]
async fn main() {
    // `cargo test` runs benches with --test: there is nothing to assert here.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let mut report = Report::default();
    // Names on the command line measure those alone; some are of the workstation's benches.
    let named: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    for (name, measure) in MEASURES {
        if !named.is_empty() && !named.iter().any(|one| one == name) {
            continue;
        }
        match measure {
            Measure::Intake => intake::measure(&mut report).await,
            Measure::Verify => verify::measure(&mut report).await,
            Measure::Connections => connections::measure(&mut report).await,
            Measure::Alarm => alarm::measure(&mut report).await,
        }
    }
    report.print();
}

fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted[sorted.len() / 2]
}
