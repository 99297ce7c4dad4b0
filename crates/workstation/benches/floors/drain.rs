//! A workstation that was without its server for a week: how fast everything is delivered when the server is back, and in how much memory.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::central_server::CentralServer;
use crate::postgres::Cluster;
use crate::report::Report;
use crate::station::Station;
use crate::{data, memory, timed};

/// A week of one workstation, and a tenth of it, beside which memory shows whether it grows with what waits.
const BACKLOGS: [u32; 2] = [10_000, 100_000];

pub(crate) fn measure(folder: &Path, report: &mut Report) {
    let cluster = Cluster::shared();
    for entries in BACKLOGS {
        let folder = folder.join(format!("drain-{entries}"));
        let mut server = CentralServer::in_folder(&built_server(), &folder.join("server")).unwrap();
        server.set_database(&cluster.database()).unwrap();
        server.start().unwrap();
        let station = Station::new(&folder.join("workstation"));
        station.sign_in("admin");
        station.import_lines(&folder.join("charts.ndjson"), &data::chart_by_chart(20, 20));
        station.join(&server.token().unwrap());
        server.stop().unwrap();
        while station.waiting() < entries {
            // The clock of the bench makes a session too old after a minute.
            station.sign_out();
            station.sign_in("physician");
            (0..20).for_each(|_| station.work());
        }
        let waiting = station.waiting();
        server.start().unwrap();
        let before = memory::restart_peak();
        let took = timed(|| {
            station.start_engine();
            let begun = Instant::now();
            while station.waiting() > 0 {
                assert!(begun.elapsed() < Duration::from_secs(300), "{} entries are left", station.waiting());
                std::thread::sleep(Duration::from_millis(10));
            }
        });
        let what = format!("{waiting} entries that waited, delivered with receipts, PostgreSQL");
        let goal = if entries == 100_000 { "<= 20 s" } else { "" };
        report.duration(&what, &[took], goal);
        report.note(&format!("{what}: entries a second"), f64::from(waiting) / took.as_secs_f64());
        let grown = memory::peak() - before;
        report.note(
            &format!("{what}: the workstation's memory at its peak, MiB more than before"),
            grown as f64 / 1024.0,
        );
    }
}

/// The server of the same build.
fn built_server() -> PathBuf {
    let bench = std::env::current_exe().unwrap();
    let server = bench.ancestors().nth(2).unwrap().join("vigil-server");
    assert!(server.is_file(), "{} is built with the benches of both: cargo xtask bench", server.display());
    server
}
