//! How fast, as ratios to floors that are measured in the same run: `cargo xtask bench`.
//!
//! Every figure is taken in rounds that alternate with its floor, so that a noisy machine disturbs both alike. The floor of
//! storage is plain SQLite (the same library without a key), of durability an append with fdatasync, of unlocking one Argon2id.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark stops at the first surprise and prints its table"
)]

mod access_report;
mod append;
#[allow(unreachable_pub, reason = "it is a library of the journeys, too")]
#[path = "../../../../tests/src/central_server.rs"]
mod central_server;
mod chart;
mod data;
mod decision;
mod drain;
mod floor;
mod memory;
#[path = "../../../server/tests/support/postgres.rs"]
mod postgres;
mod report;
mod station;

use std::time::{Duration, Instant};

use report::Report;
use station::Station;

const ROUNDS: usize = 5;

type Measure = fn(&std::path::Path, &mut Report);

/// What is measured, by name.
const MEASURES: [(&str, Measure); 7] = [
    ("import", import),
    ("chart", chart::measure),
    ("append", append::measure),
    ("search", search_and_unlock),
    ("report", access_report::measure),
    ("decision", decision::measure),
    ("drain", drain::measure),
];

fn main() {
    // `cargo test` runs benches with --test: there is nothing to assert here.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut report = Report::default();
    // Names on the command line measure those alone; some are of the server's own benches.
    let named: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    for (name, measure) in MEASURES {
        if named.is_empty() || named.iter().any(|one| one == name) {
            measure(folder.path(), &mut report);
        }
    }
    report.print();
}

/// Import, sealed, indexed and durable, beside two floors. All end with the database closed and its log written back.
fn import(folder: &std::path::Path, report: &mut Report) {
    for (name, lines) in
        [("chart by chart", data::chart_by_chart(2_000, 20_000)), ("round robin", data::round_robin(2_000, 20_000))]
    {
        let file = folder.join("import.ndjson");
        std::fs::write(&file, lines.join("\n")).unwrap();
        let (mut ours, mut again, mut inserts, mut importers) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let place = |what: &str| folder.join(format!("{what}-{round}"));
            inserts.push(timed(|| floor::insert_plain(&place("insert"), &lines)));
            importers.push(timed(|| floor::import_plain(&place("importer"), &file)));
            let station = Station::new(&place("vigil"));
            station.sign_in("admin");
            ours.push(timed(|| {
                station.import(&file);
                station.close();
            }));
            let station = Station::at(&place("vigil"));
            station.sign_in("admin");
            again.push(timed(|| station.import(&file)));
            station.close();
            for what in ["insert", "importer"] {
                std::fs::remove_file(place(what)).unwrap();
            }
            std::fs::remove_dir_all(place("vigil")).unwrap();
        }
        let what = format!("import of 22,000 resources, {name}");
        report.ratio(&what, "plain SQLite inserts the same text", &ours, &inserts, "speed >= 0.5x");
        report.ratio(&what, "plain importer: reads, parses, inserts", &ours, &importers, "");
        report.note(&format!("resources a second, {name}"), lines.len() as f64 / median(&ours).as_secs_f64());
        report.ratio(&format!("the same file again, {name}"), "its first import", &again, &ours, "");
    }
    import_memory(folder, report);
}

/// Memory at its peak while files of growing size are imported, beyond what was in use before.
fn import_memory(folder: &std::path::Path, report: &mut Report) {
    for times in [1, 4, 16] {
        let file = folder.join("memory.ndjson");
        let size = data::write(&file, data::chart_by_chart(2_000 * times, 20_000 * times));
        let station = Station::new(&folder.join(format!("memory-{times}")));
        station.sign_in("admin");
        let before = memory::restart_peak();
        let took = timed(|| station.import(&file));
        let grown = memory::peak() - before;
        let what = format!("import of {} resources, {} MB", 22_000 * times, size >> 20);
        report.note(&format!("{what}: resources a second"), (22_000 * times) as f64 / took.as_secs_f64());
        report.note(&format!("{what}: memory at its peak, MiB more than before"), grown as f64 / 1024.0);
        station.close();
    }
}

/// 100,000 patients: searching, and unlocking.
fn search_and_unlock(folder: &std::path::Path, report: &mut Report) {
    let file = folder.join("patients.ndjson");
    std::fs::write(&file, data::patients(100_000).join("\n")).unwrap();
    let station = Station::new(&folder.join("search"));
    station.sign_in("admin");
    station.import(&file);
    let (mut bare, mut indexed, mut argon) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        argon.push(timed(floor::argon2id));
        station.sign_out();
        bare.push(timed(|| station.sign_in("admin")));
        station.sign_out();
        indexed.push(timed(|| station.sign_in("physician")));
    }
    let floor = "one Argon2id, 64 MiB, t=3";
    report.ratio("sign-in of a role without patients (no index)", floor, &bare, &argon, "<= 1.1x");
    report.ratio("sign-in with an index of 100,000 patients", floor, &indexed, &argon, "1.1x plus the index");
    let (mut searches, mut flushes) = (Vec::new(), Vec::new());
    let mut raw = floor::RawLog::at(&folder.join("search.log"));
    for text in data::searches().iter().cycle().take(4_000) {
        flushes.push(timed(|| raw.append(&[0x5a; 312])));
        searches.push(timed(|| station.search(text)));
        // A workstation looks at the time once a second, between requests.
        station.tick();
    }
    report.percentiles("patient_search, 100,000 patients, durable audit", &searches, "p50 <= 1 ms, p99 <= 5 ms");
    report.percentiles("for comparison, in the same rounds: append + fdatasync of 312 bytes", &flushes, "");
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}

fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted[sorted.len() / 2]
}
